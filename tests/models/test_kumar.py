"""The networks as the thesis lists them, what it lists in vain, and the smaller pairs."""

import pytest
import torch
from torch import nn

from latentlib.models import kumar
from latentlib.models.kumar import Dense, Discriminator, Generator, dense_pair, ring_pair, small_pair

LISTED = [(512, 4, 4), (256, 8, 8), (128, 16, 16), (64, 32, 32), (3, 64, 64)]


def weights(network):
    return sum(parameter.numel() for parameter in network.parameters())


def strided(count, kernel, padding=1):
    """Convolutions of stride 2, as the thesis describes its discriminator, of one channel each."""
    widths = [3] + [1] * count
    return nn.Sequential(*(nn.Conv2d(widths[n], 1, kernel, stride=2, padding=padding) for n in range(count)))


def test_the_listed_generator_has_its_sizes_and_number_of_weights():
    network = Generator()
    given, found = torch.randn(2, 128), []
    for layer in network.layers:
        given = layer(given)
        if isinstance(layer, nn.ConvTranspose2d):
            found.append(tuple(given.shape[1:]))
    assert found == LISTED
    filters = sum(inputs * outputs * 16 for inputs, outputs in ((128, 512), (512, 256), (256, 128), (128, 64), (64, 3)))
    assert weights(network) == filters + 2 * (512 + 256 + 128 + 64) == 3_806_080
    kinds = [type(layer) for layer in network.layers]
    assert [kinds.count(kind) for kind in (nn.ConvTranspose2d, nn.BatchNorm2d, nn.ReLU, nn.Tanh)] == [5, 4, 4, 1]


def test_seven_convolutions_of_stride_2_do_not_fit_64_pixels():
    image = torch.zeros(1, 3, 64, 64)
    assert strided(6, 4)(image).shape[2:] == (1, 1)
    with pytest.raises(RuntimeError, match="Kernel size can't be greater"):
        strided(7, 4)(image)
    assert strided(6, 3)(image).shape == strided(7, 3)(image).shape, "the seventh has nothing to halve"
    with pytest.raises(RuntimeError, match="Kernel size can't be greater"):
        strided(6, 3, padding=0)(image)
    with pytest.raises(ValueError, match=r"multiple of 128, got \(3, 64, 64\)"):
        Discriminator(channels=(8,) * 7)


def test_the_discriminator_judges_images_of_64_pixels_one_by_one():
    network = Discriminator().eval()
    images = torch.rand(3, 3, 64, 64)
    logits = network(images)
    assert logits.shape == (3,)
    assert torch.allclose(network(images[1:2]), logits[1:2], atol=1e-5)
    assert weights(network) == 16 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512) + 64 + 2 * (128 + 256 + 512) + 1


@pytest.mark.parametrize(
    ("make", "numbers"),
    [
        (small_pair, (32 * 32 * 49 + 16 * (32 * 16 + 16) + 2 * 48, 16 * (16 + 16 * 32) + 16 + 2 * 32 + 32 * 49 + 1)),
        (dense_pair, (57_424, 50_305)),
    ],
)
def test_small_pairs_make_and_judge_images_of_28_pixels(make, numbers):
    generator, discriminator = make()
    images = generator(torch.randn(5, generator.latent_size))
    assert images.shape == (5, 1, 28, 28)
    assert images.min() >= 0
    assert images.max() <= 1
    assert discriminator(images).shape == (5,)
    assert (weights(generator), weights(discriminator)) == numbers


def test_a_ring_pair_makes_and_judges_points():
    generator, discriminator = ring_pair()
    points = generator(torch.randn(7, 2))
    assert points.shape == (7, 2)
    assert discriminator(points).shape == (7,)
    assert (weights(generator), weights(discriminator)) == (3 * 16 + 17 * 16 + 17 * 2, 3 * 16 + 17 * 16 + 17)
    assert weights(ring_pair(2)[0]) == 18


def test_without_batch_norm_there_are_biases_in_its_place():
    for network in small_pair(norm=False):
        assert not any(isinstance(layer, nn.BatchNorm2d) for layer in network.modules())
    generator = small_pair(norm=False)[0]
    assert [layer.bias is not None for layer in generator.layers if isinstance(layer, nn.ConvTranspose2d)] == [
        True,
        True,
        False,
    ]


def test_dense_networks_apply_their_layers_in_order():
    network = Dense((4, 3, 1))
    first, last = network.layers[1], network.layers[3]
    given = torch.randn(6, 2, 2)
    hidden = given.flatten(1) @ first.weight.T + first.bias
    expected = (torch.where(hidden > 0, hidden, 0.2 * hidden) @ last.weight.T + last.bias)[:, 0]
    assert torch.allclose(network(given), expected, atol=1e-6)


@pytest.mark.parametrize("shape", [(3, 64, 32), (3, 60, 60), (3, 8, 8)])
def test_sides_that_do_not_fit_are_named(shape):
    for network in (Generator, Discriminator):
        with pytest.raises(ValueError, match=f"sides a multiple of 16, got .*{shape[2]}"):
            network(shape)
    assert kumar.halved((1, 28, 28), 2) == 7
