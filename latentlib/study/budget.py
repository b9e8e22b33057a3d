"""What a step of a search costs in generator passes, so that rivals are compared at equal budgets."""

PASSES_PER_STEP = 3  # of gradient descent: one forwards, and the way back, which takes as long as two


def gradient_steps(passes: int, starts: int) -> int:
    """Return how many gradient steps, at least 1, so many generator passes allow from so many starts."""
    return max(1, passes // (PASSES_PER_STEP * starts))
