"""Colour images, and the evenness of classes as a fitness."""

from functools import cache

import numpy as np
import pytest
import torch

from latentlib.models.classifier import Recogniser
from studies.diversity.experiments import colour, criterion
from studies.diversity.experiments.contest import GENETIC, RANDOM, Contest
from studies.diversity.experiments.judges import ensemble
from studies.diversity.settings import Settings

TINY = Settings(scale="smoke", size=8, population=4, generations=5, repeats=2)


class Shades(torch.nn.Module):
    """Make an image of one pixel, whose shade in quarters is the class."""

    latent_size = 1

    def forward(self, latents):
        return latents.clamp(0, 1)[:, :, None, None]


def certain(images):
    """Logits of the class that an image's shade names, of four."""
    return 1000 * torch.nn.functional.one_hot((4 * images[:, 0, 0, 0]).round().long(), 4).float()


@pytest.mark.parametrize(
    ("shades", "expected"),
    [((0, 0, 0, 0), 0.0), ((0, 1, 2, 3), 1.0), ((1, 1, 3, 3), 0.5), ((0, 0, 0, 1), 0.405639)],
)
def test_evenness_is_the_entropy_of_the_mean_answer(shades, expected):
    fitness = criterion.Evenness(Shades(), Recogniser(certain, tuple("abcd")), 4)
    assert fitness(torch.tensor([[shades]]) / 4).item() == pytest.approx(expected, abs=1e-5)


def test_evenness_of_answers_in_doubt_is_that_of_their_mean():
    fitness = criterion.Evenness(Shades(), Recogniser(lambda images: torch.zeros(len(images), 4), tuple("abcd")), 4)
    assert fitness(torch.zeros(1, 1, 4)).item() == pytest.approx(1)


@cache
def table():
    return criterion.criterion(TINY)


def test_two_searches_are_judged_by_those_who_do_not_recognise():
    assert table().groupby("method")["run"].agg(list).to_dict() == {GENETIC: [0, 1], RANDOM: [0, 1]}
    assert not table().isna().any(axis=None)
    assert (table()["best"] > 0.5).all()


def test_the_deviation_is_that_of_the_first_sets_to_the_judges():
    contest = Contest(TINY)
    for run, sets in enumerate(contest.first_sets):
        views = [ensemble("mnist").of(images).measures() for images in contest.images_of(contest.sets_of(sets))]
        expected = np.std([view["evenness"] for view in views], ddof=1)
        assert table()[table()["run"] == run]["deviation"].to_numpy() == pytest.approx(expected)


def test_a_data_set_with_one_classifier_has_none_to_judge(monkeypatch):
    monkeypatch.setattr(criterion.zoo, "ENTRIES", {})
    one = criterion.replace(ensemble("mnist"), judges=ensemble("mnist").judges[:1])
    monkeypatch.setattr(criterion, "ensemble", lambda *_: one)
    with pytest.raises(ValueError, match="single classifier"):
        criterion.parties("mnist", "cpu")


def test_without_a_recogniser_the_last_judge_recognises_and_does_not_judge(monkeypatch):
    monkeypatch.setattr(criterion.zoo, "ENTRIES", {})
    recogniser, jury = criterion.parties("mnist", "cpu")
    assert (recogniser, *jury.judges) == tuple(ensemble("mnist", "cpu").judges[place] for place in (2, 0, 1))
    assert jury.real == ensemble("mnist").real[:2]


def test_colour_has_the_courses_of_two_searches():
    settings = Settings(**vars(TINY) | {"dataset": "cifar10"})
    rows = colour.colour(settings)
    ends = rows[rows["evaluated"] == 20]
    assert sorted(map(tuple, ends[["metric", "method", "run"]].to_numpy())) == sorted(
        (metric, method, run) for metric in ("rmse", "ncc") for method in (GENETIC, RANDOM) for run in range(2)
    )
    told = Contest(settings).outcome(RANDOM, "rmse", "ncc")[1].told
    some = ends[(ends["method"] == RANDOM) & (ends["metric"] == "ncc")]
    assert some["deviation"].to_numpy() == pytest.approx(told[..., 0].numpy().std(axis=1, ddof=1), rel=1e-5)
    assert some["best"].to_numpy() == pytest.approx(-told[..., 0].numpy().min(axis=1), abs=1e-6)
