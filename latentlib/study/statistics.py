"""Intervals for means, differences and proportions, always at 95 %."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from latentlib.checks import check_at_least

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
        """Return value and ends of the interval in text: four decimals up to 1, otherwise four digits in all."""
        numbers = self.value, self.low, self.high
        largest = max(map(abs, numbers))
        decimals = max(0, 3 - int(np.log10(largest))) if 1 < largest < np.inf else 4
        value, low, high = (f"{number:z.{decimals}f}" for number in numbers)
        return value, low, high


def mean(values: np.ndarray, seed: int = 0) -> Estimate:
    """Return the mean of values (n,) with a percentile bootstrap interval over the units.

    Raises:
        ValueError: for fewer than two values, or a value that is not finite.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"an interval needs at least two values (n,), got shape {values.shape}")
    check_finite(values)
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


def check_finite(values: np.ndarray) -> None:
    """Raise a ValueError if a value is NaN, None or infinite."""
    if pd.isna(values).any() or (values.dtype.kind in "fc" and not np.isfinite(values).all()):
        raise ValueError("values must be finite, got NaN or inf")


def paired_difference(first: np.ndarray, second: np.ndarray, seed: int = 0) -> Estimate:
    """Return the mean of first - second over paired units (n,): the protocol PAIR of the claims.

    Raises:
        ValueError: for samples of different lengths, and as in `mean`.
    """
    first, second = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError(f"paired samples must be of one length, got shapes {first.shape} and {second.shape}")
    return mean(first - second, seed)


def proportion(successes: int, n: int) -> Estimate:
    """Return a share with its Wilson interval: the protocol PROP of the claims.

    Raises:
        ValueError: unless `successes` is a whole number from 0 to `n`, and `n` is at least 1.
    """
    check_at_least("n", n, 1)
    check_at_least("successes", successes, 0)
    if successes > n:
        raise ValueError(f"successes must be at most n = {n}, got {successes}")
    interval = stats.binomtest(successes, n).proportion_ci(LEVEL, method="wilson")
    return Estimate(successes / n, float(interval.low), float(interval.high), n)


def bootstrap(samples: Sequence[np.ndarray], statistic: Callable[..., float], seed: int = 0) -> Estimate:
    """Return any statistic of independent samples, with a percentile interval from resampling the units of each.

    Resamples whose statistic is NaN are left out; if it is NaN for the samples themselves, so is the interval.

    Args:
        samples: arrays (units, ...), such as one per data set; units are resampled within each.
        statistic: a function of the samples, one argument each.
        seed: of the resampling.

    Raises:
        ValueError: for no sample, a sample without units, or a unit that is NaN or infinite.
    """
    samples = [np.asarray(sample) for sample in samples]
    if not samples or not all(sample.ndim and len(sample) for sample in samples):
        raise ValueError(f"a bootstrap needs units in each sample, got shapes {[sample.shape for sample in samples]}")
    for sample in samples:
        check_finite(sample)
    random, n = np.random.default_rng(seed), sum(map(len, samples))
    value = float(statistic(*samples))
    if np.isnan(value):
        return Estimate(value, value, value, n)
    draws = [
        statistic(*(sample[random.integers(len(sample), size=len(sample))] for sample in samples))
        for _ in range(RESAMPLES // 5)  # arbitrary statistics are slow; 2,000 are enough for two digits
    ]
    low, high = np.nanquantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value, float(low), float(high), n)


def difference(first: np.ndarray, second: np.ndarray, seed: int = 0) -> Estimate:
    """Return the mean of first (n,) minus the mean of second (m,), whose units are not paired."""
    return bootstrap([np.asarray(first, float), np.asarray(second, float)], lambda a, b: a.mean() - b.mean(), seed)
