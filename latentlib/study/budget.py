"""The cost of a step of a search in generator passes, so that rivals are compared at equal budgets."""

PASSES_PER_STEP = 3  # of gradient descent: one forwards, and a backward pass, which takes as long as two


def gradient_steps(passes: int, starts: int) -> int:
    """Return the number of gradient steps, at least 1, that a number of passes allows from each of the starts."""
    return max(1, passes // (PASSES_PER_STEP * starts))
