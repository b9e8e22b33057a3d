"""The choice of a step size for gradient descent, on images that are not used as targets."""

from dataclasses import replace
from functools import cache

from latentlib import zoo
from latentlib.fitness.reconstruction import reconstruction
from latentlib.gradient import GradientDescent
from studies.restoring.experiments.targets import targets_of
from studies.restoring.settings import SCALES, Settings

STEP_SIZES = {"adam": (0.01, 0.03, 0.1, 0.3), "sgd": (1.0, 10.0, 30.0, 100.0, 300.0)}
TRIALS, TRIAL_STEPS = 4, 500  # images and steps per trial


@cache
def trials(settings: Settings, optimiser: str) -> dict[float, float]:
    """Return mean fitness by step size on training images beyond the possible targets; its cost is not counted."""
    many = targets_of(replace(settings, targets=settings.targets + TRIALS), "train")
    generator = zoo.load_generator(settings.model, settings.device)
    fitness = reconstruction(settings.fitness, generator, many[-TRIALS:])
    steps = min(TRIAL_STEPS, SCALES[settings.scale].steps)
    runs = {size: GradientDescent(optimiser, size).descend(fitness, steps) for size in STEP_SIZES[optimiser]}
    return {size: float(run.best.fitness.mean()) for size, run in runs.items()}


def step_size(settings: Settings, optimiser: str) -> float:
    """Return the step size with the best score on the trial images."""
    scores = trials(settings, optimiser)
    return max(scores, key=scores.__getitem__)
