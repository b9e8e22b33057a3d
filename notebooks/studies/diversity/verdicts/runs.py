"""Runs of the searches in the form that statistics need."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from latentlib.study.findings import TooSmallError
from latentlib.study.statistics import Estimate, jackknife
from studies.diversity.experiments.contest import ELITES, FIRST, GENETIC, RANDOM
from studies.diversity.experiments.searches import PARTS
from studies.diversity.plan import GENERATORS

UNITS = ["seed", "run"]
RIVALS = (ELITES, RANDOM)
__all__ = ["ELITES", "FIRST", "GENETIC", "RANDOM", "RIVALS"]


def name_of(dataset: str, replicate: int) -> str:
    """Return how a generator is called."""
    return f"{dataset}, seed {replicate}" if replicate else dataset


NAMES = tuple(name_of(*generator) for generator in GENERATORS)


def generators(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of each generator."""
    groups = table.groupby(["dataset", "replicate"], sort=False)
    return {name_of(str(dataset), int(str(replicate))): rows for (dataset, replicate), rows in groups}


def cells(table: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the rows of each generator and metric."""
    return {
        (name, str(metric)): rows
        for name, some in generators(table).items()
        for metric, rows in some.groupby("metric", sort=False)
    }


def complete(table: pd.DataFrame, names: Sequence[str] = NAMES) -> bool:
    """Return whether all generators that a rule speaks of were run."""
    return set(names) <= set(generators(table))


def of(rows: pd.DataFrame, method: str, column: str, evaluated: int | None = None) -> np.ndarray:
    """Return a column (runs,) of a cell's method, after some number of sets or by default in the end, run by run."""
    some = rows[rows["method"] == method]
    some = some[some["evaluated"] == (some["evaluated"].max() if evaluated is None else evaluated)]
    if some.empty:
        raise TooSmallError(f"no rows of {method} after {evaluated} sets")
    values: np.ndarray = some.sort_values(UNITS)[column].to_numpy(float)
    return values


def after(rows: pd.DataFrame, method: str, part: int, column: str = "best") -> np.ndarray:
    """Return a column (runs,) of a cell's method after some of the `PARTS` of all evaluations."""
    return of(rows, method, column, int(rows["evaluated"].max()) * part // PARTS)


def gain(rows: pd.DataFrame, method: str) -> np.ndarray:
    """Return by how much the best set is fitter in the end than the best of the first sets (runs,)."""
    first = rows[rows["method"] == method]["evaluated"].min()
    gained: np.ndarray = of(rows, method, "best") - of(rows, method, "best", first)
    return gained


def lead(rows: pd.DataFrame, one: str, other: str, column: str = "best") -> np.ndarray:
    """Return a column of one method minus that of another in the end, paired by run (runs,)."""
    ahead: np.ndarray = of(rows, one, column) - of(rows, other, column)
    return ahead


def ratio(top: np.ndarray, bottom: np.ndarray) -> Estimate:
    """Return the ratio of two means over paired runs (runs,).

    Raises:
        TooSmallError: where the mean below is not above 0, such as the lead of what does not lead, or fewer than two.
    """
    if bottom.mean() <= 0:
        raise TooSmallError("there is nothing to compare with: the mean below is not above 0")
    return jackknife([np.column_stack([top, bottom])], lambda pairs: pairs[:, 0].mean() / pairs[:, 1].mean())
