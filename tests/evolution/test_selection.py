import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from latentlib.evolution import Rank, Roulette, Tournament, Truncation

SELECTIONS = [Tournament(3), Truncation(0.4), Roulette(), Rank(1.7)]
DRAWS = 40_000


def drawn_by_rank(selection, fitness, random):
    """How often each rank was drawn, worst first."""
    drawn = selection(fitness[None], DRAWS, random)[0]
    ranks = fitness.argsort().argsort()
    return torch.bincount(ranks[drawn], minlength=len(fitness)).numpy()


def assert_distributed(counts, shares):
    possible = shares > 0
    assert counts[~possible].sum() == 0
    assert stats.chisquare(counts[possible], shares[possible] * counts.sum()).pvalue > 1e-3


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_tournament_is_won_as_often_as_the_closed_form_says(size, random):
    fitness = torch.randn(12, generator=random)
    rank = np.arange(12)
    shares = ((rank + 1.0) ** size - rank**size) / 12.0**size
    assert_distributed(drawn_by_rank(Tournament(size), fitness, random), shares)


@pytest.mark.parametrize("pressure", [1.0, 1.5, 2.0])
def test_rank_draws_linearly_in_rank(pressure, random):
    fitness = torch.randn(10, generator=random)
    shares = (2 - pressure + 2 * (pressure - 1) * np.arange(10) / 9) / 10
    assert_distributed(drawn_by_rank(Rank(pressure), fitness, random), shares)


@pytest.mark.parametrize("pressure", [1.2, 2.0])
def test_rank_draws_the_best_pressure_times_as_often_as_the_average(pressure, random):
    counts = drawn_by_rank(Rank(pressure), torch.randn(20, generator=random), random)
    assert counts[-1] / counts.mean() == pytest.approx(pressure, rel=0.08)


@pytest.mark.parametrize(("floor", "shares"), [(0.0, [0.1, 0.2, 0.3, 0.4]), (-1.0, [2 / 14, 3 / 14, 4 / 14, 5 / 14])])
def test_roulette_draws_in_proportion_to_fitness_above_the_floor(floor, shares, random):
    counts = drawn_by_rank(Roulette(floor), torch.tensor([1.0, 2.0, 3.0, 4.0]), random)
    assert_distributed(counts, np.array(shares))


def test_roulette_never_draws_what_lies_on_the_floor_beside_what_does_not(random):
    drawn = Roulette()(torch.tensor([[0.0, 1.0, 0.0, 3.0]]), DRAWS, random)
    assert set(drawn.unique().tolist()) == {1, 3}


def test_roulette_draws_evenly_where_all_lie_on_the_floor(random):
    drawn = Roulette(-2.0)(torch.full((1, 5), -2.0), DRAWS, random)
    assert_distributed(drawn[0].bincount(minlength=5).numpy(), np.full(5, 0.2))


@pytest.mark.parametrize(("share", "survivors"), [(0.24, 2), (0.3, 3), (1.0, 10)])
def test_truncation_draws_evenly_from_the_best_share(share, survivors, random):
    shares = np.zeros(10)
    shares[-survivors:] = 1 / survivors
    assert_distributed(drawn_by_rank(Truncation(share), torch.randn(10, generator=random), random), shares)


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_truncation_to_less_than_two_draws_the_best_alone(share, random):
    fitness = torch.randn(3, 10, generator=random)
    assert torch.equal(Truncation(share)(fitness, 50, random), fitness.argmax(dim=1)[:, None].expand(3, 50))


@given(seed=st.integers(0, 2**31), runs=st.integers(1, 4), population=st.integers(2, 30), count=st.integers(1, 30))
@pytest.mark.parametrize("selection", SELECTIONS, ids=repr)
def test_indices_name_members_of_the_population(selection, seed, runs, population, count):
    fitness = torch.rand(runs, population, generator=torch.Generator().manual_seed(seed))
    drawn = selection(fitness, count, torch.Generator().manual_seed(seed))
    assert drawn.shape == (runs, count)
    assert drawn.dtype == torch.int64
    assert 0 <= drawn.min() <= drawn.max() < population


@given(seed=st.integers(0, 2**31))
@pytest.mark.parametrize("selection", [s for s in SELECTIONS if not isinstance(s, Roulette)], ids=repr)
def test_only_the_order_of_fitness_matters_but_to_roulette(selection, seed):
    fitness = torch.rand(2, 15, generator=torch.Generator().manual_seed(seed))
    plain, stretched = (selection(f, 40, torch.Generator().manual_seed(1)) for f in (fitness, torch.exp(9 * fitness)))
    assert torch.equal(plain, stretched)


@pytest.mark.parametrize("selection", SELECTIONS, ids=repr)
def test_each_run_is_drawn_by_its_own_fitness(selection, random):
    rising = torch.arange(10.0)
    drawn = selection(torch.stack([rising, rising.flip(0)]), 4000, random).float().mean(dim=1)
    assert drawn[0] > 5 > 4 > drawn[1]


@pytest.mark.parametrize("selection", SELECTIONS, ids=repr)
def test_the_seed_decides(selection):
    fitness = torch.rand(2, 20, generator=torch.Generator().manual_seed(3))
    first, again, other = (selection(fitness, 50, torch.Generator().manual_seed(seed)) for seed in (7, 7, 8))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
