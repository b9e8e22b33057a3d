"""Generator and discriminator of Jin & Ko 2020, section III-B (chapter `restoring`).

The paper names the kind and number of layers, their normalisation and activations. It does not name
widths, kernels or the latent size (parameters.md, JK, not stated 1 and 3); these are arguments here,
with defaults small enough that the generator's weights fit into 2 MB as float16.
"""

import torch
from torch import Tensor, nn


def double(inputs: int, outputs: int) -> nn.ConvTranspose2d:
    """Return a deconvolution that doubles height and width."""
    return nn.ConvTranspose2d(inputs, outputs, kernel_size=4, stride=2, padding=1)


def halve(inputs: int, outputs: int) -> nn.Conv2d:
    """Return a convolution that halves height and width."""
    return nn.Conv2d(inputs, outputs, kernel_size=4, stride=2, padding=1)


class Generator(nn.Module):
    """Map latents to images: two fully connected and two deconvolution layers, batch norm, ReLU and a final tanh.

    Args:
        image_shape: (channels, height, width), height and width divisible by 4.
        latent_size: number of genes of a latent vector, drawn from N(0, 1).
        hidden: units of the first fully connected layer.
        channels: channels before the first and the second deconvolution.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        latent_size: int = 100,
        hidden: int = 256,
        channels: tuple[int, int] = (64, 32),
    ) -> None:
        super().__init__()
        self.image_shape, self.latent_size = image_shape, latent_size
        colours, height, width = image_shape
        first, second = channels
        self.layers = nn.Sequential(
            nn.Linear(latent_size, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Linear(hidden, first * height * width // 16),
            nn.BatchNorm1d(first * height * width // 16),
            nn.ReLU(),
            nn.Unflatten(1, (first, height // 4, width // 4)),
            double(first, second),
            nn.BatchNorm2d(second),
            nn.ReLU(),
            double(second, colours),
            nn.Tanh(),
        )

    def forward(self, latents: Tensor) -> Tensor:
        """Return images (n, channels, height, width) in [0, 1] of latents (n, latent_size); tanh is rescaled here."""
        images: Tensor = self.layers(latents)
        return (images + 1) / 2


class Discriminator(nn.Module):
    """Mirror the generator: two convolutions and two fully connected layers, leaky ReLU of slope 0.2.

    Batch norm follows every layer but the first and the last. The sigmoid of the paper is part of the
    loss: `forward` returns its argument, the logit that an image is real. With more than one output, the
    same network serves as an encoder.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        hidden: int = 256,
        channels: tuple[int, int] = (32, 64),
        outputs: int = 1,
    ) -> None:
        super().__init__()
        colours, height, width = image_shape
        first, second = channels
        self.layers = nn.Sequential(
            halve(colours, first),
            nn.LeakyReLU(0.2),
            halve(first, second),
            nn.BatchNorm2d(second),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(second * height * width // 16, hidden),
            nn.BatchNorm1d(hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, outputs),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (n,), or (n, outputs), of images (n, channels, height, width) in [0, 1]."""
        logits: Tensor = self.layers(images * 2 - 1)
        return torch.squeeze(logits, 1)
