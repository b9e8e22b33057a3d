"""Likeness to the centroid of originals and set, against a plain double loop, and its use as a fitness."""

import math

import numpy as np
import pytest
import torch
from toy_sets import SETS

from latentlib.fitness.centroid import NCC, CentroidDiversity, towards_centroid
from latentlib.fitness.diversity import Similarity
from latentlib.models import adapt


def correlated(one, other):
    return (one * other).sum() / math.sqrt((one * one).sum() * (other * other).sum())


def looped(images, originals, compared=correlated):
    """The similarities (sets, size) of all images, one after the other."""
    real = [image.double().numpy() for image in originals]
    rows = []
    for some in images:
        own = [image.double().numpy() for image in some]
        centroid = np.zeros_like(own[0])
        for image in own + real:
            centroid += image / (len(own) + len(real))
        rows.append([compared(image, centroid) for image in own])
    return np.array(rows)


def originals_of(sets, count):
    return sets.flatten(0, 1)[torch.arange(count) * 2 % len(sets.flatten(0, 1))].flip(-1)


@pytest.mark.parametrize("count", [1, 7])
@pytest.mark.parametrize("name", ["grey", "digits", "in colour", "two images"])
def test_likeness_is_that_of_a_double_loop(name, count):
    sets = SETS[name]()
    originals = originals_of(sets, count)
    found = towards_centroid(sets, originals, NCC)
    assert (found.shape, found.dtype) == (sets.shape[:2], torch.float64)
    assert found.numpy() == pytest.approx(looped(sets, originals), abs=1e-6)
    assert looped(sets, originals).std() > 1e-3


def test_another_similarity_compares_with_the_same_centroid():
    sets = SETS["grey"]()
    originals = originals_of(sets, 3)
    expected = looped(sets, originals, lambda one, other: 1 - math.sqrt(((one - other) ** 2).mean()))
    assert towards_centroid(sets, originals, Similarity("rmse")).numpy() == pytest.approx(expected, abs=1e-6)


def genomes(fitness, population=4):
    return fitness.prior.draw((1, population, fitness.genes), torch.Generator().manual_seed(1))


def test_the_fitness_is_minus_the_mean_likeness_and_alike_turns_it_round(generator, targets):
    unlike = CentroidDiversity(generator, targets, 3)
    alike = CentroidDiversity(generator, targets, 3, alike=True)
    latents = genomes(unlike)
    sets = torch.stack([generator(one.view(3, 20)) for one in latents[0]])
    expected = looped(sets, targets).mean(axis=1)
    assert unlike(latents)[0].numpy() == pytest.approx(-expected, abs=1e-5)
    assert torch.equal(alike(latents), -unlike(latents))
    assert unlike.fingerprint != alike.fingerprint


def test_a_set_of_copies_of_the_originals_mean_is_most_alike():
    originals = SETS["grey"]()[0]
    copies = originals.mean(dim=0).expand(1, 4, -1, -1, -1)
    assert towards_centroid(copies, originals, NCC).numpy() == pytest.approx(np.ones((1, 4)))
    assert (towards_centroid(SETS["grey"]()[1:2], originals, NCC) < 1).all()


def test_originals_weigh_as_images_do():
    """With many originals the centroid is theirs; with one it is almost the set's."""
    sets, other = SETS["grey"]()[:1], torch.zeros(1, 1, 28, 28)
    other[..., :2, :2] = 1
    few, many = (towards_centroid(sets, other.expand(count, -1, -1, -1), NCC).mean() for count in (1, 500))
    assert many < few - 0.1


def test_a_black_image_has_no_likeness_and_makes_a_set_infeasible(generator, targets):
    sets = SETS["grey"]()
    sets[1, 2] = 0
    undefined = torch.zeros(3, 5, dtype=torch.bool)
    undefined[1, 2] = True
    assert torch.equal(towards_centroid(sets, targets, NCC).isnan(), undefined)
    dark = adapt(lambda latents: generator(latents) * (latents[:, :1, None, None] > -9), 20, output="unit")
    for alike in (False, True):
        fitness = CentroidDiversity(dark, targets, 4, alike=alike)
        latents = genomes(fitness)
        latents[0, 2, 20] = -10
        assert fitness(latents).isneginf().tolist() == [[False, False, True, False]]


def test_originals_of_another_shape_are_refused(generator):
    message = r"^originals must have the shape \(1, 28, 28\) of generated images, got \(3, 28, 28\)$"
    with pytest.raises(ValueError, match=message):
        towards_centroid(SETS["grey"](), torch.rand(4, 3, 28, 28), NCC)
    fitness = CentroidDiversity(generator, torch.rand(4, 3, 28, 28), 3)
    with pytest.raises(ValueError, match=message):
        fitness(genomes(fitness))


def test_no_originals_and_a_set_of_one_are_refused(generator, targets):
    with pytest.raises(ValueError, match=r"^originals must be at least 1, got 0$"):
        CentroidDiversity(generator, targets[:0], 3)
    with pytest.raises(ValueError, match=r"^size of a set must be at least 2, got 1$"):
        CentroidDiversity(generator, targets, 1)
