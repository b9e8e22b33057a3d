"""Evolution and its baselines at equal passes and at equal time: no claim, but needed to judge a claim of speed."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.recognition import LogRecognition
from latentlib.randomness import seeded
from latentlib.study.budget import PASSES_PER_STEP
from studies.desired_images import baselines
from studies.desired_images.experiments.measures import of_images, real_distance
from studies.desired_images.experiments.search import Search
from studies.desired_images.experiments.sure import LONGEST, STEPS, SURE, best_step_size, is_sure
from studies.desired_images.settings import Settings

CLIMBERS = 50  # latents that ascend together


@dataclass(frozen=True)
class Step:
    """What a search has spent and found so far.

    Args:
        passes: of the generator.
        found: latents (n, genes) that the recogniser is sure of.
        weight: share of the step's time that counts, in [0, 1].
    """

    passes: int
    found: Tensor
    weight: float = 1.0


Course = Iterator[Step]


def contest(settings: Settings) -> pd.DataFrame:
    """Return what each method finds with the passes, and in the time, that Algorithm 1 takes to make a pool sure.

    One row per run, method and budget (`equal passes`, `equal time`): found, the number of different latents that the
    recogniser is sure of; judged, the share that meets the wish by the judge; diversity, as in `measures`. Ascent has
    the cheapest of its step sizes, and finding it costs nothing. One thread; run it on a quiet machine.
    """
    search, threads, rows = Search(replace(settings, repeats=1)), torch.get_num_threads(), []
    step_size = best_step_size(replace(settings, population=CLIMBERS))
    torch.set_num_threads(1)
    try:
        for run, first in enumerate(Search(settings).first_pools()):
            rows += [{"run": run, **row} for row in one(search, first, search.seed(run), step_size)]
    finally:
        torch.set_num_threads(threads)
    return pd.DataFrame(rows).assign(step_size=step_size)


def one(search: Search, first: Tensor, seed: int, step_size: float) -> list[dict[str, object]]:
    """Return the rows of one first pool (population, genes)."""
    copies = baselines.copying(search.algorithm)
    winner = clocked(evolution(search, search.algorithm, first, seed))
    budgets = {"equal passes": (winner[-1][0].passes, np.inf), "equal time": (np.inf, winner[-1][1])}
    rivals: dict[str, Callable[[], Course]] = {
        "copies": lambda: evolution(search, copies, first, seed),
        "rejection": lambda: rejection(search, seed),
        "gradient ascent": lambda: ascent(search, seed, step_size),
    }
    courses = {"evolution": winner} | {
        name: clocked(rival(), winner[-1][0].passes, winner[-1][1]) for name, rival in rivals.items()
    }
    rows = []
    for method, course in courses.items():
        for budget, (passes, seconds) in budgets.items():
            within = [(step, taken) for step, taken in course if step.passes <= passes and taken <= seconds]
            found = within[-1][0].found if within else first[:0]
            rows.append({"method": method, "budget": budget, **appraised(search, found)})
    return rows


def appraised(search: Search, found: Tensor) -> dict[str, float]:
    """Return how many latents (n, genes) differ, with the judge's measures of them; NaN for fewer than two."""
    different = torch.unique(found, dim=0)
    if len(different) < 2:
        return {"found": len(different), "judged": np.nan, "diversity": np.nan}
    everyone = torch.ones(len(different), dtype=torch.bool, device=found.device)
    with torch.no_grad():
        seen = of_images(search, different, everyone, real_distance(search.settings.dataset, search.wish))
    return {"found": len(different), "judged": seen["judged"], "diversity": seen["diversity"]}


def clocked(course: Course, passes: float = np.inf, seconds: float = np.inf) -> list[tuple[Step, float]]:
    """Return the steps of a course, and the seconds up to each, until both budgets are spent or the course ends."""
    steps: list[tuple[Step, float]] = []
    taken, begun = 0.0, time.perf_counter()
    for step in course:
        taken += step.weight * (time.perf_counter() - begun)
        steps.append((step, taken))
        if step.passes >= passes and taken >= seconds:
            break
        begun = time.perf_counter()
    return steps


def evolution(search: Search, algorithm: GeneticAlgorithm, first: Tensor, seed: int) -> Course:
    """Yield the generations of Algorithm 1, or of another, until all of the pool is sure."""
    state = algorithm.start(search.fitness, seed, first[None])
    for _ in range(LONGEST):
        sure = state.fitness[0] > SURE
        yield Step(int(state.history.passes[-1]), state.genomes[0][sure])
        if bool(sure.all()):
            return
        state = algorithm.step(search.fitness, state)


def rejection(search: Search, seed: int) -> Course:
    """Yield what fresh random latents have found so far, keeping those that are sure."""
    passes, found = 0, []
    for drawn, hits in baselines.rejection(search.fitness, partial(is_sure, search.fitness), seed):
        passes += len(drawn)
        found.append(drawn[hits])
        yield Step(passes, torch.cat(found))


def ascent(search: Search, seed: int, step_size: float) -> Course:
    """Yield what Adam on log R has found, climbing from one group of random latents after another until they are sure.

    A group ends after `STEPS` steps at most. A latent that has arrived waits for the others of its group, but neither
    passes nor time are counted for it.
    """
    fitness = LogRecognition(search.generator, search.recogniser, search.wish)
    random = seeded(seed, fitness.device)
    found, passes = [torch.empty(0, fitness.genes, device=fitness.device)], 0
    while True:
        first = torch.randn(1, CLIMBERS, fitness.genes, generator=random, device=fitness.device)
        for latents, climbing, arrived in islice(baselines.ascent(fitness, first, step_size, SURE), STEPS):
            passes += int((climbing + (PASSES_PER_STEP - 1) * (climbing & ~arrived)).sum())  # evaluated, and moved on
            found.append(latents[arrived])
            yield Step(passes, torch.cat(found), float(climbing.float().mean()))
