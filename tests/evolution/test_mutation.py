import pytest
import torch
from scipy import stats

from latentlib.evolution import Clipped, Creep, Gaussian, PerGene, PerIndividual, Reset

GENOMES = torch.zeros(3, 2000, 10)


def assert_share(mask, share):
    assert stats.binomtest(int(mask.sum()), mask.numel(), share).pvalue > 1e-3


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.3, 1.0])
def test_per_gene_rate_is_the_share_of_genes_that_change(rate, random):
    mask = PerGene()(rate, GENOMES, random)
    assert mask.shape == GENOMES.shape
    assert_share(mask, rate)


@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("gene_rate", [0.0, 0.1, 1.0])
def test_per_individual_rate_times_gene_rate_is_the_share_of_genes_that_change(rate, gene_rate, random):
    mask = PerIndividual(gene_rate)(rate, GENOMES, random)
    assert_share(mask.any(dim=2), rate * (1 - (1 - gene_rate) ** 10))
    assert_share(mask[:, :, 0], rate * gene_rate)


def test_genes_of_one_mutated_individual_change_independently(random):
    mask = PerIndividual(0.2)(1.0, GENOMES, random)
    observed = torch.bincount(mask.sum(dim=2).flatten(), minlength=11).numpy()
    expected = stats.binom(10, 0.2).pmf(range(11)) * observed.sum()
    few = expected < 5  # a chi-square test wants more in a cell
    observed, expected = [*observed[~few], observed[few].sum()], [*expected[~few], expected[few].sum()]
    assert stats.chisquare(observed, expected).pvalue > 1e-3


@pytest.mark.parametrize("unit", [PerGene(), PerIndividual(1.0)], ids=repr)
def test_each_run_has_its_own_rate(unit, random):
    rates = torch.tensor([0.0, 0.2, 1.0])
    mask = unit(rates, GENOMES, random)
    changed = mask if isinstance(unit, PerGene) else mask.any(dim=2)
    for run, rate in enumerate(rates.tolist()):
        assert_share(changed[run], rate)


@pytest.mark.parametrize("unit", [PerGene(), PerIndividual(0.3)], ids=repr)
def test_a_rate_given_run_by_run_draws_what_the_same_number_draws(unit):
    number, tensor = (unit(rate, GENOMES, torch.Generator().manual_seed(5)) for rate in (0.25, torch.full((3,), 0.25)))
    assert torch.equal(number, tensor)


@pytest.mark.parametrize(
    ("mutation", "steps"),
    [(Gaussian(0.5), stats.norm(0, 0.5)), (Gaussian(2.0), stats.norm(0, 2)), (Creep(0.5), stats.uniform(-0.5, 1.0))],
    ids=repr,
)
def test_steps_have_the_stated_distribution_around_the_gene(mutation, steps, random):
    genomes = 10 * torch.randn(500, 20, generator=random)
    moved = (mutation(genomes, random) - genomes).flatten().numpy()
    assert stats.kstest(moved, steps.cdf).pvalue > 1e-3


def test_clipped_values_are_those_of_the_mutation_within_the_bounds(random):
    genomes = torch.rand(500, 20, generator=random)
    free, kept = (
        mutation(genomes, torch.Generator().manual_seed(2)) for mutation in (Gaussian(), Clipped(Gaussian(), 0, 1))
    )
    inside = (free >= 0) & (free <= 1)
    assert torch.equal(kept[inside], free[inside])
    assert torch.equal(kept[~inside], (free[~inside] > 1).float())
    assert 0.3 < float(inside.float().mean()) < 0.9


@pytest.mark.parametrize(("low", "high"), [(1, 0), (1, 1), (0, float("nan"))])
def test_bounds_in_the_wrong_order_are_refused(low, high):
    with pytest.raises(ValueError, match="high must be above low"):
        Clipped(Gaussian(), low, high)


def test_reset_draws_from_the_prior_whatever_the_gene_was(random):
    drawn = Reset()(torch.full((500, 20), 40.0), random)
    assert stats.kstest(drawn.flatten().numpy(), stats.norm.cdf).pvalue > 1e-3


@pytest.mark.parametrize("mutation", [Gaussian(), Creep(), Reset()], ids=repr)
def test_genomes_stay_as_they_are_and_the_seed_decides(mutation, random):
    genomes = torch.randn(6, 5, generator=random)
    kept = genomes.clone()
    first, again, other = (mutation(genomes, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(genomes, kept)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("mutation", [Gaussian, Creep])
@pytest.mark.parametrize("step", [0.0, -1.0, float("nan")])
def test_a_step_that_is_not_above_zero_is_named(mutation, step):
    with pytest.raises(ValueError, match=f"mutation step must be above 0 and finite, got {step}"):
        mutation(step)


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan")])
def test_a_gene_rate_out_of_range_is_named(rate):
    with pytest.raises(ValueError, match=rf"gene_rate must lie in \[0, 1\], got {rate}"):
        PerIndividual(rate)
