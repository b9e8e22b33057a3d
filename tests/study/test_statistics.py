import numpy as np
import pytest
from scipy import stats

from latentlib.study import claims, statistics

NAN = float("nan")


def normal(seed, n=60):
    return np.random.default_rng(seed).normal(0.3, 2.0, n)


@pytest.mark.parametrize("seed", range(5))
def test_the_bootstrap_interval_of_normal_values_is_nearly_the_t_interval(seed):
    values = normal(seed, 200)
    estimate = statistics.mean(values)
    low, high = stats.t.interval(0.95, 199, values.mean(), stats.sem(values))
    assert estimate.value == pytest.approx(values.mean())
    assert estimate.low == pytest.approx(low, abs=0.08 * (high - low) / 2)
    assert estimate.high == pytest.approx(high, abs=0.08 * (high - low) / 2)
    assert estimate.n == 200


def test_the_interval_holds_the_true_mean_about_as_often_as_it_says(monkeypatch):
    monkeypatch.setattr(statistics, "RESAMPLES", 600)
    estimates = [statistics.mean(normal(seed)) for seed in range(1000)]
    held = sum(estimate.low <= 0.3 <= estimate.high for estimate in estimates)
    assert 910 <= held <= 965  # 950 less what a percentile interval of 60 values lacks; three sigma are 20


def test_a_paired_difference_is_the_mean_of_the_differences():
    first, second = normal(0), normal(1)
    assert statistics.paired_difference(first, second) == statistics.mean(first - second)
    paired, swapped = statistics.paired_difference(first, first - 0.5), statistics.paired_difference(first - 0.5, first)
    assert (paired.low, paired.high) == pytest.approx((0.5, 0.5))
    assert swapped.value == pytest.approx(-0.5)


def test_the_seed_decides_the_resamples():
    assert statistics.mean(normal(0), seed=1) == statistics.mean(normal(0), seed=1)
    assert statistics.mean(normal(0), seed=1) != statistics.mean(normal(0), seed=2)


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


@pytest.mark.parametrize("values", [[], [1.0], [[1.0, 2.0], [3.0, 4.0]]])
def test_too_few_values_are_named(values):
    with pytest.raises(ValueError, match="an interval needs at least two values"):
        statistics.mean(values)


@pytest.mark.parametrize("bad", [NAN, np.inf])
def test_values_that_are_not_finite_are_named(bad):
    with pytest.raises(ValueError, match="values must be finite"):
        statistics.mean([1.0, bad, 2.0])


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


def several(seed, sizes=(40, 25)):
    random = np.random.default_rng(seed)
    return [random.normal(0.3 * place, 1 + place, size) for place, size in enumerate(sizes)]


def weighted(first, second):
    return first.mean() + 2 * second.mean()


def test_the_bootstrap_of_a_mean_is_nearly_scipys():
    values = normal(3)
    ours = statistics.bootstrap([values], lambda sample: sample.mean())
    theirs = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=9999, rng=np.random.default_rng(7))
    low, high = theirs.confidence_interval
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=0.05 * (high - low))
    assert ours.value == pytest.approx(values.mean())
    assert ours.n == 60


def test_the_bootstrap_of_several_samples_has_the_interval_of_normal_theory():
    samples = several(0, (400, 250))
    estimate = statistics.bootstrap(samples, weighted)
    error = np.hypot(stats.sem(samples[0]), 2 * stats.sem(samples[1]))
    assert estimate.value == pytest.approx(weighted(*samples))
    assert estimate.low == pytest.approx(estimate.value - 1.96 * error, abs=0.15 * error)
    assert estimate.high == pytest.approx(estimate.value + 1.96 * error, abs=0.15 * error)
    assert estimate.n == 650


def test_units_are_resampled_within_their_sample_and_as_a_whole(monkeypatch):
    monkeypatch.setattr(statistics, "RESAMPLES", 50)
    first, second = np.arange(6), np.stack([np.arange(10, 13)] * 2, axis=1)
    drawn = []

    def seen(*parts):
        drawn.append(parts)
        return 0.0

    statistics.bootstrap([first, second], seen)
    assert len(drawn) == 10 + 1
    for one, other in drawn:
        assert (one.shape, other.shape) == ((6,), (3, 2))
        assert set(one) <= set(range(6))
        assert set(other.ravel()) <= {10, 11, 12}
        assert np.array_equal(other[:, 0], other[:, 1]), "a unit keeps its columns"
    assert any(len(set(one)) < 6 for one, _ in drawn), "with replacement"
    assert len({tuple(one) for one, _ in drawn}) > 5


def test_the_seed_decides_a_bootstrap(monkeypatch):
    monkeypatch.setattr(statistics, "RESAMPLES", 500)
    assert statistics.bootstrap(several(0), weighted, 1) == statistics.bootstrap(several(0), weighted, 1)
    assert statistics.bootstrap(several(0), weighted, 1) != statistics.bootstrap(several(0), weighted, 2)


@pytest.mark.parametrize("seed", range(3))
def test_an_unpaired_difference_has_nearly_welchs_interval(seed):
    first, second = several(seed, (200, 120))
    estimate = statistics.difference(first, second)
    welch = stats.ttest_ind(first, second, equal_var=False).confidence_interval()
    assert estimate.value == pytest.approx(first.mean() - second.mean())
    assert (estimate.low, estimate.high) == pytest.approx(welch, abs=0.05 * (welch.high - welch.low))
    assert estimate.n == 320


def test_a_difference_holds_the_true_one_about_as_often_as_it_says(monkeypatch):
    monkeypatch.setattr(statistics, "RESAMPLES", 750)
    estimates = [statistics.difference(*several(seed)) for seed in range(200)]
    held = sum(estimate.low <= -0.3 <= estimate.high for estimate in estimates)
    assert 176 <= held <= 198  # 190 less what a percentile interval of so few values lacks; three sigma are 9


def test_units_without_a_statistic_do_not_spoil_the_interval(monkeypatch):
    monkeypatch.setattr(statistics, "RESAMPLES", 500)
    estimate = statistics.bootstrap(
        [np.arange(5.0)], lambda sample: sample.mean() if 0 in sample else NAN
    )  # a third of the resamples
    assert 0 <= estimate.low < estimate.value == 2 < estimate.high


BAD = pytest.mark.parametrize("bad", [NAN, np.inf, -np.inf])


@BAD
@pytest.mark.parametrize("place", [0, 1])
def test_a_unit_that_is_not_finite_is_refused_by_every_function(bad, place):
    samples = [np.array([1.0, 2.0, 3.0]), np.array([0.0, 0.5, 0.25])]
    samples[place][1] = bad
    for function in (
        statistics.paired_difference,
        statistics.difference,
        lambda *some: statistics.bootstrap(some, weighted),
    ):
        with pytest.raises(ValueError, match="values must be finite, got NaN or inf"):
            function(*samples)


@pytest.mark.parametrize("column", [0, 1])
def test_a_unit_of_several_numbers_is_refused_for_one_that_is_not_finite(column):
    units = np.ones((5, 2))
    units[3, column] = NAN
    with pytest.raises(ValueError, match="values must be finite"):
        statistics.bootstrap([units], lambda sample: sample.mean())


def test_a_missing_object_is_no_unit():
    with pytest.raises(ValueError, match="values must be finite"):
        statistics.bootstrap([np.array(["a", None, "b"], dtype=object)], len)


def test_a_statistic_that_is_nan_of_the_samples_supports_nothing():
    estimate = statistics.bootstrap([np.arange(4.0)], lambda sample: NAN if 3 in sample else 5.0)
    assert np.isnan([estimate.value, estimate.low, estimate.high]).all()
    assert claims.above(estimate) == claims.below(estimate) == claims.within(estimate, margin=9) == "inconclusive"


@pytest.mark.parametrize("samples", [[], [[]], [[1.0, 2.0], []], [3.0]])
def test_samples_without_units_are_refused(samples):
    with pytest.raises(ValueError, match="a bootstrap needs units in each sample, got shapes"):
        statistics.bootstrap([np.array(sample) for sample in samples], lambda *some: 0.0)


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
