"""Tables by draw, the unit of every rule: classes, classifiers and folds are averaged first."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pandas as pd

from latentlib.study.findings import TooSmallError, rows_with, typical
from latentlib.study.statistics import Estimate
from studies.augmentation.arms import NONE
from studies.augmentation.plan import LOOK_ALIKES

POINTS = 100  # in which scores are told: hundredths


def chosen(table: pd.DataFrame, dataset: str = LOOK_ALIKES, **where: Any) -> pd.DataFrame:
    """Return the rows of a data set with these values in columns; raise a TooSmallError if there are none."""
    return rows_with(table, dataset=dataset, **where)


def by_draw(table: pd.DataFrame, column: str, dataset: str = LOOK_ALIKES, **where: Any) -> pd.Series:
    """Return a column by seed of the draw, as a mean over the rows with these values in columns."""
    return chosen(table, dataset, **where).groupby("seed")[column].mean()


def over_draws(values: pd.Series) -> Estimate:
    """Return the mean over the draws that have a value."""
    return typical(values.to_numpy(float))


def gains(
    table: pd.DataFrame, arm: str, other: str = NONE, column: str = "accuracy", dataset: str = LOOK_ALIKES
) -> pd.Series:
    """Return by how many points an arm's score is above another's, by draw; the draws that lack one have NaN."""
    mine, theirs = (by_draw(table, column, dataset, arm=name) for name in (arm, other))
    return POINTS * (mine - theirs)


def effect(
    table: pd.DataFrame, arm: str, other: str = NONE, column: str = "accuracy", dataset: str = LOOK_ALIKES
) -> Estimate:
    """Return by how many points an arm's score is above another's, paired by draw."""
    return over_draws(gains(table, arm, other, column, dataset))


def effects(table: pd.DataFrame, pairs: Mapping[str, tuple[str, str, str]]) -> dict[str, Estimate]:
    """Return the effects on accuracy of arm, other arm and data set, by name; those that were not run are left out."""
    found = {}
    for name, (arm, other, dataset) in pairs.items():
        with suppress(TooSmallError):
            found[name] = effect(table, arm, other, dataset=dataset)
    return found
