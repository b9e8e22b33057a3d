"""Rank correlations with their intervals over independent units."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

from latentlib.study.statistics import Estimate, jackknife


def spearman(first: pd.Series, second: pd.Series) -> Estimate:
    """Return Spearman's correlation of two columns over the rows that have both."""
    return over([first, second], lambda one, other: of_ranks(one, other))


def partial(first: pd.Series, second: pd.Series, given: pd.Series) -> Estimate:
    """Return Spearman's partial correlation of two columns given a third, over the rows that have all."""

    def statistic(one: np.ndarray, other: np.ndarray, third: np.ndarray) -> float:
        together, left, right = of_ranks(one, other), of_ranks(one, third), of_ranks(other, third)
        return float((together - left * right) / np.sqrt((1 - left**2) * (1 - right**2)))

    return over([first, second, given], statistic)


def over(columns: list[pd.Series], statistic: Callable[..., float]) -> Estimate:
    """Return a correlation of columns, whose rows are resampled."""
    rows = np.column_stack([column.to_numpy(float) for column in columns])
    rows = rows[np.isfinite(rows).all(axis=1)]
    with np.errstate(invalid="ignore", divide="ignore"):  # a column of equals has no correlation: found too small
        return jackknife([rows], lambda some: statistic(*some.T)).bounded(-1, 1)


def of_ranks(first: np.ndarray, second: np.ndarray) -> float:
    """Return the correlation of the ranks of two samples (n,), NaN if one is of equals."""
    return float(np.corrcoef(stats.rankdata(first), stats.rankdata(second))[0, 1])
