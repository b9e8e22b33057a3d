"""FW-05 to FW-08, FW-11, FW-13, FW-15, FW-16, FW-19 and FW-20: rules on tables whose outcome is known."""

import math

import numpy as np
import pandas as pd
import pytest
from known_draws import (
    CLAIMS,
    DRAWS,
    HUSHEM,
    LOOK_ALIKES,
    about,
    contest,
    folds,
    found,
    gans,
    outcome,
    put,
    supervision,
)

from latentlib.study import repository
from latentlib.study.findings import RULES, TooSmallError
from studies.augmentation.arms import NONE, RANDOM, UNLIKE
from studies.augmentation.chapter import given
from studies.augmentation.experiments.gans import AUGMENTED, CONDITIONAL, JOINT, OTHERS, PER_CLASS, REAL
from studies.augmentation.experiments.supervision import LAST
from studies.augmentation.verdicts.power import deviation, finds, runs_needed


def test_every_claim_of_the_classifier_part_has_a_rule_here():
    ours = {claim for claim, (rule, _) in RULES.items() if rule.__module__.startswith("studies.augmentation")}
    assert ours == {f"FW-{number:02}" for number in range(5, 21)} == set(CLAIMS) - {f"FW-0{n}" for n in range(1, 5)}


def test_fw_05_adds_the_published_counts():
    counts = given(repository.published())["counts"]
    result = found("FW-05", counts)
    assert (result.outcome, result.estimate.value) == ("supported", 216)
    for column, change in (("images", [1, 0, 0, 0]), ("training", [0, 0, 1, 0])):
        assert outcome("FW-05", counts.assign(**{column: counts[column] + change})) == "contradicted"
    both = counts.assign(images=counts["images"] + 1, training=counts["training"] + 1)
    assert outcome("FW-05", both) == "contradicted"


@pytest.mark.parametrize(
    ("accuracy", "expected"),
    [(0.74, "supported"), (0.76, "contradicted"), (0.94, "contradicted"), (about(0.75, 0.1), "inconclusive")],
)
def test_fw_06_wants_a_low_accuracy_on_hushem(accuracy, expected):
    assert outcome("FW-06", contest()) == "not testable here"
    heads = contest()[lambda rows: rows["dataset"] == LOOK_ALIKES].assign(dataset=HUSHEM, accuracy=0.75)
    table = pd.concat([contest(), put(heads, "accuracy", accuracy, arm=NONE)], ignore_index=True)
    result = found("FW-06", table)
    assert (result.outcome, result.estimate.n) == (expected, DRAWS)


def test_fw_20_is_not_testable_without_colour():
    result = found("FW-20", contest())
    assert (result.outcome, result.estimate.n) == ("not testable here", 0)


@pytest.mark.parametrize(
    ("agreement", "nearest", "expected"),
    [
        (0.73, 0.81, "supported"),  # of 0.9
        (0.71, 0.81, "contradicted"),
        (0.73, 0.79, "contradicted"),
        (about(0.72, 0.1), 1.0, "inconclusive"),
        (0.9, about(0.8, 0.1), "inconclusive"),
        (0.9, 0.01, "contradicted"),  # copies
        (0.25, 1.5, "contradicted"),  # of an untrained network
    ],
)
def test_fw_07_wants_images_that_are_recognised_and_no_copies(agreement, nearest, expected):
    table = put(gans(), "agreement", agreement, kind=PER_CLASS)
    result = found("FW-07", put(table, "nearest", nearest, kind=PER_CLASS))
    assert (result.outcome, result.estimate.n) == (expected, DRAWS)
    assert f"{AUGMENTED} 0.33" in result.reading


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.76, "supported"), (0.74, "contradicted"), (about(0.75, 0.1), "inconclusive"), (0.5, "contradicted")],
)
def test_fw_08_wants_three_images_in_four_attributed_rightly(share, expected):
    result = found("FW-08", put(supervision(), "told_apart", share, stage=LAST, alike=False))
    assert (result.outcome, result.estimate.n) == (expected, DRAWS)
    assert "sorted by the fitness: 0.99" in result.reading


@pytest.mark.parametrize(
    ("spread", "real", "random", "expected"),
    [
        (0.82, 0.81, 0.81, "supported"),
        (0.82, 0.83, 0.81, "contradicted"),
        (0.82, 0.81, 0.83, "contradicted"),
        (0.82, about(0.82, 0.1), 0.81, "inconclusive"),
        (0.82, 0.81, about(0.82, 0.1), "inconclusive"),
        (about(0.82, 0.1), 0.7, about(0.82, 0.1), "inconclusive"),  # selection that adds nothing
    ],
)
def test_fw_13_wants_more_spread_than_originals_and_random_sets(spread, real, random, expected):
    table = put(supervision(), "spread", spread, stage=LAST, alike=False)
    for column, value in (("spread_real", real), ("spread_random", random)):
        table = put(table, column, value, stage=LAST)
    assert outcome("FW-13", table) == expected


@pytest.mark.parametrize(
    ("apart", "expected"),
    [(0.072, "supported"), (0.069, "contradicted"), (about(0.0707, 0.1), "inconclusive"), (0.0, "contradicted")],
)
def test_fw_15_wants_directions_apart_by_a_deviation_of_two_random_sets(apart, expected):
    result = found("FW-15", put(supervision(), "spread", 0.8 + np.asarray(apart), stage=LAST, alike=False))
    assert (result.outcome, result.estimate.n) == (expected, DRAWS)
    assert result.estimate.value == pytest.approx(np.mean(apart) / (0.05 * math.sqrt(2)))
    turned = put(supervision(), "spread", 0.8 + np.asarray(apart), stage=LAST, alike=True)
    assert outcome("FW-15", turned) != "supported"


@pytest.mark.parametrize("kind", [CONDITIONAL, JOINT])
@pytest.mark.parametrize(
    ("share", "expected"), [(0.16, "supported"), (0.14, "contradicted"), (about(0.15, 0.1), "inconclusive")]
)
def test_fw_16_wants_more_wrong_labels_of_both_rivals(kind, share, expected):
    table = gans()
    for rival in (CONDITIONAL, JOINT):
        table = put(table, "fooled", share if rival == kind else 0.3, kind=rival)
    result = found("FW-16", table)
    assert (result.outcome, result.estimate.n) == (expected, DRAWS)


def test_fw_16_leaves_out_classes_that_a_joint_gan_never_makes():
    table = put(put(gans(), "fooled", 0.3, kind=CONDITIONAL), "fooled", 0.16, kind=JOINT)
    table.loc[(table["kind"] == PER_CLASS) & (table["name"] == "shirt"), "fooled"] = 0.9
    assert outcome("FW-16", table) == "contradicted"
    lacking = table[(table["kind"] == PER_CLASS) | (table["kind"] == REAL) | (table["name"] != "shirt")]
    assert outcome("FW-16", lacking) == "supported"


@pytest.mark.parametrize(
    ("fid", "expected"),
    [
        (24, "supported"),  # 5 is the floor, 45 another class
        (26, "contradicted"),
        (about(25, 5), "inconclusive"),
        (45, "contradicted"),  # images of another class
        (300, "contradicted"),  # of an untrained network
    ],
)
def test_fw_19_wants_less_than_half_the_distance_of_another_class(fid, expected):
    result = found("FW-19", put(gans(), "fid", fid, kind=PER_CLASS).assign(offset=0))
    assert (result.outcome, result.estimate.n) == (expected, DRAWS)
    assert result.estimate.value == pytest.approx((np.mean(fid) - 5) / 40, abs=1e-3)


def test_fw_19_averages_the_ratios_of_the_classes():
    table = gans()
    table["fid"] = table["fid"].where(table["kind"] != PER_CLASS, 15.0)
    far = (table["kind"] == OTHERS) & (table["name"] == "shirt")
    table.loc[far, "fid"] = 405.0
    assert found("FW-19", table).estimate.value == pytest.approx((3 * 10 / 40 + 10 / 400) / 4)
    table.loc[far, "fid"] = 5.0
    with pytest.raises(TooSmallError, match="no farther than the class itself"):
        found("FW-19", table)


@pytest.mark.parametrize(
    ("effect", "power", "runs"), [(0.2, 0.8, 199), (0.5, 0.8, 34), (0.8, 0.8, 15), (1.0, 0.8, 10), (0.5, 0.95, 54)]
)
def test_runs_are_those_of_the_usual_tables_of_paired_t_tests(effect, power, runs):
    assert math.ceil(runs_needed(1 / effect, 1, power)) == runs


def test_the_power_is_that_of_simulated_tests():
    samples = np.random.default_rng(0).normal(1.0, 1.5, size=(40_000, 12))
    away = samples.mean(axis=1) / (samples.std(axis=1, ddof=1) / math.sqrt(12))
    assert (np.abs(away) > 2.201).mean() == pytest.approx(finds(12, 1 / 1.5), abs=0.01)


def test_the_interval_of_a_deviation_is_that_of_the_chi_square_tables():
    found = deviation(np.array([-2.0, -1, 0, 1, 2]))
    assert found.value == pytest.approx(math.sqrt(2.5))
    assert [found.low, found.high] == pytest.approx([math.sqrt(10 / 11.143), math.sqrt(10 / 0.4844)], rel=1e-3)
    with pytest.raises(TooSmallError):
        deviation(np.array([1.0]))


@pytest.mark.parametrize(
    ("scatter", "expected"),
    [(5.0, "supported"), (0.8, "inconclusive"), (0.2, "contradicted"), (0.0, "contradicted")],
)
def test_fw_11_asks_how_many_runs_would_find_a_point(scatter, expected):
    table = put(folds(), "small_accuracy", about(0.7, scatter / 100), arm=UNLIKE)
    result = found("FW-11", table)
    assert (result.outcome, result.estimate.n) == (expected, DRAWS)
    spread = about(0, scatter).std(ddof=1)
    assert result.estimate.value == pytest.approx(runs_needed(spread, 1, 0.8), rel=1e-6)
    noisy = put(table, "small_accuracy", about(0.5, 0.4), arm=RANDOM)
    assert outcome("FW-11", noisy) == expected


def test_fw_11_averages_the_folds_first():
    table = folds()
    table.loc[(table["arm"] == UNLIKE), "small_accuracy"] += np.tile([-0.4, 0.4, 0, 0.2, -0.2], DRAWS)
    assert outcome("FW-11", table) == "contradicted"
