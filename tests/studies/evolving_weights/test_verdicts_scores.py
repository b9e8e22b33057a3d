"""KU-01, KU-02, KU-11 to KU-14 and KU-25: rules on tables whose outcome is known."""

import numpy as np
import pandas as pd
import pytest
from known_courses import AWAY, CLAIMS, SEEDS, course, found, games, outcome, with_scores

from latentlib.study.claims import standing
from latentlib.study.findings import RULES, TooSmallError
from studies.evolving_weights.settings import ADAM, GA
from studies.evolving_weights.verdicts.courses import at


def test_every_claim_has_a_rule_here():
    ours = {claim for claim, (rule, _) in RULES.items() if rule.__module__.startswith("studies.evolving_weights")}
    assert ours == set(CLAIMS) == {f"KU-{number:02}" for number in range(1, 37)}


def faces(**evolved):
    return pd.concat([course(GA, 500.0, **evolved), course(ADAM, 100.0, real_score=0.5)], ignore_index=True)


@pytest.mark.parametrize(
    ("real", "fake", "expected"),
    [
        (0.96, 0.05, "supported"),
        (0.97, 0.08, "contradicted"),
        (0.5, 0.5, "contradicted"),  # untrained
        (0.93, 0.045, "contradicted"),
        (0.9722 + 0.03, 0.045, "inconclusive"),
    ],
)
def test_ku_01_wants_the_published_scores(real, fake, expected):
    # every seed of the last case lies on both sides of the margin
    table = faces(real_score=real, fake_score=fake)
    if expected == "inconclusive":
        table["real_score"] += 0.02 * AWAY[table["seed"]]
    result = found("KU-01", table)
    assert (result.outcome, result.estimate.n) == (expected, SEEDS)
    if expected == "contradicted":
        assert standing(CLAIMS["KU-01"], "contradicted") == "not reproduced here"


@pytest.mark.parametrize(
    ("loss_g", "loss_d", "expected"),
    [(5.5, 0.1, "supported"), (4.9, 0.1, "contradicted"), (5.9, 0.2, "contradicted"), (0.7, 1.4, "contradicted")],
)
def test_ku_02_wants_the_published_losses(loss_g, loss_d, expected):
    assert outcome("KU-02", faces(loss_g=loss_g, loss_d=loss_d)) == expected


LINKS = [(-0.8, 0.8, "supported"), (0.8, -0.8, "contradicted"), (0.0, 0.0, "contradicted")]


@pytest.mark.parametrize(("real", "fake", "expected"), LINKS)
@pytest.mark.parametrize("claim", ["KU-11", "KU-12"])
def test_scores_must_go_with_the_distance_beyond_its_trend(claim, real, fake, expected):
    """In the last case both follow the trend alone: their plain correlation with the distance is clear."""
    table = with_scores(games(), real, fake)
    assert outcome(claim, table) == expected
    if real == 0:
        plain = (table["real_score"] - table["fake_score"]).corr(table["distance"], method="spearman")
        assert plain < -0.2


def test_ku_11_is_undecided_at_its_threshold():
    weak = with_scores(games(), -0.25, 0.25)
    result = found("KU-11", weak)
    assert result.outcome == "inconclusive"
    assert result.estimate.low < -0.2 < result.estimate.high
    assert "Over all arms and times: dense" in result.reading


@pytest.mark.parametrize(("real", "fake"), [(-0.8, 0.0), (0.0, 0.8)])
def test_ku_12_wants_both_scores(real, fake):
    assert outcome("KU-12", with_scores(games(), real, fake)) == "contradicted"


@pytest.mark.parametrize(("link", "expected"), [(-0.9, "supported"), (0.9, "contradicted"), (0.0, "contradicted")])
def test_ku_14_is_about_scores_far_from_one_half(link, expected):
    table = with_scores(games(), link, -link)
    assert outcome("KU-14", table) == expected
    turned = table.assign(real_score=1 - table["real_score"], fake_score=1 - table["fake_score"])
    assert outcome("KU-14", turned) == expected, "the side of one half does not matter"


def test_scores_need_as_many_checkpoints_of_every_seed():
    table = with_scores(games(), 0.5, 0.5)
    with pytest.raises(TooSmallError, match="unlike numbers of checkpoints"):
        outcome("KU-11", table.drop(index=table.index[(table["seed"] == 3) & (table["epoch"] == 5)][0]))
    with pytest.raises(TooSmallError, match="does not vary"):
        outcome("KU-11", games().assign(real_score=0.5, fake_score=0.5))


@pytest.mark.parametrize(
    ("evolved", "trained", "expected"),
    [
        (-0.01, -0.02, "supported"),
        (0.01, -0.02, "contradicted"),
        (-0.01, 0.02, "contradicted"),
        (0.0, 0.0, "inconclusive"),
    ],
)
def test_ku_13_wants_the_fake_score_to_fall(evolved, trained, expected):
    table = games(evolved={"fake_change": evolved}, trained={"fake_change": trained})
    table["fake_change"] += 0.001 * AWAY[table["seed"]]
    table.loc[table["epoch"] == 0, "fake_change"] = 50.0  # before anything is learnt
    assert outcome("KU-13", table) == expected


@pytest.mark.parametrize(
    ("evolved", "trained", "expected"),
    [
        (0.04, 0.04, "supported"),
        (0.06, 0.04, "contradicted"),
        (0.04, 0.06, "contradicted"),
        (0.05, 0.04, "inconclusive"),
    ],
)
def test_ku_25_wants_probabilities(evolved, trained, expected):
    table = games(evolved={"calibration": evolved}, trained={"calibration": trained})
    table["calibration"] += 0.001 * AWAY[table["seed"]]
    assert outcome("KU-25", table) == expected


def test_a_value_between_marks_lies_on_a_straight_line():
    table = course(ADAM, 100.0, seeds=2, scatter=0.0)
    known = table[table["seed"] == 0].set_index("epoch")["distance"]
    expected = known[60] + (known[120] - known[60]) / 3
    assert at(table, "distance", 80).tolist() == pytest.approx([expected] * 2)
    assert at(table, "distance", 80 * 13.0, "passes").tolist() == pytest.approx([expected] * 2)
    with pytest.raises(TooSmallError, match="epoch of a course ends before 301"):
        at(table, "distance", 301)
    assert np.isfinite(at(table, "took", 300)).all()
