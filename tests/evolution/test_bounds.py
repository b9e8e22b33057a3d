"""Populations too large for memory, and sizes and rates that are none, are refused before anything is drawn."""

import math

import pytest
import torch
from toys import Sphere

from latentlib.checks import check_positive, check_rate, check_writable
from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.evolution.evaluation import check_size
from latentlib.gradient import GradientDescent
from latentlib.pool import Enough, Pool, offspring

FITNESS = Sphere(torch.zeros(3, 1000))
STARTS = {
    "evolution": lambda: GeneticAlgorithm(10**7).evolve(FITNESS, 1),
    "one generation": lambda: GeneticAlgorithm(20, offspring=10**9).evolve(FITNESS, 1),
    "ask and tell": lambda: GeneticAlgorithm(200).begin(genes=10**12),
    "random search": lambda: RandomSearch(10**9).search(FITNESS, 10**9),
    "descent": lambda: GradientDescent(restarts=10**9).descend(FITNESS, 10**10),
    "samples of a pool": lambda: offspring(torch.randn(5, 100), 10**9),
}


@pytest.mark.parametrize("start", STARTS)
def test_what_does_not_fit_into_memory_is_refused_before_it_is_drawn(start):
    with pytest.raises(ValueError, match=r"\d+ genes need about [\d,]+ GiB of memory, more than 16: make them fewer"):
        STARTS[start]()


def test_the_bound_is_a_gibibyte_count_that_a_variable_moves(monkeypatch):
    genes = 16 * 2**30 // 24
    check_size(1, 1, genes)
    with pytest.raises(ValueError, match="set LATENTLIB_MEMORY"):
        check_size(1, 1, 2 * genes)
    monkeypatch.setenv("LATENTLIB_MEMORY", "32")
    check_size(1, 1, 2 * genes)
    monkeypatch.setenv("LATENTLIB_MEMORY", "0.5")
    with pytest.raises(ValueError, match=r"more than 0\.5"):
        check_size(1, 1, genes)


@pytest.mark.parametrize("runs", [0, -1, 1.5, "a", math.nan])
def test_runs_are_counted(runs):
    fitness = Sphere(torch.zeros(3, 4))
    fitness.runs = runs
    with pytest.raises(ValueError, match=r"runs must be (at least 1|a whole number), got"):
        GeneticAlgorithm(10).evolve(fitness, 1)


@pytest.mark.parametrize("value", ["a", None, [0.3], 1j, math.nan, math.inf, -0.1])
def test_what_is_no_rate_no_size_and_no_share_is_named(value):
    with pytest.raises(ValueError, match=r"rate must lie in \[0, 1\], got "):
        check_rate("rate", value)
    with pytest.raises(ValueError, match=r"step must be above 0 and finite, got "):
        check_positive("step", value)
    with pytest.raises(ValueError, match=r"share must lie in \(0, 1\], got "):
        Enough(None, value)


@pytest.mark.parametrize("latents", [torch.ones(3, 4).int(), torch.ones(3, 4).half(), [[0.0]], None])
def test_a_pool_is_of_float32(latents):
    with pytest.raises(ValueError, match=r"a pool holds latents as a torch.float32 tensor, got a "):
        Pool(latents, None, "a", "b")


def test_a_file_that_can_be_written_is_not_made(tmp_path):
    check_writable(tmp_path / "a" / "b.png")
    assert list(tmp_path.iterdir()) == []
