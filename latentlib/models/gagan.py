"""Generator, discriminator and recognisers of Li et al. (GAGAN), section IV-A (chapter `desired_images`).

The paper follows the DCGAN of Radford et al. 2016: convolutions only, batch norm, ReLU and leaky ReLU of
slope 0.2, weights drawn from N(0, 0.02). Widths and latent size are not stated (parameters.md, LI, not
stated 2 and 7): arguments here, with defaults that a CPU trains.
"""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from latentlib.models.classifier import DIGITS, Classifier
from latentlib.models.jin_ko import double, halve


def side(image_shape: tuple[int, int, int], halvings: int) -> int:
    """Height and width before so many doublings; ValueError unless the image is square and divides."""
    _, height, width = image_shape
    if height != width or height % 2**halvings:
        raise ValueError(f"images must be square with sides divisible by {2**halvings}, got {height}x{width}")
    return height // 2**halvings


def initialise(network: nn.Module) -> None:
    """DCGAN's first weights: convolutions from N(0, 0.02), scales of batch norm from N(1, 0.02)."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0, 0.02)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1, 0.02)


class Generator(nn.Module):
    """DCGAN's: a deconvolution from the latent vector to a small map, then doublings up to the image.

    Args:
        image_shape: (channels, height, width), height and width alike.
        latent_size: genes of a latent vector, drawn from N(0, 1).
        channels: of the small map and before each further doubling; as many as there are doublings.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        latent_size: int = 100,
        channels: Sequence[int] = (64, 32),
    ) -> None:
        super().__init__()
        self.image_shape, self.latent_size = image_shape, latent_size
        start = nn.ConvTranspose2d(latent_size, channels[0], kernel_size=side(image_shape, len(channels)))
        layers: list[nn.Module] = [nn.Unflatten(1, (latent_size, 1, 1)), start]
        for inputs, outputs in zip(channels, [*channels[1:], image_shape[0]], strict=True):
            layers += [nn.BatchNorm2d(inputs), nn.ReLU(), double(inputs, outputs)]
        self.layers = nn.Sequential(*layers, nn.Tanh())
        initialise(self)

    def forward(self, latents: Tensor) -> Tensor:
        """Images (n, channels, height, width) in [0, 1] of latents (n, latent_size); tanh is rescaled here, once."""
        images: Tensor = self.layers(latents)
        return (images + 1) / 2


class Discriminator(nn.Module):
    """The mirror, batch norm everywhere but at the image and at the output; the arguments are the generator's.

    `forward` gives the logit that an image is real; the sigmoid is part of the loss.
    """

    def __init__(self, image_shape: tuple[int, int, int] = (1, 28, 28), channels: Sequence[int] = (64, 32)) -> None:
        super().__init__()
        widths = [image_shape[0], *reversed(channels)]
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(widths):
            layers += [halve(inputs, outputs), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)]
        del layers[1]  # the batch norm at the image
        last = nn.Conv2d(widths[-1], 1, kernel_size=side(image_shape, len(channels)))
        self.layers = nn.Sequential(*layers, last, nn.Flatten(0))
        initialise(self)

    def forward(self, images: Tensor) -> Tensor:
        """Logits (n,) of images (n, channels, height, width) in [0, 1]."""
        logits: Tensor = self.layers(images * 2 - 1)
        return logits


class DigitRecogniser(Classifier):
    """Three convolution layers and a linear one (section IV-A 2); the widths are not stated.

    Args:
        image_shape: (channels, height, width).
        classes: names of the exclusive classes.
        channels: of the three convolutions.
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
        """Logits (n, classes) of images (n, channels, height, width) in [0, 1]."""
        logits: Tensor = self.layers(images)
        return logits
