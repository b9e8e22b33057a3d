"""Real images, or points of the ring, to train on and to compare with."""

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from latentlib import data
from latentlib.randomness import seeded
from studies.evolving_weights.settings import Settings

MODES, RADIUS, WIDTH = 8, 2.0, 0.1  # of the ring: normal distributions on a circle, and their standard deviation


@dataclass(frozen=True)
class Real:
    """Real images (n, ...) to train on, and others, held out, to compare with."""

    training: Tensor
    held_out: Tensor


def centres() -> Tensor:
    """Return the centres (modes, 2) of the ring."""
    angles = torch.arange(MODES) * (2 * math.pi / MODES)
    return RADIUS * torch.stack([angles.cos(), angles.sin()], dim=1)


def ring(count: int, seed: int) -> Tensor:
    """Return points (count, 2) of the ring."""
    random = seeded(seed)
    modes = torch.randint(MODES, (count,), generator=random)
    return centres()[modes] + WIDTH * torch.randn(count, 2, generator=random)


def real(settings: Settings) -> Real:
    """Return training images and held-out ones, of which no more than are compared; the seed draws the former.

    Raises:
        FileNotFoundError: for a data set that is not found.
    """
    if settings.dataset == "ring":
        return Real(
            ring(settings.images, settings.seed_of("images")), ring(settings.compared, settings.seed_of("held out"))
        )
    training, held_out = loaded(settings.dataset, settings.scale)
    rows = torch.randperm(len(training), generator=seeded(settings.seed_of("images")))[: settings.images]
    return Real(training[rows].to(settings.device), held_out[: settings.compared].to(settings.device))


@cache
def loaded(dataset: str, scale: str) -> tuple[Tensor, Tensor]:
    """Return all training images and all held-out ones, without trend; below `paper` scale a sample will do."""
    whole = scale == "paper"
    parts = (data.load(dataset, split, sample=not whole, download=whole) for split in ("train", "test"))
    training, held_out = (part.images for part in parts)
    return training, held_out[torch.randperm(len(held_out), generator=seeded(0))]  # MNIST's easier digits come first
