"""Runs of evolution in the form that statistics need: one value per run, and the runs of a wish as an array."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from latentlib.study.findings import TooSmallError
from latentlib.study.statistics import Estimate, jackknife, mean

RUN = ["wish", "run"]


def of(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    """Return the rows with the given values; raise a TooSmallError if there are none."""
    rows = table[table[list(values)].eq(pd.Series(values)).all(axis=1)]
    if rows.empty:
        raise TooSmallError(f"no rows with {values}")
    return rows


def at_end(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of each run's last generation, in the order of the runs."""
    return of(table, generation=table["generation"].max()).sort_values("run")


def at_start(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of each run's first pool, in the order of the runs."""
    return of(table, generation=0).sort_values("run")


def reached(run: pd.DataFrame, share: float) -> pd.DataFrame:
    """Return the first row of one run with at least an accuracy of `share`, or no row if there is none."""
    return run[run["accuracy"] >= share].sort_values("generation").head(1)


def at_stop(table: pd.DataFrame, target: float) -> pd.DataFrame:
    """Return the row of each run at which Algorithm 1 stops, or its last if accuracy never reaches the target.

    They are in the order of the runs.
    """
    rows = [pd.concat([reached(run, target), at_end(run)]).head(1) for _, run in table.groupby("run")]
    return pd.concat(rows)


def generations(table: pd.DataFrame, share: float) -> np.ndarray:
    """Return the generations (runs,) until accuracy reaches a share; one more than the run had if it does not."""
    beyond = table["generation"].max() + 1
    firsts = [reached(run, share)["generation"] for _, run in table.groupby("run")]
    return np.array([first.iloc[0] if len(first) else beyond for first in firsts], dtype=float)


def crossing(table: pd.DataFrame, share: float) -> np.ndarray:
    """Return the same, interpolated between the generation that reaches the share and the one before."""
    found = generations(table, share)
    for place, (_, run) in enumerate(table.groupby("run")):
        accuracy = run.set_index("generation")["accuracy"]
        last = found[place]
        if 0 < last <= accuracy.index.max():
            low, high = accuracy[last - 1], accuracy[last]
            found[place] = last - (high - share) / (high - low)
    return found


def rising(table: pd.DataFrame, column: str, share: float = 0.98) -> np.ndarray:
    """Return the Spearman correlation (runs,) of generation and a column until an accuracy of `share`."""
    values = []
    for _, run in table.groupby("run"):
        stop = reached(run, share)["generation"]
        some = run[run["generation"] <= (stop.iloc[0] if len(stop) else np.inf)]
        values.append(correlation(some["generation"].to_numpy(), some[column].to_numpy()))
    return np.array(values)


def correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Return Spearman's correlation, NaN for fewer than two values or if all are equal."""
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(stats.spearmanr(first, second).statistic)


def typical(values: np.ndarray) -> Estimate:
    """Return the mean over the runs (n,) that have a value; raise a TooSmallError if fewer than two have one."""
    there = values[np.isfinite(values)]
    if len(there) < 2:
        raise TooSmallError(f"{len(there)} of {len(values)} runs have a value")
    return mean(there)


def overall(samples: Sequence[np.ndarray]) -> Estimate:
    """Return the mean over wishes of the mean over the runs of each wish.

    Runs without a value are left out, and so are wishes with fewer than two others.
    """
    there = [sample[np.isfinite(sample)] for sample in samples]
    there = [sample for sample in there if len(sample) > 1]
    if not there:
        raise TooSmallError("of no wish two runs have a value")
    return jackknife(there, lambda *parts: float(np.mean([part.mean() for part in parts])))


def wishes(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of each wish."""
    return {str(wish): rows for wish, rows in table.groupby("wish", sort=False)}
