"""The networks as the paper lists them; sizes and numbers of weights are those that Keras reports for its listings."""

from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import interpolate

from latentlib.models import fernandes
from latentlib.models.fernandes import Discriminator, Generator, face_generator
from latentlib.models.inference import folded

NORM = 4  # numbers a channel: scale, shift, and the two running averages that Keras counts as well


def dense(inputs, outputs):
    return inputs * outputs + outputs


def convolution(inputs, outputs):
    return 9 * inputs * outputs + outputs


def numbers(network):
    """Weights and running averages."""
    return sum(value.numel() for name, value in network.state_dict().items() if "num_batches" not in name)


def sizes(network, given):
    """The shape behind each layer that changes it, without the batch."""
    shapes = [tuple(given.shape[1:])]
    for layer in network.layers:
        given = layer(given)
        if tuple(given.shape[1:]) != shapes[-1]:
            shapes.append(tuple(given.shape[1:]))
    return shapes[1:]


@pytest.mark.parametrize(
    ("make", "count"),
    [
        (
            Generator,
            dense(100, 7 * 7 * 128)
            + (convolution(128, 128) + NORM * 128)
            + (convolution(128, 64) + NORM * 64)
            + convolution(64, 1),
        ),
        (
            face_generator,
            dense(100, 8 * 8 * 128)
            + (convolution(128, 256) + NORM * 256)
            + (convolution(256, 128) + NORM * 128)
            + (convolution(128, 64) + NORM * 64)
            + convolution(64, 3),
        ),
        (
            partial(face_generator, narrowed=4),
            dense(100, 8 * 8 * 32)
            + (convolution(32, 64) + NORM * 64)
            + (convolution(64, 32) + NORM * 32)
            + (convolution(32, 16) + NORM * 16)
            + convolution(16, 3),
        ),
        (
            Discriminator,
            convolution(1, 32)
            + (convolution(32, 64) + NORM * 64)
            + (convolution(64, 128) + NORM * 128)
            + (convolution(128, 256) + NORM * 256)
            + dense(4 * 4 * 256, 1),
        ),
    ],
    ids=["28x28", "faces", "faces at quarter width", "discriminator"],
)
def test_a_network_has_as_many_weights_as_its_listing(make, count):
    assert numbers(make()) == count


def test_the_counts_are_those_that_keras_prints():
    assert (numbers(Generator()), numbers(Discriminator())) == (856_193, 393_729)


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (Generator(), ["Linear", "ReLU", "Unflatten"] + 2 * ["Upsample", "Conv2d", "BatchNorm2d", "ReLU"]),
        (face_generator(), ["Linear", "ReLU", "Unflatten"] + 3 * ["Upsample", "Conv2d", "BatchNorm2d", "ReLU"]),
    ],
    ids=["28x28", "faces"],
)
def test_a_generator_has_the_layers_of_its_listing(network, expected):
    assert [type(layer).__name__ for layer in network.layers] == [*expected, "Conv2d", "Tanh"]


def test_the_discriminator_has_the_layers_of_its_listing():
    kinds = [type(layer).__name__ for layer in Discriminator().layers]
    same, ends = ["ZeroPad2d", "Conv2d"], ["LeakyReLU", "Dropout"]  # Keras pads within its convolutions
    assert kinds == [
        *(*same, *ends),
        *(*same, "ZeroPad2d", "BatchNorm2d", *ends),
        *(*same, "BatchNorm2d", *ends),
        *(*same, "BatchNorm2d", *ends),
        *("Flatten", "Linear", "Flatten"),
    ]


def test_the_listed_face_generator_makes_64_pixels_and_the_repaired_one_128(random):
    latents = torch.randn(2, 100, generator=random)
    assert face_generator().eval()(latents).shape == (2, 3, 64, 64)
    assert face_generator(repaired=True).eval()(latents).shape == (2, 3, 128, 128)
    listed, repaired = (
        [shape for shape in sizes(network.eval(), latents) if len(shape) == 3]
        for network in (face_generator(), face_generator(repaired=True))
    )
    assert (listed[0], repaired[0]) == ((128, 8, 8), (128, 16, 16))
    assert [channels for channels, *_ in listed] == [channels for channels, *_ in repaired]


@pytest.mark.parametrize(
    ("shape", "last"), [((1, 28, 28), (256, 4, 4)), ((3, 64, 64), (256, 9, 9)), ((3, 128, 128), (256, 17, 17))]
)
def test_the_discriminator_flattens_what_keras_would(shape, last, random):
    network, images = Discriminator(shape).eval(), torch.rand(3, *shape, generator=random)
    *_, flat, one, _ = sizes(network, images)
    assert flat == (np.prod(last),)
    assert one == (1,)
    assert network(images).shape == (3,)
    assert network(images[:1]).shape == (1,)


def test_batch_norms_are_those_of_keras_with_momentum_08():
    for network in (Generator(), face_generator(), Discriminator()):
        norms = [layer for layer in network.layers if isinstance(layer, nn.BatchNorm2d)]
        assert {(norm.momentum, norm.eps) for norm in norms} == {(0.2, 1e-3)}
    norm = fernandes.normed(1)
    norm.train()(torch.full((4, 1, 2, 2), 10.0))
    assert float(norm.running_mean) == pytest.approx(0.8 * 0 + 0.2 * 10)


def test_strides_keep_the_pixels_that_keras_keeps():
    """The middle tap of `same` and stride 2 falls on pixels 1, 3, ... of an even side, and 0, 2, ... of an odd one."""
    for side, first in ((28, 1), (27, 0)):
        pad, convolution = Discriminator((1, side, side)).layers[:2]
        with torch.no_grad():
            convolution.weight.zero_()
            convolution.weight[0, 0, 1, 1] = 1
        image = torch.arange(side * side).float().view(1, 1, side, side)
        assert torch.equal(convolution(pad(image))[0, 0], image[0, 0, first::2, first::2])


def test_doubling_repeats_pixels(random):
    small = torch.rand(2, 3, 4, 4, generator=random)
    upsample = next(layer for layer in Generator().layers if isinstance(layer, nn.Upsample))
    assert torch.equal(upsample(small), small.repeat_interleave(2, 2).repeat_interleave(2, 3))
    assert torch.equal(upsample(small), interpolate(small, scale_factor=2, mode="nearest"))


def test_dropout_and_leaks_are_as_listed():
    layers = Discriminator().layers
    assert {layer.p for layer in layers if isinstance(layer, nn.Dropout)} == {0.25}
    assert {layer.negative_slope for layer in layers if isinstance(layer, nn.LeakyReLU)} == {0.2}


def test_weights_begin_as_glorots():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = Generator()
    weight, bias = network.layers[0].weight, network.layers[0].bias
    limit = (6 / (100 + 7 * 7 * 128)) ** 0.5
    assert 0.99 * limit < float(weight.detach().abs().max()) <= limit
    assert float(weight.detach().std()) == pytest.approx(limit / 3**0.5, rel=0.01)
    assert not bias.any()


def test_images_lie_from_zero_to_one(random):
    network = Generator().eval()
    with torch.no_grad():
        network.layers[-2].weight *= 30
    images = network(torch.randn(6, 100, generator=random))
    assert images.shape == (6, 1, 28, 28)
    assert 0 <= images.min() < 0.2 < 0.8 < images.max() <= 1


def test_the_fast_form_makes_the_same_images(random):
    network, latents = Generator().train(), torch.randn(64, 100, generator=random)
    with torch.no_grad():
        network.layers[-2].weight *= 5
        network(latents)  # so that batch norms have seen something
    network.eval()
    fast = folded(network)
    assert not [layer for layer in fast.layers if isinstance(layer, nn.BatchNorm2d)]
    assert network(latents).std() > 0.1
    assert torch.allclose(fast(latents), network(latents), atol=2e-5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Generator((1, 30, 30)), r"images must be square, with sides a multiple of 4, got \(1, 30, 30\)"),
        (lambda: Generator((1, 28, 32)), "images must be square"),
        (lambda: Generator((1, 0, 0)), "images must be square"),
        (lambda: Discriminator((1, 28, 32)), "images must be square, got 28x32"),
    ],
)
def test_images_of_other_sizes_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
