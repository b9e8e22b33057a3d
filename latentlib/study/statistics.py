"""Values with their intervals, all in closed form: none hangs on the seed of a resampling."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from latentlib.checks import check_at_least

LEVEL = 0.95
Interval = Callable[[float], tuple[float, float]]  # from a level in (0, 1) to the low and high end


class TooSmallError(ValueError):
    """A sample that is too small, or too uniform, for a statistic or its interval."""


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval and the number of independent units behind it.

    Args:
        value: of the statistic.
        low: end of the interval.
        high: end of the interval.
        n: units, 0 if the value is none that varies.
        interval: at any level; unknown for an estimate that was read from a file.
    """

    value: float
    low: float
    high: float
    n: int
    interval: Interval | None = field(default=None, repr=False, compare=False)

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

    def numbers(self) -> dict[str, float]:
        """Return value, low, high and n, as they are stored."""
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n}

    def at(self, level: float) -> tuple[float, float]:
        """Return the ends of the interval at a level in (0, 1).

        Raises:
            ValueError: if only the 95 % interval is known.
        """
        if level == LEVEL or self.low == self.high:
            return self.low, self.high
        if self.interval is None:
            raise ValueError("of this estimate only the 95 % interval is known")
        return self.interval(level)

    def mapped(self, factor: float = 1.0, shift: float = 0.0) -> "Estimate":
        """Return the estimate of `factor * statistic + shift`; a negative factor swaps the ends."""

        def interval(level: float) -> tuple[float, float]:
            low, high = sorted(factor * end + shift for end in self.at(level))
            return low, high

        return estimate(factor * self.value + shift, self.n, interval)

    def bounded(self, least: float, most: float) -> "Estimate":
        """Return the estimate with its interval cut at the ends of what is possible, such as 0 and 1 for a share.

        What is cut off cannot hold the truth, so that the interval holds it as often as before.
        """

        def interval(level: float) -> tuple[float, float]:
            low, high = self.at(level)
            return min(max(low, least), most), min(max(high, least), most)

        return estimate(self.value, self.n, interval)

    def through(self, function: Callable[[float], float]) -> "Estimate":
        """Return the estimate of an increasing function of the statistic, such as `math.exp` of a mean logarithm."""

        def interval(level: float) -> tuple[float, float]:
            low, high = self.at(level)
            return float(function(low)), float(function(high))

        return estimate(float(function(self.value)), self.n, interval)


def estimate(value: float, n: int, interval: Interval) -> Estimate:
    """Return a value of n units with an interval that is known at every level."""
    return Estimate(value, *interval(LEVEL), n, interval)


def exact(value: float, n: int) -> Estimate:
    """Return a value that follows from arithmetic on n numbers, without an interval."""
    return Estimate(value, value, value, n)


def check_finite(values: np.ndarray) -> None:
    """Raise a ValueError if a value is NaN, None or infinite."""
    if pd.isna(values).any() or (values.dtype.kind in "fc" and not np.isfinite(values).all()):
        raise ValueError("values must be finite, got NaN or inf")


def students(value: float, error: float, freedom: float, n: int) -> Estimate:
    """Return a value with Student's interval, from its standard error and degrees of freedom."""
    if not error:
        return exact(value, n)

    def interval(level: float) -> tuple[float, float]:
        half = error * float(stats.t.ppf((1 + level) / 2, freedom))
        return value - half, value + half

    return estimate(value, n, interval)


def mean(values: np.ndarray) -> Estimate:
    """Return the mean of values (n,) with Student's interval over the units.

    Raises:
        TooSmallError: for fewer than two values.
        ValueError: for values of another shape, or one that is not finite.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1:
        raise ValueError(f"values must be of shape (n,), got {values.shape}")
    return jackknife([values], np.mean)


def paired_difference(first: np.ndarray, second: np.ndarray) -> Estimate:
    """Return the mean of first - second over paired units (n,): the protocol PAIR of the claims.

    Raises:
        ValueError: for samples of different lengths, and as in `mean`.
    """
    first, second = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError(f"paired samples must be of one length, got shapes {first.shape} and {second.shape}")
    return mean(first - second)


def difference(first: np.ndarray, second: np.ndarray) -> Estimate:
    """Return the mean of first (n,) minus the mean of second (m,), not paired, with Welch's interval."""
    return jackknife([np.asarray(first, float), np.asarray(second, float)], lambda a, b: a.mean() - b.mean())


def jackknife(samples: Sequence[np.ndarray], statistic: Callable[..., float]) -> Estimate:
    """Return any smooth statistic of independent samples, with Student's interval from leaving out unit by unit.

    The variances of the samples add up, and Satterthwaite's formula gives the degrees of freedom, so that a mean has
    Student's and a difference of two means Welch's interval (Efron 1982, The jackknife, sections 3 and 6).

    Args:
        samples: arrays (units, ...), such as one per data set.
        statistic: a function of the samples, one argument each; a quantile is not smooth, see `median`.

    Raises:
        TooSmallError: for a sample of fewer than two units, or a statistic that is undefined without one of them.
        ValueError: for no sample, or a unit that is NaN or infinite.
    """
    samples = [np.asarray(sample) for sample in samples]
    shapes = [sample.shape for sample in samples]
    if not samples:
        raise ValueError("a statistic needs at least one sample, got none")
    if not all(shape and shape[0] > 1 for shape in shapes):
        raise TooSmallError(f"an interval needs at least two values in each sample, got shapes {shapes}")
    for sample in samples:
        check_finite(sample)
    value = float(statistic(*samples))
    sizes, variances = np.array([len(sample) for sample in samples]), np.zeros(len(samples))
    for place, sample in enumerate(samples):
        parts = (np.delete(sample, unit, axis=0) for unit in range(len(sample)))
        without = np.array([statistic(*samples[:place], part, *samples[place + 1 :]) for part in parts], dtype=float)
        variances[place] = (len(sample) - 1) * without.var()
    total = float(variances.sum())
    if not np.isfinite([value, total]).all():
        raise TooSmallError("the statistic is undefined for these samples, or without one of their units")
    if np.sqrt(total) <= 1e-12 * max(1.0, abs(value)):  # rounding: all units agree
        return exact(value, int(sizes.sum()))
    freedom = total**2 / float((variances**2 / (sizes - 1)).sum())
    return students(value, float(np.sqrt(total)), freedom, int(sizes.sum()))


def median(values: np.ndarray) -> Estimate:
    """Return the median of values (n,) with the exact interval between two of them, by the binomial distribution.

    Raises:
        TooSmallError: for fewer than six values, of which even the whole range is no 95 % interval.
        ValueError: for a value that is not finite.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if len(ordered) < 6:
        raise TooSmallError(f"the interval of a median needs at least six values, got {len(ordered)}")
    check_finite(ordered)

    def interval(level: float) -> tuple[float, float]:
        below = int(stats.binom.ppf((1 - level) / 2, len(ordered), 0.5)) - 1
        return (float(ordered[below]), float(ordered[-1 - below])) if below >= 0 else (-np.inf, np.inf)

    return estimate(float(np.median(ordered)), len(ordered), interval)


def proportion(successes: int, n: int) -> Estimate:
    """Return a share with its Wilson interval: the protocol PROP of the claims.

    Raises:
        ValueError: unless `successes` is a whole number from 0 to `n`, and `n` is at least 1.
    """
    check_at_least("n", n, 1)
    check_at_least("successes", successes, 0)
    if successes > n:
        raise ValueError(f"successes must be at most n = {n}, got {successes}")

    def interval(level: float) -> tuple[float, float]:
        ends = stats.binomtest(successes, n).proportion_ci(level, method="wilson")
        return float(ends.low), float(ends.high)

    return estimate(successes / n, n, interval)


def of_resamples(values: np.ndarray, n: int) -> Estimate:
    """Return the first of values (resamples + 1,), which resample its n units, with the normal interval of the others.

    Raises:
        TooSmallError: for fewer than 30 resamples.
        ValueError: for a value that is not finite.
    """
    values = np.asarray(values, dtype=np.float64)
    if len(values) < 31:
        raise TooSmallError(f"a standard error needs at least 30 resamples, got {len(values) - 1}")
    check_finite(values)
    return students(float(values[0]), float(values[1:].std(ddof=1)), np.inf, n)
