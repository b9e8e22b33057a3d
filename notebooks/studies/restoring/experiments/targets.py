"""Targets to restore: real images, and generated ones whose latents are known."""

from dataclasses import replace

import torch
from torch import Tensor

from latentlib import data, zoo
from latentlib.randomness import seeded
from studies.restoring.settings import Settings

FIRST = 8  # targets of the sweeps that take the classes in turn
POOL = 490  # images to draw from; the bundled samples have 500
DARK = 0.05  # a pixel below this counts as background


def targets_of(settings: Settings, split: str = "test") -> Tensor:
    """Return images (targets, channels, height, width) of a split, the classes in turn.

    They are the bundled images where there is a sample: held out for split `test`, used in training for `train`.
    CIFAR-10 and CelebA have none: at `paper` scale real images are read from disk, below it the targets are G(z0).

    Raises:
        FileNotFoundError: at paper scale, if the real images are missing.
        ValueError: for more targets than there are images.
    """
    if data.card(settings.dataset).sample:
        images = data.bundled(settings.dataset, split).images
    elif settings.scale == "paper":
        images = in_turn(data.load(settings.dataset, split, sample=False))
    else:
        return generated(settings)[1]
    if settings.targets > len(images):
        raise ValueError(f"targets must be at most {len(images)}, got {settings.targets}")
    return images[: settings.targets].to(settings.device)


def drawn(settings: Settings, split: str = "test") -> Tensor:
    """Return images (targets, channels, height, width) of a split drawn at random, none of the first `FIRST`.

    They come from where those of `targets_of` do; CIFAR-10 and CelebA below `paper` scale are generated as there.
    """
    if settings.scale != "paper" and not data.card(settings.dataset).sample:
        return targets_of(settings, split)
    many = targets_of(replace(settings, targets=FIRST + POOL), split)[FIRST:]
    if settings.targets > len(many):
        raise ValueError(f"targets must be at most {len(many)}, got {settings.targets}")
    order = torch.randperm(len(many), generator=seeded(20_000 + settings.seed))
    return many[order[: settings.targets].to(many.device)]


def generated(settings: Settings) -> tuple[Tensor, Tensor]:
    """Draw latents (targets, genes) from N(0, 1) and return them with their images, which can be restored exactly."""
    generator = zoo.load_generator(settings.model, settings.device)
    size = int(generator.latent_size)  # type: ignore[arg-type]
    random = seeded(10_000 + settings.seed)
    latents = torch.randn(settings.targets, size, generator=random).to(settings.device)
    return latents, generator(latents)


def in_turn(images: data.Images) -> Tensor:
    """Return images such that the classes take turns, each in file order, until the smallest class is used up."""
    places = [torch.nonzero(images.labels == label)[:, 0] for label in range(len(images.card.classes))]
    shortest = min(map(len, places))
    return images.images[torch.stack([place[:shortest] for place in places], dim=1).flatten()]


def background(images: Tensor) -> Tensor:
    """Return the share (n,) of dark pixels in images (n, channels, height, width)."""
    return (images.mean(dim=1) < DARK).float().mean(dim=(1, 2))
