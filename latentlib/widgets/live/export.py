"""Networks and targets in the form sent to a browser: int8 with one scale per output channel."""

import base64
import zlib
from functools import cache as remember
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from latentlib import data, zoo
from latentlib.models import gagan, jin_ko
from latentlib.models.judge import Judge

DATASETS = ("mnist", "fashion_mnist")  # with targets: grey and 28x28
NETWORKS = {  # what a browser can be sent, and which model of the zoo that is
    **{name: f"restoring/{name}" for name in DATASETS},
    "recogniser": "recogniser/mnist",
    "judge": "judge/mnist",
    "celeba": "restoring/celeba",
    "judge-fashion_mnist": "judge/fashion_mnist",
}
TARGETS = 20  # held-out images per data set
LEVELS = 127  # of int8, either side of 0

Layers = list[tuple[Tensor, Tensor]]  # weights (outputs, inputs) and biases (outputs,)


def shape(generator: jin_ko.Generator) -> dict[str, int]:
    """Return the sizes that the engine needs, `colours` being left out of grey images."""
    colours = generator.image_shape[0]
    first, second = generator.layers[0], generator.layers[7]
    assert isinstance(first, nn.Linear)
    assert isinstance(second, nn.ConvTranspose2d)
    return {
        "latent": generator.latent_size,
        "hidden": first.out_features,
        "side": generator.image_shape[1] // 4,
        "first": second.in_channels,
        "second": second.out_channels,
    } | ({"colours": colours} if colours > 1 else {})


def fused(generator: jin_ko.Generator) -> Layers:
    """Return the four layers with batch norms folded, everything channels last."""
    layers: Any = generator.layers
    one, two = fuse_linear_bn_eval(layers[0], layers[1]), fuse_linear_bn_eval(layers[3], layers[4])
    three, four = fuse_conv_bn_eval(layers[7], layers[8], transpose=True), layers[10]
    channels, side = three.in_channels, generator.image_shape[1] // 4
    order = torch.arange(channels * side * side).view(channels, side, side).permute(1, 2, 0).flatten()
    return [
        (one.weight, one.bias),
        (two.weight[order], two.bias[order]),
        *((each.weight.permute(1, 2, 3, 0).flatten(1), each.bias) for each in (three, four)),  # (out, y, x, in)
    ]


def fused_recogniser(recogniser: gagan.DigitRecogniser) -> Layers:
    """Return the three convolutions and the linear layer with batch norms folded, everything channels last.

    A batch norm after a pooling may be moved before it if no scale reverses the order.

    Raises:
        ValueError: for a batch norm with a negative scale.
    """
    layers: Any = recogniser.layers
    if any(bool((norm.weight < 0).any()) for norm in layers if isinstance(norm, nn.BatchNorm2d)):
        raise ValueError("a batch norm with a negative scale cannot go before the pooling")
    return channels_last([fuse_conv_bn_eval(layers[i], layers[i + 2]) for i in (0, 4, 8)], layers[-1])


def fused_judge(judge: Judge) -> Layers:
    """Return the three convolutions and the two linear layers with batch norms folded, everything channels last.

    Its poolings follow ReLU, with which they may change places.
    """
    embed: Any = judge.embed
    convolutions = [fuse_conv_bn_eval(block[0], block[1]) for block in embed[:3]]
    return [*channels_last(convolutions, embed[5]), (judge.classify.weight, judge.classify.bias)]


def channels_last(convolutions: list[Any], linear: Any) -> Layers:
    """Return the layers of convolutions and of a linear layer that follows them."""
    channels = convolutions[-1].out_channels
    columns = linear.weight.unflatten(1, (channels, -1)).transpose(1, 2).flatten(1)  # (out, pixel, in)
    return [*((each.weight.permute(0, 2, 3, 1).flatten(1), each.bias) for each in convolutions), (columns, linear.bias)]


def quantised(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return a matrix (outputs, inputs) as int8, and the scales (outputs,) that restore it."""
    scale = (weight.abs().amax(dim=1) / LEVELS).clamp(min=1e-12)
    return (weight / scale[:, None]).round().to(torch.int8), scale


def text(content: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(content).decode()


def described(network: nn.Module) -> tuple[Layers, dict[str, Any]]:
    """Return a network's layers and sizes as the engine needs them."""
    if isinstance(network, gagan.DigitRecogniser):
        layers, embedded = fused_recogniser(network), 0
    elif isinstance(network, Judge):
        layers, embedded = fused_judge(network), network.num_features
    else:
        assert isinstance(network, jin_ko.Generator)
        return fused(network), shape(network)
    sizes = {"channels": [len(bias) for _, bias in layers[:3]], "classes": len(layers[-1][1])}
    return layers, sizes | ({"embedded": embedded} if embedded else {})


@remember
def weights(name: str) -> dict[str, Any]:
    """Return the weights of a network: sizes, numbers in base64, and their checksum (Adler-32).

    The numbers are all scales and all biases as float32, little-endian, then the int8 weights, layer by layer.

    Raises:
        ValueError: for a name that is not in `NETWORKS`.
    """
    if name not in NETWORKS:
        raise ValueError(f"weights must be one of {', '.join(NETWORKS)}, got {name!r}")
    network = zoo.load(NETWORKS[name])
    layers, sizes = described(network)
    packed = [quantised(weight.detach()) for weight, _ in layers]
    floats = torch.cat([*(scale for _, scale in packed), *(bias.detach() for _, bias in layers)])
    parts = [floats.numpy().astype("<f4").tobytes(), *(levels.numpy().tobytes() for levels, _ in packed)]
    content = b"".join(parts)
    return {"name": name, "shape": sizes, "checksum": zlib.adler32(content), "data": text(content)}


def targets(dataset: str) -> dict[str, Any]:
    """Return held-out images of a data set, the ten classes in turn: title, labels, and their bytes in base64."""
    images = data.bundled(dataset, "test")[:TARGETS]
    pixels = (images.images * 255).round().to(torch.uint8).numpy().astype(np.uint8)
    names = [images.card.classes[label] for label in images.labels.tolist()]
    return {"title": images.card.title, "labels": names, "pixels": text(pixels.tobytes())}
