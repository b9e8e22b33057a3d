"""What the chapter's notebooks draw shows the numbers of its tables."""

import re

import numpy as np
import pytest
from known_draws import LOOK_ALIKES, about, amounts, contest, folds, gans, put, supervision
from scipy import stats

from studies.augmentation import pictures
from studies.augmentation.arms import ARMS, NONE, RANDOM, UNLIKE
from studies.augmentation.experiments.gans import JOINT


def drawn(container):
    """Middle and ends of the dots of a panel, from the first on."""
    middle, _, (bars,) = container.lines
    ends = np.array([segment[:, 0] for segment in bars.get_segments()])
    return np.asarray(middle.get_xdata()), ends


def students(values):
    """The mean with Student's interval."""
    return values.mean(), *stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))


def test_effects_are_paired_by_draw_and_shown_for_either_data_set():
    values = about(0.72, 0.01)
    figure = pictures.effects(put(contest(), "accuracy", values, arm=UNLIKE, dataset=LOOK_ALIKES))
    assert [place.get_title() for place in figure.axes] == ["garments that look alike", "sperm heads"]
    middle, ends = drawn(figure.axes[0].containers[0])
    place = [arm for arm in ARMS if arm != NONE].index(UNLIKE)
    assert (middle[place], *ends[place]) == pytest.approx(students(100 * (values - 0.7)))
    assert np.delete(middle, place) == pytest.approx(0, abs=1e-9)
    assert drawn(figure.axes[1].containers[0])[0][place] == pytest.approx(-50)


def test_effects_beside_another_arm():
    figure = pictures.effects(put(contest(), "accuracy", 0.69, arm=RANDOM), RANDOM, (NONE, UNLIKE))
    assert drawn(figure.axes[0].containers[0])[0] == pytest.approx([1, 1])
    assert re.findall(r"<title>([^<]*): 1.000 ", figure._repr_svg_())[:2] == [NONE, UNLIKE]


def test_stages_hold_both_directions_and_their_rivals():
    table = supervision().assign(likeness=0.6, likeness_random=0.5)
    unlike, alike = pictures.stages(table).axes[1].containers
    assert drawn(unlike)[0] == pytest.approx([0.1, 0.8, 0.9], abs=0.02)
    assert unlike.lines[0].get_ydata()[0] > alike.lines[0].get_ydata()[0]
    levels = {
        line.get_label(): line.get_xdata()[0]
        for line in pictures.stages(table).axes[1].lines
        if line.get_linestyle() in ("--", ":")
    }
    assert levels == pytest.approx({"random sets": 0.8, "originals": 0.8})


def test_as_many_runs_are_drawn_as_find_the_effect():
    table = put(folds(), "small_accuracy", about(0.7, 0.03), arm=UNLIKE)
    line = pictures.power(table).axes[0].lines[0]
    spread = 100 * about(0.7, 0.03).std(ddof=1)
    effect, runs = line.get_xdata()[20], line.get_ydata()[20]
    away = effect / spread * np.sqrt(runs)
    limit = stats.t.ppf(0.975, runs - 1)
    assert stats.nct.sf(limit, runs - 1, away) == pytest.approx(0.8, abs=0.01)


def test_amounts_rise_by_the_slope_for_every_number_of_real_images():
    few, many = pictures.amounts(amounts(slope=1.0)).axes[:2]
    assert few.get_title() != many.get_title()
    lines = {container.get_label(): container.lines[0].get_ydata() for container in few.containers}
    assert lines["40 real"] == pytest.approx(np.log2(1 + np.array([20, 40, 80, 160]) / 20))
    assert lines["10 real"] == pytest.approx(-lines["40 real"])


def test_labels_are_means_over_the_classes():
    table = put(gans(), "agreement", about(0.6, 0.1), kind=JOINT)
    agreement, nearest = pictures.labels(table).axes
    middle, ends = drawn(agreement.containers[0])
    place = [label.get_text() for label in agreement.get_yticklabels()].index(JOINT)
    assert (middle[place], *ends[place]) == pytest.approx(students(about(0.6, 0.1)))
    assert drawn(nearest.containers[0])[0][0] == pytest.approx(1.0)
