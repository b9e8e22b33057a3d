"""Pools of final sets, best sets and heat maps, against what is worked out anew from the searches."""

from functools import cache

import numpy as np
import pytest
import torch

from latentlib import data
from latentlib.fitness import Diversity
from latentlib.study import realism
from studies.diversity.experiments import pooled, shown
from studies.diversity.experiments.contest import GENETIC, Contest
from studies.diversity.experiments.evaluator import METRICS
from studies.diversity.experiments.judges import ensemble
from studies.diversity.settings import Settings

TINY = Settings(scale="smoke", size=8, population=4, generations=5, repeats=2)
POOLS = pooled.Pools(**vars(TINY), seeds=2, draws=3)


@cache
def pools():
    return pooled.pooled(POOLS)


@cache
def outcomes(seed=0):
    return Contest(Settings(**vars(TINY) | {"seed": seed})).outcomes()


@cache
def final_images(metric="ncc"):
    latents = torch.cat([outcomes(seed)[metric, GENETIC].best for seed in range(2)])
    return Contest(TINY).images_of(latents)


def test_every_search_has_a_pool_of_all_runs_and_one_without_each():
    table = pools()[pools()["metric"] != "none"]
    for _, rows in table.groupby(["metric", "method"]):
        assert rows["left_out"].tolist() == [-1, 0, 1, 2, 3]
        assert rows["images"].tolist() == [32, 24, 24, 24, 24]


@pytest.mark.parametrize("left", [-1, 0, 3])
def test_the_distance_of_a_pool_is_the_mean_of_the_judges(left):
    rows = pools().query(f"metric == 'ncc' and method == '{GENETIC}' and left_out == {left}")
    some = torch.cat([images for run, images in enumerate(final_images()) if run != left])
    reference = pooled.halves(POOLS)[0]
    expected = np.mean([realism.fid(judge, some, reference) for judge in ensemble("mnist").judges])
    assert rows["fid"].item() == pytest.approx(expected, rel=1e-6)


def test_random_and_real_images_are_as_many_and_none_is_drawn_twice():
    table = pools()[pools()["metric"] == "none"]
    assert (table["images"] == 32).all()
    assert not table["fid"].duplicated().any()
    counts = table["method"].value_counts()
    held_back = len(data.load("mnist").images) - len(pooled.halves(POOLS)[0])
    assert counts.to_dict() == {"random images": 3, "real images": held_back // 32}
    means = table.groupby("method")["fid"].mean()
    assert means["real images"] < means["random images"]


def test_the_halves_of_the_real_images_are_all_of_them_once():
    halves = torch.cat(pooled.halves(POOLS)).flatten(1)
    assert torch.equal(halves.unique(dim=0), data.load("mnist").images.flatten(1).unique(dim=0))


def test_too_few_real_images_are_one_part():
    features = [torch.rand(5, 2), torch.rand(5, 3)]
    assert [len(part[0]) for part in pooled.parts(features, 2)] == [2, 2]
    assert pooled.parts(features, 9) == [features]


def test_best_sets_decode_to_the_fitness_in_which_the_course_ends():
    table = shown.best_sets(TINY)
    for (metric, method), rows in table.groupby(["metric", "method"]):
        latents = torch.tensor(rows.filter(regex=r"^z\d+$").to_numpy(), dtype=torch.float32)
        assert latents.shape == (8, 100)
        with torch.no_grad():
            fitness = Diversity(Contest(TINY).generator, 8, METRICS[metric])(latents.reshape(1, 1, -1))
        assert float(fitness) == pytest.approx(float(outcomes()[metric, method].course[0, -1]), abs=1e-3)


def test_heat_maps_have_the_fittest_of_every_cell():
    table = shown.heat_maps(TINY)
    assert set(table["evaluated"]) == {4, 9, 20}
    for (metric, method, evaluated), rows in table.groupby(["metric", "method", "evaluated"]):
        best = {}
        for mean, most in outcomes()[metric, method].told[0, :evaluated].tolist():
            cell = int(mean * 100), int(most * 100)
            best[cell] = max(best.get(cell, -np.inf), -mean)
        found = dict(zip(zip(rows["mean"], rows["maximum"], strict=True), rows["best"], strict=True))
        assert found == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize("wrong", [{"seeds": 0}, {"draws": 0}])
def test_pools_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="must be"):
        pooled.Pools(**wrong)
