"""Networks of Kumar 2024, sections 4.1.1 and 4.1.2 (chapter on evolving weights), and smaller pairs to evolve.

The generator is as the thesis lists it. Its padding, and that its deconvolutions have no biases, are not stated
(parameters.md, KU, not stated 3): the sizes that it gives follow from a padding of 0 at first and 1 after that. The
discriminator cannot be: seven convolutions of stride 2 do not fit 64 pixels (KU-A6), and neither their widths nor
their kernels are stated. Here it mirrors the generator by four of them and one over what is left.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

KERNEL = 4
SLOPE = 0.2  # of leaky ReLU


def normed(channels: int, wanted: bool) -> list[nn.Module]:
    """Return a batch norm in a list, empty unless one is wanted."""
    return [nn.BatchNorm2d(channels)] if wanted else []


class Generator(nn.Module):
    """Map latents to images: a deconvolution to a small map, then doublings, each after batch norm and ReLU, and tanh.

    The defaults are the listed generator of 64 x 64 pixels.

    Args:
        image_shape: (channels, height, width), equal height and width, divisible by 2 for each of the `channels`.
        latent_size: number of genes of a latent vector, drawn from N(0, 1).
        channels: channels of the small map and before each further doubling.
        norm: whether batch norm follows every deconvolution but the last.

    Raises:
        ValueError: for a height or width that is not of this kind.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (3, 64, 64),
        latent_size: int = 128,
        channels: Sequence[int] = (512, 256, 128, 64),
        norm: bool = True,
    ) -> None:
        super().__init__()
        self.image_shape, self.latent_size = image_shape, latent_size
        side = halved(image_shape, len(channels))
        layers: list[nn.Module] = [
            nn.Unflatten(1, (latent_size, 1, 1)),
            nn.ConvTranspose2d(latent_size, channels[0], side, bias=not norm),
        ]
        for place, (inputs, outputs) in enumerate(pairwise([*channels, image_shape[0]])):
            bias = not norm and place < len(channels) - 1
            doubling = nn.ConvTranspose2d(inputs, outputs, KERNEL, stride=2, padding=1, bias=bias)
            layers += [*normed(inputs, norm), nn.ReLU(), doubling]
        self.layers = nn.Sequential(*layers, nn.Tanh())

    def forward(self, latents: Tensor) -> Tensor:
        """Return images (n, channels, height, width) in [0, 1] of latents (n, latent_size); tanh is rescaled here."""
        images: Tensor = self.layers(latents)
        return (images + 1) / 2


class Discriminator(nn.Module):
    """Judge images by convolutions of stride 2 with leaky ReLU, and one over the map that is left.

    Batch norm follows every convolution but the first and the last. The sigmoid of the thesis is part of the loss:
    `forward` returns its argument, the logit that an image is real.

    Args:
        image_shape: (channels, height, width), equal height and width, divisible by 2 for each of the `channels`.
        channels: output channels of the convolutions of stride 2.
        norm: whether there is batch norm.

    Raises:
        ValueError: for images that cannot be halved so often.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (3, 64, 64),
        channels: Sequence[int] = (64, 128, 256, 512),
        norm: bool = True,
    ) -> None:
        super().__init__()
        self.image_shape, side = image_shape, halved(image_shape, len(channels))
        layers: list[nn.Module] = []
        for place, (inputs, outputs) in enumerate(pairwise([image_shape[0], *channels])):
            batch = norm and place > 0
            halving = nn.Conv2d(inputs, outputs, KERNEL, stride=2, padding=1, bias=not batch)
            layers += [halving, *normed(outputs, batch), nn.LeakyReLU(SLOPE)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(channels[-1], 1, side), nn.Flatten(0))

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (n,) of images (n, channels, height, width) in [0, 1]."""
        logits: Tensor = self.layers(images * 2 - 1)
        return logits


def halved(image_shape: tuple[int, int, int], times: int) -> int:
    """Return the side of square images after so many halvings; raise a ValueError unless each is whole."""
    _, height, width = image_shape
    parts = 1 << times
    side, rest = divmod(height, parts)
    if height != width or rest or not side:
        raise ValueError(f"images must be square, with sides a multiple of {parts}, got {image_shape}")
    return side


def small_pair(norm: bool = True) -> tuple[Generator, Discriminator]:
    """Return a convolutional pair of 28 x 28 pixels with 58,720 and 10,097 weights."""
    shape = (1, 28, 28)
    return Generator(shape, 32, (32, 16), norm), Discriminator(shape, (16, 32), norm)


class Dense(nn.Module):
    """Map vectors or images through fully connected layers with leaky ReLU between them.

    Args:
        sizes: of the input, the hidden layers and the output.
        shape: of one output; by default a vector, or a number where there is one.
        image: whether the outputs are images, which a final tanh brings into [0, 1].
    """

    def __init__(self, sizes: Sequence[int], shape: tuple[int, ...] | None = None, image: bool = False) -> None:
        super().__init__()
        self.latent_size, self.image = sizes[0], image
        self.shape = shape if shape is not None else (sizes[-1],) if sizes[-1] > 1 else ()
        layers: list[nn.Module] = [nn.Flatten()]
        for inputs, outputs in pairwise(sizes):
            layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(SLOPE)]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, inputs: Tensor) -> Tensor:
        """Return outputs (n, ...) of inputs (n, ...) that have as many numbers as the first layer."""
        outputs: Tensor = self.layers(inputs).view(-1, *self.shape)
        return (torch.tanh(outputs) + 1) / 2 if self.image else outputs


def dense_pair(hidden: int = 64, latent_size: int = 100, side: int = 28) -> tuple[Dense, Dense]:
    """Return a pair of grey images with one hidden layer each: 57,424 and 50,305 weights by default."""
    pixels = side**2
    return Dense((latent_size, hidden, pixels), (1, side, side), image=True), Dense((pixels, hidden, 1))


def ring_pair(hidden: int = 16, latent_size: int = 2) -> tuple[Dense, Dense]:
    """Return a pair for points of the plane, with two hidden layers each: 354 and 337 weights by default."""
    return Dense((latent_size, hidden, hidden, 2)), Dense((2, hidden, hidden, 1))
