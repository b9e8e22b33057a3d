"""Tables of targets as arrays whose first axis is the target, which is what statistics resample."""

import numpy as np
import pandas as pd

from latentlib.study.findings import TooSmallError
from studies.restoring.experiments.measures import SCORES
from studies.restoring.settings import EVERY


def datasets(table: pd.DataFrame) -> list[str]:
    """The data sets of a table, in the paper's order."""
    there = set(table["dataset"])
    return [name for name in EVERY if name in there]


def cube(
    table: pd.DataFrame, fitness: str, dataset: str, axes: tuple[str, ...], column: str | None = None
) -> np.ndarray:
    """Scores (targets, *axes) of the runs of one fitness on one data set; by default what the fitness maximised.

    Raises:
        TooSmallError: where a combination of target and axes is missing.
    """
    some = table[(table["fitness"] == fitness) & (table["dataset"] == dataset)]
    index = ["target", *axes]
    shape = [some[name].nunique() for name in index]
    if len(some) == 0 or len(some) != np.prod(shape):
        raise TooSmallError(f"{dataset}, {fitness}: {len(some)} scores where {np.prod(shape)} belong")
    return some.sort_values(index)[column or SCORES[fitness]].to_numpy(dtype=np.float64).reshape(shape)


def at(table: pd.DataFrame, iteration: int, **values: float) -> pd.DataFrame:
    """The rows of an iteration with the given values, rates compared as rounded.

    Raises:
        TooSmallError: where there are none.
    """
    chosen = table["iteration"] == iteration
    for name, value in values.items():
        chosen &= np.isclose(table[name], value)
    if not chosen.any():
        raise TooSmallError(f"no rows at iteration {iteration} with {values}")
    return table[chosen]


def together(parts: dict[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray:
    """The values of several data sets as one sample; TooSmallError where none of them is there."""
    there = [parts[name] for name in names if name in parts]
    if not there:
        raise TooSmallError(f"none of {', '.join(names)} was run")
    return np.concatenate(there)
