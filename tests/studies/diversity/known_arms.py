"""Tables shaped like those of the sweeps that vary the searches, alike in every run, until a test says what differs."""

from itertools import product

import numpy as np
import pandas as pd
from known_searches import ELITES, GENERATORS, GENETIC, RANDOM

BINS, TOURNAMENTS = (1, 5, 10, 25, 50, 100, 400), (1, 3)
RUNS = {0: 2, 1: 5}  # of each seed
FIRST, LAST = 50, 5000
BEGUN, GENES, MAPS, CHANCE = -0.62, -0.57, -0.60, -0.61


def spread(value, scatter):
    """One value for each of five runs, whose mean is `value`."""
    return value + scatter * np.array([-1.0, 0.5, 1.0, 0.0, -0.5])


def unit(name, seed, run):
    dataset, replicate = GENERATORS[name]
    return {"dataset": dataset, "replicate": replicate, "seed": seed, "run": run}


def rows_of(names, arms, seeds=RUNS):
    """Rows after the first sets and in the end of every run of arms: settings, and the fitness in the end."""
    return [
        unit(name, seed, run) | settings | {"evaluated": evaluated, "best": best, "filled": 20}
        for name, seed, (settings, end) in product(names, seeds, arms)
        for run in range(RUNS[seed])
        for evaluated, best in ((FIRST, BEGUN), (LAST, end))
    ]


def dissection(names=("mnist", "fashion_mnist", "celeba")):
    """What `dissection` leaves: the genetic algorithm leads every map alike; the second generator has the paper's."""
    one = {"metric": "rmse", "offspring": 1}
    maps = [
        (one | {"method": ELITES, "bins": bins, "tournament": rivals}, MAPS)
        for bins, rivals in product(BINS, TOURNAMENTS)
    ]
    batched = [({**maps[0][0], "bins": 100, "offspring": 16}, 0.0)]  # is no setting
    other = one | {"bins": 100}
    genetic = (other | {"method": GENETIC, "tournament": 3}, GENES)
    rivals = [
        (other | {"method": GENETIC, "tournament": 1}, CHANCE),
        (other | {"method": RANDOM, "tournament": 1}, CHANCE),
    ]
    papers = [some for some in maps if (some[0]["bins"], some[0]["tournament"]) == (100, 1)]
    judged = rows_of(names, [genetic, *rivals], [1]) + rows_of(names[:1], batched, [1])
    return pd.DataFrame(
        rows_of(names, maps) + judged + rows_of(["mnist, seed 1"], [genetic, *papers], [1])
    ).reset_index(drop=True)


PAPERS = {"elites": 1, "tournament": 3, "mating_rate": 0.7, "mutation_rate": 0.02}
CHANGED = [("elites", 0), ("elites", 5), ("tournament", 2), ("tournament", 7), ("mating_rate", 0.0)]
CHANGED += [("mating_rate", 1.0), ("mutation_rate", 0.002), ("mutation_rate", 0.1)]


def tuning():
    """What `tuning` leaves: the paper's settings gain 0.05, all others 0.04."""
    settings = [(PAPERS, GENES), *((PAPERS | {name: value}, GENES - 0.01) for name, value in CHANGED)]
    arms = [({"metric": metric, "method": GENETIC} | some, end) for metric in ("rmse", "ncc") for some, end in settings]
    return pd.DataFrame(rows_of(["mnist"], arms))


DESCRIPTORS = ("class entropy", "stroke width", "judge features")


def descriptors():
    """What `descriptors` leaves: by none does the map end fitter than the paper's."""
    arms = [({"descriptors": name, "method": ELITES}, MAPS) for name in DESCRIPTORS]
    arms.append(({"descriptors": "similarity", "method": "CMA-MAE"}, MAPS + 0.024))
    return pd.DataFrame(rows_of(list(GENERATORS), arms, [1]))


def at_end(table, value, name=None, column="best", **where):
    """The table with another value in the end, or one for each run, where columns have values."""
    where |= {"evaluated": LAST}
    if name is not None:
        where |= dict(zip(("dataset", "replicate"), GENERATORS[name], strict=True))
    chosen = np.logical_and.reduce([(table[key] == wanted).to_numpy() for key, wanted in where.items()])
    assert chosen.any(), f"no rows with {where}"
    values = np.asarray(value, dtype=float)
    changed = table[column].to_numpy(float).copy()
    changed[chosen] = values[table["run"].to_numpy()[chosen]] if values.ndim else values
    return table.assign(**{column: changed})
