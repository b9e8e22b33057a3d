"""How near generated images are to real ones: by judges' features, or on the ring by its known modes."""

from functools import cache
from typing import cast

import numpy as np
import torch
from torch import Tensor

from latentlib import zoo
from latentlib.models.judge import Judge
from latentlib.randomness import seeded
from latentlib.study.realism import frechet, kid
from studies.evolving_weights.data import WIDTH, Real, centres
from studies.evolving_weights.game import energy
from studies.evolving_weights.networks import Players
from studies.evolving_weights.settings import Settings

JUDGES = {"mnist": "judge/mnist", "anime": "judge/celeba64"}  # nobody has trained a judge on drawn faces
NEAR = 3 * WIDTH  # from a centre: a point that far belongs to its mode
COVERED = 0.02  # share of the points that a mode must have, of 0.125 that are its own
MOST = 500  # images that pass at once


@torch.no_grad()
def measured(settings: Settings, players: Players, genome: Tensor, real: Real) -> dict[str, float]:
    """Return how good the generator of a genome (genes,) is.

    Columns on the ring: `modes` covered, of eight; `quality`, the share of points near a mode; `distance`, the energy
    distance from real points. On images: `distance`, the mean over the judges of the Frechet distance from held-out
    images in their features (FID); `fid_0` and so on, that of each; `kid`, the mean kernel distance.
    """
    size = int(players.generator.prototype.latent_size)  # type: ignore[arg-type]
    latents = torch.randn(len(real.held_out), size, generator=seeded(settings.seed_of("comparison"))).to(
        settings.device
    )
    made = torch.cat([players.fakes(genome, some) for some in torch.split(latents, MOST)])
    return of_points(made, real.held_out) if settings.dataset == "ring" else of_images(settings.dataset, made, real)


def of_points(made: Tensor, held_out: Tensor) -> dict[str, float]:
    """Return the measures of points (n, 2)."""
    near = torch.cdist(made, centres().to(made.device)) < NEAR  # (n, modes)
    shares = near.float().mean(dim=0)
    quality, distance = float(near.any(dim=1).float().mean()), float(energy(made, held_out))
    return {"modes": int((shares >= COVERED).sum()), "quality": quality, "distance": distance}


def of_images(dataset: str, made: Tensor, real: Real) -> dict[str, float]:
    """Return the measures of images (n, channels, side, side)."""
    pairs = [(features(judge, made), features(judge, real.held_out)) for judge in judges(dataset)]
    distances, kernels = [frechet(*pair) for pair in pairs], [kid(*pair) for pair in pairs]
    each = {f"fid_{place}": distance for place, distance in enumerate(distances)}
    return {"distance": float(np.mean(distances)), "kid": float(np.mean(kernels)), **each}


@torch.no_grad()
def features(judge: Judge, images: Tensor) -> Tensor:
    """Return a judge's features (n, size) of images."""
    return torch.cat([judge.features(some) for some in torch.split(images, MOST)])


@cache
def judges(dataset: str) -> tuple[Judge, ...]:
    """Return the judges of a data set, networks trained apart, which are no fitness."""
    name = JUDGES[dataset]
    names = [name, *(zoo.replicate(name, seed) for seed in zoo.REPLICATES.get(name, ()))]
    return tuple(cast(Judge, zoo.load(one)) for one in names)
