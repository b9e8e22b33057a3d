"""What the chapter's notebooks draw shows the numbers of its tables."""

import numpy as np
import pandas as pd
import pytest
from known_arms import BINS, CHANCE, GENES, MAPS, at_end, dissection, spread
from known_searches import ELITES
from scipy import stats

from studies.diversity.pictures import leads, resolutions

VALUES = MAPS + np.array([-1.0, 0.5, 1.0, 0.0, -0.5]) * 0.01


@pytest.fixture(scope="module")
def figure():
    """Resolutions of a table in which one setting's runs differ, and its map fills 40 cells."""
    one = {"seed": 1, "method": ELITES, "bins": 25, "tournament": 3, "offspring": 1}
    table = at_end(at_end(dissection(), spread(MAPS, 0.01), "mnist", **one), 40, "mnist", "filled", **one)
    return resolutions(table)


@pytest.fixture(scope="module")
def axes(figure):
    """Its panels, rows by data sets."""
    return np.array(figure.axes).reshape(2, 3)


def test_dots_are_the_means_of_the_runs_that_judge_with_students_interval(axes):
    _, tournament = axes[0, 0].containers
    assert tournament.lines[0].get_xdata() == pytest.approx(BINS)
    assert tournament.lines[0].get_ydata() == pytest.approx(MAPS)
    low, high = tournament.lines[2][0].get_segments()[BINS.index(25)][:, 1]
    assert (low, high) == pytest.approx(stats.t.interval(0.95, 4, VALUES.mean(), stats.sem(VALUES)))


def test_below_they_stand_at_the_cells_filled(axes):
    assert sorted(axes[1, 0].containers[1].lines[0].get_xdata()) == pytest.approx([20] * 6 + [40])


def test_rivals_are_lines_across(axes):
    for place in axes.flat:
        assert [line.get_ydata()[0] for line in place.lines if line.get_linestyle() == "--"] == [GENES, CHANCE, CHANCE]


def test_dots_say_their_values(figure, axes):
    low, high = stats.t.interval(0.95, 4, VALUES.mean(), stats.sem(VALUES))
    said = [(spot.x, spot.text) for spot in figure.spots if spot.place is axes[1, 0]]
    assert (40, f"25 bins an axis: {MAPS:.3f} [{low:.3f}, {high:.3f}]") in said


def test_leads_are_paired_by_seed_and_told_in_deviations_of_random_sets():
    ahead = {"chance": [-2.0, -1.0, -3.0], "greedy": [4.0, 6.0, 5.0]}
    methods = ("genetic algorithm", *ahead)
    table = pd.DataFrame(
        {"metric": metric, "method": method, "seed": seed, "best": 0.1 * seed + shift, "spread": -shift}
        for metric in ("rmse", "ncc")
        for method in methods
        for seed, shift in reversed(list(enumerate(ahead.get(method, [0.0, 0.0, 0.0]))))
    )
    random = pd.DataFrame({"rmse_mean": [0.0, 1.0, 2.0], "ncc_mean": [0.0, 2.0, 4.0], "spread": [0.0, 4.0, 8.0]})
    found = leads(table, random).set_index(["dot", "name"])
    assert found["value"].to_dict() == pytest.approx(
        {("RMSE", "chance"): -2, ("RMSE", "greedy"): 5, ("NCC", "chance"): -1, ("NCC", "greedy"): 2.5}
    )
    greedy = found.loc[("RMSE", "greedy"), ["low", "high"]]
    assert tuple(greedy) == pytest.approx(stats.t.interval(0.95, 2, 5, 1 / 3**0.5))
    seen = leads(table, random, "spread").set_index(["dot", "name"])["value"]
    assert seen["RMSE", "chance"] == pytest.approx(0.5)
