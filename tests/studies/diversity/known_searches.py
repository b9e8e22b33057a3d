"""Tables shaped like those of the sweeps of diverse sets, alike in every run, until a test says what differs."""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from latentlib.study import repository
from latentlib.study.claims import load_claims
from latentlib.study.findings import RULES
from studies.diversity import verdicts as verdicts

CLAIMS = {
    id: claim for name in ("diversity", "augmentation") for id, claim in load_claims(repository.claims(name)).items()
}
GENERATORS = {"mnist": ("mnist", 0), "mnist, seed 1": ("mnist", 1), "fashion_mnist": ("fashion_mnist", 0)}
GENERATORS |= {"celeba": ("celeba", 0)}
GENETIC, ELITES, RANDOM, FIRST = "genetic algorithm", "MAP-Elites", "random sampling", "first sets"
COURSE = {  # fitness of the best so far, after these numbers of sets
    GENETIC: {50: -0.64, 12_000: -0.60, 20_000: -0.57, 25_000: -0.56},
    ELITES: {50: -0.64, 12_000: -0.63, 20_000: -0.62, 25_000: -0.62},
    RANDOM: {50: -0.64, 12_000: -0.63, 20_000: -0.63, 25_000: -0.63},
}
FILLED = {50: 20, 12_000: 200, 20_000: 230, 25_000: 250}
LAST = 25_000
RUNS = 10
END = {
    "sets": LAST,
    "images": 50 * LAST,
    "deviation": 0.005,
    "needed": 0.1,
    "cluster": 0.95,
    "less_fit": 0.7,
    "first_filled": 20.0,
    "stayed": 0.9,
    "by_rmse": -0.64,
    "by_ncc": -0.41,
    "brightness": 0.2,
    "brightness_spread": 0.05,
    "contrast": 0.7,
    "overlap": 0.2,
    "border": 0.1,
    "length": 1.0,
    "spread": 0.9,
    "vendi": 6.0,
    "classes": 10,
    "evenness": 0.9,
    "sure": 0.9,
    "unsure": 0.03,
    "near": 0.01,
    "seeds_apart": 0.5,
    "approaches_apart": 0.6,
    "metrics_apart": 0.6,
}
OF_A_SET = list(END)[list(END).index("by_rmse") : list(END).index("seeds_apart")]


def about(value, scatter=0.0):
    """One value a run, whose mean is `value`, up to `scatter` away from it on either side."""
    return value + scatter * np.linspace(-1, 1, RUNS)[np.argsort(np.sin(np.arange(RUNS)))]


@cache
def searches():
    """What `searches` leaves: the genetic algorithm leads and MAP-Elites hardly does, in whatever generator."""
    rows = []
    units = product(GENERATORS.values(), ("rmse", "ncc"), range(2), range(5))
    for (dataset, replicate), metric, seed, run in units:
        unit = {"dataset": dataset, "replicate": replicate, "metric": metric, "seed": seed, "run": run}
        for method, course in COURSE.items():
            for evaluated, fitness in course.items():
                told = {"method": method, "evaluated": evaluated, "best": fitness, "filled": FILLED[evaluated]}
                steered = {f"by_{metric}": END[f"by_{metric}"] + 0.1} if method == GENETIC else {}
                rows.append(unit | told | (END | steered if evaluated == LAST else {}))
        rows.append(unit | {"method": FIRST, "evaluated": 50} | {name: END[name] for name in OF_A_SET})
    return pd.DataFrame(rows)


@cache
def random_sets(count=80):
    """What `random_sets` leaves: diversity is what judges see, brightness is something else."""
    seen, bright, most = (np.random.default_rng(seed).permutation(count) / count for seed in range(3))
    columns = {
        f"{metric}_{axis}": values
        for metric in ("rmse", "ncc")
        for axis, values in (("mean", -seen), ("maximum", most))
    }
    tables = [
        pd.DataFrame({"set": range(count), "spread": seen, "brightness": bright} | columns).assign(
            dataset=dataset, replicate=replicate
        )
        for dataset, replicate in GENERATORS.values()
    ]
    return pd.concat(tables, ignore_index=True)


@cache
def controls(count=200):
    """What `controls` leaves: the brighter a random set, the more its images overlap and their borders differ."""
    bright = np.linspace(0, 1, count)
    tables = [
        pd.DataFrame({"set": range(count), "brightness": bright, "overlap": bright, "border": bright / 4})
        for _ in range(3)
    ]
    names = ("mnist", "fashion_mnist", "celeba")
    return pd.concat(
        [table.assign(dataset=name, replicate=0) for name, table in zip(names, tables, strict=True)], ignore_index=True
    )


@cache
def pooled(draws=50):
    """What `pooled` leaves: random pools have an FID of 10 that deviates by 1, and evolved ones by a fifth of that."""
    random = np.random.default_rng(0).permutation(np.linspace(-1, 1, draws))
    rows = []
    for dataset, replicate in GENERATORS.values():
        unit = {"dataset": dataset, "replicate": replicate, "seed": 0, "draw": 0, "left_out": -1, "images": 500}
        fids = {"random images": 10 + random / random.std(ddof=1), "real images": np.full(3, 2.0)}
        for method, values in fids.items():
            rows += [unit | {"metric": "none", "method": method, "draw": n, "fid": v} for n, v in enumerate(values)]
        for metric, method in product(("rmse", "ncc"), (GENETIC, ELITES, RANDOM)):
            key = unit | {"metric": metric, "method": method}
            rows += [key | {"left_out": n, "fid": v} for n, v in enumerate(pool(10, 0.2), -1)]
    return pd.DataFrame(rows)


def pool(fid, deviation):
    """The FID of a pool of all runs, then without each: it deviates by so much over the runs."""
    away = about(0, 1)
    return [fid, *(fid + deviation * away / away.std() / np.sqrt(RUNS - 1))]


def put(table, column, value, name=None, **where):
    """The table with another value, or one a run, for a generator, where columns have a value or one of several."""
    if name is not None:
        where |= dict(zip(("dataset", "replicate"), GENERATORS[name], strict=True))
    chosen = np.ones(len(table), dtype=bool)
    for key, accepted in where.items():
        accepted = accepted if isinstance(accepted, (tuple, list)) else [accepted]
        chosen &= table[key].isin(accepted).to_numpy()
    assert chosen.any(), f"no rows with {where}"
    values = np.asarray(value, dtype=float)
    if values.ndim:
        values = values[(5 * table["seed"] + table["run"]).to_numpy()[chosen]]
    changed = table[column].to_numpy(float).copy()
    changed[chosen] = values
    return table.assign(**{column: changed})


def end(table, column, value, name=None, **where):
    """The table with another value after the last set."""
    return put(table, column, value, name, evaluated=LAST, **where)


def without(table, name):
    """The table without a generator."""
    dataset, replicate = GENERATORS[name]
    return table[(table["dataset"] != dataset) | (table["replicate"] != replicate)]


def found(claim, *tables):
    """What the rule of a claim finds in its tables, with its numbers as they stand in the book."""
    rule, names = RULES[claim]
    assert len(names) == len(tables)
    return rule(*tables, **CLAIMS[claim].numbers)


def outcome(claim, *tables):
    """What the rule of a claim says of its tables."""
    return found(claim, *tables).outcome
