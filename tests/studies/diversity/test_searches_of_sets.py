"""The three searches: what they share, what they spend, and what is told of them."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
import torch

from latentlib.evolution import RandomSearch
from latentlib.fitness import Diversity
from studies.diversity import settings
from studies.diversity.experiments import searches
from studies.diversity.experiments.contest import ELITES, FIRST, GENETIC, RANDOM, Contest
from studies.diversity.experiments.evaluator import METRICS, Evaluator
from studies.diversity.experiments.searches import checkpoints
from studies.diversity.settings import Settings

TINY = Settings(scale="smoke", size=8, population=4, generations=5, repeats=2)
SEARCHES = [("rmse", GENETIC), ("rmse", ELITES), ("ncc", GENETIC), ("ncc", ELITES), ("rmse", RANDOM), ("ncc", RANDOM)]


@cache
def contest():
    return Contest(TINY)


@cache
def outcomes():
    return contest().outcomes()


@cache
def table():
    return searches.searches(TINY)


def scored(sets, metric):
    """The fitness of sets of latents (n, size, genes), judged anew."""
    fitness = Diversity(contest().generator, TINY.size, METRICS[metric])
    with torch.no_grad():
        return fitness(sets.flatten(1)[None])[0]


def test_all_searches_judge_equally_many_sets_and_images():
    assert set(outcomes()) == set(SEARCHES)
    for outcome in outcomes().values():
        assert tuple(outcome.told.shape) == (2, 20, 2)
        assert outcome.images.tolist() == [160, 160]


@pytest.mark.parametrize("key", SEARCHES)
def test_all_searches_begin_with_the_same_sets(key):
    firsts = contest().first_sets
    expected = torch.stack([scored(contest().sets_of(sets), key[0]) for sets in firsts])
    assert outcomes()[key].told[:, :4, 0].neg().float().numpy() == pytest.approx(expected.numpy(), abs=1e-6)
    assert not torch.equal(firsts[0], firsts[1])


@pytest.mark.parametrize("key", SEARCHES)
def test_the_best_set_has_the_fitness_in_which_the_course_ends(key):
    outcome = outcomes()[key]
    assert scored(outcome.best, key[0]).numpy() == pytest.approx(outcome.course[:, -1].numpy(), abs=1e-6)
    assert (outcome.course.diff(dim=1) >= 0).all()


def test_random_sampling_draws_fresh_sets_and_by_either_metric_the_same():
    told = outcomes()["rmse", RANDOM].told
    assert len(torch.unique(told[..., 0])) == 40, "no set is drawn twice, nor in two runs"
    alone = contest().evaluator("ncc")
    contest().random(alone)
    assert torch.equal(alone.told("ncc"), outcomes()["ncc", RANDOM].told)


def test_the_evaluator_tells_sets_in_the_order_of_judging_by_run():
    evaluator = contest().evaluator("rmse", ("ncc",))
    latents, run = torch.randn(5, evaluator.genes), torch.tensor([0, 1, 0, 1, 1])
    with torch.no_grad():
        for some in ([0, 1], [2, 3]):
            evaluator.rows(latents[some], run[some])
    for name in ("rmse", "ncc"):
        expected = -scored(contest().sets_of(latents[:4]), name)[[0, 2, 1, 3]].view(2, 2)
        assert evaluator.told(name)[..., 0].numpy() == pytest.approx(expected.numpy(), abs=1e-6)
        best = evaluator.best[name]
        assert best.fitness.numpy() == pytest.approx((-expected).amax(dim=1).numpy(), abs=1e-6)
        assert all(row in latents[:4] for row in best.latents)


class Black(torch.nn.Module):
    """Make black images of latents that begin below 0."""

    latent_size = 2

    def forward(self, latents):
        shown = (latents[:, :1] > 0) * latents[:, 1:].sigmoid()
        return shown[:, :, None, None].expand(-1, 1, 2, 2)


def test_a_set_with_a_black_image_has_no_fitness_and_is_never_the_best():
    evaluator = Evaluator(Black(), "ncc", 2)
    values = evaluator(torch.tensor([[[1.0, 1, -1, 1], [1, 1, 1, 1]]]))
    assert values[0, 0] == -torch.inf
    assert evaluator.best["ncc"].fitness[0] == values[0, 1] > -torch.inf
    assert evaluator.told("ncc")[0, 0].isnan().all()


def test_a_course_is_told_at_thirty_numbers_that_hold_those_of_the_rules():
    numbers = checkpoints(50, 25_000)
    assert len(numbers) == 30
    assert {50, 12_000, 20_000, 25_000} <= set(numbers)
    assert checkpoints(4, 20)[0] == 4
    assert checkpoints(4, 20)[-1] == 20


def test_a_table_has_courses_ends_and_first_sets():
    counts = table().groupby("method").size()
    points = len(checkpoints(4, 20))
    assert counts.to_dict() == {GENETIC: 4 * points, ELITES: 4 * points, RANDOM: 4 * points, FIRST: 4}
    last = table()[table()["evaluated"] == 20]
    assert len(last) == 12
    told = last.drop(columns=["less_fit"])  # of tiny maps, often nothing lies farther out
    assert not told.isna().any(axis=None)
    assert (last["sets"] == 20).all()
    assert (last["images"] == 160).all()
    before = table()[(table()["evaluated"] < 20) & (table()["method"] != FIRST)]
    assert before["spread"].isna().all()


def test_what_is_told_of_the_best_set_is_its_fitness():
    last = table()[table()["evaluated"] == 20]
    for metric, rows in last.groupby("metric"):
        assert rows[f"by_{metric}"].to_numpy() == pytest.approx(rows["best"].to_numpy(), abs=1e-6)


def test_needed_is_when_a_search_is_as_fit_as_random_sampling_in_the_end():
    last = table()[table()["evaluated"] == 20].set_index(["metric", "method", "run"])
    for metric, method in SEARCHES:
        for run in range(2):
            goal = float(outcomes()[metric, RANDOM].told[run, :, 0].min())
            reached = [n for n, mean in enumerate(outcomes()[metric, method].told[run, :, 0].tolist()) if mean <= goal]
            expected = (reached[0] + 1) / 20 if reached else 1.0
            assert last.loc[(metric, method, run), "needed"] == expected


def test_distances_between_best_sets_are_mutual():
    last = table()[table()["evaluated"] == 20]
    assert (last.groupby(["metric", "method"])["seeds_apart"].nunique() == 1).all()
    assert (last.groupby(["method", "run"])["metrics_apart"].nunique() == 1).all()
    wide = last.pivot_table(index=["metric", "run"], columns="method", values="approaches_apart")
    assert (2 * wide.max(axis=1) <= wide.sum(axis=1) + 1e-9).all(), "means of two sides of a triangle each"
    alone = searches.searches(Settings(scale="smoke", size=8, population=3, generations=2))
    assert alone["seeds_apart"].isna().all()


def test_first_sets_are_told_by_their_means():
    rows = table()[table()["method"] == FIRST]
    means = [scored(contest().sets_of(sets), "ncc").mean() for sets in contest().first_sets]
    assert rows[rows["metric"] == "rmse"]["by_ncc"].to_numpy() == pytest.approx(np.array(means), abs=1e-6)


def test_the_same_settings_give_the_same_table():
    pd.testing.assert_frame_equal(searches.searches(TINY), table())


def test_random_sampling_is_that_of_the_library():
    fitness = Diversity(contest().generator, TINY.size, METRICS["rmse"], runs=2)
    run = RandomSearch(4).search(fitness, 160, TINY.seed, initial=contest().first_sets)
    assert torch.equal(run.best.fitness, outcomes()["rmse", RANDOM].course[:, -1])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"dataset": "imagenet"}, "dataset must be one of"),
        ({"replicate": 5}, "model must be one of"),
        ({"size": 7}, "size must be"),
        ({"population": 2}, "population must be"),
        ({"generations": 1}, "generations must be"),
    ],
)
def test_settings_out_of_range_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Settings(**wrong)


def test_the_settings_name_the_metrics_that_there_are():
    assert tuple(METRICS) == settings.METRICS
