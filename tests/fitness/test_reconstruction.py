import copy

import numpy as np
import pytest
import torch
from skimage.metrics import structural_similarity
from torch import nn

from latentlib import data
from latentlib.evolution import GeneticAlgorithm, State
from latentlib.fitness import ReconstructionMSE, ReconstructionSSIM
from latentlib.fitness.reconstruction import reconstruction
from latentlib.fitness.ssim import moments, ssim
from latentlib.models import adapt, jin_ko
from latentlib.priors import Normal

BOTH = pytest.mark.parametrize("fitness", [ReconstructionMSE, ReconstructionSSIM])
NAN = float("nan")


def real(count=60):
    """Bundled images of both data sets, (2 * count, 1, 28, 28)."""
    return torch.cat([data.bundled(name).images[:count] for name in ("mnist", "fashion_mnist")])


def coloured(count=20):
    """RGB images (count, 3, 32, 32) stacked from real grey ones."""
    grey = nn.functional.pad(real(3 * count // 2), (2, 2, 2, 2))
    return grey.view(count, 3, 32, 32)


def noisy(images, level):
    return (images + level * torch.randn(images.shape, generator=torch.Generator().manual_seed(0))).clamp(0, 1)


PAIRS = {
    "each other": lambda images: images.roll(1, 0),
    "another class": lambda images: images.roll(len(images) // 2, 0),
    "itself": lambda images: images.clone(),
    "inverted": lambda images: 1 - images,
    "a little noise": lambda images: noisy(images, 0.02),
    "much noise": lambda images: noisy(images, 0.5),
    "darker": lambda images: 0.3 * images,
    "black": torch.zeros_like,
    "white": torch.ones_like,
}


def latents(runs, population, generator):
    return torch.randn(runs, population, generator.latent_size, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("images", [real, coloured])
@pytest.mark.parametrize("other", PAIRS.values(), ids=PAIRS)
def test_ssim_is_that_of_scikit_image(images, other):
    first = images()
    second = other(first)
    ours = ssim(second, moments(first)).numpy()
    theirs = [
        structural_similarity(a, b, win_size=7, data_range=1, channel_axis=0)
        for a, b in zip(first.double().numpy(), second.double().numpy(), strict=True)
    ]
    assert np.abs(ours - theirs).max() < 1e-5


def test_ssim_of_an_image_with_itself_is_one_and_with_its_inverse_far_below():
    images = real()
    assert torch.allclose(ssim(images, moments(images)), torch.ones(len(images)), atol=1e-5)
    assert (ssim(1 - images, moments(images)) < 0.2).all()


def test_mse_fitness_is_one_minus_the_mean_squared_error(generator, targets):
    genomes = latents(3, 5, generator)
    fitness = ReconstructionMSE(generator, targets)(genomes)
    images = generator(genomes.flatten(0, 1)).view(3, 5, -1).double().numpy()
    expected = 1 - ((images - targets.view(3, 1, -1).double().numpy()) ** 2).mean(axis=2)
    assert fitness.shape == (3, 5)
    assert fitness.dtype == torch.float32
    assert np.abs(fitness.numpy() - expected).max() < 1e-6


def test_ssim_fitness_is_scikit_images_of_the_generators_images(generator, targets):
    genomes = latents(3, 4, generator)
    fitness = ReconstructionSSIM(generator, targets)(genomes)
    images = generator(genomes.flatten(0, 1)).view(3, 4, 28, 28).double().numpy()
    for run in range(3):
        for individual in range(4):
            pair = targets[run, 0].double().numpy(), images[run, individual]
            expected = structural_similarity(*pair, win_size=7, data_range=1)
            assert float(fitness[run, individual]) == pytest.approx(expected, abs=1e-5)


@BOTH
def test_rows_in_any_order_are_the_same_individuals(fitness, generator, targets):
    fitness = fitness(generator, targets)
    genomes = latents(3, 6, generator)
    shuffled = torch.randperm(18, generator=torch.Generator().manual_seed(2))
    run = torch.arange(3).repeat_interleave(6)
    rows = fitness.rows(genomes.flatten(0, 1)[shuffled], run[shuffled])
    assert torch.allclose(rows, fitness(genomes).flatten()[shuffled], atol=1e-6)


@BOTH
def test_each_run_has_its_own_target_and_the_true_latents_score_best(fitness, generator):
    genomes = latents(4, 1, generator)
    targets = generator(genomes[:, 0]).clamp(0, 1)
    scores = fitness(generator, targets)(genomes[:, 0].expand(4, 4, -1))
    assert torch.equal(scores.argmax(dim=1), torch.arange(4))
    assert torch.allclose(scores.diagonal(), torch.ones(4), atol=1e-5)


@BOTH
def test_gradients_reach_the_latents_and_agree_with_differences(fitness, generator, targets):
    fitness = fitness(generator, targets)
    genomes = latents(3, 2, generator).requires_grad_()
    fitness(genomes).sum().backward()
    direction = torch.randn(genomes.shape, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        rise = (fitness(genomes + 0.002 * direction) - fitness(genomes - 0.002 * direction)).double() / 0.004
    slope = (genomes.grad * direction).sum(dim=2).double()
    assert slope.abs().max() > 5e-3
    assert torch.allclose(slope, rise, rtol=0.05, atol=5e-4)


@BOTH
def test_fitness_says_runs_and_genes_and_leaves_the_generator_alone(fitness, targets):
    network = jin_ko.Generator(latent_size=7, hidden=8, channels=(4, 4)).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    made = fitness(network, targets)
    genomes = torch.randn(3, 5, 7, generator=torch.Generator().manual_seed(0))
    together, alone = made(genomes), made(genomes[:, :1])
    assert (made.runs, made.genes, made.noisy, made.prior) == (3, 7, False, Normal())
    assert torch.allclose(together[:, :1], alone, atol=1e-6), "batch norm must not look at the rest of the batch"
    assert all(part.training for part in network.modules())
    assert all(parameter.requires_grad for parameter in network.parameters())
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


@BOTH
def test_a_frozen_generator_is_not_copied(fitness, generator, targets):
    assert fitness(generator, targets).generator.generator is generator


@BOTH
def test_numpy_arrays_and_any_floating_point_numbers_are_targets(fitness, generator, targets):
    genomes = latents(3, 2, generator)
    expected = fitness(generator, targets)(genomes)
    for other in (targets.numpy(), targets.double().numpy(), targets.double()):
        assert torch.equal(fitness(generator, other)(genomes), expected)


@BOTH
def test_targets_are_copied(fitness, generator, targets):
    mine, genomes = targets.clone(), latents(3, 2, generator)
    made = fitness(generator, mine)
    before = made(genomes)
    mine.zero_()
    assert torch.equal(made(genomes), before)


def test_flat_images_are_restored_too(generator, targets):
    flat = adapt(lambda latents: generator(latents).flatten(1), 20, output="unit")
    genomes = latents(3, 4, generator)
    expected = ReconstructionMSE(generator, targets)(genomes)
    assert torch.allclose(ReconstructionMSE(flat, targets.flatten(1))(genomes), expected, atol=1e-6)
    with pytest.raises(ValueError, match=r"SSIM needs images .*, got \(3, 784\)"):
        ReconstructionSSIM(flat, targets.flatten(1))


@BOTH
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t[0], r"targets must have shape \(runs, 1, 28, 28\) for this generator, got \(1, 28, 28\)"),
        (lambda t: t[:0], r"targets must have shape .*, got \(0, 1, 28, 28\)"),
        (lambda t: t[:, :, :20], r"shape \(runs, 1, 28, 28\) for this generator, got \(3, 1, 20, 28\)"),
        (lambda t: t.expand(-1, 3, -1, -1), r"for this generator, got \(3, 3, 28, 28\)"),
        (lambda t: t.permute(0, 2, 3, 1).numpy(), r"for this generator, got \(3, 28, 28, 1\)"),
        (lambda t: (t * 255).byte(), r"must be floating-point numbers in \[0, 1\], got torch.uint8"),
        (lambda t: (t * 255).byte().numpy(), r"must be floating-point numbers in \[0, 1\], got uint8"),
        (lambda t: t.tolist(), "targets must be a tensor or a numpy array, got list"),
        (lambda t: t * 255, r"targets must lie in \[0, 1\], got values from 0 to 2\d\d"),
        (lambda t: t * 2 - 1, r"targets must lie in \[0, 1\], got values from -1 to"),
        (lambda t: t.where(t != t.max(), NAN), r"targets must lie in \[0, 1\], got values from nan"),
    ],
)
def test_wrong_targets_are_named(fitness, change, message, generator, targets):
    with pytest.raises((ValueError, TypeError), match=message):
        fitness(generator, change(targets))


@BOTH
def test_a_generator_of_another_latent_size_is_named(fitness, generator, targets):
    with pytest.raises(ValueError, match=r"generator does not take latents \(n, 21\)"):
        fitness(generator, targets, genes=21)


@BOTH
def test_a_generator_that_does_not_say_its_latent_size_needs_it(fitness, generator, targets):
    bare = nn.Sequential(*generator.layers, nn.Sigmoid()).eval()
    with pytest.raises(ValueError, match="Sequential has no attribute `latent_size`"):
        fitness(bare, targets)
    assert fitness(bare, targets, genes=20).genes == 20


@BOTH
def test_a_tanh_generator_is_refused_until_it_is_adapted(fitness, generator, targets):
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\], got values from -.*adapt\(\.\.\., output='tanh'\)"):
        fitness(generator.layers.eval(), targets, genes=20)
    adapted = fitness(adapt(generator.layers, 20), targets)
    genomes = latents(3, 2, generator)
    assert torch.allclose(adapted(genomes), fitness(generator, targets)(genomes), atol=1e-6)


def test_images_smaller_than_the_window_are_refused_by_ssim_alone():
    network = jin_ko.Generator((1, 4, 8), latent_size=5, hidden=8, channels=(4, 4)).eval()
    targets = torch.rand(2, 1, 4, 8, generator=torch.Generator().manual_seed(0))
    with pytest.raises(ValueError, match=r"SSIM needs images of at least 7x7 pixels, got \(4, 8\)"):
        ReconstructionSSIM(network, targets)
    assert ReconstructionMSE(network, targets).runs == 2


@pytest.mark.parametrize(("name", "kind"), [("mse", ReconstructionMSE), ("ssim", ReconstructionSSIM)])
def test_fitnesses_go_by_name(name, kind, generator, targets):
    assert type(reconstruction(name, generator, targets)) is kind


def test_an_unknown_fitness_is_named(generator, targets):
    with pytest.raises(ValueError, match="fitness must be one of mse, ssim, got 'psnr'"):
        reconstruction("psnr", generator, targets)


def test_a_saved_state_knows_the_targets_and_the_generator_that_judged_it(generator, targets, tmp_path):
    search = GeneticAlgorithm(20)
    search.evolve(ReconstructionMSE(generator, targets), 3).state.save(tmp_path / "state")
    state = State.load(tmp_path / "state")
    assert search.evolve(ReconstructionMSE(generator, targets), 4, state=state).state.generation == 4
    other = copy.deepcopy(generator)
    with torch.no_grad():
        other.layers[0].weight[0, 0] += 1e-4
    for fitness in (ReconstructionMSE(other, targets), ReconstructionMSE(generator, targets * 0.9999)):
        with pytest.raises(ValueError, match="judged by another fitness, of other targets, networks or settings"):
            search.evolve(fitness, 4, state=state)
