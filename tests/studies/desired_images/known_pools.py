"""Tables shaped like those of the sweeps of desired images, alike in every run, until a test says what differs."""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd
from tables import put

RUNS, LAST = 10, 12
STOP = 4  # the generation in which all is wanted
DIGITS = tuple(f"Digit({digit})" for digit in range(10))
THREE, EITHER, GLASSES, WOMAN, NOT_SMILING = (
    "Digit(3)",
    "Digit(4) | Digit(8)",
    "Eyeglasses",
    "Eyeglasses & ~Male",
    "~Smiling",
)
COMBINED = ("Smiling & ~Male", WOMAN, "Male & Mouth_Slightly_Open", "Male & ~Smiling")
RATES = (0.05, 0.2, 0.5, 0.9)
CROSSOVERS = ("no crossover", "one point", "two points", "blend")
RIVALS = ("copies", "fresh draws", "parents by tournament")
DOUBLING = (0.1, 0.2, 0.4, 0.8, 1.0)  # what copying the wanted tenth does to its share
MEASURES = {
    "agreed": 0.98,
    "likeliest": 0.95,
    "first_judged": 0.5,
    "second_judged": 0.5,
    "length": 1.0,
    "mean": 0.0,
    "variance": 1.0,
    "repeated": 0.0,
}


def about(value, scatter=0.0):
    """One value a run, whose mean is `value`, up to `scatter` away from it on either side."""
    return value + scatter * np.linspace(-1, 1, RUNS)[np.argsort(np.sin(np.arange(RUNS)))]


def rows(runs=RUNS, **columns):
    """Every combination of the values, for every run."""
    return pd.DataFrame(list(product(*columns.values(), range(runs))), columns=[*columns, "run"])


@cache
def pools(wish=(THREE,), population=(500,), operators=("as printed",), mutation_rate=(0.2,), runs=RUNS, last=LAST):
    """What `pools` leaves: accuracy doubles, diversity falls as it rises, and latents draw together."""
    cells = {"wish": wish, "population": population, "operators": operators, "mutation_rate": mutation_rate}
    table = rows(runs, **cells, generation=range(last + 1)).assign(dataset="mnist", **MEASURES)
    share = np.array([*DOUBLING, *[1.0] * LAST * 2])[table["generation"]]
    drawn = {"accuracy": share, "judged": share, "diversity": 1 - share / 2, "cosine": table["generation"] / 100}
    return table.assign(**drawn, passes=table["population"] * (1 + table["generation"]))


def course(table, needed, **where):
    """The table where accuracy stays 0.1 until, after the generations `needed`, one number or one a run, it is 1."""
    table = put(table, "accuracy", 0.1, **where)
    for generation in range(table["generation"].max() + 1):
        share = np.where(generation >= np.asarray(needed) * np.ones(RUNS), 1.0, 0.1)
        table = put(table, "accuracy", share, **where, generation=generation)
    return table


def ends(table, column, value, **where):
    """The table with another value in the last generation only."""
    return put(table, column, value, **where, generation=table["generation"].max())


def stops(table, column, value, **where):
    """The table with another value in the generation where Algorithm 1 stops, and only there."""
    return put(table, column, value, **where, generation=STOP)


@cache
def either(wish=(EITHER,), operators=("as printed",)):
    """What `either` leaves: 4 has grown, 8 has fallen by a tenth from its peak."""
    table = pools(wish, operators=operators)
    grown = 0.1 + 0.05 * table["generation"]
    fallen = 0.3 - np.abs(table["generation"] - 6) / 60
    return table.drop(columns="passes").assign(first=grown, second=fallen)


@cache
def harvest(dataset="mnist", wish=DIGITS):
    """What `harvest` leaves: pool, samples and random images alike."""
    table = rows(wish=wish, group=("pool", "samples", "random"))
    known = {"dataset": dataset, "population": 500, "accuracy": 0.97, "judged": 0.95, "diversity": 0.8, "fid": 10.0}
    return table.assign(latents=table["group"].map({"pool": 500, "samples": 1000, "random": 500}), **MEASURES | known)


@cache
def faces():
    """What `pools` leaves of the wishes for faces, all with ten runs."""
    table = pools((*COMBINED, GLASSES, NOT_SMILING)).assign(dataset="celeba64")
    table = table.assign(first_judged=0.4 + table["generation"] / 30, second_judged=0.6 - table["generation"] / 30)
    both = table["wish"] == "Male & Mouth_Slightly_Open"
    table.loc[both, "second_judged"] = table.loc[both, "first_judged"]
    table.loc[table["wish"] == NOT_SMILING, "first_judged"] = 0.4 - table["generation"] / 30
    return table.assign(judged_low=0.3, judged_high=0.7, first=table["first_judged"], second=table["second_judged"])
