"""Generators and discriminator of Fernandes, Correia & Machado 2020, section 3.1 (chapter of diverse sets).

The paper lists its networks in Keras' terms. Here they have what those terms mean there: a batch norm of momentum 0.8
keeps 0.8 of its running averages, which torch calls 0.2 (parameters.md, FE-A10); strided convolutions pad at the
right and at the bottom; weights begin as Glorot's. The listed generator of faces makes 64 x 64 pixels and not the
128 x 128 of the text (FE-A3): see `face_generator`.
"""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn


def normed(channels: int) -> nn.BatchNorm2d:
    """Return a batch norm with Keras' momentum 0.8 and its default for the rest."""
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.2)


def initialise(network: nn.Module) -> None:
    """Draw Keras' first weights: uniform by Glorot & Bengio 2010, and biases of 0."""
    for layer in network.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]  # every layer here has one


class Generator(nn.Module):
    """Map latents to images: a fully connected layer to a small map, doublings with convolutions, and a final tanh.

    The defaults are the listed generator of 28 x 28 pixels.

    Args:
        image_shape: (channels, height, width), equal height and width, divisible by 2 for each doubling.
        latent_size: number of genes of a latent vector, drawn from N(0, 1).
        first: channels of the small map.
        channels: channels after each doubling.

    Raises:
        ValueError: for a height or width that is not of this kind.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        latent_size: int = 100,
        first: int = 128,
        channels: Sequence[int] = (128, 64),
    ) -> None:
        super().__init__()
        self.image_shape, self.latent_size = image_shape, latent_size
        colours, height, width = image_shape
        side, rest = divmod(height, 2 ** len(channels))
        if height != width or rest or not side:
            raise ValueError(f"images must be square, with sides a multiple of {2 ** len(channels)}, got {image_shape}")
        layers: list[nn.Module] = [
            nn.Linear(latent_size, first * side**2),
            nn.ReLU(),
            nn.Unflatten(1, (first, side, side)),
        ]
        for inputs, outputs in pairwise([first, *channels]):
            layers += [
                nn.Upsample(scale_factor=2),
                nn.Conv2d(inputs, outputs, 3, padding=1),
                normed(outputs),
                nn.ReLU(),
            ]
        self.layers = nn.Sequential(*layers, nn.Conv2d(channels[-1], colours, 3, padding=1), nn.Tanh())
        initialise(self)

    def forward(self, latents: Tensor) -> Tensor:
        """Return images (n, channels, height, width) in [0, 1] of latents (n, latent_size); tanh is rescaled here."""
        images: Tensor = self.layers(latents)
        return (images + 1) / 2


def face_generator(repaired: bool = False, latent_size: int = 100, narrowed: int = 1) -> Generator:
    """Return the generator of colour images that the paper lists for Facity's faces.

    Args:
        repaired: whether it makes images of 128 x 128, as the text says, from a map of 16 x 16. The listed one begins
            with 8 x 8, and three doublings of that make 64 x 64.
        latent_size: number of genes of a latent vector.
        narrowed: what the listed numbers of channels are divided by: 1, or for less work 2, 4 and so on.
    """
    side = 128 if repaired else 64
    first, *channels = (width // narrowed for width in (128, 256, 128, 64))
    return Generator((3, side, side), latent_size, first, channels)


class Discriminator(nn.Module):
    """Judge images by four convolutions, the first three of stride 2, with leaky ReLU of slope 0.2 and dropout of 0.25.

    The second is followed by a row and a column of zeros, and all but the first by batch norm. The sigmoid of the paper
    is part of the loss: `forward` returns its argument, the logit that an image is real.

    Args:
        image_shape: (channels, height, width), height and width alike.
        channels: output channels of the four convolutions.

    Raises:
        ValueError: for images that are not square.
    """

    def __init__(
        self, image_shape: tuple[int, int, int] = (1, 28, 28), channels: Sequence[int] = (32, 64, 128, 256)
    ) -> None:
        super().__init__()
        colours, side, width = image_shape
        if side != width:
            raise ValueError(f"images must be square, got {side}x{width}")
        layers: list[nn.Module] = []
        for place, (inputs, outputs) in enumerate(pairwise([colours, *channels])):
            stride = 1 if place == 3 else 2
            before = 1 if stride == 1 or side % 2 else 0  # Keras pads an even side after its end alone
            layers += [nn.ZeroPad2d((before, 1, before, 1)), nn.Conv2d(inputs, outputs, 3, stride)]
            side = -(-side // stride)
            if place == 1:
                layers, side = [*layers, nn.ZeroPad2d((0, 1, 0, 1))], side + 1
            layers += [normed(outputs)] * (place > 0) + [nn.LeakyReLU(0.2), nn.Dropout(0.25)]
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels[-1] * side**2, 1), nn.Flatten(0))
        initialise(self)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (n,) of images (n, channels, height, width) in [0, 1]."""
        logits: Tensor = self.layers(images * 2 - 1)
        return logits
