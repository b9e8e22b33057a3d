"""Rivals of the genetic algorithm: what they spend, and that they find what they say."""

from functools import cache

import numpy as np
import pytest
import torch
from skimage.metrics import structural_similarity

from latentlib.fitness.diversity import Average
from studies.diversity.experiments import rivals, timing
from studies.diversity.experiments.contest import GENETIC, Contest
from studies.diversity.experiments.evaluator import METRICS
from studies.diversity.settings import Settings

TINY = Settings(scale="smoke", size=8, population=4, generations=5)
BUDGET = 8 * 4 * 5


@cache
def table():
    return rivals.rivals(TINY)


@cache
def contest():
    return Contest(TINY)


def fitness(metric, method):
    return table().query("metric == @metric and method == @method")["best"].item()


def test_every_method_has_a_row_by_either_metric_and_no_rival_decodes_more():
    assert table().groupby("metric")["method"].agg(list).map(tuple).nunique() == 1
    decodes = table().set_index("method")["decodes"]
    assert decodes[GENETIC].tolist() == decodes["CMA-MAE"].tolist() == [BUDGET, BUDGET]
    assert decodes["greedy of 120"].tolist() == [120, 120]
    assert decodes["gradient ascent, 5 steps"].tolist() == [48, 48]
    assert (table()["decodes"] <= BUDGET).all()
    assert (table()["took"] > 0).all()
    assert not table().isna().any(axis=None)


@pytest.mark.parametrize("metric", METRICS)
def test_the_genetic_algorithm_is_that_of_the_searches(metric):
    assert fitness(metric, GENETIC) == pytest.approx(float(contest().outcome(GENETIC, metric)[0].course[0, -1]))


@pytest.mark.parametrize("metric", METRICS)
def test_a_greedy_choice_is_the_fitter_the_more_there_is_to_choose_from(metric):
    first = contest().images_of(contest().sets_of(contest().first_sets[0]))
    assert (
        fitness(metric, "greedy of 120") > fitness(metric, "greedy of 40") > -float(Average(METRICS[metric])(first)[0])
    )


def test_a_large_pool_is_decoded_in_half_precision(monkeypatch):
    latents = torch.randn(450, 100, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = contest().generator(latents)
        assert rivals.decoded(contest(), latents).numpy() == pytest.approx(expected.numpy(), abs=1e-6)
        monkeypatch.setattr(rivals, "LARGE", 400)
        images = rivals.decoded(contest(), latents)
    assert images.dtype == torch.float16
    assert images.float().numpy() == pytest.approx(expected.numpy(), abs=1e-3)


def test_a_pool_is_as_many_different_latents_as_asked_for():
    chosen, count = rivals.picked(contest(), "rmse", lambda pool, size: list(range(len(pool.pixels))), 203)
    assert tuple(chosen.shape) == (203, 100)
    assert count == 203
    assert len(chosen.unique(dim=0)) == 203


@pytest.mark.parametrize("metric", METRICS)
def test_gradient_ascent_climbs_and_holds_the_norm(metric):
    short, decodes = rivals.ascended(contest(), metric, 1)
    assert decodes == 16
    assert short.norm(dim=1).numpy() == pytest.approx(np.full(8, 10.0), rel=1e-5)
    said = -float(Average(METRICS[metric])(contest().images_of(short[None]))[0])
    assert fitness(metric, "gradient ascent, 5 steps") > said


@pytest.mark.parametrize("metric", METRICS)
def test_cma_mae_is_no_worse_than_where_it_begins_and_repeats(metric):
    one, other = (rivals.illuminated(contest(), metric)[0] for _ in range(2))
    assert torch.equal(one, other)
    evaluator = contest().evaluator(metric)
    near = contest().first_sets[0, :1] + 0.2 * torch.randn(20, 800, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        evaluator(near[None])
    assert fitness(metric, "CMA-MAE") > float(evaluator.best[metric].fitness) - 0.02


def test_generous_sampling_judges_fifty_times_the_sets():
    found = rivals.generous(TINY).set_index(["metric", "method"])
    for metric, outcome in zip(METRICS, contest().outcome("random sampling", *METRICS), strict=True):
        row = found.loc[(metric, "random sampling, 50 times")]
        assert row["decodes"] == 50 * BUDGET
        assert row["best"] >= float(outcome.course[0, -1]) - 1e-6
        for method in ("greedy of 160", "gradient ascent, 19 steps"):
            assert found.loc[(metric, method), "decodes"] == BUDGET


@pytest.mark.parametrize("metric", METRICS)
def test_a_plain_loop_is_what_the_gram_matrix_makes_fast(metric):
    images = torch.rand(6, 1, 4, 4)
    plain = timing.looped(images.numpy(), timing.PLAIN[metric])
    assert plain == pytest.approx(float(Average(METRICS[metric])(images[None])), abs=1e-6)


def test_structural_similarity_of_pairs_is_that_of_scikit_image():
    images = torch.rand(4, 1, 9, 9)
    each = [
        structural_similarity(a[0], b[0], data_range=1.0)
        for place, a in enumerate(images.numpy())
        for b in images.numpy()[:place]
    ]
    assert float(timing.structural(images)) == pytest.approx(np.mean(each), abs=1e-5)


def test_every_work_is_timed_as_often_and_threads_are_given_back():
    threads = torch.get_num_threads()
    found = timing.timing(TINY)
    assert torch.get_num_threads() == threads
    assert found["work"].nunique() == 7
    assert (found.groupby("work")["repeat"].agg(list).map(len) == timing.REPEATS).all()
    assert (found["took"] > 0).all()
