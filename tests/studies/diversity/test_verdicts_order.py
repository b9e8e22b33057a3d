"""FE-01 to FE-05, FE-25, FE-27, FW-01 to FW-03: each verdict follows its written rule on tables with known outcome."""

import numpy as np
import pytest
from known_searches import (
    CLAIMS,
    ELITES,
    GENERATORS,
    GENETIC,
    RANDOM,
    about,
    end,
    found,
    outcome,
    put,
    searches,
    without,
)

from latentlib.study.findings import RULES, TooSmallError

EVERY_CELL = pytest.mark.parametrize(("name", "metric"), [(name, m) for name in GENERATORS for m in ("rmse", "ncc")])
ALL = [name for name in CLAIMS if name.startswith("FE") or name in ("FW-01", "FW-02", "FW-03", "FW-04")]


def fitness(value, method=GENETIC, name="celeba", metric="ncc"):
    return end(searches(), "best", value, name, method=method, metric=metric)


def test_every_claim_that_the_tables_decide_has_a_rule():
    assert {claim for claim in ALL if claim in RULES} == set(ALL)


@EVERY_CELL
@pytest.mark.parametrize(
    ("gained", "expected"),
    [(0.0101, "supported"), (0.0099, "contradicted"), (about(0.01, 0.003), "inconclusive")],
)
def test_fe_01_wants_a_gain_of_two_deviations_of_random_sets_in_every_cell(name, metric, gained, expected):
    assert outcome("FE-01", fitness(-0.64 + gained, name=name, metric=metric)) == expected


def test_fe_01_takes_the_deviation_of_random_sets_and_tells_what_chance_gains():
    table = end(searches(), "deviation", 1.0, method=(GENETIC, ELITES))
    result = found("FE-01", table)
    assert result.estimate.value == pytest.approx(0.08 / 0.005)
    assert "Random sampling gains mnist, rmse 2.0" in result.reading
    assert result.estimate.n == 10


@EVERY_CELL
@pytest.mark.parametrize(
    ("ahead", "expected"),
    [(0.0026, "supported"), (0.0024, "contradicted"), (about(0.0025, 0.002), "inconclusive")],
)
def test_fe_02_wants_half_a_deviation_before_random_sampling(name, metric, ahead, expected):
    assert outcome("FE-02", fitness(-0.63 + ahead, name=name, metric=metric)) == expected


def test_fe_02_pairs_by_run():
    luck = about(-0.63, 0.05)
    table = fitness(luck, RANDOM)
    assert outcome("FE-02", end(table, "best", luck + 0.003, "celeba", metric="ncc", method=GENETIC)) == "supported"


@EVERY_CELL
@pytest.mark.parametrize(
    ("ahead", "expected"),
    [(0.034, "supported"), (-0.01, "supported"), (0.036, "contradicted"), (about(0.035, 0.01), "inconclusive")],
)
def test_fe_03_wants_less_than_half_the_lead_of_the_genetic_algorithm(name, metric, ahead, expected):
    assert outcome("FE-03", fitness(-0.63 + ahead, ELITES, name, metric)) == expected


@pytest.mark.parametrize("claim", ["FE-03", "FW-02"])
def test_a_share_of_no_lead_is_no_verdict(claim):
    with pytest.raises(TooSmallError, match="nothing to compare with"):
        found(claim, fitness(-0.65))


@EVERY_CELL
@pytest.mark.parametrize(
    ("elites", "expected"),
    [
        (-0.561, "supported"),
        (-0.629, "supported"),
        (-0.559, "contradicted"),
        (-0.631, "contradicted"),
        (about(-0.63, 0.01), "inconclusive"),
    ],
)
def test_fe_04_wants_map_elites_between_the_others(name, metric, elites, expected):
    assert outcome("FE-04", fitness(elites, ELITES, name, metric)) == expected


def narrowing(first, middle, last, metrics=("rmse", "ncc")):
    table = searches()
    for name, ahead in {"mnist": first, "fashion_mnist": middle, "celeba": last}.items():
        table = end(table, "best", -0.63 + np.asarray(ahead), name, method=ELITES, metric=metrics)
    return table


@pytest.mark.parametrize(
    ("leads", "expected"),
    [
        ((0.03, 0.02, 0.01), "supported"),
        ((0.03, 0.04, 0.01), "inconclusive"),
        ((0.01, 0.02, 0.03), "contradicted"),
        ((about(0.02, 0.02), 0.02, about(0.019, 0.02)), "inconclusive"),
    ],
)
def test_fe_05_wants_the_lead_to_shrink_from_digits_over_clothes_to_faces(leads, expected):
    assert outcome("FE-05", narrowing(*leads)) == expected


def test_fe_05_wants_it_for_both_metrics_and_counts_in_deviations():
    good, bad = (0.03, 0.02, 0.01), (0.01, 0.02, 0.03)
    table = narrowing(*good, metrics="rmse")
    other = narrowing(*bad, metrics="ncc")
    mixed = table.assign(best=np.where(table["metric"] == "ncc", other["best"], table["best"]))
    assert outcome("FE-05", mixed) == "contradicted"
    spread = narrowing(0.02, 0.02, 0.02)
    for name, deviation in {"mnist": 0.004, "fashion_mnist": 0.005, "celeba": 0.006}.items():
        spread = end(spread, "deviation", deviation, name)
    assert outcome("FE-05", spread) == "supported"


@pytest.mark.parametrize("column", ["sets", "images"])
@pytest.mark.parametrize("method", [GENETIC, ELITES, RANDOM])
def test_fe_25_wants_no_set_and_no_image_more_in_any_run(column, method):
    assert outcome("FE-25", searches()) == "supported"
    counts = np.where(np.arange(10) == 7, 1, 0) + float(searches()[column].max())
    assert outcome("FE-25", end(searches(), column, counts, "mnist, seed 1", method=method)) == "contradicted"


@EVERY_CELL
@pytest.mark.parametrize(
    ("late", "expected"),
    [(0.0017, "supported"), (0.0015, "contradicted"), (about(0.0016, 0.001), "inconclusive")],
)
def test_fe_27_wants_a_fiftieth_of_the_gain_in_the_last_fifth(name, metric, late, expected):
    table = put(searches(), "best", -0.56 - late, name, metric=metric, method=GENETIC, evaluated=20_000)
    assert outcome("FE-27", table) == expected


@EVERY_CELL
@pytest.mark.parametrize("method", [ELITES, RANDOM])
@pytest.mark.parametrize(
    ("gained", "expected"),
    [(0.039, "supported"), (0.041, "contradicted"), (about(0.04, 0.01), "inconclusive")],
)
def test_fw_01_wants_less_than_half_the_gain_of_the_genetic_algorithm(name, metric, method, gained, expected):
    assert outcome("FW-01", fitness(-0.64 + gained, method, name, metric)) == expected


@EVERY_CELL
@pytest.mark.parametrize(
    ("column", "by", "expected"),
    [
        ("best", 0.017, "supported"),
        ("best", -0.017, "supported"),
        ("best", 0.018, "contradicted"),
        ("best", -0.018, "contradicted"),
        ("best", about(0.0175, 0.005), "inconclusive"),
        ("spread", 0.019, "supported"),
        ("spread", -0.021, "contradicted"),
        ("spread", about(0.0, 0.1), "inconclusive"),
    ],
)
def test_fw_02_wants_fitness_and_spread_within_their_margins(name, metric, column, by, expected):
    level = {"best": -0.63, "spread": 0.9}[column]
    table = end(searches(), column, level + by, name, metric=metric, method=ELITES)
    assert outcome("FW-02", table) == expected


def spreads(table, by, **where):
    return end(table, "spread", 0.9 + by, method=GENETIC, **where)


@EVERY_CELL
@pytest.mark.parametrize(
    ("needed", "by", "expected"),
    [
        (0.19, 0.01, "supported"),
        (0.21, 0.01, "contradicted"),
        (0.19, -0.01, "contradicted"),
        (about(0.2, 0.1), 0.01, "inconclusive"),
        (0.19, about(0.0, 0.1), "inconclusive"),
    ],
)
def test_fw_03_wants_a_fifth_of_the_sets_and_more_spread(name, metric, needed, by, expected):
    table = end(spreads(searches(), 0.05), "needed", needed, name, metric=metric, method=GENETIC)
    assert outcome("FW-03", spreads(table, by, name=name, metric=metric)) == expected


@pytest.mark.parametrize("claim", ["FE-01", "FE-02", "FE-03", "FE-04", "FE-27", "FW-01", "FW-02", "FW-03"])
@pytest.mark.parametrize("name", GENERATORS)
def test_support_needs_all_four_generators(claim, name):
    whole = spreads(searches(), 0.05)
    assert outcome(claim, whole) == "supported"
    assert outcome(claim, without(whole, name)) == "inconclusive"


@pytest.mark.parametrize("claim", [claim for claim in ALL if RULES[claim][1] == ("searches",)])
def test_verdicts_do_not_hang_on_the_order_of_rows(claim):
    table = narrowing(about(0.03, 0.01), about(0.02, 0.01), about(0.01, 0.01))
    mixed = table.sample(frac=1, random_state=2)
    first, second = found(claim, table), found(claim, mixed)
    assert (first.outcome, first.estimate.value) == (second.outcome, pytest.approx(second.estimate.value))
