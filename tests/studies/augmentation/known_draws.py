"""Tables shaped like those of the chapter's sweeps, alike in every draw, until a test says what differs.

Rows that no rule may read, such as those of sperm heads among look-alikes, hold what would turn the outcome round. Rows
that are averaged first, such as those of two classifiers, lie on both sides of their mean, by `offset`.
"""

from itertools import product

import numpy as np
import pandas as pd

from latentlib.study import repository
from latentlib.study.claims import load_claims
from latentlib.study.findings import RULES
from studies.augmentation import verdicts as verdicts
from studies.augmentation.arms import ARMS, NONE, RANDOM, UNLIKE
from studies.augmentation.experiments.amounts import AMOUNTS, FEW, MANY
from studies.augmentation.experiments.gans import (
    AUGMENTED,
    CONDITIONAL,
    JOINT,
    OTHERS,
    PER_CLASS,
    REAL,
    UNTRAINED,
)
from studies.augmentation.experiments.supervision import FIRST, LAST, SORTED
from studies.augmentation.scores import SCORES

CLAIMS = load_claims(repository.claims("augmentation"))
DRAWS = 10
LOOK_ALIKES, HEADS, HUSHEM = "fashion_lookalikes", "mhsma", "hushem"
CLASSES = ("T-shirt", "pullover", "coat", "shirt")
AWAY = np.linspace(-1, 1, DRAWS)[np.argsort(np.sin(np.arange(DRAWS)))]
ERRORS = 2.262  # standard errors from the mean to the end of its 95 % interval, of 10 draws


def about(value, scatter):
    """One value a draw, whose mean is `value`, up to `scatter` away from it on either side."""
    return value + scatter * AWAY


def beyond(value, errors, scatter=0.001):
    """One value a draw, whose mean is so many standard errors above `value`."""
    return value + scatter * (AWAY + errors * AWAY.std(ddof=1) / np.sqrt(DRAWS))


def rows_of(draws=DRAWS, **columns):
    """One row for each combination of values of columns in each draw of the look-alikes."""
    keys = {"seed": range(draws), **columns}
    rows = [dict(zip(keys, values, strict=True)) for values in product(*keys.values())]
    return pd.DataFrame(rows).assign(dataset=LOOK_ALIKES, offset=0.0)


def contest():
    """What `contest` leaves: every arm has every score 0.7; on sperm heads, evolved sets do great harm."""
    table = rows_of(arm=ARMS, classifier=range(2)).assign(**dict.fromkeys(SCORES, 0.7))
    heads = put(table.assign(dataset=HEADS), "accuracy", 0.2, arm=UNLIKE)
    return balanced(pd.concat([table, heads], ignore_index=True), "classifier", SCORES)


def folds():
    """What `folds` leaves: every arm has accuracy 0.7 on all images and on few, in every fold of every draw."""
    table = rows_of(fold=range(5), arm=(NONE, RANDOM, UNLIKE)).assign(accuracy=0.7, small_accuracy=0.7)
    table.loc[table["arm"] == RANDOM, "small_accuracy"] = np.linspace(0, 1, (table["arm"] == RANDOM).sum())
    return balanced(table, "fold", ["small_accuracy"])


def amounts(slope=1.0):
    """What `amounts` leaves: accuracy gains so many points with every doubling of 1 + n / 20.

    With other real images or GANs it loses as many, and evolved sets have nothing right.
    """
    table = rows_of(images=(10, 40), gan_data=(FEW, MANY), amount=AMOUNTS)
    table = table.assign(arm=np.where(table["amount"] == 0, NONE, RANDOM))
    way = np.where((table["images"] == 40) & (table["gan_data"] == FEW), 1, -1)
    table = table.assign(accuracy=0.7 + way * slope * np.log2(1 + table["amount"] / 20) / 100)
    evolved = table[table["amount"] == 40].assign(arm=UNLIKE, accuracy=0.0)
    return pd.concat([table, evolved], ignore_index=True)


def supervision():
    """What `supervision` leaves: nothing is told apart, and every set has a spread of 0.8."""
    table = rows_of(name=CLASSES, alike=(False, True), stage=(FIRST, LAST, SORTED))
    table = table.assign(told_apart=0.5, spread=0.8, spread_real=0.8, spread_random=0.8, spread_deviation=0.05)
    table.loc[table["stage"] == FIRST, ["told_apart", "spread"]] = np.nan, 0.1
    table.loc[table["stage"] == SORTED, ["told_apart", "spread"]] = 0.99, 0.9
    table.loc[table["alike"] & (table["stage"] == LAST), "told_apart"] = 1.0
    return balanced(table, "name", ["told_apart", "spread"])


def gans():
    """What `gans` leaves: GANs of one class are as good as real images, and others worse."""
    table = rows_of(kind=(PER_CLASS, AUGMENTED, CONDITIONAL, JOINT, UNTRAINED, REAL, OTHERS), name=CLASSES)
    table = table.assign(agreement=0.3, nearest=0.1, fooled=0.1, fid=70.0)
    table.loc[table["kind"] == REAL, ["agreement", "nearest", "fooled", "fid"]] = 0.9, 1.0, 0.1, 5.0
    table.loc[table["kind"] == OTHERS, "fid"] = 45.0
    for column, value in {"agreement": 0.9, "nearest": 1.0, "fooled": 0.1, "fid": 5.0}.items():
        table = put(table, column, value, kind=PER_CLASS)
    return balanced(table, "name", ["agreement", "nearest", "fooled"])


def balanced(table, part, columns):
    """The table with columns that lie on both sides of their mean, by the parts that a rule averages."""
    places = table[part].rank(method="dense")
    table["offset"] = 0.01 * (places - places.unique().mean())
    for column in columns:
        table[column] += table["offset"]
    return table


def put(table, column, value, **where):
    """The table with another mean, or one a draw, where columns have values."""
    chosen = np.logical_and.reduce([(table[name] == wanted).to_numpy() for name, wanted in where.items()])
    assert chosen.any(), f"no rows with {where}"
    values = np.broadcast_to(np.asarray(value, dtype=float), DRAWS)[table["seed"].to_numpy()[chosen]]
    changed = table[column].to_numpy(float).copy()
    changed[chosen] = values + table["offset"].to_numpy()[chosen]
    return table.assign(**{column: changed})


def found(claim, table):
    """What the rule of a claim finds in its table, with its numbers as they stand in the book."""
    rule, names = RULES[claim]
    assert len(names) == 1
    return rule(table, **CLAIMS[claim].numbers)


def outcome(claim, table):
    """What the rule of a claim says of its table."""
    return found(claim, table).outcome
