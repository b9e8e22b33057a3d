"""Diverse sets at equal passes: evolution, its rivals, and a greedy choice from a pool of random images."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pandas as pd
import torch
from torch import Tensor

from latentlib.chunks import in_chunks
from latentlib.evolution import Generational, GeneticAlgorithm, Tournament
from latentlib.fitness.diversity import Diversity
from latentlib.priors import Repeated, Sphere
from latentlib.randomness import seeded
from studies.beyond.course import problem_of, search
from studies.beyond.goals import fitness_of
from studies.beyond.players import ADAM, GENETIC, RANDOM, SEP_CMA, Start
from studies.beyond.rivals.asking import Problem
from studies.beyond.rivals.own import Adam, Chance, Genetic
from studies.beyond.rivals.strategies import CMA
from studies.beyond.settings import Sets
from studies.diversity.experiments.choosing import Pool, greedy
from studies.diversity.experiments.contest import VARIATION
from studies.diversity.experiments.judges import ensemble
from studies.restoring.experiments.timing import now

GREEDY = "greedy choice from a random pool"
DRAWN = 700_000  # added to the seed of a pool


def on_sphere(problem: Problem) -> Adam:
    """Return a climb from one set whose latents stay on the sphere where N(0, 1) concentrates."""
    genes = problem.prior.genes if isinstance(problem.prior, Repeated) else problem.genes
    return Adam(replace(problem, prior=Repeated(Sphere(), genes)), starts=1)


SET_PLAYERS: dict[str, Start] = {  # the paper's genetic algorithm, and others with no settings chosen either
    GENETIC: partial(
        Genetic, search=GeneticAlgorithm(50, selection=Tournament(3), survival=Generational(1), **VARIATION)
    ),
    RANDOM: partial(Chance, population=10),
    SEP_CMA: partial(CMA, separable=True),
    ADAM: on_sphere,
}


def sets(settings: Sets) -> pd.DataFrame:
    """Return the sets that were found, one row per player and run.

    Columns: `best`, minus the mean RMSE similarity of its pairs; `spread`, the judges' mean distance of two of its
    images relative to that of two real ones; `took`, seconds of all runs together. The pool has as many images as the
    others decode. One thread.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return pd.DataFrame(list(rows(settings)))
    finally:
        torch.set_num_threads(threads)


def rows(settings: Sets) -> Iterator[dict[str, object]]:
    """Yield the rows of all players."""
    fitness = fitness_of(settings)
    assert isinstance(fitness, Diversity)
    for name, start in SET_PLAYERS.items():
        course = search(fitness, start(problem_of(fitness, settings.passes, settings.seed)), settings.passes)
        found = list(course.best.latents.view(settings.runs, settings.size, -1))
        yield from described(settings, fitness, name, found, course.time_of(settings.passes))
    begun = now(settings.device)
    found = [picked(settings, fitness, run) for run in range(settings.runs)]
    yield from described(settings, fitness, GREEDY, found, now(settings.device) - begun)


@torch.no_grad()
def picked(settings: Sets, fitness: Diversity, run: int) -> Tensor:
    """Return the latents (size, genes) that a greedy choice takes from a pool of random ones."""
    random = seeded(DRAWN + settings.seed * settings.runs + run, settings.device)
    genes = fitness.generator.latent_size
    latents = fitness.generator.prior.draw((settings.passes, genes), random)
    images = in_chunks(lambda some: fitness.generator(some).half(), latents)
    return latents[greedy(Pool(images, "rmse"), settings.size)]


@torch.no_grad()
def described(
    settings: Sets, fitness: Diversity, name: str, found: list[Tensor], took: float
) -> Iterator[dict[str, object]]:
    """Yield a row for each set of latents (size, genes)."""
    judges = ensemble(settings.dataset, settings.device)
    for run, latents in enumerate(found):
        images = fitness.generator(latents)
        best = float(fitness.score(images[None], torch.zeros(1, dtype=torch.int64)))
        yield {"player": name, "run": run, "best": best, "spread": judges.of(images).spread, "took": took}
