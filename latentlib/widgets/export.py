"""Generators and targets in the form that travels to a browser: int8 with one scale an output channel."""

import base64
import zlib
from functools import cache as remember
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from latentlib import data, zoo
from latentlib.models import jin_ko

DATASETS = ("mnist", "fashion_mnist")  # grey and 28x28: what the engine draws
TARGETS = 20  # held-out images a data set
LEVELS = 127  # of int8, either side of 0


def shape(generator: jin_ko.Generator) -> dict[str, int]:
    """The sizes that the engine asks for."""
    first, second = generator.layers[0], generator.layers[7]
    assert isinstance(first, nn.Linear)
    assert isinstance(second, nn.ConvTranspose2d)
    return {
        "latent": generator.latent_size,
        "hidden": first.out_features,
        "side": generator.image_shape[1] // 4,
        "first": second.in_channels,
        "second": second.out_channels,
    }


def fused(generator: jin_ko.Generator) -> list[tuple[Tensor, Tensor]]:
    """Weights (outputs, inputs) and biases of the four layers, batch norms folded, everything channels last."""
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


def quantised(weight: Tensor) -> tuple[Tensor, Tensor]:
    """A matrix (outputs, inputs) as int8 and the scale (outputs,) that brings it back."""
    scale = (weight.abs().amax(dim=1) / LEVELS).clamp(min=1e-12)
    return (weight / scale[:, None]).round().to(torch.int8), scale


def text(content: bytes) -> str:
    """Bytes in letters."""
    return base64.b64encode(content).decode()


@remember
def weights(dataset: str) -> dict[str, Any]:
    """The generator of a data set: sizes, base64 of its numbers, their checksum (Adler-32).

    The numbers are all scales and all biases as float32, little-endian, then the int8 weights, layer by layer.

    Raises:
        ValueError: for a data set whose generator the browser's engine does not draw.
    """
    if dataset not in DATASETS:
        raise ValueError(f"dataset must be one of {', '.join(DATASETS)}, got {dataset!r}")
    generator = zoo.load(f"restoring/{dataset}")
    assert isinstance(generator, jin_ko.Generator)
    layers = fused(generator)
    packed = [quantised(weight.detach()) for weight, _ in layers]
    floats = torch.cat([*(scale for _, scale in packed), *(bias.detach() for _, bias in layers)])
    parts = [floats.numpy().astype("<f4").tobytes(), *(levels.numpy().tobytes() for levels, _ in packed)]
    content = b"".join(parts)
    return {"name": dataset, "shape": shape(generator), "checksum": zlib.adler32(content), "data": text(content)}


def targets(dataset: str) -> dict[str, Any]:
    """Held-out images of a data set, the ten classes in turn: title, what each shows, and base64 of their bytes."""
    images = data.bundled(dataset, "test")[:TARGETS]
    pixels = (images.images * 255).round().to(torch.uint8).numpy().astype(np.uint8)
    names = [images.card.classes[label] for label in images.labels.tolist()]
    return {"title": images.card.title, "labels": names, "pixels": text(pixels.tobytes())}
