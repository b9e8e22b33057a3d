"""The networks of a game: a generator and a discriminator, read from genomes."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from latentlib.models import kumar
from latentlib.models.weights import Weights
from studies.evolving_weights.settings import NORM, NORMALISATION, Settings

QUARTER = (128, 64, 32, 16)  # channels of the listed generator, divided by four
WIDTHS = {"quarter": QUARTER, "listed": (512, 256, 128, 64)}


@dataclass(frozen=True)
class Players:
    """How genomes of generators and of discriminators are read."""

    generator: Weights
    discriminator: Weights

    def fakes(self, genome: Tensor, latents: Tensor) -> Tensor:
        """Return what the generator of a genome (genes,) makes of latents (n, latent size)."""
        return self.generator.outputs(genome[None], latents)[0]

    def judged(self, genome: Tensor, made: Tensor) -> Tensor:
        """Return the logits (sets, n) that the discriminator of a genome (genes,) gives to sets of images.

        Batch norm takes its statistics from one set (n, ...) at a time; without it, all sets pass together.
        """
        one = genome[None]
        if coupled(self.discriminator.prototype):
            return torch.cat([self.discriminator.outputs(one, images) for images in made])
        return self.discriminator.outputs(one, made.flatten(0, 1))[0].view(made.shape[:2])


def coupled(network: nn.Module) -> bool:
    """Return whether a network has batch norms, by which images of a batch depend on each other."""
    return any(isinstance(module, _BatchNorm) for module in network.modules())


class Unnormalised(nn.Module):
    """Let a discriminator see images in [0, 1] as they are, not rescaled to [-1, 1]."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (n,) of images (n, channels, height, width) in [0, 1]."""
        logits: Tensor = self.network((images + 1) / 2)
        return logits


def players(settings: Settings) -> Players:
    """Return the networks of the settings; the scales of their layers are those of torch's first weights."""
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed_of("networks"))
        generator, discriminator = pair(settings)
    if settings.without == NORMALISATION:
        discriminator = Unnormalised(discriminator)
    return Players(Weights(generator.to(settings.device)), Weights(discriminator.to(settings.device)))


def pair(settings: Settings) -> tuple[nn.Module, nn.Module]:
    """Return generator and discriminator by the name of the pair."""
    norm = settings.without != NORM
    if settings.pair == "ring":
        return kumar.ring_pair(settings.hidden)
    if settings.pair == "dense":
        return kumar.dense_pair()
    if settings.pair == "small":
        return kumar.small_pair(norm)
    shape, widths = (3, 64, 64), WIDTHS[settings.pair]
    return kumar.Generator(shape, 128, widths, norm), kumar.Discriminator(shape, widths[::-1], norm)
