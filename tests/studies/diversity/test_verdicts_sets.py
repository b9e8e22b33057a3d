"""FE-06 to FE-09, FE-12 to FE-17, FE-22 to FE-24, FE-28 to FE-30, FW-04: rules on tables whose outcome is known."""

import numpy as np
import pandas as pd
import pytest
from known_searches import (
    ELITES,
    FIRST,
    GENERATORS,
    GENETIC,
    RANDOM,
    about,
    controls,
    end,
    found,
    outcome,
    pooled,
    put,
    random_sets,
    searches,
    without,
)
from scipy import stats

from latentlib.study.findings import TooSmallError
from studies.diversity.experiments.equations import listed
from studies.diversity.verdicts.look import apart_over_seeds

EVERY_CELL = pytest.mark.parametrize(("name", "metric"), [(name, m) for name in GENERATORS for m in ("rmse", "ncc")])
NAMES = pytest.mark.parametrize("name", GENERATORS)
OUTCOMES = ("supported", "contradicted", "inconclusive")


@EVERY_CELL
@pytest.mark.parametrize(
    ("half", "last", "expected"),
    [
        (340, 504, "supported"),  # of 505
        (500, 506, "contradicted"),
        (200, 299, "supported"),
        (200, 301, "contradicted"),
        (200, about(300, 50), "inconclusive"),
        (450, about(505, 50), "inconclusive"),
    ],
)
def test_fe_06_wants_a_tenth_of_the_cells_and_half_the_growth(name, metric, half, last, expected):
    table = put(searches(), "filled", half, name, metric=metric, method=ELITES, evaluated=12_000)
    assert outcome("FE-06", end(table, "filled", last, name, metric=metric, method=ELITES)) == expected


def test_fe_06_tells_the_growth_of_a_map_that_fills_at_random():
    rate = -np.log(1 - 200 / 5050) / 12_000
    expected = (np.exp(-12_000 * rate) - np.exp(-25_000 * rate)) / (200 / 5050)
    assert f"mnist, rmse {expected:.2f}" in found("FE-06", searches()).reading.split("equally likely: ")[1]


@EVERY_CELL
@pytest.mark.parametrize(("claim", "column", "threshold"), [("FE-07", "cluster", 0.9), ("FE-08", "less_fit", 0.5)])
def test_fe_07_and_fe_08_want_their_share_in_every_cell(claim, column, threshold, name, metric):
    for value, expected in zip((threshold + 0.01, threshold - 0.01, about(threshold, 0.2)), OUTCOMES, strict=True):
        table = end(searches(), column, value, name, metric=metric, method=ELITES)
        assert outcome(claim, table) == expected
    chance = end(searches(), column, 0.123, name, metric=metric, method=RANDOM)
    assert "0.123" in found(claim, chance).reading


def test_fe_08_leaves_out_runs_without_a_cell_farther_out():
    some = np.where(np.arange(10) < 3, np.nan, 0.6)
    result = found("FE-08", end(searches(), "less_fit", some, "mnist", metric="rmse", method=ELITES))
    assert (result.outcome, result.estimate.n) == ("supported", 7)
    with pytest.raises(TooSmallError, match="0 of 10 runs"):
        found("FE-08", end(searches(), "less_fit", np.nan, "mnist", metric="rmse", method=ELITES))


@pytest.mark.parametrize(
    ("cells", "stayed", "expected"),
    [
        (9.9, 0.51, "supported"),
        (10.1, 0.51, "contradicted"),
        (9.9, 0.49, "contradicted"),
        (about(10, 3), 0.6, "inconclusive"),
        (5, about(0.5, 0.2), "inconclusive"),
    ],
)
def test_fe_09_compares_the_first_cells_of_faces_under_ncc_with_all_others(cells, stayed, expected):
    table = end(searches(), "first_filled", cells, "celeba", metric="ncc")
    table = end(table, "stayed", 0.0)
    assert outcome("FE-09", end(table, "stayed", stayed, "celeba", metric="ncc", method=ELITES)) == expected


@NAMES
@pytest.mark.parametrize("column", ["approaches_apart", "metrics_apart"])
@pytest.mark.parametrize(
    ("apart", "expected"), [(0.56, "supported"), (0.54, "contradicted"), (about(0.55, 0.1), "inconclusive")]
)
def test_fe_12_wants_a_tenth_more_than_between_two_seeds(name, column, apart, expected):
    result = found("FE-12", end(searches(), column, apart, name))
    assert result.outcome == expected
    assert result.estimate.n == 10


def test_fe_12_leaves_out_all_pairs_of_a_run():
    rng = np.random.default_rng(0)
    points, others = rng.normal(size=(5, 3)), rng.uniform(1, 2, 5)
    distances = np.linalg.norm(points[:, None] - points, axis=-1)
    ratios = [
        others[kept].mean() / distances[np.ix_(kept, kept)].sum() * len(kept) * (len(kept) - 1)
        for kept in (np.delete(np.arange(5), run) for run in range(5))
    ]
    group = np.column_stack([distances.sum(axis=1) / 4, others])
    estimate = apart_over_seeds([group])
    assert estimate.value == pytest.approx(others.mean() / distances.sum() * 20)
    error = np.sqrt(4 / 5 * ((np.array(ratios) - np.mean(ratios)) ** 2).sum())
    assert estimate.high - estimate.low == pytest.approx(2 * stats.t.ppf(0.975, 4) * error)


def test_fe_12_needs_more_than_one_pair_of_runs():
    pair = searches()[(searches()["seed"] == 0) & (searches()["run"] < 2)]
    with pytest.raises(TooSmallError, match="undefined"):
        found("FE-12", pair)


OVERLAPS = [(0.19, "supported"), (0.21, "contradicted"), (about(0.2, 0.1), "inconclusive")]


def evolved(column, value, name, table=None):
    return end(searches() if table is None else table, column, value, name, metric="rmse", method=GENETIC)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
@pytest.mark.parametrize(("overlap", "expected"), OVERLAPS)
def test_fe_13_compares_with_random_sets_as_bright(name, overlap, expected):
    table = evolved("overlap", 0.1, ("mnist", "fashion_mnist")[name == "mnist"])
    assert outcome("FE-13", evolved("overlap", overlap, name, table), controls()) == expected


def test_fe_13_takes_the_fifty_nearest_in_brightness():
    table = evolved("brightness", 0.6, "fashion_mnist", evolved("overlap", 0.1, "mnist"))
    assert outcome("FE-13", evolved("overlap", 0.55, "fashion_mnist", table), controls()) == "supported"
    with pytest.raises(TooSmallError, match="fewer than 50 controls"):
        found("FE-13", searches(), controls()[controls()["set"] < 49])


@pytest.mark.parametrize("overlap", [0.1, 0.55])
def test_controls_that_are_not_as_bright_decide_nothing(overlap):
    table = evolved("overlap", overlap, "mnist", evolved("overlap", overlap, "fashion_mnist"))
    table = evolved("brightness", 0.99, "mnist", table)
    assert outcome("FE-13", table, controls()) == "inconclusive"
    assert outcome("FW-04", contrasting(table), controls()) == "inconclusive"


def test_fw_04_is_contradicted_by_contrast_without_faces_too():
    table = contrasting(without(searches(), "celeba"), brightness_spread=0.01)
    assert outcome("FW-04", table, controls()) == "contradicted"


def contrasting(table, **values):
    for column, value in ({"brightness_spread": 0.06, "contrast": 0.8} | values).items():
        table = end(table, column, value, metric="ncc", method=GENETIC)
    return table


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "celeba"])
@pytest.mark.parametrize(("column", "level"), [("brightness_spread", 0.05), ("contrast", 0.7)])
def test_fe_14_wants_more_contrast_by_ncc_in_both_senses(name, column, level):
    for value, expected in zip((level + 0.01, level - 0.01, about(level, 0.1)), OUTCOMES, strict=True):
        table = contrasting(searches())
        assert outcome("FE-14", end(table, column, value, name, metric="ncc", method=GENETIC)) == expected


@pytest.mark.parametrize(
    ("column", "name", "metric", "good", "bad"),
    [
        ("overlap", "mnist", "rmse", 0.19, 0.21),
        ("border", "celeba", "rmse", 0.06, 0.04),
        ("contrast", "fashion_mnist", "ncc", 0.71, 0.69),
    ],
)
def test_fw_04_wants_overlap_borders_and_contrast(column, name, metric, good, bad):
    table = contrasting(searches())
    for dataset in ("mnist", "fashion_mnist"):
        table = evolved("overlap", 0.1, dataset, table)
    for value, expected in ((good, "supported"), (bad, "contradicted"), (about((good + bad) / 2, 0.3), "inconclusive")):
        some = end(table, column, value, name, metric=metric, method=GENETIC)
        assert outcome("FW-04", some, controls()) == expected


@EVERY_CELL
@pytest.mark.parametrize(("column", "level"), [("spread", 0.9), ("vendi", 6.0)])
@pytest.mark.parametrize("rival", [ELITES, RANDOM])
def test_fe_15_wants_more_spread_and_vendi_than_both_rivals(name, metric, column, level, rival):
    table = searches()
    for measure, more in (("spread", 0.95), ("vendi", 6.5)):
        table = end(table, measure, more, method=GENETIC)
    assert outcome("FE-15", table) == "supported"
    best = {"spread": 0.95, "vendi": 6.5}[column]
    for value, expected in zip((level + 0.01, best + 0.01, about(best, 0.1)), OUTCOMES, strict=True):
        assert outcome("FE-15", end(table, column, value, name, metric=metric, method=rival)) == expected


def agreeing(name, metric, mean):
    table = random_sets().copy()
    chosen = (table["dataset"] == GENERATORS[name][0]) & (table["replicate"] == GENERATORS[name][1])
    table.loc[chosen, f"{metric}_mean"] = mean(table[chosen])
    return table


@EVERY_CELL
@pytest.mark.parametrize(
    ("mean", "expected"),
    [
        (lambda some: -some["spread"] - 0.5 * some["brightness"], "supported"),
        (lambda some: some["spread"], "contradicted"),
        (lambda some: -0.5 * some["spread"] + some["rmse_maximum"], "inconclusive"),
    ],
)
def test_fe_16_wants_agreement_that_brightness_does_not_explain(name, metric, mean, expected):
    assert outcome("FE-16", agreeing(name, metric, mean)) == expected


def test_fe_16_is_not_won_by_brightness_which_both_follow():
    table = agreeing("mnist", "rmse", lambda some: -some["brightness"] - 0.2 * some["rmse_maximum"])
    first = (table["dataset"] == "mnist") & (table["replicate"] == 0)
    noise = np.random.default_rng(5).random(first.sum())
    table.loc[first, "spread"] = table.loc[first, "brightness"] + 0.2 * noise
    table.loc[first, "ncc_mean"] = -table.loc[first, "spread"]
    result = found("FE-16", table)
    assert result.outcome != "supported"
    assert abs(result.estimate.value) < 0.3
    assert float(result.reading.split("Raw: mnist, rmse ")[1][:4]) > 0.9


def test_fe_16_is_a_partial_rank_correlation():
    table = agreeing("mnist", "rmse", lambda some: -0.5 * some["spread"] + some["rmse_maximum"])
    some = table[(table["dataset"] == "mnist") & (table["replicate"] == 0)]
    ranks = some.assign(diversity=-some["rmse_mean"])[["diversity", "spread", "brightness"]].rank()
    inverse = np.linalg.inv(ranks.corr().to_numpy())
    expected = -inverse[0, 1] / np.sqrt(inverse[0, 0] * inverse[1, 1])
    assert found("FE-16", table).estimate.value == pytest.approx(expected)


def gaining(table, goal, other, share, name=None):
    """Sets evolved by `other` gain 0.1 in it, and those by `goal` a share of that."""
    first = {"rmse": -0.64, "ncc": -0.41}[other]
    table = end(table, f"by_{other}", first + 0.1, name, metric=other, method=GENETIC)
    return end(table, f"by_{other}", first + 0.1 * np.asarray(share), name, metric=goal, method=GENETIC)


@NAMES
@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (0.49, 0.49, "supported"),
        (0.49, -1.0, "supported"),
        (0.51, 0.51, "contradicted"),
        (0.51, 0.49, "inconclusive"),
        (0.2, about(0.5, 0.3), "inconclusive"),
    ],
)
def test_fe_17_wants_less_than_half_the_gain_in_either_direction(name, one, two, expected):
    table = gaining(gaining(searches(), "rmse", "ncc", 0.1), "ncc", "rmse", 0.1)
    table = gaining(gaining(table, "rmse", "ncc", one, name), "ncc", "rmse", two, name)
    assert outcome("FE-17", table) == expected


def pairs(true):
    printed = np.arange(40.0)
    tables = [pd.DataFrame({"printed": printed, "true": printed, "itself": 0.0}) for _ in range(3)]
    tables[1]["true"] = true
    names = ("mnist", "fashion_mnist", "celeba")
    return pd.concat([table.assign(dataset=name, replicate=0) for name, table in zip(names, tables, strict=True)])


@pytest.mark.parametrize(
    ("true", "expected"),
    [
        (np.arange(40.0), "supported"),
        (-np.arange(40.0), "contradicted"),
        (np.random.default_rng(0).permutation(40), "inconclusive"),
    ],
)
def test_fe_22_wants_equation_2_to_rise_with_the_true_correlation_everywhere(true, expected):
    result = found("FE-22", pairs(true))
    assert result.outcome == expected
    assert "Of an image with itself it is 0.000." in result.reading


@pytest.mark.parametrize(("outside", "expected"), [(0, "supported"), (1, "contradicted")])
def test_fe_23_wants_no_pair_outside(outside, expected):
    rows = [("mnist", 0), ("fashion_mnist", 0), ("celeba", outside)]
    table = pd.DataFrame(rows, columns=["dataset", "outside"]).assign(replicate=0, pairs=19_900, least=0.1, most=0.9)
    assert outcome("FE-23", table) == expected
    if not outside:
        assert outcome("FE-23", table[:2]) == "inconclusive"


def test_fe_24_takes_the_listed_network():
    assert outcome("FE-24", listed()) == "contradicted"
    assert outcome("FE-24", listed().assign(network=["repaired", "listed"])) == "supported"


@EVERY_CELL
@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (0.09, "supported"),
        (-0.09, "supported"),
        (-0.11, "contradicted"),
        (0.11, "inconclusive"),  # surer than of random sets is not off the manifold
        (about(-0.1, 0.05), "inconclusive"),
    ],
)
def test_fe_28_wants_judges_as_sure_of_evolved_images_as_of_random_ones(name, metric, by, expected):
    table = put(searches(), "sure", 0.7, name, metric=metric, method=FIRST)
    assert outcome("FE-28", end(table, "sure", 0.7 + by, name, metric=metric, method=GENETIC), pooled()) == expected


@EVERY_CELL
@pytest.mark.parametrize(
    ("filled", "expected"), [(506, "supported"), (504, "contradicted"), (about(505, 50), "inconclusive")]
)
def test_fe_29_wants_the_genetic_algorithm_to_visit_a_tenth_of_the_map(name, metric, filled, expected):
    table = end(searches(), "filled", 600, method=GENETIC)
    table = end(table, "filled", filled, name, metric=metric, method=GENETIC)
    assert outcome("FE-29", random_sets(), table) == expected


@pytest.mark.parametrize("sign", [1, -1])
def test_fe_29_wants_axes_that_hardly_correlate(sign):
    table = end(searches(), "filled", 600, method=GENETIC)
    for mixed, expected in ((0.1, "supported"), (2.0, "contradicted"), (0.6, "inconclusive")):
        sets = agreeing(
            "celeba", "ncc", lambda some, mixed=mixed: some["ncc_mean"] + sign * mixed * some["ncc_maximum"]
        )
        assert outcome("FE-29", sets, table) == expected


@pytest.mark.parametrize("metric", ["rmse", "ncc"])
def test_fe_30_wants_one_metric_to_uncover_what_no_judge_is_sure_of_on_every_generator(metric):
    table = end(searches(), "unsure", 0.09, metric=metric, method=GENETIC)
    assert outcome("FE-30", table) == "supported"
    assert outcome("FE-30", without(table, "celeba")) == "inconclusive"
    assert outcome("FE-30", end(table, "unsure", 0.03, "celeba", metric=metric, method=GENETIC)) == "inconclusive"
    assert outcome("FE-30", searches()) == "contradicted"
    assert (
        outcome("FE-30", end(searches(), "unsure", about(0.08, 0.1), metric=metric, method=GENETIC)) == "inconclusive"
    )
