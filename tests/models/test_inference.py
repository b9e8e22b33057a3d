"""The fast form of a generator, `folded`, against the plain one."""

import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import pixel_shuffle

from latentlib import zoo
from latentlib.models import gagan, jin_ko
from latentlib.models.inference import folded, sub_pixel

GENERATORS = [name for name, entry in zoo.ENTRIES.items() if entry.generates]
TRAINED = [name for name in GENERATORS if zoo.weights_path(name).exists()]
ROUNDING = 2e-5


class Bare(nn.Module):
    """A generator of 8x8 images with no batch norm and one deconvolution."""

    def __init__(self):
        super().__init__()
        self.latent_size = 6
        self.layers = nn.Sequential(
            nn.Linear(6, 5 * 4 * 4), nn.ReLU(), nn.Unflatten(1, (5, 4, 4)), jin_ko.double(5, 2), nn.Sigmoid()
        )

    def forward(self, latents):
        return self.layers(latents)


def exercised(network, seed):
    """The network with random batch-norm scales and shifts, and means and variances far from 0 and 1."""
    random = torch.Generator().manual_seed(seed)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            for value, low, high in (
                (layer.weight, 0.5, 2),
                (layer.bias, -1, 1),
                (layer.running_mean, -1, 1),
                (layer.running_var, 0.2, 3),
            ):
                value.data.uniform_(low, high, generator=random)
    return network.eval().requires_grad_(False)


def louder(network):
    """The network with twice torch's first weights, since DCGAN's are too small for images that differ."""
    for layer in network.layers:
        if isinstance(layer, nn.ConvTranspose2d):
            layer.reset_parameters()
            layer.weight.data *= 2
    return network


def untrained(kind):
    with torch.random.fork_rng():
        torch.manual_seed(4)
        network = MADE[kind]()
    network.layers[-2].weight.data *= 4  # images with contrast
    return exercised(network, seed=5)


MADE = {
    "one channel": lambda: jin_ko.Generator((1, 28, 28), latent_size=20, hidden=32, channels=(16, 8)),
    "three channels": lambda: jin_ko.Generator((3, 32, 32), latent_size=20, hidden=32, channels=(16, 8)),
    "not square": lambda: jin_ko.Generator((2, 12, 20), latent_size=7, hidden=9, channels=(5, 3)),
    "no batch norm": Bare,
    "dcgan, 28 pixels": lambda: louder(gagan.Generator((1, 28, 28), latent_size=20, channels=(16, 8))),
    "dcgan, 64 pixels": lambda: louder(gagan.Generator((3, 64, 64), latent_size=20, channels=(12, 8, 6, 5))),
}
EVERY = pytest.mark.parametrize(
    "plain", [*(lambda name=name: zoo.load(name) for name in TRAINED), *(lambda k=k: untrained(k) for k in MADE)],
    ids=[*TRAINED, *MADE],
)  # fmt: skip


def latents_for(network, count, random):
    return torch.randn(count, network.latent_size, generator=random)


@EVERY
@pytest.mark.parametrize("count", [1, 33])
def test_the_folded_generator_makes_the_same_images(plain, count, random):
    network = plain()
    latents = latents_for(network, count, random)
    images, expected = folded(network)(latents), network(latents)
    assert images.shape == expected.shape
    assert expected.std() > 0.05, "images that are all alike would agree with anything"
    assert (images - expected).abs().max() < ROUNDING


@EVERY
def test_latents_far_from_the_prior_make_the_same_images_too(plain, random):
    network = plain()
    latents = 5 * latents_for(network, 16, random)
    assert (folded(network)(latents) - network(latents)).abs().max() < ROUNDING


@EVERY
def test_the_gradient_of_the_latents_is_the_same(plain, random):
    network = plain()
    forms = network, folded(network)
    latents = latents_for(network, 8, random).double()
    weights = torch.randn(network(latents.float()).shape, generator=random)
    slopes = []
    for form in forms:
        leaf = latents.clone().requires_grad_()
        (form.double()(leaf) * weights).sum().backward()
        slopes.append(leaf.grad)
    assert slopes[0].abs().max() > 0.1
    assert (slopes[0] - slopes[1]).abs().max() < 1e-5 * slopes[
        0
    ].abs().max()  # double: no ReLU is rounded over its kink


@EVERY
def test_folding_leaves_the_original_as_it_was_and_shares_nothing_with_it(plain, random):
    network = plain()
    latents = latents_for(network, 4, random)
    state, images = copy.deepcopy(network.state_dict()), network(latents)
    fast = folded(network)
    for value in fast.parameters():
        value.zero_()
    assert network.state_dict().keys() == state.keys()
    assert all(torch.equal(value, state[name]) for name, value in network.state_dict().items())
    assert torch.equal(network(latents), images)
    assert all(not value.any() for value in fast.parameters())


@EVERY
def test_the_folded_generator_is_frozen_in_evaluation_mode_and_says_its_latent_size(plain):
    network = plain()
    fast = folded(network)
    assert fast.latent_size == network.latent_size
    assert type(fast) is type(network)
    assert not fast.training
    assert not any(value.requires_grad for value in fast.parameters())


@EVERY
def test_neither_batch_norm_nor_a_deconvolution_to_the_image_is_left(plain):
    network = plain()
    layers, last = list(folded(network).layers), network.layers[-2]
    assert not any(isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d) for layer in layers)
    if isinstance(last, nn.ConvTranspose2d):
        assert [type(layer) for layer in layers[-3:-1]] == [nn.Conv2d, nn.PixelShuffle]
    else:
        assert isinstance(last, nn.Conv2d), "the listed networks have no deconvolution"


@pytest.mark.parametrize("name", TRAINED)
def test_the_zoo_hands_out_generators_in_their_folded_form(name, random):
    fast = zoo.load_generator(name)
    latents = latents_for(fast, 5, random)
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in fast.modules())
    assert (fast(latents) - zoo.load(name)(latents)).abs().max() < ROUNDING


@given(
    count=st.integers(1, 3),
    inputs=st.integers(1, 9),
    outputs=st.integers(1, 5),
    height=st.integers(1, 8),
    width=st.integers(1, 8),
    bias=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_a_sub_pixel_convolution_is_the_doubling_deconvolution(count, inputs, outputs, height, width, bias, seed):
    random = torch.Generator().manual_seed(seed)
    doubling = nn.ConvTranspose2d(inputs, outputs, kernel_size=4, stride=2, padding=1, bias=bias)
    for value in doubling.parameters():
        value.data.normal_(generator=random)
    small = torch.randn(count, inputs, height, width, generator=random)
    with torch.no_grad():
        expected, found = doubling(small), pixel_shuffle(sub_pixel(doubling)(small), 2)
    assert found.shape == (count, outputs, 2 * height, 2 * width)
    assert torch.allclose(found, expected, atol=1e-4)


def test_without_a_bias_an_empty_image_stays_empty():
    doubling = nn.ConvTranspose2d(3, 2, kernel_size=4, stride=2, padding=1, bias=False)
    assert not sub_pixel(doubling)(torch.zeros(2, 3, 5, 5)).any()


def test_each_channel_keeps_its_own_bias():
    doubling = nn.ConvTranspose2d(3, 2, kernel_size=4, stride=2, padding=1)
    doubling.bias.data = torch.tensor([0.25, -4.0])
    image = pixel_shuffle(sub_pixel(doubling)(torch.zeros(1, 3, 5, 5)), 2)
    assert torch.equal(image[0, 0], torch.full((10, 10), 0.25))
    assert torch.equal(image[0, 1], torch.full((10, 10), -4.0))
