"""Tables shaped like those of the chapter's sweeps, whose outcome is known because a test says what is in them.

Unless a test says otherwise, Adam brings the distance from 1,000 to 100 in its 300 epochs, and every other arm to 500
in its thirty; seeds lie on both sides of what is asked for, in the logarithm of the distance.
"""

from itertools import product

import numpy as np
import pandas as pd

from latentlib.study import repository
from latentlib.study.claims import load_claims
from latentlib.study.findings import RULES
from studies.evolving_weights import verdicts as verdicts
from studies.evolving_weights.course import MARKS
from studies.evolving_weights.settings import ADAM, ARMS, GA, HYBRID, IN_TURN

CLAIMS = load_claims(repository.claims("evolving_weights"))
SEEDS = 10
AWAY = np.linspace(-1, 1, SEEDS)[np.argsort(np.sin(np.arange(SEEDS)))]
LONG, SHORT = MARKS, tuple(mark for mark in MARKS if mark <= 30)
PASSES = {True: 13.0, False: 130.0}  # of an epoch: by gradients, and of a population


def rows_of(seeds=SEEDS, **columns):
    """One row for each combination of values of columns, for each seed."""
    keys = {"seed": range(seeds), **columns}
    return pd.DataFrame([dict(zip(keys, values, strict=True)) for values in product(*keys.values())])


def gradients(arm):
    return arm in (ADAM, HYBRID)


def course(arm, last, first=1000.0, marks=None, seeds=SEEDS, scatter=0.001, **columns):
    """The course of an arm whose log distance falls evenly over its passes; columns hold whatever else is told."""
    marks = (LONG if gradients(arm) else SHORT) if marks is None else marks
    rows = rows_of(seeds, epoch=marks).assign(arm=arm)
    share = rows["epoch"] / max(marks)
    away = scatter * AWAY[rows["seed"] % SEEDS] * share
    rows["distance"] = np.exp(np.log(first) + share * (np.log(last) - np.log(first)) + away)
    rows["passes"] = rows["epoch"] * PASSES[gradients(arm)]
    rows["took"] = rows["passes"] / 1000
    facts = {
        "real_score": 0.6,
        "fake_score": 0.4,
        "loss_g": 0.9,
        "loss_d": 1.0,
        "fake_change": 0.01,
        "calibration": 0.1,
    }
    return rows.assign(**(facts | columns))


def games(last=500.0, others=500.0, adam=100.0, evolved=None, trained=None):
    """What `games` leaves: `last` is the distance at the end of evolution; `evolved` and `trained` hold columns."""
    tables = []
    for pair, arm in product(("dense", "small"), ARMS):
        end = {GA: last, ADAM: adam}.get(arm, others)
        more = {GA: evolved, ADAM: trained}.get(arm) or {}
        tables.append(course(arm, end, **more).assign(pair=pair, dataset="mnist"))
    return pd.concat(tables, ignore_index=True)


def with_scores(table, real, fake, seed=0):
    """The table with scores that follow the distance as it wavers about its course: by `real` and `fake` in rank.

    The distance also falls with time, and so does an unrelated part of both scores, which a rule must take off.
    """
    random = np.random.default_rng(seed)
    waver, own, other = random.normal(size=(3, len(table)))
    trend = table["epoch"].rank(pct=True)
    signs = [np.sign(way) * np.minimum(abs(way), 1) for way in (real, fake)]
    scores = [way * waver + np.sqrt(1 - way**2) * noise for way, noise in zip(signs, (own, other), strict=True)]
    return table.assign(
        distance=table["distance"] * np.exp(0.2 * waver),
        real_score=0.6 + 0.03 * scores[0] + 0.1 * trend,
        fake_score=0.4 + 0.03 * scores[1] - 0.1 * trend,
    )


def ring(modes=8, quality=0.9, stuck=0.0, adam=8, share=1.0):
    """What `ring` leaves: of evolution, the modes covered in a share of runs (none in the others), and its plateau."""
    marks = tuple(range(0, 31, 2))
    tables = []
    for goal, arm in product(("opponent", "fixed"), (ADAM, GA)):
        rows = rows_of(20, epoch=marks).assign(arm=arm, goal=goal)
        good = rows["seed"] < round(20 * share)
        late = rows["epoch"] >= 30
        covered = np.where(good & late, modes, 0) if arm == GA and goal == "opponent" else np.where(late, adam, 0)
        still = rows["epoch"].clip(upper=30 * (1 - stuck)) if arm == GA else rows["epoch"]
        rows["distance"] = 2 * np.exp(-still / 5)
        tables.append(rows.assign(modes=covered, quality=quality))
    return pd.concat(tables, ignore_index=True)


def variant(last, marks=SHORT, wavers=0.0, **columns):
    """The course of a reading of the algorithm; its log distance wavers in the second half."""
    facts = {"play": IN_TURN, "objective": "both", "crossover": "filter"} | columns
    rows = course(GA, last, marks=marks).assign(**facts)
    late = (rows["epoch"] >= 15) & (rows["epoch"] < 30)
    rows["distance"] *= np.exp(wavers * np.where(late, np.where(rows["epoch"] == 20, 1, -1), 0))
    return rows


def facts_table(seeds=SEEDS, **values):
    """What `facts` leaves; each value is by fact, or by fact and detail joined by two underscores."""
    rows = []
    for key, value in values.items():
        fact, _, detail = key.partition("__")
        for seed in range(seeds):
            each = value[seed] if np.ndim(value) else value
            rows.append(
                {"fact": fact.replace("_", " "), "detail": detail.replace("_", " "), "value": each, "seed": seed}
            )
    return pd.DataFrame(rows)


def about(value, scatter):
    """One value a seed, whose mean is `value`, up to `scatter` away from it on either side."""
    return value + scatter * AWAY


def found(claim, *tables):
    """What the rule of a claim finds in its tables, with its numbers as they stand in the book."""
    rule, names = RULES[claim]
    assert len(names) == len(tables)
    return rule(*tables, **CLAIMS[claim].numbers)


def outcome(claim, *tables):
    """What the rule of a claim says of its tables."""
    return found(claim, *tables).outcome
