"""What the rules read from tables: errors and wins by generator, paired by run."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from latentlib.study.findings import TooSmallError
from latentlib.study.statistics import Estimate, mean, proportion

LEAST = 1e-9  # an error below this is rounding
LAST = "after_1"  # the column of what was found with all passes


def generators(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of each generator, by its name."""
    return {
        named(str(dataset), int(replicate)): rows[rows["replicate"] == replicate]
        for dataset, rows in table.groupby("dataset", sort=False)
        for replicate in sorted(rows["replicate"].unique())
    }


def named(dataset: str, replicate: int) -> str:
    """Return the name of a generator."""
    return f"{dataset}, seed {replicate}" if replicate else dataset


def complete(table: pd.DataFrame, wanted: Iterable[tuple[str, int]]) -> bool:
    """Return whether a table holds rows of all wanted generators."""
    return {named(*key) for key in wanted} <= set(generators(table))


def values(rows: pd.DataFrame, player: str, column: str = LAST) -> np.ndarray:
    """Return a column (runs,) of a player on one generator, in the order of the runs."""
    found = rows[rows["player"] == player].sort_values("run")[column].to_numpy(float)
    if not len(found):
        raise TooSmallError(f"{player} was not run")
    return found


def errors(rows: pd.DataFrame, player: str, column: str = LAST) -> np.ndarray:
    """Return the logarithm of the error (runs,) of a player on one generator."""
    found: np.ndarray = np.log((1 - values(rows, player, column)).clip(LEAST))
    return found


def ratios(table: pd.DataFrame, player: str, other: str, column: str = LAST) -> dict[str, Estimate]:
    """Return the mean logarithm of the error of a player over that of another, paired by target, by generator."""
    return {
        name: mean(errors(rows, player, column) - errors(rows, other, column))
        for name, rows in generators(table).items()
    }


def wins(table: pd.DataFrame, player: str, other: str) -> dict[str, Estimate]:
    """Return the share of runs in which a player is better than another, by goal and generator; a tie is no win."""
    found = {}
    for goal, some in table.groupby("goal"):
        for name, rows in generators(some).items():
            better = values(rows, player) > values(rows, other)
            found[f"{goal}, {name}"] = proportion(int(better.sum()), len(better))
    return found


def factors(estimates: dict[str, Estimate]) -> str:
    """Return the ratios of which mean logarithms are estimated, in words."""
    return "; ".join(f"{name} {np.exp(estimate.value):.2f}" for name, estimate in estimates.items())
