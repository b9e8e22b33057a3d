"""Tables shaped like those of the chapter's sweeps, alike in every run, until a test says what differs.

The runs of a table differ by far more than its players do, so that a rule that does not pair them decides nothing.
"""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from latentlib.study import repository
from latentlib.study.claims import load_claims
from latentlib.study.findings import RULES
from studies.beyond import verdicts as verdicts
from studies.beyond.experiments.sets import GREEDY, SET_PLAYERS
from studies.beyond.plan import DIVERSE, EVERY, FREE, GENES, WANTED
from studies.beyond.players import DESCENDING, PLAYERS

CLAIMS = load_claims(repository.claims("beyond"))
RUNS, FREE_RUNS = 10, 16
AWAY = np.linspace(-1, 1, RUNS)[np.argsort(np.sin(np.arange(RUNS)))]
ERRORS = 2.262  # standard errors from the mean to the end of its 95 % interval, of 10 runs


def about(value, scatter):
    """One value a run, whose mean is `value`, up to `scatter` away from it on either side."""
    return value + scatter * AWAY


def beyond(value, errors, scatter=0.01):
    """One value a run, whose mean is so many standard errors above `value`."""
    return value + scatter * (AWAY + errors * AWAY.std(ddof=1) / np.sqrt(RUNS))


def rows_of(generators, runs=RUNS, **columns):
    """One row for each combination of values of columns in each run on each generator."""
    keys = {"generator": generators, **columns, "run": range(runs)}
    rows = [dict(zip(keys, values, strict=True)) for values in product(*keys.values())]
    return pd.DataFrame([{**row, "dataset": row["generator"][0], "replicate": row["generator"][1]} for row in rows])


def errors_of(table):
    """The table with errors from 0.001 to 0.1, the same for all players on a target, in whatever they are told."""
    error = 10.0 ** (-2 + np.roll(AWAY, 3)[table["run"]])
    return table.assign(after_1=1 - error, timely=1 - error)


@cache
def restoring():
    """What `contest` leaves of restoring: all players are equally good, and take no time."""
    return errors_of(rows_of(EVERY, player=PLAYERS).assign(sampling=0.05))


@cache
def free():
    """What it leaves of goals without a gradient: all are equally good in the same run."""
    players = [name for name in PLAYERS if name not in DESCENDING]
    tables = [rows_of(some, FREE_RUNS, player=players).assign(goal=goal) for goal, some in FREE.items()]
    return pd.concat(tables, ignore_index=True).assign(after_1=lambda rows: 1000.0 * rows["run"])


@cache
def wanted():
    """What it leaves of wishes: everything takes a hundred passes, of 4,000."""
    tables = [rows_of(some, player=PLAYERS).assign(goal=goal) for goal, some in WANTED.items()]
    return pd.concat(tables, ignore_index=True).assign(sure=100.0, passes=4000, judged=1.0)


@cache
def sets():
    """What `sets` leaves: all sets are as good."""
    return rows_of(DIVERSE, player=(*SET_PLAYERS, GREEDY)).assign(best=-0.55, spread=0.9)


@cache
def sizes():
    """What `sizes` leaves: all are equally good with latents of every size."""
    return errors_of(rows_of(EVERY[:2], genes=GENES["paper"], player=PLAYERS))


@cache
def workers():
    """What `workers` leaves of five repetitions: two take half the time."""
    return pd.DataFrame([{"workers": count, "wall": 60 / count, "alone": 60.0} for count in (1, 2) for _ in range(5)])


def worse(table, factor, column="after_1", **where):
    """The table with errors so many times as large, one factor or one a run, where columns have values."""
    return changed(table, column, lambda old, run: 1 - (1 - old) * each(factor, run), **where)


def put(table, column, value, **where):
    """The table with another value, or one a run, where columns have values."""
    return changed(table, column, lambda old, run: each(value, run), **where)


def each(value, run):
    """A value for each of some runs, from one for all or one a run."""
    return np.asarray(value, dtype=float)[run] if np.ndim(value) else np.full(len(run), float(value))


def changed(table, column, change, **where):
    """The table with a column changed by a function of its old values and the runs, where columns have values."""
    chosen = np.ones(len(table), dtype=bool)
    for name, accepted in where.items():
        chosen &= table[name].isin(accepted if isinstance(accepted, tuple) else [accepted]).to_numpy()
    assert chosen.any(), f"no rows with {where}"
    values = table[column].to_numpy(float).copy()
    values[chosen] = change(values[chosen], table["run"].to_numpy()[chosen])
    return table.assign(**{column: values})


def found(claim, table):
    """What the rule of a claim finds in its table, with its numbers as they stand in the book."""
    rule, names = RULES[claim]
    assert len(names) == 1
    return rule(table, **CLAIMS[claim].numbers)


def outcome(claim, table):
    """What the rule of a claim says of its table."""
    return found(claim, table).outcome
