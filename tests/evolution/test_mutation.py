import pytest
import torch
from scipy import stats

from latentlib.evolution import Creep, Gaussian, PerBlock, PerGene, PerIndividual, Reset
from latentlib.priors import Normal, Uniform

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
    ids=["normal", "wider", "uniform"],  # steps that say where they lie in memory have another name in every process
)
def test_steps_have_the_stated_distribution_around_the_gene(mutation, steps, random):
    genomes = 10 * torch.randn(500, 20, generator=random)
    moved = (mutation(genomes, Normal(), random) - genomes).flatten().numpy()
    assert stats.kstest(moved, steps.cdf).pvalue > 1e-3


@pytest.mark.parametrize(
    ("prior", "expected"),
    [(Normal(), stats.norm), (Normal(3.0, 0.1), stats.norm(3, 0.1)), (Uniform(2.0, 6.0), stats.uniform(2, 4))],
    ids=["normal", "around a value", "uniform"],
)
def test_reset_draws_from_the_prior_whatever_the_gene_was(prior, expected, random):
    drawn = Reset()(torch.full((500, 20), 40.0), prior, random)
    assert stats.kstest(drawn.flatten().numpy(), expected.cdf).pvalue > 1e-3


def test_reset_draws_each_gene_from_its_own_prior(random):
    drawn = Reset()(torch.zeros(2000, 2), Normal(torch.tensor([-5.0, 5.0]), torch.tensor([0.1, 2.0])), random)
    for column, expected in enumerate([stats.norm(-5, 0.1), stats.norm(5, 2)]):
        assert stats.kstest(drawn[:, column].numpy(), expected.cdf).pvalue > 1e-3


@pytest.mark.parametrize("blocks", [5, (2, 3, 5)])
def test_a_rate_per_block_changes_whole_blocks(blocks, random):
    mask = PerBlock(blocks)(0.3, GENOMES, random)
    sizes = [5, 5] if blocks == 5 else list(blocks)
    for part in mask.split(sizes, dim=2):
        assert torch.equal(part.any(dim=2), part.all(dim=2))
        assert_share(part[:, :, 0], 0.3)


def test_a_single_block_is_a_mask_of_one_column(random):
    mask = PerBlock((10,))(0.3, GENOMES, random)
    assert mask.shape == (*GENOMES.shape[:2], 1)
    assert_share(mask, 0.3)


@pytest.mark.parametrize(("blocks", "said"), [(3, "3"), ((4, 5), r"\(4, 5\)")])
def test_blocks_that_do_not_add_up_to_the_genome_are_named(blocks, said, random):
    with pytest.raises(ValueError, match=f"blocks must add up to the 10 genes of a genome, got {said}"):
        PerBlock(blocks)(0.3, GENOMES, random)


def test_an_empty_block_is_named():
    with pytest.raises(ValueError, match="block size must be at least 1, got 0"):
        PerBlock((3, 0))


@pytest.mark.parametrize("mutation", [Gaussian(), Creep(), Reset()], ids=repr)
def test_genomes_stay_as_they_are_and_the_seed_decides(mutation, random):
    genomes = torch.randn(6, 5, generator=random)
    kept = genomes.clone()
    first, again, other = (mutation(genomes, Normal(), torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
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
