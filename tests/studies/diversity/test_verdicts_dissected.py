"""FE-10, FE-11 and FE-26: each verdict follows its written rule on tables with known outcome."""

import pytest
from known_arms import (
    BEGUN,
    CHANGED,
    DESCRIPTORS,
    ELITES,
    GENES,
    GENETIC,
    MAPS,
    PAPERS,
    at_end,
    descriptors,
    dissection,
    spread,
    tuning,
)
from known_searches import GENERATORS, found, outcome, without

from latentlib.study.findings import TooSmallError

THREE = pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "celeba"])
ONE_CELL = {"method": ELITES, "bins": 1, "tournament": 3}


def chosen_and_judged(choice, judged, name):
    """A map of one cell that is by far the best setting on the runs for the choice, or not, and on those that judge."""
    return at_end(at_end(dissection(), choice, name, seed=0, **ONE_CELL), judged, name, seed=1, **ONE_CELL)


@THREE
@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        (GENES - 0.001, "supported"),
        (GENES + 0.001, "contradicted"),
        (spread(GENES, 0.01), "inconclusive"),
    ],
)
def test_fe_10_wants_the_genetic_algorithm_before_the_best_map_on_every_generator(name, judged, expected):
    table = chosen_and_judged(-0.5, judged, name)
    assert outcome("FE-10", table) == expected
    assert f"{name} 1 bins an axis with a tournament of 3" in found("FE-10", table).reading


@THREE
def test_fe_10_chooses_on_other_runs_than_it_judges(name):
    luck = chosen_and_judged(-0.7, 0.0, name)  # the best on the runs that judge, but it was not chosen
    assert outcome("FE-10", luck) == "supported"
    assert "a tournament of 3" not in found("FE-10", chosen_and_judged(-0.7, 0.0, "mnist")).reading


def test_fe_10_pairs_by_run_and_takes_no_other_rival_for_the_genetic_algorithm():
    table = at_end(chosen_and_judged(-0.5, spread(GENES - 0.001, 0.01), "celeba"), 0.0, method=GENETIC, tournament=1)
    together = at_end(table, spread(GENES, 0.01), "celeba", method=GENETIC, tournament=3)
    assert outcome("FE-10", table) == "inconclusive"
    assert outcome("FE-10", together) == "supported"
    assert found("FE-10", together).estimate.n == 5


def test_fe_10_is_of_three_generators_and_of_all_settings():
    assert outcome("FE-10", without(dissection(), "celeba")) == "inconclusive"
    assert outcome("FE-10", without(dissection(), "mnist, seed 1")) == "supported"
    table = dissection()
    with pytest.raises(TooSmallError, match="'bins': 400"):
        found("FE-10", table[table["bins"] != 400])


def tuned(metric, changed, judged, choice=-0.5):
    """A setting that gains most on the runs for the choice, and something on those that judge."""
    setting = {"metric": metric, **PAPERS, **dict([changed])}
    return at_end(at_end(tuning(), choice, seed=0, **setting), BEGUN + judged, seed=1, **setting)


@pytest.mark.parametrize("metric", ["rmse", "ncc"])
@pytest.mark.parametrize("changed", CHANGED)
@pytest.mark.parametrize(
    ("gained", "expected"),
    [(0.055, "supported"), (0.02, "supported"), (0.056, "contradicted"), (spread(0.0555, 0.01), "inconclusive")],
)
def test_fe_26_wants_nine_tenths_of_the_gain_of_the_best_other_setting(metric, changed, gained, expected):
    table = tuned(metric, changed, gained)
    assert outcome("FE-26", table) == expected
    assert f"{metric} {changed[0]} {changed[1]}" in found("FE-26", table).reading


def test_fe_26_chooses_on_other_runs_than_it_judges():
    assert outcome("FE-26", tuned("rmse", CHANGED[0], 0.5, choice=-0.6)) == "supported"


@pytest.mark.parametrize("metric", ["rmse", "ncc"])
def test_fe_26_is_contradicted_by_settings_that_gain_half_by_one_metric(metric):
    halved = at_end(tuning(), BEGUN + 0.02, metric=metric, **PAPERS)
    assert outcome("FE-26", halved) == "contradicted"


def test_fe_26_needs_all_settings_and_both_metrics():
    table = tuning()
    for lacking in (table["elites"] == 5, table["metric"] == "ncc", table["mutation_rate"] == 0.1):
        with pytest.raises(TooSmallError, match="no rows"):
            found("FE-26", table[~lacking])


HALF = (GENES - MAPS) / 2


def by(choice, gained, name=None):
    """Maps by some descriptors gain this beyond the paper's on all generators, and on one of them something else."""
    table = at_end(descriptors(), MAPS + HALF + 0.01, descriptors=choice)
    return at_end(table, MAPS + gained, name, descriptors=choice) if name else table


@pytest.mark.parametrize("choice", DESCRIPTORS)
def test_fe_11_wants_half_of_the_lead_on_every_generator_by_one_choice(choice):
    assert outcome("FE-11", by(choice, 0.0), dissection()) == "supported"
    for name in GENERATORS:
        assert outcome("FE-11", by(choice, HALF + 0.001, name), dissection()) == "supported"
        assert outcome("FE-11", by(choice, HALF - 0.001, name), dissection()) == "contradicted"
        assert outcome("FE-11", by(choice, spread(HALF, 0.005), name), dissection()) == "inconclusive"


def test_fe_11_is_contradicted_by_maps_no_better_than_the_papers_whatever_cma_mae_does():
    result = found("FE-11", descriptors(), dissection())
    assert result.outcome == "contradicted"
    assert "CMA-MAE: mnist 0.80" in result.reading
    assert "mnist, the paper's 20" in result.reading


@pytest.mark.parametrize(("scatter", "expected"), [(0.004, "supported"), (0.006, "inconclusive")])
def test_fe_11_takes_holms_level_for_three_choices(scatter, expected):
    table = by(DESCRIPTORS[0], HALF + spread(0.007, scatter), "celeba")  # at 95 % both would lie above
    assert outcome("FE-11", table, dissection()) == expected


def test_fe_11_pairs_by_run_with_the_papers_map():
    luck = spread(MAPS, 0.02)
    some = at_end(dissection(), luck, "celeba", method=ELITES, bins=100, tournament=1, offspring=1, seed=1)
    some = at_end(some, luck + 2 * HALF, "celeba", method=GENETIC, tournament=3)
    table = at_end(by(DESCRIPTORS[0], 0.0), luck + HALF + 0.001, "celeba", descriptors=DESCRIPTORS[0])
    assert outcome("FE-11", table, some) == "supported"


@pytest.mark.parametrize("name", GENERATORS)
def test_fe_11_needs_all_generators(name):
    assert outcome("FE-11", without(by(DESCRIPTORS[0], 0.0), name), dissection()) == "inconclusive"


def test_fe_11_of_no_lead_is_no_verdict():
    with pytest.raises(TooSmallError, match="nothing to compare with"):
        found("FE-11", descriptors(), at_end(dissection(), MAPS, "mnist", method=GENETIC, tournament=3))
