"""Intervals for means, differences and proportions, always 95 %."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.95
RESAMPLES = 10_000


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval and the number of independent units behind it."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        value, low, high = self.texts()
        return f"{value} [{low}, {high}], n = {self.n}"

    def texts(self) -> tuple[str, str, str]:
        """Value and ends of the interval with as many decimals as are read: four up to 1, else four digits in all."""
        numbers = self.value, self.low, self.high
        largest = max(map(abs, numbers))
        decimals = max(0, 3 - int(np.log10(largest))) if 1 < largest < np.inf else 4
        value, low, high = (f"{number:z.{decimals}f}" for number in numbers)
        return value, low, high


def mean(values: np.ndarray, seed: int = 0) -> Estimate:
    """Mean of values (n,) with a percentile bootstrap interval over the units.

    Raises:
        ValueError: for fewer than two values, or one that is not finite.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"an interval needs at least two values (n,), got shape {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError("values must be finite, got NaN or inf")
    result = stats.bootstrap(
        (values,),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=LEVEL,
        method="percentile",
        batch=1000,
        rng=np.random.default_rng(seed),
    )
    interval = result.confidence_interval
    return Estimate(float(values.mean()), float(interval.low), float(interval.high), len(values))


def paired_difference(first: np.ndarray, second: np.ndarray, seed: int = 0) -> Estimate:
    """Mean of first - second over paired units (n,), the protocol PAIR of the claims."""
    return mean(np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64), seed)


def proportion(successes: int, n: int) -> Estimate:
    """A share with its Wilson interval, the protocol PROP of the claims."""
    interval = stats.binomtest(successes, n).proportion_ci(LEVEL, method="wilson")
    return Estimate(successes / n, float(interval.low), float(interval.high), n)


def bootstrap(samples: Sequence[np.ndarray], statistic: Callable[..., float], seed: int = 0) -> Estimate:
    """Any statistic of independent samples, with a percentile interval from resampling the units of each.

    Args:
        samples: arrays (units, ...), such as one a data set; units are resampled within each.
        statistic: of the samples, one argument each.
        seed: of the resampling.
    """
    random = np.random.default_rng(seed)
    draws = [
        statistic(*(sample[random.integers(len(sample), size=len(sample))] for sample in samples))
        for _ in range(RESAMPLES // 5)  # arbitrary statistics are slow; 2,000 are enough for two digits
    ]
    low, high = np.nanquantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(statistic(*samples)), float(low), float(high), sum(map(len, samples)))


def difference(first: np.ndarray, second: np.ndarray, seed: int = 0) -> Estimate:
    """Mean of first (n,) minus mean of second (m,), of unpaired units."""
    return bootstrap([np.asarray(first, float), np.asarray(second, float)], lambda a, b: a.mean() - b.mean(), seed)
