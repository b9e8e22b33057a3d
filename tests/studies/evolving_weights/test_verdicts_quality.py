"""KU-03 to KU-06, KU-09, KU-10, KU-15 and KU-29 to KU-31: rules on tables whose outcome is known."""

import numpy as np
import pandas as pd
import pytest
from known_courses import AWAY, SEEDS, about, course, facts_table, found, games, outcome, rows_of

from latentlib.study.findings import TooSmallError
from studies.evolving_weights.settings import ADAM, GA
from studies.evolving_weights.verdicts.costs import break_even, reached


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (110.0, "supported"),  # of 100
        (400.0, "contradicted"),
        (1000.0, "contradicted"),  # untrained
        (2700.0, "contradicted"),  # worse than untrained
    ],
)
def test_ku_03_wants_most_of_adams_gain(last, expected):
    result = found("KU-03", games(last))
    assert (result.outcome, result.estimate.n) == (expected, SEEDS)
    assert result.estimate.value == pytest.approx((1000 - last) / 900, abs=0.01)
    assert "random search, small" in result.reading


def test_ku_03_compares_at_equal_passes():
    """Adam that is cut short at a tenth of its passes is held against evolution at that tenth."""
    table = games(110.0)
    short = table[(table["arm"] != ADAM) | (table["epoch"] <= 30)]
    assert found("KU-03", short).estimate.value == pytest.approx(
        (1000 - np.interp(3, [1, 5], [1000 * 0.11 ** (1 / 30), 1000 * 0.11 ** (5 / 30)])) / (1000 - 1000 * 0.1**0.1),
        rel=0.01,
    )
    with pytest.raises(TooSmallError, match="Adam has nothing to compare with"):
        outcome("KU-03", games(adam=1200.0))


def costs(evolved, adam=1.0, held=10.0):
    """Seconds of a step by members, on a line; memory of the populations."""
    rows = [{"members": 1, "method": ADAM, "per_step": adam, "held": 5.0}]
    rows += [{"members": n, "method": GA, "per_step": evolved * n, "held": held * n} for n in (4, 8, 16, 32, 64)]
    return pd.concat([pd.DataFrame(rows).assign(pair=pair) for pair in ("dense", "small")], ignore_index=True)


@pytest.mark.parametrize(
    ("per_member", "last", "factor", "expected"),
    [
        (0.01, 10.0, 0.1, "supported"),
        (0.3, 10.0, 0.1, "contradicted"),  # an epoch is slower
        (0.01, 900.0, 0.1, "inconclusive"),  # quick, but the goal is never reached
        (0.01, 900.0, 1.0, "contradicted"),  # and it took longer than Adam to get nowhere
    ],
)
def test_ku_04_wants_epoch_and_goal_sooner(per_member, last, factor, expected):
    table = games(last)
    table.loc[table["arm"] == GA, "took"] *= factor
    assert outcome("KU-04", costs(per_member), table) == expected


def test_where_evolution_never_arrives_its_whole_course_counts():
    result = found("KU-04", costs(0.01), games(900.0))
    goal = 550  # half way from 1000 to 100
    adam = 3900 / 1000 * np.log(goal / 1000) / np.log(0.1)
    assert result.estimate.value == pytest.approx(adam / 3.9, rel=0.05)


@pytest.mark.parametrize(
    ("last", "expected", "late"), [(100.0, "supported", 0), (540.0, "supported", 0), (900.0, "inconclusive", 20)]
)
def test_ku_05_counts_epochs_of_those_that_arrive(last, expected, late):
    """Adam's course is ten times as long, and so is its way here."""
    result = found("KU-05", games(last))
    assert result.outcome == expected
    assert f"does not arrive in {late} trainings" in result.reading


def test_ku_05_is_contradicted_where_adam_needs_fewer_epochs():
    quick = games(900.0)
    adam = quick["arm"] == ADAM
    quick.loc[adam & (quick["epoch"] >= 1), "distance"] = 100.0
    assert outcome("KU-05", quick) == "contradicted"
    with pytest.raises(TooSmallError, match="Adam gains nothing"):
        outcome("KU-05", games(adam=1200.0))


def test_a_goal_is_reached_on_the_line_between_two_marks():
    rows = pd.DataFrame({"seed": 0, "epoch": [0, 10, 20], "distance": [10.0, 6.0, 2.0]})
    assert reached(rows, 0, 5.0, "epoch") == pytest.approx(12.5)
    assert reached(rows, 0, 6.0, "epoch") == pytest.approx(10)
    assert reached(rows, 0, 1.0, "epoch") == 20


@pytest.mark.parametrize(
    ("per_member", "expected", "members"),
    [(0.05, "supported", 20), (0.2, "contradicted", 5), (0.5, "contradicted", 2), (0.001, "supported", 64)],
)
def test_ku_06_wants_a_population_of_more_than_ten(per_member, expected, members):
    result = found("KU-06", costs(per_member))
    assert result.outcome == expected
    assert result.estimate.value == pytest.approx(members)
    assert "Memory with 32 members over Adam's: dense 64.0" in result.reading


def test_costs_that_waver_with_the_clock_have_one_break_even():
    assert break_even(pd.Series({1: 1.0, 4: 0.5, 8: 0.4, 16: 1.5})) == pytest.approx(12)


@pytest.mark.parametrize(("change", "expected"), [(0.9, "supported"), (1.1, "contradicted"), (1.0, "inconclusive")])
@pytest.mark.parametrize("after", [16, 25, 30])
def test_ku_09_wants_every_epoch_shown_nearer(change, expected, after):
    table = games()
    steps = {16: 0.9, 25: 0.9, 30: 0.9} | {after: change}
    level = 800.0
    for epoch in (1, 16, 25, 30):
        level *= steps.get(epoch, 1.0)
        rows = table["epoch"] == epoch
        table.loc[rows, "distance"] = level * np.exp(0.01 * AWAY[table.loc[rows, "seed"]] * (epoch == after))
    assert outcome("KU-09", table) == expected


@pytest.mark.parametrize(
    ("correlation", "expected"), [(0.05, "supported"), (0.5, "contradicted"), (about(0.1, 0.05), "inconclusive")]
)
def test_ku_10_wants_white_noise(correlation, expected):
    table = facts_table(correlation__untrained=correlation, correlation__white_noise=0.0)
    result = found("KU-10", table)
    assert (result.outcome, result.estimate.n) == (expected, SEEDS)


@pytest.mark.parametrize(
    ("last", "floor", "expected"),
    [(3.0, 4.0, "supported"), (500.0, 4.0, "contradicted"), (4.0, about(4.0, 1.0), "inconclusive")],
)
def test_ku_15_wants_images_nearer_than_real_ones(last, floor, expected):
    assert outcome("KU-15", games(last), facts_table(floor=floor)) == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [(500.0, "supported"), (950.0, "contradicted"), (1000.0, "contradicted"), (1500.0, "contradicted")],
)
def test_ku_29_wants_a_tenth_less_after_thirty_epochs(last, expected):
    result = found("KU-29", games(last))
    assert result.outcome == expected
    assert result.estimate.value == pytest.approx(29 / 30 * np.log(1000 / last), abs=1e-3)


def rivals(gan=100.0, precision=0.5, recall=0.5):
    table = rows_of(model=("GAN", "VAE", "RBM")).assign(distance=200.0, precision=0.4, recall=0.4)
    for column, value in {"distance": gan, "precision": precision, "recall": recall}.items():
        table.loc[table["model"] == "GAN", column] = value
        table[column] *= 1 + 0.001 * AWAY[table["seed"]] * (table["model"] == "GAN")
    return table


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "supported"),
        ({"gan": 300.0}, "contradicted"),
        ({"precision": 0.3}, "contradicted"),
        ({"recall": 0.3}, "contradicted"),
        ({"recall": 0.4}, "inconclusive"),
        ({"gan": 200.0, "precision": 0.4, "recall": 0.4}, "inconclusive"),
    ],
)
def test_ku_30_wants_the_gan_ahead_in_all(changes, expected):
    assert outcome("KU-30", rivals(**changes)) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [(1.0, "supported"), (0.5, "contradicted"), (0.0, "contradicted"), (about(0.9, 0.1), "inconclusive")],
)
def test_ku_31_wants_the_distance_to_follow_every_corruption(order, expected):
    assert outcome("KU-31", facts_table(order__noise_judge_0=1.0, order__blur_judge_0=order)) == expected


def test_a_course_of_the_table_is_as_it_says():
    rows = course(GA, 250.0, scatter=0.0)
    assert rows.groupby("epoch")["distance"].first()[[0, 30]].tolist() == pytest.approx([1000, 250])
