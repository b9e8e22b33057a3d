"""Tables as arrays with the targets on the first axis, which statistics resample."""

import numpy as np
import pandas as pd

from latentlib.study.findings import TooSmallError
from studies.restoring.experiments.measures import SCORES
from studies.restoring.settings import EVERY


def datasets(table: pd.DataFrame) -> list[str]:
    """Return the data sets of a table, in the paper's order, and then the names of other generators."""
    there = set(table["dataset"])
    return [*(name for name in EVERY if name in there), *sorted(there - set(EVERY))]


def with_replicates(rivals: pd.DataFrame, replicates: pd.DataFrame) -> pd.DataFrame:
    """Return both tables as one, in which other generators stand as data sets, such as `mnist, generator 2`."""
    number = (replicates["replicate"] + 1).astype(str)
    return pd.concat([rivals, replicates.assign(dataset=replicates["dataset"] + ", generator " + number)])


def cube(
    table: pd.DataFrame, fitness: str, dataset: str, axes: tuple[str, ...], column: str | None = None
) -> np.ndarray:
    """Return scores (targets, *axes) of runs on one data set, by default those that their fitness maximised.

    Raises:
        TooSmallError: if a combination of target and axes is missing.
    """
    some = table[(table["fitness"] == fitness) & (table["dataset"] == dataset)]
    index = ["target", *axes]
    shape = [some[name].nunique() for name in index]
    if len(some) == 0 or len(some) != np.prod(shape):
        raise TooSmallError(f"{dataset}, {fitness}: {len(some)} scores where {np.prod(shape)} belong")
    return some.sort_values(index)[column or SCORES[fitness]].to_numpy(dtype=np.float64).reshape(shape)


def at(table: pd.DataFrame, iteration: int, **values: float) -> pd.DataFrame:
    """Return the rows of an iteration with the given values, comparing rates up to rounding.

    Raises:
        TooSmallError: if there are none.
    """
    chosen = table["iteration"] == iteration
    for name, value in values.items():
        chosen &= np.isclose(table[name], value)
    if not chosen.any():
        raise TooSmallError(f"no rows at iteration {iteration} with {values}")
    return table[chosen]


def together(parts: dict[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray:
    """Return the values of several data sets as one sample; raise a TooSmallError if none of them is there."""
    there = [parts[name] for name in names if name in parts]
    if not there:
        raise TooSmallError(f"none of {', '.join(names)} was run")
    return np.concatenate(there)
