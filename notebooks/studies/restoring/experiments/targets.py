"""What is to be restored: real images, and generated ones whose latents are known."""

import torch
from torch import Tensor

from latentlib import data, zoo
from latentlib.randomness import seeded
from studies.restoring.settings import Settings

DARK = 0.05  # a pixel below it counts as background


def targets_of(settings: Settings, split: str = "test") -> Tensor:
    """Images (targets, channels, height, width) of a split, the classes in turn.

    The images that ship, where a sample does; held out for split `test`, trained on for `train`. Of CIFAR-10 and CelebA
    none ships: at `paper` scale real images are read from disk, below it targets are G(z0).

    Raises:
        FileNotFoundError: at paper scale, where the real images are missing.
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


def generated(settings: Settings) -> tuple[Tensor, Tensor]:
    """Latents (targets, genes) from N(0, 1) and their images, which can be restored without error."""
    generator = zoo.load_generator(f"restoring/{settings.dataset}", settings.device)
    size = int(generator.latent_size)  # type: ignore[arg-type]
    random = seeded(10_000 + settings.seed)
    latents = torch.randn(settings.targets, size, generator=random).to(settings.device)
    return latents, generator(latents)


def in_turn(images: data.Images) -> Tensor:
    """Images such that the classes take turns, each in the order of the file, until the smallest is used up."""
    places = [torch.nonzero(images.labels == label)[:, 0] for label in range(len(images.card.classes))]
    shortest = min(map(len, places))
    return images.images[torch.stack([place[:shortest] for place in places], dim=1).flatten()]


def background(images: Tensor) -> Tensor:
    """Share (n,) of dark pixels in images (n, channels, height, width)."""
    return (images.mean(dim=1) < DARK).float().mean(dim=(1, 2))
