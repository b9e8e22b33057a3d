"""FW-09, FW-10, FW-12, FW-14, FW-17 and FW-18: rules on tables whose outcome is known."""

import numpy as np
import pandas as pd
import pytest
from known_draws import DRAWS, ERRORS, HEADS, LOOK_ALIKES, about, amounts, beyond, contest, found, outcome, put

from latentlib.study.findings import TooSmallError
from studies.augmentation.arms import EVOLVED, NONE, RANDOM, SORTED_UNLIKE, UNLIKE
from studies.augmentation.scores import SCORES

EVERY_SCORE = pytest.mark.parametrize("score", SCORES)
NOTHING = np.roll(about(0.7, 0.02), 3)  # an arm that differs from others by chance


def scored(values, arm=UNLIKE, columns=SCORES, table=None):
    """The contest with scores of an arm on the look-alikes."""
    table = contest() if table is None else table
    for column in columns:
        table = put(table, column, values, arm=arm, dataset=LOOK_ALIKES)
    return table


@EVERY_SCORE
@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.701, "supported"), (0.699, "contradicted"), (about(0.7, 0.1), "inconclusive"), (NOTHING, "inconclusive")],
)
def test_fw_09_wants_every_score_raised(score, value, expected):
    result = found("FW-09", scored(value, columns=[score], table=scored(0.72)))
    assert result.outcome == expected
    assert result.estimate.n == DRAWS
    assert f"Shown: {score}." in result.reading


@EVERY_SCORE
def test_fw_09_is_contradicted_by_one_score_at_the_level_of_a_family_of_four(score):
    for errors, expected in ((ERRORS + 0.2, "inconclusive"), (3.2, "contradicted")):
        some = scored(beyond(0.7, -errors), columns=[score], table=scored(0.72))
        assert outcome("FW-09", some) == expected


def test_fw_09_tells_what_images_without_a_supervisor_do():
    table = scored(0.735, RANDOM, table=scored(0.72))
    reading = found("FW-09", table).reading
    assert "accuracy 2.00" in reading
    assert "random 3.50" in reading
    assert f"evolved unlike, {HEADS} -50.00" in reading
    alone = table[table["dataset"] == LOOK_ALIKES]
    assert HEADS not in found("FW-09", alone).reading


@EVERY_SCORE
@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (0.9, "supported"),
        (-0.9, "supported"),
        (1.1, "contradicted"),
        (-1.1, "contradicted"),
        (about(0.9, 1), "inconclusive"),
        (about(-0.9, 1), "inconclusive"),
        (beyond(1, ERRORS + 0.2, 0.1), "inconclusive"),
        (beyond(1, 3.2, 0.1), "contradicted"),
    ],
)
def test_fw_10_wants_every_effect_within_a_point(score, points, expected):
    result = found("FW-10", scored(0.7 + np.asarray(points) / 100, columns=[score], table=scored(0.701)))
    assert result.outcome == expected
    assert result.estimate.value == pytest.approx(np.mean(points))
    assert f"Shown: {score}." in result.reading


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (0.6, "supported"),
        (0.4, "contradicted"),
        (about(0.5, 0.5), "inconclusive"),
        (0, "contradicted"),
        (beyond(0.5, ERRORS - 0.1, 0.1), "inconclusive"),
        (beyond(0.5, ERRORS + 0.1, 0.1), "supported"),
    ],
)
def test_fw_12_wants_half_a_point_more_than_random_images(points, expected):
    table = scored(0.75, RANDOM)
    result = found("FW-12", scored(0.75 + np.asarray(points) / 100, table=scored(0.79, SORTED_UNLIKE, table=table)))
    assert (result.outcome, result.estimate.n) == (expected, DRAWS)
    assert result.estimate.value == pytest.approx(np.mean(points), abs=1e-9)
    assert f"{SORTED_UNLIKE} 4.00; {UNLIKE}, {HEADS} -50.00" in result.reading


def test_fw_12_pairs_arms_by_draw():
    hard = about(0.7, 0.2)
    assert outcome("FW-12", scored(hard + 0.006, table=scored(hard, RANDOM))) == "supported"
    assert outcome("FW-12", scored(np.roll(hard, 3) + 0.006, table=scored(hard, RANDOM))) == "inconclusive"


def test_an_arm_that_was_not_run_is_missed():
    with pytest.raises(TooSmallError, match=r"no rows with {'dataset': 'fashion_lookalikes', 'arm': 'random'}"):
        found("FW-12", contest()[lambda rows: rows["arm"] != RANDOM])


@pytest.mark.parametrize(("slope", "expected"), [(0.5, "supported"), (-0.5, "contradicted")])
def test_fw_14_is_the_slope_over_doublings(slope, expected):
    result = found("FW-14", amounts(slope))
    assert result.outcome == expected
    assert result.estimate.value == pytest.approx(slope)
    assert f"10 real, GANs of the draw {-slope:.2f}" in result.reading


def test_fw_14_compares_draws():
    table = amounts(0.0)
    most = {"amount": 160, "images": 40, "gan_data": "the draw"}
    assert outcome("FW-14", put(table, "accuracy", about(0.701, 0.05), **most)) == "inconclusive"
    result = found("FW-14", put(table, "accuracy", 0.75, **most))
    steps = np.log2(1 + np.array([0, 20, 40, 80, 160]) / 20)
    assert result.estimate.value == pytest.approx(np.polyfit(steps, [0, 0, 0, 0, 5], 1)[0])
    assert (result.outcome, result.estimate.n) == ("supported", DRAWS)


def test_fw_14_needs_all_amounts_of_forty_real_images():
    with pytest.raises(TooSmallError):
        found("FW-14", amounts()[lambda rows: rows["amount"] < 160])
    with pytest.raises(TooSmallError, match="40 real, GANs of the draw was not run"):
        found("FW-14", amounts()[lambda rows: rows["images"] == 10])


@pytest.mark.parametrize("arm", EVOLVED)
def test_fw_17_wants_one_of_four_fitnesses_half_a_point_better_than_random(arm):
    assert outcome("FW-17", contest()) == "contradicted"
    for points, expected in (
        (0.6, "supported"),
        (about(0.5, 0.2), "inconclusive"),
        (beyond(0.5, ERRORS + 0.2, 0.1), "inconclusive"),  # but for Holm's level
        (beyond(0.5, 3.2, 0.1), "supported"),
        (0.4, "contradicted"),
    ):
        result = found("FW-17", scored(0.7 + np.asarray(points) / 100, arm))
        assert result.outcome == expected
        assert f"Shown: {arm}." in result.reading


@pytest.mark.parametrize("rival", [NONE, RANDOM])
@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.719, "supported"), (0.721, "contradicted"), (about(0.72, 0.02), "inconclusive")],
)
def test_fw_18_wants_more_than_nothing_and_than_random_images(rival, value, expected):
    result = found("FW-18", scored(value, rival, table=scored(0.72)))
    assert result.outcome == expected
    assert result.statistic.endswith(
        {NONE: "without addition, in points", RANDOM: "with random images, in points"}[rival]
    )


def test_a_single_draw_decides_nothing():
    one = pd.concat([contest()[lambda rows: rows["seed"] == 3]])
    for claim in ("FW-09", "FW-10", "FW-12", "FW-17", "FW-18"):
        with pytest.raises(TooSmallError):
            found(claim, one)
