import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latentlib import priors
from latentlib.evolution import (
    Blend,
    BlockCrossover,
    Creep,
    Gaussian,
    OnePoint,
    PerBlock,
    PerGene,
    Reset,
    TwoPoint,
    Uniform,
    Variation,
)


def drawn(runs, count, genes, seed=0):
    return torch.randn(runs, count, genes, generator=torch.Generator().manual_seed(seed))


@given(runs=st.integers(1, 3), count=st.integers(1, 9), seed=st.integers(0, 1000))
def test_children_that_did_not_change_are_their_parents(runs, count, seed):
    parents = drawn(runs, count, 5, seed)
    kept = parents.clone()
    children, changed = Variation(0.4, 0.4)(parents, torch.Generator().manual_seed(seed))
    assert torch.equal(parents, kept)
    assert torch.equal(children[~changed], parents[~changed])


def test_of_an_odd_count_the_last_does_not_mate():
    parents = drawn(4, 7, 30)
    children, changed = Variation(mating_rate=1.0, mutation_rate=0.0)(parents, torch.Generator().manual_seed(1))
    assert changed[:, :6].all()
    assert not changed[:, 6].any()
    assert torch.equal(children[:, 6], parents[:, 6])
    assert torch.equal(children[:, 0:6:2] + children[:, 1:6:2], parents[:, 0:6:2] + parents[:, 1:6:2])


@pytest.mark.parametrize("mutation", [Gaussian(3.0), Creep(3.0), Reset()], ids=repr)
@pytest.mark.parametrize("crossover", [Blend(2.0), Uniform(), OnePoint()], ids=repr)
@pytest.mark.parametrize(
    "prior",
    [priors.Uniform(-1.0, 1.0), priors.Bounded(priors.Normal(), -1.0, 1.0), priors.Uniform(0.5, torch.full((6,), 0.9))],
    ids=["uniform", "bounded", "per gene"],
)
def test_nothing_leaves_a_bounded_prior(prior, crossover, mutation, random):
    parents = prior.draw((3, 20, 6), random)
    variation = Variation(0.7, 0.5, crossover, mutation, PerGene(), prior, immigrants=0.1)
    for _ in range(20):
        parents, _ = variation(parents, random)
    assert -1 <= float(parents.min()) <= float(parents.max()) <= 1
    if isinstance(prior, priors.Uniform) and not isinstance(prior.high, float):
        assert 0.5 <= float(parents.min()) <= float(parents.max()) <= 0.9 + 1e-6


def test_nothing_leaves_a_sphere(random):
    prior = priors.Sphere()
    children, _ = Variation(0.7, 1.0, Blend(), Gaussian(2.0), PerGene(), prior)(prior.draw((2, 10, 9), random), random)
    assert torch.allclose(children.norm(dim=2), torch.tensor(3.0), atol=1e-5)


@pytest.mark.parametrize("crossover", [OnePoint(), TwoPoint(), Uniform()], ids=repr)
@pytest.mark.parametrize("blocks", [4, (2, 4, 6)])
def test_crossover_by_block_exchanges_whole_blocks_as_often_as_genes(crossover, blocks, random):
    first, second = torch.zeros(4000, 12), torch.ones(4000, 12)
    children = BlockCrossover(crossover, blocks)(first, second, random)
    assert torch.equal(children[0] + children[1], torch.ones(4000, 12))
    parts = children[0].split([4, 4, 4] if blocks == 4 else [2, 4, 6], dim=1)
    for part in parts:
        assert torch.equal(part.amin(dim=1), part.amax(dim=1))
    shares = torch.stack([part[:, 0].mean() for part in parts])
    by_gene = crossover(torch.zeros(4000, 3), torch.ones(4000, 3), torch.Generator().manual_seed(9))[0].mean(dim=0)
    assert torch.allclose(shares, by_gene, atol=0.05)


def test_sets_of_latents_evolve_by_whole_latents(random):
    """A set of five latents of four genes is a genome of twenty; by block, every child latent is some parent's."""
    parents = drawn(1, 30, 20)
    variation = Variation(1.0, 0.0, BlockCrossover(Uniform(), 4), Reset(), PerBlock(4))
    children, _ = variation(parents, random)
    known, made = parents.view(30, 5, 4), children.view(30, 5, 4)
    for place in range(5):
        assert (made[:, None, place] == known[None, :, place]).all(dim=2).any(dim=1).all()
    assert not (children[0][:, None] == parents[0]).all(dim=2).any(dim=1).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BlockCrossover(Blend(), 4), "block crossover needs one that exchanges genes .*, got Blend"),
        (lambda: BlockCrossover(Uniform(), 0), "block size must be at least 1, got 0"),
        (lambda: Variation(mating_rate=1.5), r"mating_rate must lie in \[0, 1\], got 1.5"),
        (lambda: Variation(immigrants=-0.5), r"immigrants must lie in \[0, 1\], got -0.5"),
        (
            lambda: BlockCrossover(Uniform(), 5)(torch.zeros(1, 12), torch.zeros(1, 12), torch.Generator()),
            "blocks must add up to the 12 genes of a genome, got 5",
        ),
    ],
)
def test_what_does_not_fit_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_one_block_varies_as_a_mask_of_all_genes_does():
    def spread(rate, genomes, random):
        return PerBlock((7,))(rate, genomes, random).expand(genomes.shape)

    crossover = BlockCrossover(Uniform(), (7,))
    found = [
        Variation(0.5, 0.5, crossover, Gaussian(0.1), unit)(drawn(2, 20, 7), torch.Generator().manual_seed(1))
        for unit in (PerBlock((7,)), spread)
    ]
    (children, changed), (others, as_much) = found
    assert torch.equal(children, others)
    assert torch.equal(changed, as_much)
    assert 0 < changed.float().mean() < 1


def test_a_crossover_of_one_block_swaps_whole_genomes():
    parents = drawn(1, 40, 7)
    children, _ = Variation(1.0, 0.0, BlockCrossover(Uniform(), (7,)))(parents, torch.Generator().manual_seed(2))
    swapped = (children[0, 0::2] == parents[0, 1::2]).all(dim=1)
    kept = (children[0, 0::2] == parents[0, 0::2]).all(dim=1)
    assert (swapped ^ kept).all()
    assert 0 < swapped.sum() < 20
