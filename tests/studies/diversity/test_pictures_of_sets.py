"""What the chapter's notebooks draw shows the numbers of its tables."""

import numpy as np
import pytest
from known_arms import BINS, CHANCE, GENES, MAPS, at_end, dissection, spread
from known_searches import ELITES
from scipy import stats

from studies.diversity.pictures import resolutions

VALUES = MAPS + np.array([-1.0, 0.5, 1.0, 0.0, -0.5]) * 0.01


@pytest.fixture(scope="module")
def axes():
    """The panels of a table in which one setting's runs differ, and its map fills 40 cells."""
    one = {"seed": 1, "method": ELITES, "bins": 25, "tournament": 3, "offspring": 1}
    table = at_end(at_end(dissection(), spread(MAPS, 0.01), "mnist", **one), 40, "mnist", "filled", **one)
    return np.array(resolutions(table).axes).reshape(2, 3)


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
