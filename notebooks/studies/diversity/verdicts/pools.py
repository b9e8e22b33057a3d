"""FE-31, and what FE-28 tells: the distance of pooled final sets to real images."""

import numpy as np
import pandas as pd
from scipy import stats

from latentlib.study.claims import Outcome, within
from latentlib.study.findings import Finding, TooSmallError, decides, farthest, listing, told
from latentlib.study.statistics import Estimate, estimate, exact, jackknife
from studies.diversity.experiments.pooled import NO_METRIC, RANDOM_IMAGES, REAL_IMAGES, WHOLE
from studies.diversity.verdicts.runs import GENETIC, cells, complete, generators

WANTED = ("mnist", "fashion_mnist")
SETS = 10  # that the rule wants in a pool


@decides("FE-31", "pooled")
def unbiased_evaluation(pooled: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether evolved images have the FID of random ones, less scattered."""
    evolved = {key: left_out(rows) for key, rows in evolved_cells(pooled).items() if key[0] in WANTED}
    if not evolved:
        raise TooSmallError("no data set that the rule speaks of was run")
    gaps = {key: bias(*found, random_fids(pooled, key[0])) for key, found in evolved.items()}
    shares = {key: narrower(found[1], random_fids(pooled, key[0])) for key, found in evolved.items()}
    outcome: Outcome = within(*gaps.values(), margin=1)
    runs = min(len(found[1]) for found in evolved.values())
    whole = complete(pooled, WANTED) and runs >= SETS
    if outcome == "supported" and not (whole and all(share.low > least for share in shares.values())):
        outcome = "inconclusive"
    name, shown = farthest(gaps)
    few = f" A pool has {runs} sets, fewer than the {SETS} of the rule." if runs < SETS else ""
    reading = f"In deviations: {listing(gaps, 2)}. Spread smaller by a share of {listing(shares, 2)}.{few}"
    statistic = "FID of evolved images minus that of random ones, in deviations of the latter"
    return Finding(outcome, statistic, shown, f"{reading} Shown: {name}.")


def evolved_cells(pooled: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the rows of the genetic algorithm by generator and metric."""
    found = cells(pooled[pooled["metric"] != NO_METRIC])
    return {key: rows[rows["method"] == GENETIC] for key, rows in found.items()}


def left_out(rows: pd.DataFrame) -> tuple[float, np.ndarray]:
    """Return the FID of the pool of all runs, and of those without each run (runs,)."""
    whole = rows["left_out"] == WHOLE
    return float(rows[whole]["fid"].iloc[0]), rows[~whole].sort_values("left_out")["fid"].to_numpy(float)


def random_fids(pooled: pd.DataFrame, name: str, method: str = RANDOM_IMAGES) -> np.ndarray:
    """Return the FID (draws,) of a generator's pools of random images, or of real ones."""
    rows = generators(pooled)[name]
    fids: np.ndarray = rows[rows["method"] == method]["fid"].to_numpy(float)
    return fids


def bias(whole: float, without: np.ndarray, random: np.ndarray) -> Estimate:
    """Return by how many deviations of random pools' FID (draws,) that of a pool lies above their mean.

    The interval comes from leaving out run by run, and draw by draw.

    Args:
        whole: FID of the pool of all runs.
        without: FID of the pool without each run (runs,).
        random: at least two.
    """

    def statistic(kept: np.ndarray, draws: np.ndarray) -> float:
        missing = np.setdiff1d(runs, kept)
        fid = without[missing[0]] if len(missing) else whole
        return float((fid - draws.mean()) / draws.std(ddof=1))

    runs = np.arange(len(without))
    return jackknife([runs, random], statistic)


def narrower(without: np.ndarray, random: np.ndarray) -> Estimate:
    """Return by which share the deviation of a pool's FID is smaller than that of random pools.

    The former is the jackknife's; the interval is Fisher's of a ratio of two variances.

    Args:
        without: FID of the pool without each run (runs,), at least two.
        random: FID of random pools (draws,), at least two.
    """
    ratio = (len(without) - 1) * without.var() / random.var(ddof=1)
    if not ratio:
        return exact(1.0, len(without))

    def interval(level: float) -> tuple[float, float]:
        ends = stats.f.ppf([(1 - level) / 2, (1 + level) / 2], len(without) - 1, len(random) - 1)
        low, high = 1 - np.sqrt(ratio / ends)
        return float(low), float(high)

    return estimate(float(1 - np.sqrt(ratio)), len(without), interval)


def distances(pooled: pd.DataFrame) -> str:
    """Return in words the FID of the evolved pools, and of random and real images."""
    evolved = {key: left_out(rows)[0] for key, rows in evolved_cells(pooled).items()}
    others = {
        words: {name: float(random_fids(pooled, name, words).mean()) for name in generators(pooled)}
        for words in (RANDOM_IMAGES, REAL_IMAGES)
    }
    beside = " ".join(f"Of {words}: {told(values, 1)}." for words, values in others.items())
    return f"FID of the pooled sets: {told(evolved, 1)}. {beside}"
