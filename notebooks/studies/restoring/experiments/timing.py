"""Wall time of a generation and of a gradient step. Run it on a quiet machine."""

import time

import pandas as pd
import torch

from latentlib.fitness.reconstruction import reconstruction
from latentlib.gradient import GradientDescent
from studies.restoring.experiments.contest import Contest
from studies.restoring.settings import Settings

BATCHES = (1, 8, 64)  # targets per batch
REPEATS = 5
GENERATIONS, STEPS = 5, 10  # to be timed


def timing(settings: Settings) -> pd.DataFrame:
    """Return the seconds per generation and per Adam step for batches of targets, one row per batch and repeat."""
    contest, rows = Contest(settings), []
    every = contest.targets
    for batch in BATCHES:
        targets = every.repeat(-(-batch // len(every)), 1, 1, 1)[:batch]
        fitness = reconstruction(settings.fitness, contest.generator, targets)
        for repeat in range(REPEATS):
            state = contest.evolution.start(fitness, settings.seed + repeat)
            start = now(settings.device)
            for _ in range(GENERATIONS):
                state = contest.evolution.step(fitness, state)
            generation = (now(settings.device) - start) / GENERATIONS
            start = now(settings.device)
            GradientDescent("adam").descend(fitness, STEPS, settings.seed + repeat)
            step = (now(settings.device) - start) / STEPS
            rows.append({"batch": batch, "repeat": repeat, "generation_seconds": generation, "step_seconds": step})
    return pd.DataFrame(rows)


def now(device: str) -> float:
    """Return the clock in seconds, read after the device has finished its work."""
    if torch.device(device).type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()
