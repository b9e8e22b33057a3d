"""JK-44 to JK-52: each verdict follows its written rule on tables whose outcome is known."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from known import ADAM, ADAM_10, COLOUR, EVERY, GA, GREY, LONG, LONG_SGD, SGD_10, STEPS, TARGETS, about, rivals
from scipy.stats import mannwhitneyu
from tables import found, outcome, put

from latentlib.study.findings import TooSmallError
from studies.restoring.verdicts.descent import better_descents, equal_time, exceeds, with_long

END = {"method": GA, "iteration": 200, "fitness": "mse"}
LONG_END = {"method": (LONG, LONG_SGD), "iteration": 20_000}


def evolved(by=0.05, datasets=EVERY, scatter=0.01):
    """Evolution ends that far ahead of the long descent, of whatever level the targets are."""
    level = about(0.8, 0.1)
    table = put(rivals(datasets), "one_minus_mse", level, fitness="mse")
    return put(table, "one_minus_mse", level + by + about(0, scatter), **END)


def behind(table, by, **where):
    """The table with evolution behind by that much."""
    return put(table, "one_minus_mse", about(0.8, 0.1) - by, **END, **where)


def test_at_equal_time_descent_counts_as_far_as_it_came():
    table = put(rivals(GREY), "one_minus_mse", 0.95, method=LONG, iteration=20_000)  # 0.9 before, like everybody
    table = put(table, "one_minus_mse", 0.92, method=LONG, iteration=3000)
    found = equal_time(table, measured(0.15, scatter=0)).set_index(["dataset", "batch"])
    assert found["steps"].tolist() == [3000] * 6
    assert found["value"].to_numpy() == pytest.approx(-0.02)
    assert equal_time(table, measured(0.14, scatter=0))["value"].to_numpy() == pytest.approx(0)
    assert equal_time(table, measured(1.5, scatter=0))["value"].to_numpy() == pytest.approx(-0.05)


def measured(ratio, scatter=0.02):
    """Five timings a data set and batch, of which 200 generations take `ratio` times as long as 20,000 steps."""
    names, batches, repeats = zip(*product(GREY, (1, 8, 64), range(5)), strict=True)
    table = pd.DataFrame({"dataset": names, "batch": batches, "repeat": repeats, "step_seconds": 0.002})
    return table.assign(generation_seconds=0.2 * ratio * (1 + scatter * np.linspace(-1, 1, 5))[list(repeats)])


@pytest.mark.parametrize(
    ("on_one", "scatter", "expected"),
    [
        (1.0, 0.0, "supported"),
        (0.55, 0.01, "supported"),
        (1.9, 0.01, "supported"),
        (0.45, 0.01, "contradicted"),
        (2.1, 0.01, "contradicted"),
        (2.0, 0.2, "inconclusive"),
        (0.5, 0.2, "inconclusive"),
    ],
)
def test_jk_44_allows_half_and_twice_the_time_for_every_batch(on_one, scatter, expected):
    one, usual = measured(on_one, scatter), measured(1.0)
    chosen = (one["dataset"] == "mnist") & (one["batch"] == 8)
    assert outcome("JK-44", pd.concat([one[chosen], usual[~chosen]])) == expected


def test_jk_44_is_not_moved_by_one_slow_repeat():
    table = measured(1.0)
    slow = table["repeat"] == 4
    table.loc[slow, "generation_seconds"] = 0.3
    assert outcome("JK-44", table) == "supported"


@pytest.mark.parametrize("claim", ["JK-45", "JK-49"])
@pytest.mark.parametrize(("dataset", "split"), [("mnist", "test"), ("celeba", "train")])
@pytest.mark.parametrize(
    ("by", "expected"), [(-0.5, "supported"), (0.5, "contradicted"), (about(0, 0.05), "inconclusive")]
)
def test_jk_45_and_jk_49_want_evolution_ahead_on_every_data_set_and_split(claim, dataset, split, by, expected):
    table = behind(evolved(0.5), by, dataset=dataset, split=split)
    table = put(table, "one_minus_mse", 2.0, method=(ADAM, ADAM_10, SGD_10, "nearest image"))
    assert outcome(claim, table) == expected


@pytest.mark.parametrize("claim", ["JK-45", "JK-49"])
def test_jk_45_and_jk_49_take_the_last_step_and_need_both_optimisers_to_contradict(claim):
    table = put(evolved(), "one_minus_mse", 2.0, method=(LONG, LONG_SGD), iteration=STEPS[:-1])
    assert outcome(claim, table) == "supported"
    one_ahead = put(table, "one_minus_mse", 2.0, method=LONG_SGD, iteration=20_000)
    assert outcome(claim, one_ahead) == "inconclusive"
    assert outcome(claim, put(one_ahead, "one_minus_mse", 2.0, method=LONG, iteration=20_000)) == "contradicted"


@pytest.mark.parametrize("claim", ["JK-45", "JK-46", "JK-49", "JK-52"])
def test_a_second_generator_counts_like_a_data_set(claim):
    ahead = evolved(0.5, scatter=0.1)
    second = ahead[ahead["dataset"] == "mnist"].assign(replicate=1)
    assert outcome(claim, ahead, second) == "supported"
    assert outcome(claim, ahead, behind(second, 0.5 + about(0, 0.1))) == "contradicted"


def test_of_two_long_descents_the_one_that_is_better_on_training_images_is_the_rival():
    table = put(rivals(), "one_minus_mse", 0.95, method=LONG, iteration=20_000, split="train", dataset="mnist")
    table = put(table, "one_minus_mse", 0.95, method=LONG_SGD, iteration=20_000, split="train", dataset=EVERY[1:])
    table = put(table, "one_minus_mse", 0.99, method=LONG_SGD, iteration=20_000, split="test")
    assert better_descents(table) == {"mnist": LONG} | dict.fromkeys(EVERY[1:], LONG_SGD)
    chosen = with_long(table)
    kept = chosen[chosen["method"] == "gradient descent, 20,000 steps"]
    assert len(kept) == len(EVERY) * 2 * len(STEPS) * TARGETS
    ends = kept[(kept["iteration"] == 20_000) & (kept["split"] == "train")]
    assert (ends["one_minus_mse"] == 0.95).all()


@pytest.mark.parametrize(
    ("lead", "scatter", "expected"),  # the scatter's standard deviation is 0.65 of it
    [
        (0.01, 0.005, "supported"),
        (0.0001, 0.00005, "supported"),  # in units of the deviation
        (0.01, 0.05, "contradicted"),  # ahead, but not clearly
        (-0.01, 0.005, "contradicted"),
        (0.01, 0.018, "inconclusive"),
    ],
)
def test_jk_46_wants_a_lead_of_most_of_a_deviation_on_both_grey_sets(lead, scatter, expected):
    table = behind(evolved(0.1), 0.5, dataset=COLOUR)
    level = about(0.8, 0.1)
    paired = np.sign(about(0, 1)) * np.roll(np.abs(about(0, scatter)), 3)
    paired = (paired - paired.mean()) * 0.65 * scatter / paired.std(ddof=1)
    assert outcome("JK-46", table) == "supported"
    assert outcome("JK-46", put(table, "one_minus_mse", level + lead + paired, **END, dataset="mnist")) == expected


@pytest.mark.parametrize(
    ("claim", "one", "named"), [("JK-46", "mnist", GREY), ("JK-47", "mnist", GREY), ("JK-48", "celeba", COLOUR)]
)
def test_claims_on_two_data_sets_are_not_supported_by_one_of_them(claim, one, named):
    both, alone = evolved(0.5, named), evolved(0.5, (one,))
    both, alone = (put(table, "same_class", False, **LONG_END, split="test") for table in (both, alone))
    assert outcome(claim, both) == "supported"
    assert outcome(claim, alone) == "inconclusive"


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        ([], "inconclusive"),
        ([(LONG_END, "mnist", "test")], "supported"),
        ([(LONG_END, "fashion_mnist", "train")], "supported"),
        ([(LONG_END, "mnist", "test"), (END, "fashion_mnist", "train")], "contradicted"),
        ([(END, "mnist", "test")], "contradicted"),
        ([(END, "celeba", "test"), (LONG_END, "mnist", "test")], "supported"),
        ([(LONG_END, "celeba", "test")], "inconclusive"),
        ([({"method": ADAM}, "mnist", "test")], "inconclusive"),
        ([({"method": GA, "iteration": 100}, "mnist", "test"), (LONG_END, "mnist", "test")], "supported"),
        ([({"method": GA, "fitness": "ssim"}, "mnist", "test"), (LONG_END, "mnist", "test")], "supported"),
    ],
)
def test_jk_47_forgives_evolution_not_a_single_grey_target(lost, expected):
    table, one = rivals(), np.arange(TARGETS) != 5
    for where, dataset, split in lost:
        table = put(table, "same_class", one, **where, dataset=dataset, split=split)
    assert outcome("JK-47", table) == expected


@pytest.mark.parametrize("method", [END, LONG_END], ids=["evolution", "descent"])
@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("outline", 0.91, "supported"),
        ("outline", 0.89, "contradicted"),
        ("outline", about(0.9, 0.05), "inconclusive"),
        ("correlation", 0.89, "supported"),
        ("correlation", 0.91, "contradicted"),
        ("correlation", about(0.9, 0.05), "inconclusive"),
    ],
)
def test_jk_48_wants_the_outline_but_not_the_image_of_colour_sets(method, column, value, expected):
    elsewhere = {"outline": 0.1, "correlation": 0.99}
    table = put(rivals(), column, elsewhere[column], dataset=GREY)
    assert outcome("JK-48", put(table, column, value, **method, dataset="celeba")) == expected


def test_jk_48_without_colour_is_too_small():
    with pytest.raises(TooSmallError):
        outcome("JK-48", rivals(GREY))


def test_the_chance_to_exceed_is_that_of_mann_and_whitney():
    random = np.random.default_rng(0)
    first, second = random.integers(0, 9, 20), random.integers(2, 11, 30)  # with ties
    assert exceeds(first, second) == pytest.approx(mannwhitneyu(first, second).statistic / 600)
    assert exceeds(np.array([3.0]), np.array([1.0, 2.0])) == 1


@pytest.mark.parametrize(
    ("steps", "scatter", "expected"),  # gradient steps in the time of a generation
    [
        (100.0, 0.02, "supported"),
        (1.2, 0.02, "supported"),
        (0.8, 0.02, "contradicted"),
        (1.0, 0.2, "inconclusive"),
    ],
)
def test_jk_50_wants_more_than_a_step_in_the_time_of_a_generation_for_every_batch(steps, scatter, expected):
    one, usual = measured(steps / 100, scatter), measured(1.0)
    chosen = (one["dataset"] == "mnist") & (one["batch"] == 8)
    assert outcome("JK-50", pd.concat([one[chosen], usual[~chosen]]), rivals()) == expected


@pytest.mark.parametrize("claim", ["JK-44", "JK-50"])
def test_a_warm_up_does_not_count(claim):
    table = measured(1.0)
    warm_up = table.assign(step_seconds=np.where(table["repeat"] == 0, 9.0, table["step_seconds"]))
    one, other = (found(claim, some, *([rivals()] if claim == "JK-50" else [])) for some in (table, warm_up))
    assert one == other


def test_jk_50_tells_after_how_many_steps_adam_has_the_score_of_the_last_generation():
    table = evolved(0.05, GREY, scatter=0.0)
    for step in STEPS:
        slow = np.arange(TARGETS) < 2  # the median does not hang on them
        score = about(0.8, 0.1) + np.where(np.where(slow, 10**6, 3000) <= step, 0.06, 0)
        table = put(table, "one_minus_mse", score, method=LONG, iteration=step)
    assert "so many steps: mnist 3000, fashion_mnist 3000." in found("JK-50", measured(1.0), table).reading
    never = put(table, "one_minus_mse", 0.0, method=LONG)
    assert "so many steps: mnist 20000, fashion_mnist 20000." in found("JK-50", measured(1.0), never).reading


@pytest.mark.parametrize("claim", ["JK-45", "JK-46", "JK-47", "JK-48", "JK-49"])
def test_a_descent_of_500_steps_is_not_taken_for_one_of_20000(claim):
    table = evolved()
    shorter = table[~(table["method"].isin((LONG, LONG_SGD)) & (table["iteration"] > 500))]
    with pytest.raises(TooSmallError):
        outcome(claim, shorter)


@pytest.mark.parametrize(
    ("by_mse", "by_ssim", "expected"),  # on MNIST; on the others Adam is ahead by either
    [
        (-0.02, -0.2, "supported"),
        (0.02, 0.2, "supported"),
        (0.02, -0.2, "contradicted"),
        (-0.02, 0.2, "contradicted"),
        (about(0, 0.02), -0.2, "inconclusive"),
        (-0.02, about(0, 0.2), "inconclusive"),
    ],
)
def test_jk_51_wants_the_same_winner_by_either_fitness_on_every_data_set(by_mse, by_ssim, expected):
    table = put(rivals(), "one_minus_mse", 0.8, **END)
    table = put(table, "ssim", 0.3, method=GA, iteration=200, fitness="ssim")
    table = put(table, "one_minus_mse", 0.9 + by_mse, **END, dataset="mnist")
    table = put(table, "ssim", 0.5 + by_ssim, method=GA, iteration=200, fitness="ssim", dataset="mnist")
    other_measure = put(table, "ssim", 0.9, fitness="mse", method=GA)
    other_measure = put(other_measure, "one_minus_mse", 0.99, fitness="ssim", method=ADAM_10)
    assert outcome("JK-51", other_measure) == expected


@pytest.mark.parametrize(
    ("by", "split", "expected"),
    [
        (-0.05, "test", "supported"),
        (0.05, "test", "contradicted"),
        (about(0, 0.05), "test", "inconclusive"),
        (0.05, "train", "supported"),
    ],
)
def test_jk_52_compares_evolution_with_ten_starts_of_both_optimisers_on_held_out_targets(by, split, expected):
    table = put(evolved(), "one_minus_mse", 2.0, method=(ADAM, LONG, LONG_SGD))
    assert outcome("JK-52", behind(table, by, split=split, dataset="celeba")) == expected
