"""Courses by seed, the unit of most rules: their values at an epoch, at a number of passes, and at their end."""

import numpy as np
import pandas as pd

from latentlib.study.findings import TooSmallError, rows_with, typical
from latentlib.study.statistics import Estimate, jackknife
from studies.evolving_weights.settings import ADAM, GA

PAIRS = ("dense", "small")  # of MNIST: a claim about GANs needs more than one


def at(table: pd.DataFrame, column: str, value: float, along: str = "epoch") -> pd.Series:
    """Return a column by seed where another, such as `passes`, has a value, in a straight line between two marks."""
    found = {}
    for seed, rows in table.groupby("seed"):
        ordered = rows.sort_values(along)
        if not ordered[along].iloc[0] <= value <= ordered[along].iloc[-1]:
            raise TooSmallError(f"{along} of a course ends before {value:g}")
        found[seed] = float(np.interp(value, ordered[along], ordered[column]))
    return pd.Series(found)


def ends(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column by seed at the end of each course."""
    return table.sort_values("epoch").groupby("seed")[column].last()


def logs(table: pd.DataFrame, epoch: float) -> pd.Series:
    """Return the logarithm of the distance from real images at an epoch, by seed."""
    return pd.Series(np.log(at(table, "distance", epoch)))


def horizon(table: pd.DataFrame) -> float:
    """Return the epochs of evolution in a table: the thesis's thirty, but fewer below `paper` scale."""
    return float(table.loc[table["arm"] == GA, "epoch"].max())


def over_seeds(values: pd.Series) -> Estimate:
    """Return the mean over the seeds that have a value."""
    return typical(values.to_numpy(float))


def gained(table: pd.DataFrame, arm: str, other: str = ADAM) -> Estimate:
    """Return the gain of an arm as a share of another's, at as many passes as both have spent.

    A gain is how much nearer to real images a training brings an untrained network. It is a ratio of means over seeds.
    """
    mine, theirs = rows_with(table, arm=arm), rows_with(table, arm=other)
    budget = min(float(rows.groupby("seed")["passes"].max().min()) for rows in (mine, theirs))
    first = at(theirs, "distance", 0)
    gains = [first - at(rows, "distance", budget, "passes") for rows in (mine, theirs)]
    paired = pd.concat(gains, axis=1).dropna().to_numpy(float)
    if len(paired) < 2 or paired[:, 1].mean() <= 0:
        raise TooSmallError(f"{other} has nothing to compare with: it gains nothing")
    return jackknife([paired], lambda pairs: pairs[:, 0].mean() / pairs[:, 1].mean())
