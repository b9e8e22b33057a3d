"""Tables shaped like those of the sweeps, alike in every row, until a test says what differs where."""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd

GREY, COLOUR = ("mnist", "fashion_mnist"), ("cifar10", "celeba")
EVERY = (*GREY, *COLOUR)
SPLITS, FITNESSES = ("test", "train"), ("mse", "ssim")
GA, ADAM, ADAM_10, SGD_10 = "genetic algorithm", "adam, starts 1", "adam, starts 10", "sgd, starts 10"
LONG, LONG_SGD = "long descent, adam", "long descent, sgd"
NO_SEARCH = ("mean image", "nearest image")
RATES = tuple(step / 10 for step in range(1, 10))
CROSS = [(0.3, rate) for rate in (0.2, 0.3, 0.4, 0.5)] + [(rate, 0.3) for rate in (0.2, 0.4, 0.5)]
ITERATIONS = (0, 1, 30, 50, 75, 100, 150, 200, 250, 300)
STEPS = (100, 1000, 2000, 3000, 20_000)
TARGETS = 12
MEASURES = {
    "one_minus_mse": 0.9,
    "ssim": 0.5,
    "background": 0.5,
    "same_class": True,
    "feature_distance": 5.0,
    "correlation": 0.8,
    "outline": 0.95,
    "colour_error": 10.0,
}


def about(value, scatter=0.0):
    """One value a target, whose mean is `value`, up to `scatter` away from it on either side."""
    return value + scatter * np.linspace(-1, 1, TARGETS)[np.argsort(np.sin(np.arange(TARGETS)))]


def rows(targets=TARGETS, **columns):
    """Every combination of the values, for every target."""
    return pd.DataFrame(list(product(*columns.values(), range(targets))), columns=[*columns, "target"])


@cache
def rivals(datasets=EVERY):
    """What `experiments.rivals` leaves: every method of either fitness, evolution and the long descent by iteration."""
    search = {GA: (0, 100, 200), LONG: STEPS, LONG_SGD: STEPS}
    once = (ADAM, ADAM_10, SGD_10, "random search", "evolution, then adam", *NO_SEARCH)
    parts = [rows(dataset=datasets, split=SPLITS, fitness=["mse"], method=once, iteration=[0])]
    for method, iterations in search.items():
        parts.append(rows(dataset=datasets, split=SPLITS, fitness=["mse"], method=[method], iteration=iterations))
    parts.append(rows(dataset=datasets, split=SPLITS, fitness=["ssim"], method=[GA], iteration=search[GA]))
    parts.append(rows(dataset=datasets, split=SPLITS, fitness=["ssim"], method=[ADAM, ADAM_10], iteration=[100]))
    return pd.concat(parts, ignore_index=True).assign(**MEASURES, passes=1000)


def splits(targets=TARGETS):
    """What the sweep `splits` leaves: random targets of both splits, in colour by both fitnesses."""
    parts = [
        rows(targets, dataset=names, fitness=fitness, split=SPLITS)
        for names, fitness in ((EVERY, ["mse"]), (COLOUR, ["ssim"]))
    ]
    errors = {"one_minus_mse": 0.95, "chroma_error": 8.0, "lightness_error": 6.0}
    return pd.concat(parts, ignore_index=True).assign(**errors)


@cache
def inversion(datasets=EVERY):
    """What `experiments.inversion` leaves."""
    methods = (GA, *(f"adam, starts {count}" for count in (1, 10, 100)))
    known = {"one_minus_mse": 0.99, "cosine": 0.7, "null_cosine": 0.0, "distance": 0.8}
    return rows(dataset=datasets, method=methods).assign(**known, edited=True, edited_true=True)


@cache
def grid(datasets=GREY, rates=RATES, iterations=(1, 200)):
    """What the sweep `grid` leaves: every pair of rates."""
    columns = {"mating_rate": rates, "mutation_rate": rates, "iteration": iterations}
    return rows(dataset=datasets, fitness=FITNESSES, **columns).assign(**MEASURES)


def on_surface(table, fitness, cells, iteration=200, datasets=GREY):
    """The grid with scores cells (9, 9) or (targets, 9, 9) by mating and mutation rate, in runs of a fitness."""
    cells = np.broadcast_to(cells, (TARGETS, 9, 9))
    mating, mutation = ((table[f"{name}_rate"] * 10).round().astype(int) - 1 for name in ("mating", "mutation"))
    column = "one_minus_mse" if fitness == "mse" else "ssim"
    chosen = (table["fitness"] == fitness) & (table["iteration"] == iteration) & table["dataset"].isin(datasets)
    return table.assign(**{column: np.where(chosen, cells[table["target"], mating, mutation], table[column])})


@cache
def courses(datasets=EVERY, iterations=ITERATIONS):
    """What the sweep `courses` leaves: the rates of Tables 3 to 6, by iteration."""
    table = rows(dataset=datasets, fitness=FITNESSES, rates=CROSS, iteration=iterations)
    mating, mutation = zip(*table.pop("rates"), strict=True)
    return table.assign(mating_rate=mating, mutation_rate=mutation, **MEASURES)


def cliff():
    """What the sweep `cliff` leaves of two hypotheses."""
    rates = {"mating_rate": (0.1, 0.5, 0.9), "mutation_rate": (0.2, 0.3, 0.4, 0.5)}
    operators, iterations = ["our default", "no elitism"], (0, 1, 10, 20, 30)
    table = rows(2, dataset=GREY, operators=operators, fitness=FITNESSES, **rates, iteration=iterations)
    level = table["dataset"].map({"mnist": 0.9, "fashion_mnist": 0.5}) + table["iteration"] / 1000
    return table.assign(generation_best=level, best=level)
