"""The cells of the sweeps that vary the searches: settings are chosen on seed 0 and judged on seed 1."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any, TypeVar

from latentlib.study.chapter import Planned
from studies.diversity.experiments.contest import ELITES, GENETIC, RANDOM
from studies.diversity.experiments.dissection import BATCHES, BINS, TOURNAMENTS, Arm, dissection
from studies.diversity.experiments.evaluator import METRICS
from studies.diversity.experiments.readings import OPERATORS, SIMILARITIES, Reading, readings
from studies.diversity.experiments.tuning import FACTORS, Tuned, tuning
from studies.diversity.settings import Settings

CHOICE, JUDGED = 0, 1  # seeds
SIZES = {"smoke": (8, 8, 5), "quick": (50, 20, 10), "paper": (50, 50, 100)}  # images, sets, generations
RUNS = {"smoke": {CHOICE: 2, JUDGED: 2}, "quick": {CHOICE: 2, JUDGED: 2}, "paper": {CHOICE: 2, JUDGED: 5}}
DATASETS = {"smoke": ("mnist",), "quick": ("mnist",), "paper": ("mnist", "fashion_mnist", "celeba")}
OTHER, RANGES = "fashion_mnist", ("ncc", "ncc_signed")

S = TypeVar("S", bound=Settings)


def sweeps(scale: str, device: str) -> list[Planned]:
    """Return the sweeps at a scale."""
    size, population, generations = SIZES[scale]
    base = Settings(scale=scale, device=device, size=size, population=population, generations=generations)
    return [
        Planned("dissection", dissection, list(arms(Arm(**vars(base))))),
        Planned("tuning", tuning, list(tuned(Tuned(**vars(base))))),
        Planned("readings", readings, list(read(Reading(**vars(base))))),
    ]


def on_either_seed(cell: S) -> Iterator[S]:
    """Yield the cell with the runs for the choice, and with those that judge."""
    for seed, runs in RUNS[cell.scale].items():
        yield replace(cell, seed=seed, repeats=runs)


def judging(cell: S) -> S:
    """Return the cell with the runs that judge."""
    return replace(cell, seed=JUDGED, repeats=RUNS[cell.scale][JUDGED])


def arms(base: Arm) -> Iterator[Arm]:
    """Yield MAP-Elites by resolution and parents, and what it is judged beside."""
    judged = judging(base)
    for dataset in DATASETS[base.scale]:
        for bins, tournament in product(BINS, TOURNAMENTS):
            yield from on_either_seed(replace(base, dataset=dataset, bins=bins, tournament=tournament))
        for method, tournament in ((GENETIC, 3), (GENETIC, 1), (RANDOM, 1)):
            yield replace(judged, dataset=dataset, method=method, tournament=tournament)
    yield from (replace(judged, offspring=batch) for batch in BATCHES)
    for method, tournament in ((GENETIC, 3), (ELITES, 1)):  # the second generator of one data set, for FE-11
        yield replace(judged, replicate=1, method=method, tournament=tournament)


def settings() -> list[dict[str, Any]]:
    """Return the paper's settings, and others with one factor changed."""
    papers = {name: getattr(Tuned(), name) for name in FACTORS}
    return [papers, *(papers | {name: value} for name, values in FACTORS.items() for value in values)]


def tuned(base: Tuned) -> Iterator[Tuned]:
    """Yield the genetic algorithm with every setting, by either metric."""
    for metric, changed in product(METRICS, settings()):
        yield from on_either_seed(replace(base, metric=metric, **changed))


def read(base: Reading) -> Iterator[Reading]:
    """Yield readings of the operators by either metric, of NCC, and of an image's range on a second data set."""
    cell = judging(base)
    for metric, operators in product(METRICS, OPERATORS):
        yield replace(cell, fitness=metric, operators=operators)
    yield from (replace(cell, fitness=fitness) for fitness in SIMILARITIES if fitness not in METRICS)
    yield from (replace(cell, dataset=OTHER, fitness=fitness) for fitness in RANGES)
