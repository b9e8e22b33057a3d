"""What each player is after, the scores, and the data: by hand, network by network."""

import math

import pytest
import torch
from quick_games import DENSE, RING, SMALL, game_of, genomes
from torch.nn.functional import binary_cross_entropy

from studies.evolving_weights import data
from studies.evolving_weights.game import calibration, energy, scores
from studies.evolving_weights.settings import COMMON, FIXED, NORM, NORMALISATION, NOTHING, Settings


def by_hand(network, inputs):
    with torch.no_grad():
        return network.train()(inputs)


def chances(game, genome, images):
    """What a discriminator says, as probabilities."""
    return by_hand(game.players.discriminator.network(genome), images).sigmoid()


@pytest.mark.parametrize("settings", [RING, DENSE, SMALL])
def test_fitness_of_both_is_minus_their_cross_entropy(settings):
    game = game_of(settings)
    generators, discriminators = genomes(game)
    real, latents = game.batch()
    fooling = game.for_generators(discriminators[0], real, latents)
    found = fooling.rows(generators, torch.zeros(3))
    for genome, value in zip(generators, found, strict=True):
        said = chances(game, discriminators[0], by_hand(game.players.generator.network(genome), latents))
        assert float(value) == pytest.approx(-float(binary_cross_entropy(said, torch.ones(8))), abs=1e-4)
    telling = game.for_discriminators(generators[1], real, latents)
    fakes = by_hand(game.players.generator.network(generators[1]), latents)
    for genome, value in zip(discriminators, telling.rows(discriminators, torch.zeros(3)), strict=True):
        parts = [
            binary_cross_entropy(chances(game, genome, some), torch.full((8,), target))
            for some, target in ((real, 1.0), (fakes, 0.0))
        ]
        assert float(value) == pytest.approx(-float(sum(parts)), abs=1e-4)
    assert (fooling.cost, telling.cost) == (16, 16)
    assert game.passes == 8, "the opponent's fakes"


@pytest.mark.parametrize("settings", [RING, SMALL])
def test_scores_are_mean_probabilities_and_cross_entropies(settings):
    game = game_of(settings)
    (generator, *_), (discriminator, *_) = genomes(game)
    real, latents = game.batch()
    found = scores(game.players, generator, discriminator, real, latents)
    fakes = by_hand(game.players.generator.network(generator), latents)
    of_real, of_fakes = chances(game, discriminator, real), chances(game, discriminator, fakes)
    assert found["real_score"] == pytest.approx(float(of_real.mean()), abs=1e-5)
    assert found["fake_score"] == pytest.approx(float(of_fakes.mean()), abs=1e-5)
    loss_g = float(binary_cross_entropy(of_fakes, torch.ones(8)))
    loss_d = float(binary_cross_entropy(of_real, torch.ones(8)) + binary_cross_entropy(of_fakes, torch.zeros(8)))
    assert (found["loss_g"], found["loss_d"]) == (pytest.approx(loss_g, abs=1e-4), pytest.approx(loss_d, abs=1e-4))
    assert loss_g >= -math.log(found["fake_score"]) - 1e-4, "Jensen's bound, which the published numbers keep, too"


def test_energy_distance_pair_by_pair(random):
    made, known = torch.randn(2, 5, 2, generator=random), torch.randn(6, 2, generator=random)

    def mean(pairs):
        return sum(math.dist(a, b) for a, b in pairs) / len(pairs)

    for one, value in zip(made, energy(made, known), strict=True):
        own, real = one.tolist(), known.tolist()
        expected = 2 * mean([(a, b) for a in own for b in real])
        for points in (own, real):
            expected -= mean([(a, b) for i, a in enumerate(points) for j, b in enumerate(points) if i != j])
        assert float(value) == pytest.approx(expected, abs=1e-5)


def test_a_fixed_goal_asks_no_opponent():
    game = game_of(RING, goal=FIXED)
    generators, discriminators = genomes(game)
    real, latents = game.batch()
    values = [game.for_generators(one, real, latents).rows(generators, torch.zeros(3)) for one in discriminators[:2]]
    assert torch.equal(*values)
    made = torch.stack([by_hand(game.players.generator.network(genome), latents) for genome in generators])
    assert torch.allclose(values[0], -energy(made, real), atol=1e-5)


def test_samples_are_fresh_or_common():
    fresh, common = game_of(RING), game_of(RING, samples=COMMON)
    first, second = fresh.batch(), fresh.batch()
    assert not torch.equal(first[0], second[0])
    assert not torch.equal(first[1], fresh.latents())
    first, second = common.batch(), common.batch()
    assert all(torch.equal(*parts) for parts in zip(first, second, strict=True))
    assert torch.equal(common.latents(), first[1])
    assert common.latents(3).shape == (3, 2)
    assert fresh.shown == common.shown == 16


class Chance:
    """Players of whom the discriminator says a shade, and the generator draws given shades."""

    def fakes(self, genome, latents):
        return genome[: len(latents)]

    def judged(self, genome, made):
        return made.logit()


def test_calibration_is_zero_where_chances_are_shares():
    """Of those called real with a chance of 0.75, three of four are; of those with 0.25, one of four."""
    real, fakes = torch.tensor([0.75] * 3 + [0.25]), torch.tensor([0.75] + [0.25] * 3)
    assert calibration(Chance(), fakes, fakes, real, fakes) == pytest.approx(0, abs=1e-6)
    assert calibration(Chance(), real, real, real, real) == pytest.approx((6 * 0.25 + 2 * 0.25) / 8, abs=1e-6)
    sure, wrong = torch.tensor([0.99] * 4), torch.tensor([0.01] * 4)
    assert calibration(Chance(), wrong, wrong, sure, wrong) == pytest.approx(0.01, abs=1e-6)
    assert calibration(Chance(), sure, sure, wrong, sure) == pytest.approx(0.99, abs=1e-6)


def test_the_ring_has_eight_modes():
    points = data.ring(4000, seed=3)
    away = torch.cdist(points, data.centres())
    nearest = away.argmin(dim=1)
    assert nearest.bincount(minlength=8).min() > 400
    assert float(away.amin(dim=1).square().mean()) == pytest.approx(2 * 0.1**2, rel=0.1)
    assert torch.allclose(data.centres().norm(dim=1), torch.full((8,), 2.0))


def test_training_and_held_out_images_share_none():
    both = data.real(DENSE)
    training, held_out = ({image.numpy().tobytes() for image in part} for part in (both.training, both.held_out))
    assert len(both.training) == 40
    assert len(both.held_out) == 30
    assert not training & held_out


def test_without_normalisation_a_discriminator_sees_images_in_0_1():
    game, other = game_of(SMALL, without=NORMALISATION), game_of(SMALL, without=NOTHING)
    genome, images = genomes(other)[1][:1], torch.rand(1, 8, 1, 28, 28)
    halves = (images + 1) / 2  # which the network rescales to what they were
    assert torch.allclose(game.players.judged(genome[0], images), other.players.judged(genome[0], halves), atol=1e-4)
    assert not any("BatchNorm" in str(one.prototype) for one in vars(game_of(SMALL, without=NORM).players).values())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"population": 1}, "population must be at least 4, got 1"),
        ({"population": 7}, "population must be even, got 7"),
        ({"arm": "SGD"}, "arm must be one of Adam, GA, ES, GA on Adam, random search, got 'SGD'"),
        ({"pair": "ring"}, "pair 'ring' is not for the data set 'mnist'"),
        ({"goal": FIXED}, "goal 'fixed' is for the ring, played in turn, got 'mnist' 'in turn'"),
        ({"arm": "ES", "play": "pairs"}, "play 'pairs' is for the arms GA and random search, got 'ES'"),
        ({"step": -1.0}, "step must be at least 0, got -1.0"),
        ({"step": float("nan")}, "step must be at least 0, got nan"),
        ({"images": 1}, "images must be at least 2, got 1"),
    ],
)
def test_settings_out_of_range_are_named(changes, message):
    with pytest.raises(ValueError, match=message):
        Settings(**changes)
