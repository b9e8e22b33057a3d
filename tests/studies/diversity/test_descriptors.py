"""Maps by what sets of images show, and CMA-MAE, at equal evaluations from the same first sets."""

import math
from dataclasses import replace
from functools import cache

import pytest
import torch

from latentlib import zoo
from latentlib.evolution import Grid
from studies.diversity.experiments.appearance import Seeing, brightness, entropy, main_directions, stroke_width
from studies.diversity.experiments.contest import Contest
from studies.diversity.experiments.descriptors import CMA, OTHERS, Describing, Mapped, descriptors, mapped, reach
from studies.diversity.experiments.dissection import Arm, dissection

SMALL = Mapped(scale="smoke", size=8, population=4, generations=5, repeats=2, sets=20)
MAPS = [SMALL, *(replace(SMALL, descriptors=name) for name in OTHERS), replace(SMALL, method=CMA)]


@cache
def table(settings):
    return descriptors(settings)


def test_the_papers_map_is_that_of_the_dissection():
    known = dissection(Arm(scale="smoke", size=8, population=4, generations=5, repeats=2))
    assert table(SMALL)[known.columns].to_csv() == known.to_csv()


@pytest.mark.parametrize("settings", MAPS[1:])
def test_every_map_is_another_search_from_the_same_sets(settings):
    papers, other = table(SMALL), table(settings)
    first = other["evaluated"] == 4
    assert other["evaluated"].tolist() == papers["evaluated"].tolist()
    assert other[first]["best"].to_numpy() == pytest.approx(papers[first]["best"].to_numpy(), abs=1e-6)
    assert other["best"].tolist() != papers["best"].tolist()
    assert (other["filled"] <= other["evaluated"]).all()
    assert other["length"].notna().sum() == 2


@pytest.mark.parametrize("name", OTHERS)
def test_a_map_reaches_beyond_the_random_sets_that_it_was_made_for(name):
    contest = Contest(SMALL)
    measures, grid = mapped(contest, replace(SMALL, descriptors=name))
    assert grid.bins == (100, 100)
    evaluator = Describing(contest, measures)
    evaluator(contest.first_sets)
    assert evaluator.placed().shape == (2, 4, 2)
    for axis, (low, high) in enumerate(grid.ranges):
        places = evaluator.placed()[..., axis]
        assert low < float(places.min()) < float(places.max()) < high
    assert len(grid.cells_of(evaluator.placed().flatten(0, 1)).unique()) > 1


def test_a_range_is_widened_by_twice_itself_on_either_side():
    assert reach(torch.tensor([1.0, 3.0, 2.0])) == (-3.0, 7.0)
    assert Grid((1,), (reach(torch.tensor([0.0, 1.0])),)).cells == 1


@pytest.mark.parametrize("width", [1, 2, 4])
def test_a_long_stroke_is_as_wide_as_it_is(width):
    image = torch.zeros(1, 2, 1, 400, 8)
    image[0, 0, 0, 2:398, 2 : 2 + width] = 0.9
    image[0, 1] = 0.4  # no object
    expected = 2 * 396 * width / (2 * 396 + 2 * width) / 2
    assert stroke_width(image).item() == pytest.approx(expected)
    assert 2 * expected == pytest.approx(width, rel=0.02)


def test_brightness_and_entropy_in_closed_form():
    assert brightness(torch.tensor([0.2, 0.6]).view(1, 2, 1, 1, 1)).item() == pytest.approx(0.4)
    assert entropy(torch.tensor([[0.25] * 4, [1.0, 0, 0, 0], [0.5, 0.5, 0, 0]])).tolist() == pytest.approx([1, 0, 0.5])


@pytest.mark.parametrize("dataset", ["mnist", "celeba"])
def test_a_judge_sees_the_entropy_of_its_mean_answer(dataset):
    judge = zoo.load(f"judge/{dataset}")
    images = torch.rand(2, 5, *judge.image_shape, generator=torch.Generator().manual_seed(0))
    found = Seeing(judge).entropy(images)
    for some, value in zip(images, found.tolist(), strict=True):
        with torch.no_grad():
            shares = judge.probabilities(some).double().mean(dim=0).tolist()
        if judge.exclusive:
            expected = -sum(p * math.log(p) for p in shares) / math.log(len(shares))
        else:
            expected = -sum(p * math.log2(p) + (1 - p) * math.log2(1 - p) for p in shares) / len(shares)
        assert value == pytest.approx(expected, abs=1e-5)


def test_the_main_directions_are_those_of_the_largest_spread():
    points = torch.randn(500, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([0.1, 5.0, 1.0])
    assert main_directions(points, 2).abs().argmax(dim=1).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("wrong", "words"), [({"descriptors": "age"}, "descriptors must"), ({"method": "GA"}, "method")]
)
def test_settings_out_of_range_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        replace(SMALL, **wrong)
