"""Scores against scikit-learn, the networks, and the fitnesses of the supervisor against plain loops."""

import math
from itertools import combinations

import pytest
import torch
from sklearn.metrics import accuracy_score, precision_recall_fscore_support  # comes with ribs
from small import TINY, numbered

from latentlib import data
from studies.augmentation.draws import together
from studies.augmentation.networks import classical, classifier, gan
from studies.augmentation.scores import SCORES, of_predictions, scores
from studies.augmentation.supervisor import Difficulty, Spread, supervise, towards


def squares(count, side=16):
    """Dark and bright images (count, 1, side, side) with noise, and which they are."""
    labels = torch.arange(count) % 2
    random = torch.Generator().manual_seed(count)
    noise = torch.rand(count, 1, side, side, generator=random)
    return 0.3 * noise + 0.6 * labels.view(-1, 1, 1, 1), labels


@pytest.fixture(scope="module")
def trained():
    """A GAN of a step on five shirts, and a critic of garments."""
    shipped = data.bundled("fashion_lookalikes", "train")
    parts = tuple(shipped.images[shipped.labels == label][:5] for label in range(2))
    return gan(parts[0], 1, 3), classifier(*together(parts), ("one", "other"), 1, 0), parts[0]


@pytest.mark.parametrize("case", ["all", "never predicted", "never true", "all wrong"])
def test_scores_are_those_of_scikit_learn(case):
    random = torch.Generator().manual_seed(1)
    truth = torch.randint(0, 3 if case == "never true" else 4, (200,), generator=random)
    guesses = torch.randint(0, 2 if case == "never predicted" else 4, (200,), generator=random)
    guesses = truth.where(torch.rand(200, generator=random) < 0.5, guesses)
    if case == "never predicted":
        guesses[guesses == 3] = 0
    if case == "all wrong":
        guesses = (truth + 1) % 4
    there = truth.unique().tolist()
    expected = precision_recall_fscore_support(truth, guesses, labels=there, average="macro", zero_division=0)
    found = of_predictions(guesses, truth, 4)
    assert tuple(found) == SCORES
    assert list(found.values()) == pytest.approx([accuracy_score(truth, guesses), *expected[:3]])


def test_a_classifier_learns_an_easy_task():
    names = ("dark", "bright")
    network, again, other = (classifier(*squares(40), names, 40, seed) for seed in (0, 0, 1))
    assert scores(network, *squares(61)) == dict.fromkeys(SCORES, 1.0)
    assert scores(classifier(*squares(40), names, 1, 0), *squares(61))["accuracy"] < 1
    images = squares(61)[0]
    assert torch.equal(network(images), again(images))
    assert not torch.equal(network(images), other(images))
    assert not any(weight.requires_grad for weight in network.parameters())


def test_a_classifier_sees_its_images_as_they_are_varied():
    shown = []

    def vary(images, random):
        shown.append(images)
        return 1 - images

    network = classifier(*squares(40), ("dark", "bright"), 40, 0, vary)
    assert len(shown) == 40
    assert shown[0].shape == (32, 1, 16, 16)
    assert scores(network, *squares(61))["accuracy"] < 0.5, "it knows them the other way round"


def test_training_leaves_the_global_state_alone(trained):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    gan(trained[2], 1, 0)
    classifier(*squares(10), ("dark", "bright"), 1, 0)
    assert torch.equal(torch.rand(3), expected)


def test_a_gan_hangs_on_its_images_seed_and_steps_alone(trained):
    made, _, images = trained
    found = made.images(4, 9)
    assert found.shape == (4, 1, 28, 28)
    assert (found.amin() >= 0, found.amax() <= 1) == (True, True)
    assert torch.equal(gan(images, 1, 3).images(4, 9), found)
    for other in (gan(images, 1, 4), gan(images, 2, 3), gan(images.flip(-1), 1, 3), gan(images, 1, 3, augmented=True)):
        assert not torch.equal(other.images(4, 9), found)
    assert not torch.equal(made.images(4, 8), found)
    genome = torch.randn(300, generator=torch.Generator().manual_seed(0))
    assert torch.equal(made.of(genome), made.of(genome.view(3, 100)))
    assert made.discriminator(found).shape == (4,)


def test_classical_variations_keep_shape_and_range_and_differ():
    images = data.bundled("fashion_lookalikes", "train").images[:1].expand(60, -1, -1, -1)
    found = classical(images, torch.Generator().manual_seed(0))
    assert found.shape == images.shape
    assert (found.amin() >= 0, found.amax() <= 1) == (True, True)
    assert len(found.flatten(1).unique(dim=0)) == 60
    assert torch.equal(found, classical(images, torch.Generator().manual_seed(0)))
    assert found.mean() == pytest.approx(float(images.mean()), rel=0.1)


def test_classical_variations_mirror_half_and_move_little():
    images = torch.zeros(400, 1, 28, 28)
    images[:, :, 12:16, 20:24] = 1
    found = classical(images, torch.Generator().manual_seed(0))[:, 0]
    places = torch.arange(28.0)
    rows, columns = ((found.sum(dim=axis) * places).sum(dim=1) / found.sum(dim=(1, 2)) for axis in (2, 1))
    left = columns < 13.5
    assert 150 < left.sum() < 250
    away = torch.where(left, 27 - columns, columns) - 21.5
    assert 1.5 < away.abs().max() < 2 + 8 * (1 - math.cos(0.17)) + 0.1
    assert 2.5 < (rows - 13.5).abs().max() < 2 + 8 * math.sin(0.17) + 0.1


def test_difficulty_is_the_mean_cross_entropy_of_the_class(trained):
    made, critic, _ = trained
    fitness = Difficulty(made, 3, critic, 1)
    latents = fitness.prior.draw((1, 4, fitness.genes), torch.Generator().manual_seed(1))
    expected = [
        float(torch.stack([-critic.probabilities(made.of(one[None]))[0, 1].log() for one in set_.view(3, 100)]).mean())
        for set_ in latents[0]
    ]
    assert fitness(latents)[0].tolist() == pytest.approx(expected, abs=1e-5)


def test_spread_is_the_mean_distance_of_two_images_in_the_critics_features(trained):
    made, critic, _ = trained
    fitness = Spread(made, 3, critic)
    latents = fitness.prior.draw((1, 4, fitness.genes), torch.Generator().manual_seed(1))
    expected = []
    for one in latents[0]:
        features = critic.features(made.of(one))
        expected.append(sum(float((a - b).norm()) for a, b in combinations(features, 2)) / 3)
    assert fitness(latents)[0].tolist() == pytest.approx(expected, rel=1e-3, abs=1e-5)


def test_a_supervisor_loses_nothing_and_its_directions_are_opposite(trained):
    made, _, images = trained
    found = {}
    for alike in (False, True):
        fitness = towards(made, images, TINY, alike)
        sets = [supervise(fitness, TINY, 0, generations) for generations in (2, 12)]
        values = [float(fitness(one[None, None])) for one in sets]
        assert sets[0].shape == (300,)
        assert values[1] > values[0]
        found[alike] = values[1]
    assert -found[False] < found[True], "the likeness of sets evolved unlike and alike"


def test_images_of_all_classes_have_their_labels():
    images, labels = together((numbered(3), numbered(2, first=5)))
    assert (len(images), labels.tolist()) == (5, [0, 0, 0, 1, 1])
