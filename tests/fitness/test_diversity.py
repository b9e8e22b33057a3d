"""Similarity of sets against a plain double loop over their pairs, and its use as a fitness."""

import math
from itertools import combinations, product

import numpy as np
import pytest
import torch
from toy_sets import SETS

from latentlib.evolution import RandomSearch
from latentlib.fitness import Average, Diversity, Maximum, ReconstructionMSE, Similarity
from latentlib.fitness.diversity import KINDS
from latentlib.models import PerRun, adapt
from latentlib.priors import Repeated, Sphere

EVERY_KIND = pytest.mark.parametrize("kind", KINDS)


def compared(kind, a, b):
    """The similarity of two images, as their formula is written."""
    squares = ((a - b) ** 2).sum()
    energies = math.sqrt((a * a).sum() * (b * b).sum())
    match kind:
        case "rmse":
            return 1 - math.sqrt(squares / a.size)
        case "ncc":
            return squares / energies
        case "one_minus_ncc":
            return 1 - squares / energies
        case "cross_correlation":
            return (a * b).sum() / energies
        case "pearson":
            return np.corrcoef(a.ravel(), b.ravel())[0, 1]


def looped(kind, images, signed, itself):
    """The similarities of the pairs of one set (n, ...), one after the other."""
    arrays = [image.double().numpy() * (2 if signed else 1) - signed for image in images]
    pairs = product(arrays, repeat=2) if itself else combinations(arrays, 2)
    return np.array([compared(kind, a, b) for a, b in pairs])


@EVERY_KIND
@pytest.mark.parametrize("images", SETS.values(), ids=SETS)
@pytest.mark.parametrize("signed", [False, True], ids=["from 0", "from -1"])
@pytest.mark.parametrize("itself", [False, True], ids=["others", "itself too"])
def test_similarity_is_that_of_a_double_loop(kind, images, signed, itself):
    sets = images()
    similarity = Similarity(kind, signed, itself)
    expected = np.stack([looped(kind, one, signed, itself) for one in sets])
    assert expected.std() > 1e-3
    assert np.abs(np.sort(similarity.pairs(sets).numpy()) - np.sort(expected)).max() < 1e-6
    assert np.abs(Average(similarity)(sets).numpy() - expected.mean(axis=1)).max() < 1e-6
    assert np.abs(Maximum(similarity)(sets).numpy() - expected.max(axis=1)).max() < 1e-6


@EVERY_KIND
def test_pairs_that_are_nearly_equal_are_told_from_equal_ones(kind):
    """Where the squares of images cancel, float32 has no digits left: the root of the rest is off by 1e-3."""
    image = SETS["grey"]()[0, 0]
    near = image + 1e-4 * torch.randn(image.shape, generator=torch.Generator().manual_seed(0))
    sets = torch.stack([torch.stack([image, near]), torch.stack([image, image])])
    expected = [looped(kind, one, False, False)[0] for one in sets]
    found = Average(Similarity(kind))(sets).tolist()
    assert found == pytest.approx(expected, abs=1e-6)
    best = 0.0 if kind == "ncc" else 1.0
    assert found[1] == pytest.approx(best, abs=1e-9)


def test_the_printed_formula_is_a_dissimilarity():
    image = SETS["grey"]()[0, 0]
    brighter, equal = torch.stack([image, image / 2])[None], torch.stack([image, image])[None]
    other = torch.stack([image, image.flip(-1)])[None]
    printed = [float(Average(Similarity("ncc"))(one)) for one in (equal, brighter, other)]
    assert printed[0] == pytest.approx(0, abs=1e-12)
    assert printed[1] == pytest.approx(0.5, abs=1e-6)  # |A - A/2|² / (|A| |A/2|)
    assert printed[2] > 0.5
    correlated = [float(Average(Similarity("cross_correlation"))(one)) for one in (equal, brighter, other)]
    assert correlated[:2] == pytest.approx([1, 1])
    assert correlated[2] < 1


def test_the_range_of_images_moves_all_kinds_but_rmse_by_a_factor_and_pearson_not_at_all():
    sets = SETS["grey"]()
    plain, signed = ({kind: Average(Similarity(kind, signed))(sets) for kind in KINDS} for signed in (False, True))
    assert torch.allclose(1 - signed["rmse"], 2 * (1 - plain["rmse"]))
    assert torch.allclose(signed["pearson"], plain["pearson"])
    assert (signed["ncc"] - plain["ncc"]).abs().min() > 0.1


@EVERY_KIND
def test_an_image_with_itself_changes_no_ranking(kind):
    sets = SETS["grey"]()
    n = sets.shape[1]
    others, itself = (Average(Similarity(kind, itself=also))(sets) for also in (False, True))
    own = 0.0 if kind == "ncc" else 1.0
    assert torch.allclose(itself, ((n - 1) * others + own) / n)
    if kind != "ncc":
        assert torch.allclose(Maximum(Similarity(kind, itself=True))(sets), torch.ones(len(sets)).double())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "rmse"])
@pytest.mark.parametrize("signed", [False, True])
def test_similarity_with_an_image_without_energy_is_undefined(kind, signed):
    sets = SETS["grey"]()
    sets[1, 2] = 0.5 if signed or kind == "pearson" else 0.0
    found = Similarity(kind, signed)(sets)
    undefined = torch.zeros_like(found, dtype=torch.bool)
    undefined[1, 2] = undefined[1, :, 2] = True
    assert torch.equal(found.isnan(), undefined)
    for measure in (Average, Maximum):
        assert measure(Similarity(kind, signed))(sets).isnan().tolist() == [False, True, False]


def test_a_black_image_is_compared_by_rmse():
    sets = SETS["grey"]()
    sets[1, 2] = 0
    assert Similarity()(sets).isfinite().all()


@pytest.mark.parametrize("size", [0, 1])
def test_a_set_of_one_image_has_no_pairs_and_is_refused(size, generator):
    with pytest.raises(ValueError, match=f"^size of a set must be at least 2, got {size}$"):
        Similarity()(torch.rand(3, size, 1, 4, 4))
    with pytest.raises(ValueError, match=f"^size of a set must be at least 2, got {size}$"):
        Diversity(generator, size)


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match=r"kind must be one of rmse, ncc, .*, got 'ssim'"):
        Similarity("ssim")


def genomes(fitness, population=4):
    return fitness.prior.draw((fitness.runs, population, fitness.genes), torch.Generator().manual_seed(1))


def test_fitness_is_minus_the_average_similarity_of_the_images_of_a_genomes_latents(generator):
    fitness = Diversity(generator, 3, runs=2)
    latents = genomes(fitness)
    found = fitness(latents)
    assert (fitness.genes, fitness.cost, found.shape, found.dtype) == (60, 3, (2, 4), torch.float32)
    for run, individual in product(range(2), range(4)):
        images = torch.cat([generator(one[None]) for one in latents[run, individual].split(20)])
        expected = -looped("rmse", images, False, False).mean()
        assert float(found[run, individual]) == pytest.approx(expected, abs=1e-6)


def test_measures_come_from_the_same_images_as_the_fitness(generator):
    passes = []
    counted = adapt(lambda latents: passes.append(len(latents)) or generator(latents), 20, output="unit")
    brightness = lambda images: images.flatten(1).mean(dim=1)  # noqa: E731
    fitness = Diversity(counted, 5).with_measures(Average(), Maximum(), brightness)
    latents = genomes(fitness)[0]
    passes.clear()
    values, measures = fitness.measured(latents, torch.zeros(4, dtype=torch.long))
    assert passes == [20]
    images = torch.stack([generator(one.view(5, 20)) for one in latents])
    expected = [[looped("rmse", one, False, False) for one in images], images]
    assert measures.shape == (4, 3)
    assert measures[:, 0].numpy() == pytest.approx(np.array([pairs.mean() for pairs in expected[0]]), abs=1e-6)
    assert measures[:, 1].numpy() == pytest.approx(np.array([pairs.max() for pairs in expected[0]]), abs=1e-6)
    assert torch.allclose(measures[:, 2].float(), images.mean(dim=(1, 2, 3, 4)))
    assert torch.allclose(values, -measures[:, 0].float())


def test_any_generated_fitness_takes_measures_and_the_original_has_none(generator, targets):
    plain = ReconstructionMSE(generator, targets)
    fitness = plain.with_measures(lambda images: images.amax(dim=(1, 2, 3)))
    latents, run = torch.randn(3, 20, generator=torch.Generator().manual_seed(0)), torch.arange(3)
    values, measures = fitness.measured(latents, run)
    assert torch.equal(values, plain.rows(latents, run))
    assert torch.equal(measures[:, 0], generator(latents).amax(dim=(1, 2, 3)))
    assert fitness.fingerprint != plain.fingerprint
    with pytest.raises(ValueError, match=r"the fitness has no measures: give some by with_measures"):
        plain.measured(latents, run)


def test_fingerprints_tell_settings_apart(generator):
    every = [Similarity(kind, signed, itself) for kind in KINDS for signed in (False, True) for itself in (False, True)]
    fitnesses = [Diversity(generator, size, similarity) for size in (3, 4) for similarity in every]
    fitnesses += [Diversity(generator, 3).with_measures(measure) for measure in (Average(), Average(Similarity("ncc")))]
    assert len({fitness.fingerprint for fitness in fitnesses}) == len(fitnesses)


def test_a_set_with_a_black_image_is_infeasible(generator):
    dark = adapt(lambda latents: generator(latents) * (latents[:, :1, None, None] > -9), 20, output="unit")
    fitness = Diversity(dark, 4, Similarity("cross_correlation"))
    latents = genomes(fitness)
    latents[0, 2, 20] = -10
    assert fitness(latents).isneginf().tolist() == [[False, False, True, False]]
    assert Diversity(dark, 4)(latents).isfinite().all()


def test_every_image_of_a_set_gets_the_inputs_of_its_run(generator):
    lit = adapt(
        lambda latents, light: generator(latents) * light[:, None, None, None],
        20,
        output="unit",
        inputs={"light": PerRun([1.0, 0.5])},
    )
    fitness = Diversity(lit, 3, runs=2)
    latents = genomes(fitness)[:1].expand(2, -1, -1)
    bright, half = 1 + fitness(latents)  # the root of the mean squared difference
    assert torch.allclose(half, bright / 2, atol=1e-6)


def test_a_search_counts_images_and_keeps_every_latent_to_its_prior(generator):
    adapted = adapt(generator, 20, output="unit", prior=Sphere(3.0))
    fitness = Diversity(adapted, 4)
    run = RandomSearch(10).search(fitness, 80)
    assert run.passes.tolist() == [80]
    assert fitness.prior == Repeated(Sphere(3.0), 20)
    assert torch.allclose(run.best.latents.view(4, 20).norm(dim=1), torch.full((4,), 3.0))


@EVERY_KIND
def test_gradients_reach_the_latents_of_a_set_with_two_equal_images(kind, generator):
    fitness = Diversity(generator, 4, Similarity(kind))
    latents = genomes(fitness)
    latents[0, 0, :20] = latents[0, 0, 20:40]
    latents.requires_grad_()
    fitness(latents).sum().backward()
    assert latents.grad.isfinite().all()
    direction = torch.randn(latents.shape, generator=torch.Generator().manual_seed(3))
    apart = slice(1, None)  # between equal images the root has a kink
    with torch.no_grad():
        rise = (fitness(latents + 0.002 * direction) - fitness(latents - 0.002 * direction)) / 0.004
    slope = (latents.grad * direction).sum(dim=2)
    assert slope[0, apart].abs().max() > 1e-3
    assert torch.allclose(slope[0, apart], rise[0, apart], rtol=0.05, atol=1e-3)
