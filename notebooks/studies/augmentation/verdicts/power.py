"""FW-11: how many runs it takes to conclude anything."""

import numpy as np
import pandas as pd
from scipy import optimize, stats

from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides
from latentlib.study.statistics import LEVEL, Estimate, estimate
from studies.augmentation.arms import UNLIKE
from studies.augmentation.verdicts.draws import gains

FEWEST = 2.0  # runs of which a t test can be made


@decides("FW-11", "folds")
def five_are_too_few(folds: pd.DataFrame, *, effect: float, power: float, runs: int) -> Finding:
    """Decide whether more runs are needed than the page made."""
    on_few, on_all = (
        deviation(gains(folds, UNLIKE, column=column).dropna().to_numpy(float))
        for column in ("small_accuracy", "accuracy")
    )
    needed = on_few.through(lambda spread: runs_needed(spread, effect, power))
    reading = f"Deviation of the effect, in points: {on_few}; on all test images {on_all}."
    part = Part(f"runs that find an effect of {effect:g} point", {"on 56 test images": needed}, runs)
    return decided([part], reading)


def deviation(values: np.ndarray) -> Estimate:
    """Return the standard deviation of values (n,) with its interval by the chi-square distribution.

    Raises:
        TooSmallError: for fewer than two values.
    """
    if len(values) < 2:
        raise TooSmallError(f"a deviation needs at least two values, got {len(values)}")
    spread, freedom = float(values.std(ddof=1)), len(values) - 1

    def interval(level: float) -> tuple[float, float]:
        ends = stats.chi2.ppf([(1 + level) / 2, (1 - level) / 2], freedom)
        return float(spread * np.sqrt(freedom / ends[0])), float(spread * np.sqrt(freedom / ends[1]))

    return estimate(spread, len(values), interval)


def runs_needed(deviation: float, effect: float, power: float) -> float:
    """Return how many paired runs, with fractions and at least two, a t test needs to find an effect.

    Args:
        deviation: of the difference over runs.
        effect: its mean, in the same unit.
        power: probability that the two-sided test at the level of 5 % finds it.
    """
    if deviation == 0 or finds(FEWEST, effect / deviation) >= power:
        return FEWEST
    most = 2 * FEWEST
    while finds(most, effect / deviation) < power:
        most *= 2
    return float(optimize.brentq(lambda runs: finds(runs, effect / deviation) - power, FEWEST, most))


def finds(runs: float, effect: float) -> float:
    """Return the power of a two-sided paired t test at the level of 5 %, for an effect in deviations."""
    freedom = runs - 1
    limit = stats.f.ppf(LEVEL, 1, freedom)  # of t squared, of both of whose tails scipy's noncentral t has no values
    return float(stats.ncf.sf(limit, 1, freedom, runs * effect**2))
