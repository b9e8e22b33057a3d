"""LI-06: the cost of a latent that the recogniser is sure of, by evolution, gradient ascent and rejection."""

import math
from dataclasses import replace
from functools import partial

import pandas as pd
import torch
from torch import Tensor

from latentlib.evolution import State
from latentlib.fitness.recognition import LogRecognition, Recognition
from latentlib.study.budget import PASSES_PER_STEP
from studies.desired_images import baselines
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

SURE = 0.98  # probability above which the recogniser is sure
LONGEST = 60  # generations
CLIMBERS = 100  # latents per run that ascend, independently of each other
STEPS = 60  # of an ascent, at most
STEP_SIZES = {"smoke": (0.3,), **dict.fromkeys(("quick", "paper"), (0.03, 0.1, 0.3, 1.0, 3.0))}


def sure(settings: Settings) -> pd.DataFrame:
    """Return generator passes, and the sure latents found with them: one row per run and method.

    Ascent uses the step size that `best_step_size` finds.
    """
    search, step_size = Search(settings), best_step_size(settings)
    methods = {
        "evolution": evolution(search),
        "gradient ascent": ascent(search, step_size).assign(step_size=step_size),
        "rejection": rejection(search),
    }
    return pd.concat([rows.assign(method=method) for method, rows in methods.items()], ignore_index=True)


def best_step_size(settings: Settings) -> float:
    """Return the step size at which ascent is cheapest, on a first pool of its own; a single one is not tried."""
    sizes = STEP_SIZES[settings.scale]
    if len(sizes) == 1:
        return sizes[0]
    other = Search(replace(settings, seed=settings.seed + 1, repeats=1))
    return min(sizes, key=lambda size: price(ascent(other, size)))


def price(rows: pd.DataFrame) -> float:
    """Return the passes per sure latent, infinite if there is none."""
    return float(rows["passes"].sum() / rows["found"].sum()) if rows["found"].any() else math.inf


def is_sure(fitness: Recognition, latents: Tensor) -> Tensor:
    """Return whether the recogniser is sure of the images of latents (n, genes), bool (n,)."""
    return fitness.rows(latents, latents[:, 0]) > SURE


def table(passes: Tensor, found: Tensor) -> pd.DataFrame:
    """Return a table of passes (runs,) and found (runs,)."""
    return pd.DataFrame({"run": range(len(found)), "passes": passes.cpu().numpy(), "found": found.cpu().numpy()})


def evolution(search: Search) -> pd.DataFrame:
    """Run Algorithm 1 until every member of the pool is sure."""

    def done(state: State) -> Tensor:
        return (state.fitness > SURE).all(dim=1)

    algorithm = replace(search.algorithm, stop=done)
    run = algorithm.evolve(search.fitness, LONGEST, search.settings.seed, initial=search.first_pools())
    return table(run.passes, (run.state.fitness > SURE).sum(dim=1))


def ascent(search: Search, step_size: float) -> pd.DataFrame:
    """Run Adam on log R from members of the first pools, each until it is sure."""
    fitness = LogRecognition(search.generator, search.recogniser, search.wish, search.settings.repeats)
    first = search.first_pools()[:, :CLIMBERS]
    passes, found = torch.zeros(2, *first.shape[:2], dtype=torch.int64, device=first.device)
    course = baselines.ascent(fitness, first, step_size, SURE)
    for step, (_, climbing, arrived) in zip(range(STEPS + 1), course, strict=False):
        led_on = climbing & ~arrived & (step < STEPS)
        passes += climbing + (PASSES_PER_STEP - 1) * led_on
        found += arrived
    return table(passes.sum(dim=1), found.sum(dim=1))


def rejection(search: Search) -> pd.DataFrame:
    """Draw as many random latents as all the cell's generations evaluate, and count those that are sure."""
    fitness, count = search.fitness, (search.settings.generations + 1) * search.settings.population
    found = []
    for run in range(search.settings.repeats):
        draws = baselines.rejection(fitness, partial(is_sure, fitness), search.seed(run), count)
        found.append(sum(int(hits.sum()) for _, hits in draws))
    return table(torch.full((len(found),), count), torch.tensor(found))
