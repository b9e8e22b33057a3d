"""Fitting a generator of other habits to the library's: latents (n, genes) to images in [0, 1]."""

import torch
from torch import Tensor, nn


class Adapter(nn.Module):
    """A generator wrapped; see `adapt`."""

    def __init__(self, generator: nn.Module, latent_size: int, tanh: bool, spatial: bool) -> None:
        super().__init__()
        self.generator, self.latent_size, self.tanh, self.spatial = generator, latent_size, tanh, spatial

    def forward(self, latents: Tensor) -> Tensor:
        """Images (n, channels, height, width) in [0, 1] of latents (n, latent_size)."""
        images: Tensor = self.generator(latents[:, :, None, None] if self.spatial else latents)
        return (images + 1) / 2 if self.tanh else images


def adapt(
    generator: nn.Module, latent_size: int, *, tanh: bool = True, spatial: bool = False, device: str = "cpu"
) -> Adapter:
    """Your own generator, in evaluation mode and frozen, as the fitnesses want it.

    Args:
        generator: any module from latents to images.
        latent_size: genes of a latent vector, drawn from N(0, 1).
        tanh: whether its images lie in [-1, 1] and are to be rescaled to [0, 1].
        spatial: whether it takes latents (n, latent_size, 1, 1), as a DCGAN does.
        device: a torch device.
    """
    adapter = Adapter(generator, latent_size, tanh, spatial).to(torch.device(device))
    return adapter.eval().requires_grad_(False)
