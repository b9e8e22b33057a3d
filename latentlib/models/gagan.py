"""Generator, discriminator and recognisers of Li et al. (GAGAN), section IV-A (chapter `desired_images`).

The paper follows the DCGAN of Radford et al. 2016: convolutions only, batch norm, ReLU and leaky ReLU of
slope 0.2, weights drawn from N(0, 0.02). Widths and latent size are not stated (parameters.md, LI, not
stated 2 and 7); they are arguments here, with defaults that can be trained on a CPU.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from latentlib.models.classifier import DIGITS, Classifier

IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # mean and standard deviation of its channels


def sides(image_shape: tuple[int, int, int], doublings: int) -> list[int]:
    """Return the side before each doubling and at the end, halves rounded up; raise a ValueError unless square."""
    _, height, width = image_shape
    if height != width:
        raise ValueError(f"images must be square, got {height}x{width}")
    return [-(-height // 2**halvings) for halvings in range(doublings, -1, -1)]


def doubling(inputs: int, outputs: int, to: int) -> nn.ConvTranspose2d:
    """Return a deconvolution from ceil(to / 2) pixels to `to`, in height and width."""
    return nn.ConvTranspose2d(inputs, outputs, kernel_size=3 if to % 2 else 4, stride=2, padding=1)


def halving(inputs: int, outputs: int, of: int) -> nn.Conv2d:
    """Return a convolution from `of` pixels to ceil(of / 2), in height and width."""
    return nn.Conv2d(inputs, outputs, kernel_size=3 if of % 2 else 4, stride=2, padding=1)


def initialise(network: nn.Module) -> None:
    """Draw DCGAN's initial weights: convolutions from N(0, 0.02), scales of batch norm from N(1, 0.02)."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0, 0.02)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1, 0.02)


class Ranks(nn.Module):
    """Map genes from N(0, 1) to U[0, 1]: each becomes the share of the normal distribution below it."""

    def forward(self, latents: Tensor) -> Tensor:
        """Return latents of the same shape, every gene in [0, 1]."""
        shares: Tensor = torch.special.ndtr(latents)
        return shares


class Generator(nn.Module):
    """Map latents to images as DCGAN does: a deconvolution to a small map, then doublings up to the image.

    Args:
        image_shape: (channels, height, width), with equal height and width.
        latent_size: number of genes of a latent vector, drawn from N(0, 1).
        channels: channels of the small map and before each further doubling, one number per doubling. Odd sides are
            rounded up when halved: 28 pixels come from 14, 7 and 4.
        uniform: whether the network takes genes from U[0, 1] (one reading of LI-A2); latents still come from N(0, 1)
            and pass through `Ranks` first.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        latent_size: int = 100,
        channels: Sequence[int] = (256, 128, 64),
        uniform: bool = False,
    ) -> None:
        super().__init__()
        self.image_shape, self.latent_size = image_shape, latent_size
        first, *larger = sides(image_shape, len(channels))
        start = nn.ConvTranspose2d(latent_size, channels[0], kernel_size=first)
        layers: list[nn.Module] = [Ranks()] * uniform + [nn.Unflatten(1, (latent_size, 1, 1)), start]
        for inputs, outputs, side in zip(channels, [*channels[1:], image_shape[0]], larger, strict=True):
            layers += [nn.BatchNorm2d(inputs), nn.ReLU(), doubling(inputs, outputs, side)]
        self.layers = nn.Sequential(*layers, nn.Tanh())
        initialise(self)

    def forward(self, latents: Tensor) -> Tensor:
        """Return images (n, channels, height, width) in [0, 1] of latents (n, latent_size); tanh is rescaled here."""
        images: Tensor = self.layers(latents)
        return (images + 1) / 2


class Discriminator(nn.Module):
    """Mirror the generator, with batch norm except at the image and at the output; arguments as in `Generator`.

    `forward` returns the logit that an image is real; the sigmoid is part of the loss.
    """

    def __init__(
        self, image_shape: tuple[int, int, int] = (1, 28, 28), channels: Sequence[int] = (128, 64, 32)
    ) -> None:
        super().__init__()
        last_side, *larger = sides(image_shape, len(channels))
        widths = [image_shape[0], *reversed(channels)]
        layers: list[nn.Module] = []
        for (inputs, outputs), side in zip(pairwise(widths), reversed(larger), strict=True):
            layers += [halving(inputs, outputs, side), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)]
        del layers[1]  # the batch norm at the image
        last = nn.Conv2d(widths[-1], 1, kernel_size=last_side)
        self.layers = nn.Sequential(*layers, last, nn.Flatten(0))
        initialise(self)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (n,) of images (n, channels, height, width) in [0, 1]."""
        logits: Tensor = self.layers(images * 2 - 1)
        return logits


class DigitRecogniser(Classifier):
    """Recognise digits by three convolution layers and a linear one (section IV-A 2; the widths are not stated).

    Args:
        image_shape: (channels, height, width).
        classes: names of the exclusive classes.
        channels: output channels of the three convolutions.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        classes: Sequence[str] = DIGITS,
        channels: Sequence[int] = (32, 64, 128),
    ) -> None:
        super().__init__(classes)
        widths = [image_shape[0], *channels]
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(widths):
            convolution = nn.Conv2d(inputs, outputs, kernel_size=3, padding=1)
            layers += [convolution, nn.MaxPool2d(2), nn.BatchNorm2d(outputs), nn.ReLU()]
        cells = (image_shape[1] // 8) * (image_shape[2] // 8)
        self.layers = nn.Sequential(
            *layers, nn.Flatten(), nn.Dropout(0.4), nn.Linear(channels[2] * cells, len(classes))
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (n, classes) of images (n, channels, height, width) in [0, 1]."""
        logits: Tensor = self.layers(images)
        return logits


class AttributeRecogniser(Classifier):
    """Recognise attributes by three ResNet stages, a convolution and a linear layer (section IV-A 1; depth not stated).

    Args:
        classes: names of the attributes.
        blocks: residual blocks per stage; ResNet-18 has two.
        channels: output channels of the convolution after the stages.
        size: height and width of the images.
    """

    def __init__(
        self, classes: Sequence[str], blocks: tuple[int, int, int] = (1, 1, 1), channels: int = 64, size: int = 64
    ) -> None:
        from torchvision.models.resnet import BasicBlock, ResNet  # imported late: only attributes need it

        super().__init__(classes, exclusive=False)
        resnet = ResNet(BasicBlock, [*blocks, 1])
        stages = ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3")
        self.trunk = nn.Sequential()
        for stage in stages:
            self.trunk.add_module(stage, getattr(resnet, stage))
        self.head = nn.Sequential(
            nn.Conv2d(256, channels, kernel_size=3, padding=1),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dropout(0.4),
            nn.Linear(channels * (size // 16) ** 2, len(classes)),
        )
        self.register_buffer("imagenet", torch.tensor(IMAGENET).view(2, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (n, classes) of images (n, 3, size, size) in [0, 1]."""
        mean, deviation = self.get_buffer("imagenet")
        logits: Tensor = self.head(self.trunk((images - mean) / deviation))
        return logits
