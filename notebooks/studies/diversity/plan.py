"""The plan of the chapter: every sweep with its cells."""

from dataclasses import replace
from typing import TypeVar

from latentlib.study.chapter import Planned
from studies.diversity import varied
from studies.diversity.experiments import (
    colour,
    criterion,
    equations,
    listed,
    pooled,
    random_sets,
    rivals,
    searches,
    shown,
    timing,
)
from studies.diversity.settings import Sets, Settings

DATASETS = ("mnist", "fashion_mnist", "celeba")
GENERATORS = (("mnist", 0), ("mnist", 1), ("fashion_mnist", 0), ("celeba", 0))  # data set and replicate
SIZES = {"smoke": (8, 4, 5), "quick": (50, 20, 25), "paper": (50, 50, 500)}  # images, sets, generations
RUNS = {"smoke": 2, "quick": 2, "paper": 5}  # of a cell, side by side: their best sets are seeds of one search
SEEDS = {"smoke": 1, "quick": 3, "paper": 1}  # a second one would make ten runs of five, and take as long again
RIVAL_RUNS = {"smoke": 2, "quick": 2, "paper": 5}
SETS = {"smoke": 60, "quick": 100, "paper": 400}
CONTROLS = {"smoke": 60, "quick": 500, "paper": 2000}  # random sets, of which some are as bright as an evolved one
DRAWS = {"smoke": 4, "quick": 20, "paper": 50}  # pools of random images
PAIRS = {"smoke": 60, "quick": 1000, "paper": 1000}  # of real images
USABLE = {"smoke": 60, "quick": 40, "paper": 200}  # sets of images, to see whether they are usable
TRAINED = ("mnist", "fashion_mnist", "lfw")  # data sets of the listed networks
LISTED = {"smoke": 5, "quick": 5, "paper": 70}  # generations on a listed network, of 500: an hour a cell on one core
LISTED_RUNS = {"smoke": 2, "quick": 2, "paper": 3}

S = TypeVar("S", bound=Settings)


def plan(scale: str, device: str = "cpu") -> list[Planned]:
    """Return every sweep of the chapter at a scale."""
    size, population, generations = SIZES[scale]
    base = Settings(scale=scale, size=size, population=population, generations=generations, device=device)
    side_by_side = replace(base, repeats=RUNS[scale])
    pools = pooled.Pools(**vars(side_by_side), seeds=SEEDS[scale], draws=DRAWS[scale])
    random = Sets(**vars(base), sets=SETS[scale])
    theirs = replace(base, network="diversity", generations=LISTED[scale], repeats=LISTED_RUNS[scale])
    made = replace(random, network="diversity", sets=USABLE[scale])
    return [
        Planned("searches", searches.searches, [s for seed in range(SEEDS[scale]) for s in each(side_by_side, seed)]),
        Planned("pooled", pooled.pooled, each(pools)),
        Planned("best_sets", shown.best_sets, each(side_by_side)),
        Planned("maps", shown.heat_maps, each(side_by_side)),
        Planned("colour", colour.colour, [replace(side_by_side, dataset="cifar10")]),
        Planned("criterion", criterion.criterion, over(side_by_side, DATASETS[:2])),
        Planned(
            "rivals",
            rivals.rivals,
            [s for seed in range(RIVAL_RUNS[scale]) for s in over(replace(base, seed=seed), DATASETS)],
            timed=True,
        ),
        Planned("generous", rivals.generous, [base], timed=True),
        Planned("timing", timing.timing, [base], timed=True),
        Planned("random_sets", random_sets.random_sets, each(random)),
        Planned("controls", random_sets.controls, over(replace(random, sets=CONTROLS[scale]), DATASETS)),
        Planned("pairs", equations.pairs, over(replace(random, sets=PAIRS[scale]), DATASETS)),
        Planned("bounds", equations.bounds, over(random, DATASETS)),
        Planned("usable", listed.usable, over(made, TRAINED)),
        Planned("listed_searches", listed.listed_searches, over(theirs, TRAINED)),
        *varied.sweeps(scale, device, GENERATORS),
    ]


def each(base: S, seed: int = 0) -> list[S]:
    """Return the settings with every generator."""
    return [replace(base, dataset=dataset, replicate=replicate, seed=seed) for dataset, replicate in GENERATORS]


def over(base: S, datasets: tuple[str, ...]) -> list[S]:
    """Return the settings with the first generator of every data set."""
    return [replace(base, dataset=dataset) for dataset in datasets]
