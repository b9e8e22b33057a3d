"""Measures of sets of images by their pixels, and of their latents."""

import math

import torch
from torch import Tensor

from latentlib.fitness.diversity import Average, Similarity
from studies.diversity.experiments.evaluator import METRICS, fitness_of

BRIGHT = 0.5  # what is brighter belongs to an image's object


def of_pixels(images: Tensor) -> dict[str, Tensor]:
    """Measure sets of images (sets, n, channels, height, width) in [0, 1]; each measure is (sets,) float64.

    `by_rmse` and `by_ncc`, the fitness by either metric; `brightness`, its mean; `brightness_spread`, the standard
    deviation of the images' mean brightness; `contrast`, one minus the mean Pearson correlation of pairs; `overlap`,
    see there; `border`, the standard deviation of the border's mean colour, averaged over the channels.
    """
    each = images.double().flatten(2).mean(dim=2)  # (sets, n)
    return {
        **{f"by_{name}": fitness_of(Average(metric)(images)).double() for name, metric in METRICS.items()},
        "brightness": each.mean(dim=1),
        "brightness_spread": each.std(dim=1),
        "contrast": 1 - Average(Similarity("pearson"))(images),
        "overlap": overlap(images),
        "border": border(images).std(dim=1).mean(dim=1),
    }


def overlap(images: Tensor) -> Tensor:
    """Return the mean over pairs (sets,) of the intersection of two images' objects over their union, 0 if empty."""
    objects = (images.amax(dim=2) > BRIGHT).double().flatten(2)  # (sets, n, pixels)
    both, sizes = objects @ objects.mT, objects.sum(dim=2)
    either = sizes[:, :, None] + sizes[:, None] - both
    one, other = torch.triu_indices(images.shape[1], images.shape[1], offset=1)
    return (both / either.clamp_min(1))[:, one, other].mean(dim=1)


def border(images: Tensor) -> Tensor:
    """Return the mean colour (sets, n, channels) of the outermost pixels."""
    edge = torch.ones(images.shape[-2:], dtype=torch.bool, device=images.device)
    edge[1:-1, 1:-1] = False
    return images.double()[..., edge].mean(dim=-1)


def length(latents: Tensor) -> Tensor:
    """Return the mean length (sets,) of the latents of sets (sets, n, genes), relative to that of N(0, 1)."""
    genes = latents.shape[-1]
    usual = math.sqrt(2) * math.exp(math.lgamma((genes + 1) / 2) - math.lgamma(genes / 2))  # mean of a chi distribution
    lengths: Tensor = latents.double().norm(dim=-1)
    return lengths.mean(dim=1) / usual
