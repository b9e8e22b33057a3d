"""Draws: a few training images of each class, and a test set that has none of them."""

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

from latentlib import data
from latentlib.randomness import seeded
from studies.augmentation.settings import FOLDS, Settings

SIDES = {"fashion_lookalikes": 28, "mhsma": 32, "hushem": 32}
HEAD = 1  # MHSMA's attribute that stands for a class: a normal or an abnormal head


@dataclass(frozen=True)
class Draw:
    """Training and test images of one draw.

    Args:
        training: by class, (images, channels, side, side) in [0, 1].
        test: (n, channels, side, side).
        labels: classes (n,) of the test images.
        classes: their names.
    """

    training: tuple[Tensor, ...]
    test: Tensor
    labels: Tensor
    classes: tuple[str, ...]

    def fold(self, place: int) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        """Return training and validation images by class of one of `FOLDS` folds."""
        held_out = [torch.arange(len(images)) % FOLDS == place for images in self.training]
        pairs = list(zip(self.training, held_out, strict=True))
        return tuple(images[~held] for images, held in pairs), tuple(images[held] for images, held in pairs)


@dataclass(frozen=True)
class Pool:
    """All images that draws are made of; `rest` where whatever a draw leaves serves as its test set."""

    images: Tensor
    labels: Tensor
    test: Tensor
    test_labels: Tensor
    classes: tuple[str, ...]
    rest: bool


def draw(settings: Settings) -> Draw:
    """Return the draw of a seed.

    The look-alikes keep their official test set. HuSHeM and MHSMA have too few images for that: what a draw leaves is
    its test set, so that it varies with the seed as well.

    Raises:
        FileNotFoundError: for a data set that is not found.
        ValueError: for a class with fewer images than are to be drawn, or none left to test.
    """
    pool = pooled(settings.dataset)
    random, chosen = seeded(settings.seed), []
    for label, name in enumerate(pool.classes):
        rows = (pool.labels == label).nonzero().flatten()
        if len(rows) < settings.images + pool.rest:
            wanted = f"{settings.images} to train" + " and one to test" * pool.rest
            raise ValueError(f"class {name!r} has {len(rows)} images, of which {wanted} cannot be drawn")
        chosen.append(rows[torch.randperm(len(rows), generator=random)[: settings.images]])
    training = tuple(pool.images[rows].to(settings.device) for rows in chosen)
    test, labels = pool.test, pool.test_labels
    if pool.rest:
        left = torch.ones(len(pool.labels), dtype=torch.bool)
        left[torch.cat(chosen)] = False
        test, labels = pool.images[left], pool.labels[left]
    test, labels = (part[: settings.tested].to(settings.device) for part in (test, labels))
    return Draw(training, test, labels, pool.classes)


@cache
def pooled(dataset: str) -> Pool:
    """Return the images of a data set at the side that its networks take, in shades of grey."""
    train, test = (data.load(dataset, split) for split in ("train", "test"))
    if dataset == "fashion_lookalikes":
        held_out = {image.numpy().tobytes() for image in test.images}
        rows = torch.tensor([image.numpy().tobytes() not in held_out for image in train.images])
        return Pool(train.images[rows], train.labels[rows], test.images, test.labels, train.card.classes, rest=False)
    every = (train + test).grey()
    images, labels, classes = every.images, every.labels, every.card.classes
    if labels.ndim == 2:
        labels, classes = labels[:, HEAD], ("normal head", "abnormal head")
    images = functional.interpolate(images, size=(SIDES[dataset],) * 2, mode="area")
    return Pool(images, labels, images[:0], labels[:0], classes, rest=True)


def together(by_class: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
    """Return images of all classes (n, channels, side, side), and their labels (n,)."""
    labels = [torch.full((len(images),), label, device=images.device) for label, images in enumerate(by_class)]
    return torch.cat(by_class), torch.cat(labels)
