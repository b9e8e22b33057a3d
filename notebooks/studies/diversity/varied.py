"""The cells of the sweeps that vary the searches: settings are chosen on seed 0 and judged on seed 1."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, TypeVar

from latentlib.study.chapter import Planned
from studies.diversity.experiments.contest import GENETIC, RANDOM
from studies.diversity.experiments.descriptors import CMA, OTHERS, Mapped, descriptors
from studies.diversity.experiments.dissection import BATCHES, BINS, TOURNAMENTS, Arm, dissection
from studies.diversity.experiments.evaluator import METRICS
from studies.diversity.experiments.readings import OPERATORS, SIMILARITIES, Reading, readings
from studies.diversity.experiments.tuning import FACTORS, Tuned, tuning
from studies.diversity.settings import Settings

CHOICE, JUDGED = 0, 1  # seeds
SIZES = {"smoke": (8, 8, 5), "quick": (50, 20, 10), "paper": (50, 50, 100)}  # images, sets, generations
RUNS = {"smoke": {CHOICE: 2, JUDGED: 2}, "quick": {CHOICE: 2, JUDGED: 2}, "paper": {CHOICE: 2, JUDGED: 5}}
ONE = "mnist"  # data set
OTHER, RANGES = "fashion_mnist", ("ncc", "ncc_signed")

Generator = tuple[str, int]  # data set and replicate
S = TypeVar("S", bound=Settings)


def sweeps(scale: str, device: str, generators: Sequence[Generator]) -> list[Planned]:
    """Return the sweeps at a scale, below `paper` with the generators of one data set."""
    some = [(dataset, replicate) for dataset, replicate in generators if scale == "paper" or dataset == ONE]
    size, population, generations = SIZES[scale]
    base = Settings(scale=scale, device=device, size=size, population=population, generations=generations)
    return [
        Planned("dissection", dissection, list(arms(Arm(**vars(base)), some))),
        Planned("descriptors", descriptors, list(maps(Mapped(**vars(base)), some))),
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


def arms(base: Arm, generators: Sequence[Generator]) -> Iterator[Arm]:
    """Yield MAP-Elites by resolution and parents, and what it is judged beside."""
    for dataset, replicate in generators:
        cell = replace(base, dataset=dataset, replicate=replicate)
        genetic = judging(replace(cell, method=GENETIC, tournament=3))
        if replicate:  # a second generator of one data set: no more than FE-11 needs
            yield from (genetic, judging(cell))
            continue
        for bins, tournament in product(BINS, TOURNAMENTS):
            yield from on_either_seed(replace(cell, bins=bins, tournament=tournament))
        yield from (genetic, replace(genetic, tournament=1), judging(replace(cell, method=RANDOM)))
    yield from (judging(replace(base, dataset=ONE, offspring=batch)) for batch in BATCHES)


def maps(base: Mapped, generators: Sequence[Generator]) -> Iterator[Mapped]:
    """Yield maps by other descriptors than the paper's, and CMA-MAE on the paper's."""
    for dataset, replicate in generators:
        cell = judging(replace(base, dataset=dataset, replicate=replicate))
        yield from (replace(cell, descriptors=name) for name in OTHERS)
        yield replace(cell, method=CMA)


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
