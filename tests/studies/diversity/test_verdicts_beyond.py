"""FE-18 and FE-19 on tables whose outcome is known."""

from itertools import product

import pandas as pd
import pytest
from known_searches import GENETIC, RANDOM, RUNS, about, end, found, outcome, searches, without

LEADS = [(0.51, "supported"), (0.49, "contradicted"), (0.0, "contradicted"), (about(0.5, 0.3), "inconclusive")]


def colour(ahead=0.6, metric="rmse"):
    """What `colour` leaves: the genetic algorithm leads by 0.6 deviations, or by something else by one metric."""
    rows = []
    for goal, method, run in product(("rmse", "ncc"), (GENETIC, RANDOM), range(RUNS)):
        lead = (method == GENETIC) * about(ahead if goal == metric else 0.6)[run]
        rows.append({"metric": goal, "method": method, "run": run, "best": -0.6 + 0.01 * lead, "deviation": 0.01})
    return pd.DataFrame(rows).assign(dataset="cifar10", replicate=0, seed=0, evaluated=25_000)


@pytest.mark.parametrize("metric", ["rmse", "ncc"])
@pytest.mark.parametrize(("ahead", "expected"), LEADS)
def test_fe_18_wants_half_a_deviation_by_both_metrics_on_both_colour_data_sets(metric, ahead, expected):
    assert outcome("FE-18", searches(), colour(ahead, metric)) == expected
    faces = end(searches(), "best", -0.63 + 0.005 * about(ahead), "celeba", method=GENETIC, metric=metric)
    assert outcome("FE-18", faces, colour()) == expected


def test_fe_18_looks_at_colour_alone_and_wants_faces_as_well():
    grey = end(searches(), "best", -0.7, "mnist", method=GENETIC)
    assert outcome("FE-18", grey, colour()) == "supported"
    assert outcome("FE-18", without(searches(), "celeba"), colour()) == "inconclusive"


def criterion(ahead=0.6, name="mnist", pleased=0.2):
    """What `criterion` leaves: sets that please the recogniser, and by some deviations the judges."""
    rows = []
    for dataset, method, run in product(("mnist", "fashion_mnist"), (GENETIC, RANDOM), range(RUNS)):
        led = method == GENETIC
        lead = about(ahead if dataset == name else 0.6)[run]
        said = {"best": 0.7 + pleased * led, "evenness": 0.8 + 0.02 * lead * led, "deviation": 0.02}
        rows.append({"dataset": dataset, "method": method, "run": run} | said)
    return pd.DataFrame(rows).assign(metric="evenness", replicate=0, seed=0, evaluated=25_000)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
@pytest.mark.parametrize(("ahead", "expected"), LEADS)
def test_fe_19_wants_the_judges_to_agree_and_not_the_recogniser_alone(name, ahead, expected):
    assert outcome("FE-19", criterion(ahead, name)) == expected


def test_fe_19_tells_how_the_recogniser_is_pleased_and_wants_both_data_sets():
    assert "mnist 0.200" in found("FE-19", criterion()).reading
    table = criterion()
    assert outcome("FE-19", table[table["dataset"] == "mnist"]) == "inconclusive"
