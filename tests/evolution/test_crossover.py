from random import getstate as state
from random import seed
from random import setstate as restore

import numpy as np
import pytest
import torch
from deap.tools import cxTwoPoint
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from latentlib.evolution import Blend, OnePoint, TwoPoint, Uniform

EXCHANGES = [OnePoint(), TwoPoint(), Uniform(0.5), Uniform(0.1)]
EVERY = [*EXCHANGES, Blend(0.5), Blend(0.0)]
SEEDS, PAIRS, GENES = st.integers(0, 2**31), st.integers(0, 8), st.integers(3, 20)


def parents(seed, n, genes):
    return torch.randn(2, n, genes, generator=torch.Generator().manual_seed(seed))


def swapped(crossover, n, genes, random):
    """Which genes (n, genes) went to the other child: parents of nothing but zeros and of nothing but ones."""
    first, second = crossover(torch.zeros(n, genes), torch.ones(n, genes), random)
    assert torch.equal(first + second, torch.ones(n, genes))
    return first.bool()


@given(seed=SEEDS, n=PAIRS, genes=GENES)
@pytest.mark.parametrize("crossover", EXCHANGES, ids=repr)
def test_exchange_keeps_the_two_genes_of_every_position(crossover, seed, n, genes):
    pair = parents(seed, n, genes)
    children = torch.stack(crossover(*pair, torch.Generator().manual_seed(seed)))
    assert torch.equal(children.sort(dim=0).values, pair.sort(dim=0).values)


@given(seed=SEEDS, n=PAIRS, genes=GENES)
@pytest.mark.parametrize("crossover", EVERY, ids=repr)
def test_parents_stay_as_they_are_and_the_seed_decides(crossover, seed, n, genes):
    pair = parents(seed, n, genes)
    kept = pair.clone()
    first = torch.stack(crossover(*pair, torch.Generator().manual_seed(seed)))
    again = torch.stack(crossover(*pair, torch.Generator().manual_seed(seed)))
    assert torch.equal(pair, kept)
    assert torch.equal(first, again)


@given(seed=SEEDS, n=PAIRS, genes=GENES, alpha=st.sampled_from([0.0, 0.1, 0.5, 1.0]))
def test_blend_stays_within_alpha_distances_beyond_the_parents(seed, n, genes, alpha):
    pair = parents(seed, n, genes)
    children = torch.stack(Blend(alpha)(*pair, torch.Generator().manual_seed(seed)))
    low, high = pair.min(dim=0).values, pair.max(dim=0).values
    reach = alpha * (high - low) + 1e-5
    assert ((children >= low - reach) & (children <= high + reach)).all()
    assert torch.allclose(children.sum(dim=0), pair.sum(dim=0), atol=1e-5)


def test_blend_lands_everywhere_in_its_range_alike(random):
    first, _ = Blend(0.5)(torch.zeros(200, 50), torch.ones(200, 50), random)
    assert stats.kstest(first.flatten().numpy(), stats.uniform(-0.5, 2.0).cdf).pvalue > 1e-3


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_uniform_exchanges_its_share_of_genes(share, random):
    mask = swapped(Uniform(share), 400, 50, random)
    assert stats.binomtest(int(mask.sum()), mask.numel(), share).pvalue > 1e-3


def test_one_point_exchanges_all_behind_a_cut_that_is_anywhere_alike(random):
    mask = swapped(OnePoint(), 9000, 10, random)
    cut = 10 - mask.sum(dim=1)
    assert torch.equal(mask, torch.arange(10) >= cut[:, None])
    assert stats.chisquare(np.bincount(cut, minlength=10)[1:]).pvalue > 1e-3


def test_two_point_exchanges_one_stretch(random):
    mask = swapped(TwoPoint(), 5000, 8, random)
    edges = mask.int().diff(dim=1, prepend=torch.zeros(5000, 1), append=torch.zeros(5000, 1)).abs().sum(dim=1)
    assert torch.equal(edges, torch.full((5000,), 2.0))


def test_two_point_exchanges_each_gene_as_often_as_deap(random):
    ours = swapped(TwoPoint(), 4000, 6, random).sum(dim=0).numpy()
    before = state()
    seed(0)
    theirs = sum(np.array(cxTwoPoint([0] * 6, [1] * 6)[0]) for _ in range(4000))
    restore(before)
    tables = [np.array([[a, 4000 - a], [b, 4000 - b]]) for a, b in zip(ours[1:], theirs[1:], strict=True)]
    assert (ours[0], theirs[0]) == (0, 0), "a cut lies behind the first gene at the earliest"
    assert min(stats.chi2_contingency(table).pvalue for table in tables) > 1e-3


@pytest.mark.parametrize("crossover", [OnePoint(), TwoPoint()])
def test_too_few_genes_to_cut_are_named(crossover, random):
    with pytest.raises(ValueError, match="at least 2 genes, got 1"):
        crossover(torch.zeros(2, 1), torch.ones(2, 1), random)


@pytest.mark.parametrize(("crossover", "value"), [(Uniform, 1.2), (Uniform, -0.1), (Blend, -0.5)])
def test_arguments_out_of_range_are_named(crossover, value):
    with pytest.raises(ValueError, match=rf"(share must lie in \[0, 1\]|alpha must be at least 0), got {value}"):
        crossover(value)
