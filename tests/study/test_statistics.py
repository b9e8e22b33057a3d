"""Intervals against closed forms, scipy and simulations of their coverage."""

import numpy as np
import pytest
from scipy import stats

from latentlib.study import statistics
from latentlib.study.statistics import Estimate, TooSmallError

NAN = float("nan")
SHAPE = np.sin(np.arange(12.0)).reshape(3, 4)


def normal(seed, n=60):
    return np.random.default_rng(seed).normal(0.3, 2.0, n)


def several(seed, sizes=(40, 25)):
    random = np.random.default_rng(seed)
    return [random.normal(0.3 * place, 1 + place, size) for place, size in enumerate(sizes)]


def weighted(first, second):
    return first.mean() + 2 * second.mean()


@pytest.mark.parametrize("n", [2, 4, 8, 16, 200])
@pytest.mark.parametrize("level", [0.95, 0.99])
def test_a_mean_has_students_interval_at_any_level(n, level):
    values = normal(n, n)
    estimate = statistics.mean(values)
    assert estimate.at(level) == pytest.approx(stats.t.interval(level, n - 1, values.mean(), stats.sem(values)))
    assert (estimate.value, estimate.n) == (pytest.approx(values.mean()), n)
    assert (estimate.low, estimate.high) == estimate.at(0.95)


@pytest.mark.parametrize("seed", range(3))
def test_an_unpaired_difference_has_welchs_interval(seed):
    first, second = several(seed, (20, 7))
    estimate = statistics.difference(first, second)
    welch = stats.ttest_ind(first, second, equal_var=False).confidence_interval()
    assert (estimate.low, estimate.high) == pytest.approx(tuple(welch))
    assert (estimate.value, estimate.n) == (pytest.approx(first.mean() - second.mean()), 27)


def test_a_paired_difference_is_the_mean_of_the_differences():
    first, second = normal(0), normal(1)
    assert statistics.paired_difference(first, second) == statistics.mean(first - second)
    paired, swapped = statistics.paired_difference(first, first - 0.5), statistics.paired_difference(first - 0.5, first)
    assert (paired.low, paired.high) == pytest.approx((0.5, 0.5))
    assert swapped.value == pytest.approx(-0.5)


def test_variances_of_several_samples_add_up():
    samples = several(0, (400, 250))
    estimate = statistics.jackknife(samples, weighted)
    error = np.hypot(stats.sem(samples[0]), 2 * stats.sem(samples[1]))
    assert estimate.value == pytest.approx(weighted(*samples))
    assert (estimate.low, estimate.high) == pytest.approx(
        (estimate.value - 1.96 * error, estimate.value + 1.96 * error), abs=0.01 * error
    )
    assert estimate.n == 650


def test_a_correlation_has_nearly_the_interval_of_fisher():
    random = np.random.default_rng(1)
    pairs = random.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], size=2000)
    estimate = statistics.jackknife([pairs], lambda some: float(np.corrcoef(some.T)[0, 1]))
    low, high = stats.pearsonr(*pairs.T).confidence_interval()
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=0.004)


def test_units_leave_their_sample_one_by_one_and_as_a_whole():
    first, second = np.arange(6), np.stack([np.arange(10, 13)] * 2, axis=1)
    seen = []

    def statistic(*parts):
        seen.append(parts)
        return float(len(seen))

    statistics.jackknife([first, second], statistic)
    assert [(len(one), len(other)) for one, other in seen] == [(6, 3)] + [(5, 3)] * 6 + [(6, 2)] * 3
    assert {(set(first) - set(one)).pop() for one, _ in seen[1:7]} == set(first)
    assert all(np.array_equal(other[:, 0], other[:, 1]) for _, other in seen), "a unit keeps its columns"


def shape_of(*parts):
    """The correlation of the mean surface of four data sets with a given one."""
    mean = np.mean([part.mean(axis=0) for part in parts], axis=0)
    return float(np.corrcoef(mean.ravel(), SHAPE.ravel())[0, 1])


def surfaces(random):
    """Four data sets of four targets, each with the shape, much noise, and a level of its own."""
    return [SHAPE + random.normal(0, 2.0, (4, 3, 4)) + random.normal(0, 1, (4, 1, 1)) for _ in range(4)]


def share_held(estimate_of, truth, runs):
    """The share of simulated experiments whose interval holds the truth."""
    estimates = (estimate_of(np.random.default_rng(seed)) for seed in range(runs))
    return np.mean([estimate.low <= truth <= estimate.high for estimate in estimates])


@pytest.mark.parametrize(
    ("estimate_of", "truth", "least"),
    [
        (lambda random: statistics.mean(random.normal(1, 3, 4)), 1.0, 0.935),
        (lambda random: statistics.mean(random.normal(1, 3, 8)), 1.0, 0.935),
        (lambda random: statistics.mean(random.exponential(1, 16)), 1.0, 0.89),  # skewed: what Student's t lacks
        (lambda random: statistics.difference(random.normal(0, 1, 8), random.normal(0, 5, 8)), 0.0, 0.935),
        (lambda random: statistics.median(random.exponential(1, 9)), np.log(2), 0.945),
        (lambda random: statistics.proportion(int(random.binomial(64, 0.9)), 64), 0.9, 0.93),
    ],
    ids=["mean of 4", "mean of 8", "skewed, 16", "Welch", "median", "share"],
)
def test_intervals_hold_the_truth_as_often_as_they_say(estimate_of, truth, least):
    assert least <= share_held(estimate_of, truth, 2000) <= 0.99


def test_the_interval_of_a_shape_from_four_targets_a_data_set_holds_the_truth_often_enough():
    true = shape_of(*[SHAPE + np.random.default_rng(0).normal(0, 2.0, (4000, 3, 4)) for _ in range(4)])
    several_times = [shape_of(*surfaces(np.random.default_rng(seed))) for seed in range(10_000, 11_000)]
    assert true > 0.99 > np.mean(several_times) + 0.05, "a correlation from few targets is biased towards nought"
    held = share_held(lambda random: statistics.jackknife(surfaces(random), shape_of), np.mean(several_times), 300)
    assert held >= 0.9


def test_what_does_not_vary_has_no_interval():
    for estimate in (statistics.mean([0.3] * 7), statistics.jackknife([np.ones(3), np.full(4, 2.0)], weighted)):
        assert estimate.low == estimate.value == estimate.high
        assert estimate.at(0.999) == (estimate.low, estimate.high)


@pytest.mark.parametrize("n", [6, 9, 10, 25])
def test_the_interval_of_a_median_lies_between_two_values_of_enough_chance(n):
    values = normal(n, n)
    estimate = statistics.median(values)
    ordered = list(np.sort(values))
    low, high = ordered.index(estimate.low), ordered.index(estimate.high)
    chance = sum(stats.binom.pmf(count, n, 0.5) for count in range(low + 1, high + 1))
    assert chance >= 0.95
    assert low + high == n - 1
    assert sum(stats.binom.pmf(count, n, 0.5) for count in range(low + 2, high)) < 0.95, "no wider than it must be"
    assert (estimate.value, estimate.n) == (np.median(values), n)


def test_the_interval_of_a_median_at_a_level_beyond_its_values_has_no_ends():
    assert statistics.median(normal(0, 6)).at(0.999) == (-np.inf, np.inf)


def test_resamples_have_the_normal_interval():
    values = np.concatenate([[5.0], np.random.default_rng(0).normal(7, 2, 200)])
    estimate = statistics.of_resamples(values, 1234)
    half = 1.959964 * values[1:].std(ddof=1)
    assert (estimate.value, estimate.n) == (5.0, 1234)
    assert (estimate.low, estimate.high) == pytest.approx((5 - half, 5 + half))


@pytest.mark.parametrize("estimate", [statistics.mean(normal(0)), statistics.proportion(7, 9)])
def test_a_bounded_estimate_is_cut_at_what_is_possible_at_every_level(estimate):
    middle = estimate.value
    cut = estimate.bounded(middle - 1e-3, middle + 1e-3)
    assert (cut.value, cut.n, cut.low, cut.high) == (middle, estimate.n, middle - 1e-3, middle + 1e-3)
    wide = estimate.bounded(-1e6, 1e6)
    assert [wide.at(level) for level in (0.9, 0.999)] == [estimate.at(level) for level in (0.9, 0.999)]


@pytest.mark.parametrize("estimate", [statistics.mean(normal(0)), statistics.proportion(7, 9)])
def test_a_mapped_estimate_has_a_mapped_interval_at_every_level(estimate):
    mapped = estimate.mapped(-2, 3)
    assert (mapped.value, mapped.n) == (3 - 2 * estimate.value, estimate.n)
    for level in (0.5, 0.95, 0.99):
        low, high = estimate.at(level)
        assert mapped.at(level) == pytest.approx((3 - 2 * high, 3 - 2 * low))


def test_an_estimate_from_a_file_knows_one_interval():
    stored = Estimate(**statistics.mean(normal(0)).numbers())
    assert stored == statistics.mean(normal(0))
    assert stored.at(0.95) == (stored.low, stored.high)
    with pytest.raises(ValueError, match="only the 95 % interval is known"):
        stored.at(0.99)


@pytest.mark.parametrize(
    "function",
    [
        lambda: statistics.mean([1.0]),
        lambda: statistics.mean([]),
        lambda: statistics.difference([1.0, 2.0], [1.0]),
        lambda: statistics.jackknife([np.array(3.0)], np.mean),
        lambda: statistics.median([1.0] * 5),
        lambda: statistics.of_resamples(np.zeros(30), 5),
        lambda: statistics.jackknife([np.arange(4.0)], lambda some: NAN if 3 in some else 5.0),
        lambda: statistics.jackknife([np.arange(4.0)], lambda some: 5.0 if 3 in some else NAN),
    ],
)
def test_samples_too_small_for_an_interval_are_refused(function):
    with pytest.raises(TooSmallError):
        function()


def test_a_statistic_needs_a_sample():
    with pytest.raises(ValueError, match="needs at least one sample, got none"):
        statistics.jackknife([], lambda: 0.0)


def test_values_in_rows_and_columns_are_no_units():
    with pytest.raises(ValueError, match=r"values must be of shape \(n,\), got \(2, 2\)"):
        statistics.mean([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize("bad", [NAN, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 1])
def test_a_unit_that_is_not_finite_is_refused_by_every_function(bad, place):
    samples = [np.array([1.0, 2.0, 3.0]), np.array([0.0, 0.5, 0.25])]
    samples[place][1] = bad
    for function in (
        statistics.paired_difference,
        statistics.difference,
        lambda *some: statistics.jackknife(some, weighted),
        lambda *some: statistics.mean(some[place]),
        lambda *some: statistics.median(np.tile(some[place], 3)),
    ):
        with pytest.raises(ValueError, match="values must be finite, got NaN or inf"):
            function(*samples)


@pytest.mark.parametrize("column", [0, 1])
def test_a_unit_of_several_numbers_is_refused_for_one_that_is_not_finite(column):
    units = np.ones((5, 2))
    units[3, column] = NAN
    with pytest.raises(ValueError, match="values must be finite"):
        statistics.jackknife([units], lambda sample: sample.mean())


def test_a_missing_object_is_no_unit():
    with pytest.raises(ValueError, match="values must be finite"):
        statistics.jackknife([np.array(["a", None, "b"], dtype=object)], len)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),  # Newcombe 1998, Statistics in Medicine 17, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_proportions_have_the_published_wilson_intervals(successes, n, low, high):
    estimate = statistics.proportion(successes, n)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=6e-5)
    assert (estimate.value, estimate.n) == (successes / n, n)


@pytest.mark.parametrize(("successes", "n"), [(0, 1), (7, 7), (3, 50), (500, 1000)])
def test_proportions_follow_wilsons_formula(successes, n):
    z, p = stats.norm.ppf(0.975), successes / n
    middle, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    expected = (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)
    estimate = statistics.proportion(successes, n)
    assert (estimate.low, estimate.high) == pytest.approx(expected, abs=1e-9)


def test_an_estimate_reads_as_value_interval_and_number():
    assert str(statistics.Estimate(0.5, 0.25, 0.75, 12)) == "0.5000 [0.2500, 0.7500], n = 12"


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ((-0.25, -1, 0.5), ("-0.2500", "-1.0000", "0.5000")),
        ((4, 3.9, 4.1234), ("4.000", "3.900", "4.123")),
        ((1367.24, 1338.6, 1400.2), ("1367", "1339", "1400")),
        ((9.5, 8, 10), ("9.50", "8.00", "10.00")),
        ((123456.7, 1, 2e5), ("123457", "1", "200000")),
        ((-0.00001, -0.5, 0.5), ("0.0000", "-0.5000", "0.5000")),
        ((2.0, 1.0, float("inf")), ("2.0000", "1.0000", "inf")),
    ],
)
def test_an_estimate_has_as_many_decimals_as_are_read(numbers, texts):
    assert statistics.Estimate(*numbers, 3).texts() == texts


@pytest.mark.parametrize(("first", "second"), [([1.0, 2.0], [1.0]), ([1.0, 2.0, 3.0], [1.0, 2.0]), ([1.0, 2.0], 1.0)])
def test_pairs_that_are_none_are_refused(first, second):
    with pytest.raises(ValueError, match="paired samples must be of one length, got shapes"):
        statistics.paired_difference(first, second)


@pytest.mark.parametrize(
    ("successes", "n", "message"),
    [
        (0, 0, "n must be at least 1, got 0"),
        (-1, 5, "successes must be at least 0, got -1"),
        (6, 5, "successes must be at most n = 5, got 6"),
        (2.5, 5, "successes must be a whole number, got 2.5"),
        (NAN, 5, "successes must be a whole number, got nan"),
        (1, NAN, "n must be a whole number, got nan"),
    ],
)
def test_shares_that_cannot_be_are_refused(successes, n, message):
    with pytest.raises(ValueError, match=message):
        statistics.proportion(successes, n)
