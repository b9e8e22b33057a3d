"""The ring's arithmetic in the browser against torch and SciPy: networks, losses, gradients, Adam, modes."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from needs import need
from scipy.spatial.distance import cdist
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.nn.utils import parameters_to_vector

SCRIPT = Path(__file__).parents[2] / "frontend/test/ring_compare.js"
STEPS = 40


def network(*sizes):
    """Linear layers with leaky ReLU between them, in double precision."""
    layers = [layer for pair in pairwise(sizes) for layer in (nn.Linear(*pair), nn.LeakyReLU(0.2))]
    return nn.Sequential(*layers[:-1]).double()


@pytest.fixture(scope="module")
def networks():
    with torch.random.fork_rng():
        torch.manual_seed(5)
        return network(2, 16, 16, 2), network(2, 16, 16, 1)


@pytest.fixture(scope="module")
def points():
    """Latents, and real points of which some modes are rare."""
    random = np.random.default_rng(5)
    modes = random.choice(8, size=200, p=[0.3, 0.3, 0.2, 0.12, 0.04, 0.02, 0.01, 0.01]) * np.pi / 4
    centres = 2 * np.stack([np.cos(modes), np.sin(modes)], axis=1)
    return random.normal(size=(200, 2)), centres + random.normal(0, 0.15, (200, 2))


@pytest.fixture(scope="module")
def answer(networks, points):
    """What the browser's code makes of the same weights and points."""
    generator, discriminator = (parameters_to_vector(one.parameters()).tolist() for one in networks)
    latents, real = (some.tolist() for some in points)
    question = {"generator": generator, "discriminator": discriminator, "latents": latents, "real": real}
    done = subprocess.run(
        [need("node"), SCRIPT],
        input=json.dumps({**question, "steps": STEPS}),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def losses(generator, discriminator, latents, real):
    """Kumar's binary cross-entropies (equation 4.1): of the generator, and of the discriminator on detached fakes."""
    fake = generator(latents)
    judged, of_real, of_fake = discriminator(fake), discriminator(real), discriminator(fake.detach())
    ones = torch.ones_like(judged)
    told = [binary_cross_entropy_with_logits(of_real, ones), binary_cross_entropy_with_logits(of_fake, 0 * ones)]
    return binary_cross_entropy_with_logits(judged, ones), sum(told)


def test_outputs_losses_and_gradients_are_torchs(networks, points, answer):
    latents, real = map(torch.tensor, points)
    with torch.no_grad():
        assert torch.allclose(networks[0](latents).flatten(), torch.tensor(answer["fake"]).double(), atol=1e-10)
        assert torch.allclose(networks[1](real).flatten(), torch.tensor(answer["logits"]).double(), atol=1e-10)
    for loss, one, value, gradient in zip(
        losses(*networks, latents, real), networks, answer["losses"], answer["gradients"], strict=True
    ):
        assert loss.item() == pytest.approx(value, abs=1e-10)
        expected = parameters_to_vector(torch.autograd.grad(loss, list(one.parameters())))
        assert torch.allclose(expected, torch.tensor(gradient).double(), atol=1e-10)
        assert float(expected.abs().max()) > 1e-3


def test_steps_of_adam_are_torchs(networks, points, answer):
    latents, real = map(torch.tensor, points)
    generator, discriminator = (network(2, 16, 16, outputs) for outputs in (2, 1))
    for copy, one in zip((generator, discriminator), networks, strict=True):
        copy.load_state_dict(one.state_dict())
    going, telling = (torch.optim.Adam(one.parameters(), 0.005, (0.5, 0.999)) for one in (generator, discriminator))
    for _ in range(STEPS):
        for optimiser, place in ((telling, 1), (going, 0)):
            optimiser.zero_grad()
            losses(generator, discriminator, latents, real)[place].backward()
            optimiser.step()
    for one, first, trained in zip((generator, discriminator), networks, answer["trained"], strict=True):
        reached = parameters_to_vector(one.parameters())
        assert torch.allclose(reached, torch.tensor(trained).double(), atol=1e-6)
        assert (reached - parameters_to_vector(first.parameters())).abs().mean().item() > 0.02


def test_modes_are_counted_as_by_distances(points, answer):
    """At least 2 % of the points within three standard deviations, 0.1 each, of a centre."""
    angles = np.arange(8) * np.pi / 4
    near = cdist(points[1], 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)) <= 0.3
    modes = int((near.mean(axis=0) >= 0.02).sum())
    assert 0 < modes < 8
    assert answer["coverage"] == {"modes": modes, "near": pytest.approx(near.any(axis=1).mean())}
