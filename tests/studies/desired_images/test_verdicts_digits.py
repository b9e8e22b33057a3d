"""LI-01 to LI-09, LI-36 and LI-38: each verdict follows its written rule on tables whose outcome is known."""

import numpy as np
import pandas as pd
import pytest
from known_pools import CROSSOVERS, DIGITS, RATES, RIVALS, RUNS, THREE, about, course, ends, pools, rows, stops
from tables import found, outcome, put

from studies.desired_images.verdicts.runs import crossing, generations

SIZES, RATED = (
    pools(population=(100, 1000)),
    pools(operators=("as printed", "rate per individual"), mutation_rate=RATES),
)
ODD = np.arange(RUNS) % 2


def all_digits():
    return pools(DIGITS)


@pytest.mark.parametrize("claim", ["LI-01", "LI-38"])
@pytest.mark.parametrize("size", [100, 500, 1000])
@pytest.mark.parametrize(
    ("judged", "expected"),
    [(0.951, "supported"), (0.949, "contradicted"), (about(0.95, 0.02), "inconclusive")],
)
def test_li_01_and_li_38_want_95_per_cent_of_threes_by_the_judge_in_pools_of_every_size(claim, size, judged, expected):
    digits, sizes = ends(all_digits(), "judged", 0.0, wish=DIGITS[0]), SIZES  # other digits do not count
    digits, sizes = (put(table, "accuracy", 0.0) for table in (digits, sizes))  # nor what the recogniser says
    digits, sizes = (put(table, "judged", 0.0, generation=range(12)) for table in (digits, sizes))
    if size == 500:
        digits = ends(digits, "judged", judged, wish=THREE)
    else:
        sizes = ends(sizes, "judged", judged, population=size)
    assert outcome(claim, digits, sizes) == expected


@pytest.mark.parametrize("operators", ["as printed", "rate per individual"])
@pytest.mark.parametrize("rate", [0.05, 0.9])
@pytest.mark.parametrize(
    ("accuracy", "expected"),
    [(0.981, "supported"), (0.979, "contradicted"), (about(0.98, 0.02), "inconclusive")],
)
def test_li_02_wants_98_per_cent_by_the_recogniser_at_every_rate_of_either_unit(operators, rate, accuracy, expected):
    table = put(RATED, "judged", 0.5)
    result = found("LI-02", ends(table, "accuracy", accuracy, operators=operators, mutation_rate=rate))
    assert result.outcome == expected
    assert result.estimate.value == pytest.approx(min(np.mean(accuracy), 1))
    assert f"Shown: {operators}, {rate}." in result.reading


def rivals():
    return pools(DIGITS, operators=RIVALS)


@pytest.mark.parametrize(
    ("needed", "expected"),
    [
        (5, "supported"),
        (7, "contradicted"),
        (6, "inconclusive"),
        (4 + 4 * ODD, "inconclusive"),
        (99, "contradicted"),  # never: counts as 13
        (np.where(np.arange(RUNS) == 0, 7, 4), "supported"),
        (np.where(np.arange(RUNS) == 0, 99, 4), "inconclusive"),
    ],
)
def test_li_03_wants_fewer_than_six_generations_for_the_digit_3(needed, expected):
    digits = course(course(all_digits(), 12), needed, wish=THREE)
    assert outcome("LI-03", digits, rivals()) == expected


def test_li_03_tells_the_bound_of_doubling_and_what_others_need():
    table = course(course(rivals(), 9), 5, wish=THREE, operators="copies")
    reading = found("LI-03", course(all_digits(), 7, wish="Digit(5)"), table).reading
    assert "Doubling the first share of 0.100 takes 3.3 generations." in reading  # log2(9.8)
    assert "copies 5.0, fresh draws 9.0, parents by tournament 9.0 (more than 12: not reached)" in reading
    assert "All digits: 0 4.0, 1 4.0, 2 4.0, 3 4.0, 4 4.0, 5 7.0, 6 4.0" in reading


def test_generations_are_those_until_accuracy_is_at_least_the_share():
    table = put(pools(last=5), "accuracy", 0.98 - 1e-9)
    assert generations(table, 0.98).tolist() == [6] * RUNS
    some = put(table, "accuracy", np.where(ODD, 0.98, 0.5), generation=2)
    assert generations(some, 0.98).tolist() == [6, 2] * 5
    assert generations(put(some, "accuracy", 1.0, generation=0), 0.98).tolist() == [0] * RUNS


def test_generations_do_not_hang_on_the_order_of_rows():
    table = course(pools(last=5), np.arange(RUNS) % 6)
    mixed = table.sample(frac=1, random_state=1)
    for count in (generations, crossing):
        assert count(mixed, 0.9).tolist() == count(table, 0.9).tolist()


def test_the_crossing_lies_where_a_straight_line_between_generations_meets_the_share():
    table = pools(last=4)  # 0.1, 0.2, 0.4, 0.8, 1.0
    for share, expected in {0.9: 3.5, 0.8: 3.0, 0.3: 1.5, 0.85: 3.25, 0.1: 0.0, 0.05: 0.0}.items():
        assert crossing(table, share) == pytest.approx([expected] * RUNS)
    assert crossing(put(table, "accuracy", 0.5), 0.9).tolist() == [5] * RUNS


def timing(seconds):
    table = rows(population=(100, 1000, 500)).assign(evolving_seconds=1000.0, generation=5)
    return put(table, "evolving_seconds", seconds, population=1000)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (119, "supported"),
        (121, "contradicted"),
        (about(120, 30), "inconclusive"),
        (np.where(np.arange(RUNS) == 3, 10_000, 100), "supported"),  # the median
    ],
)
def test_li_04_takes_the_median_of_the_largest_pool(seconds, expected):
    assert outcome("LI-04", timing(seconds)) == expected


@pytest.mark.parametrize(
    ("cost", "expected"),
    [(10_100, "supported"), (9900, "inconclusive"), (1001, "inconclusive"), (999, "contradicted")],
)
def test_li_05_wants_a_hundred_to_one_and_is_contradicted_below_ten(cost, expected):
    training = pd.DataFrame([{"training_seconds": cost, "trained_on": "a processor, 1 threads"}])
    result = found("LI-05", timing(100), training)
    assert result.outcome == expected
    assert result.estimate.value == pytest.approx(cost / 100)


def sure(ascent=2000.0, found=100):
    table = rows(wish=DIGITS, method=("evolution", "gradient ascent", "rejection"))
    table = table.assign(population=500, passes=5000.0, found=500)
    table = put(table, "found", found, method="gradient ascent")
    return put(table, "passes", ascent, method="gradient ascent")


@pytest.mark.parametrize(
    ("ascent", "expected"),
    [(1010, "supported"), (990, "contradicted"), (1000 * np.exp(about(0, 0.5)), "inconclusive")],
)
def test_li_06_compares_passes_a_sure_latent(ascent, expected):
    assert outcome("LI-06", sure(ascent)) == expected


def test_li_06_averages_the_logarithm_over_digits_and_tells_the_share_that_becomes_sure():
    table = put(sure(1000), "passes", 4000, method="gradient ascent", wish=DIGITS[:5])
    table = put(table, "passes", 250, method="gradient ascent", wish=DIGITS[5:])
    assert found("LI-06", table).estimate.value == pytest.approx(0)
    result = found("LI-06", put(sure(), "found", 0, method="gradient ascent", wish=THREE))
    assert result.estimate.value == pytest.approx(
        (9 * np.log(2) + np.log(200)) / 10
    )  # nothing found: its price is 2,000
    assert "Of the latents that ascend 0.90 become sure." in result.reading
    small = sure(found=15).assign(population=20)
    assert "Of the latents that ascend 0.75 become sure." in found("LI-06", small).reading


BOTH = ("as printed", "rate per individual")


def slowed(by, operators=BOTH):
    """The runs of LI-02, of which those at the highest rate need so many generations more than those at the lowest."""
    table = course(RATED, 4, mutation_rate=0.05)
    return course(table, 4 + np.asarray(by), mutation_rate=0.9, operators=operators)


@pytest.mark.parametrize("other", BOTH)
@pytest.mark.parametrize(
    ("by", "expected"), [(1, "supported"), (0, "contradicted"), (np.arange(RUNS) % 3 == 0, "inconclusive")]
)
def test_li_07_wants_a_quarter_of_a_generation_in_both_readings_of_the_rate(by, expected, other):
    table = slowed(1)
    table = course(table, 4 + np.asarray(by), mutation_rate=0.9, operators=other)
    assert outcome("LI-07", table) == expected


def test_li_07_interpolates_and_counts_runs_that_never_arrive_as_slowest():
    table = RATED
    for rate, before in zip(RATES, (0.85, 0.7, 0.6, 0.1), strict=True):  # all arrive in the fourth generation
        table = put(table, "accuracy", before, mutation_rate=rate, generation=3)
    assert outcome("LI-07", table) == "supported"
    assert outcome("LI-07", slowed(99)) == "supported"
    assert outcome("LI-07", course(course(RATED, 99, mutation_rate=0.05), 4, mutation_rate=0.9)) == "contradicted"


@pytest.mark.parametrize(
    ("by", "expected"), [(0.06, "supported"), (0.0, "contradicted"), (0.05 + about(0, 0.1), "inconclusive")]
)
def test_li_08_wants_more_diversity_at_the_highest_rate_where_the_runs_stop(by, expected):
    level = about(0.5, 0.3)
    table = stops(put(RATED, "diversity", 0.1), "diversity", level, mutation_rate=0.05, operators="as printed")
    assert (
        outcome("LI-08", stops(table, "diversity", level + by, mutation_rate=0.9, operators="as printed")) == expected
    )


UNIFORM = 4 + np.arange(RUNS) % 3


@pytest.mark.parametrize("operators", CROSSOVERS[::3])
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (0, "supported"),
        (1, "supported"),
        (-1, "supported"),
        (2, "contradicted"),
        (-2, "contradicted"),
        (2 * ODD, "inconclusive"),
        (99, "contradicted"),
    ],
)
def test_li_09_allows_one_generation_more_or_less_paired_by_seed(operators, more, expected):
    digits = course(course(all_digits(), 12), UNIFORM, wish=THREE)
    table = course(pools(operators=CROSSOVERS), UNIFORM)
    assert outcome("LI-09", course(table, UNIFORM + more, operators=operators), digits) == expected


@pytest.mark.parametrize("wish", [THREE, "~Digit(1)"])
@pytest.mark.parametrize(
    ("needed", "expected"),
    [(9, "supported"), (11, "contradicted"), (9 + 2 * ODD, "inconclusive"), (99, "contradicted")],
)
def test_li_36_wants_fewer_than_ten_generations_for_every_wish(wish, needed, expected):
    table = pools((THREE, "Digit(4) | Digit(8)", "~Digit(1)", "Digit(0) | Digit(2)"))
    result = found("LI-36", course(table, needed, wish=wish))
    assert result.outcome == expected
    assert f"Shown: {wish}." in result.reading
    almost = put(table, "accuracy", 0.96, generation=range(4, 13))
    assert outcome("LI-36", almost) == "supported", "0.95 is enough"
