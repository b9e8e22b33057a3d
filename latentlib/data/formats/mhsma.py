"""MHSMA: the arrays of 64 by 64 pixels as published, or all of them as one npz archive."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, check_sound

ARCHIVE = "mhsma64.npz"
PARTS = {"train": ("train", "valid"), "test": ("test",)}


def extent(root: Path, card: Card) -> str:
    """Return `whole` if the published arrays or the archive, which holds the same, lie under the root."""
    return "whole" * (published(root) or (root / ARCHIVE).exists())


def published(root: Path) -> bool:
    """Return whether the published arrays lie under the root."""
    return (root / "x_64_train.npy").exists()


def read(root: Path, card: Card, split: str) -> Arrays:
    """Return the images of a split, of which `train` includes those published for validation, and all attributes."""
    array = from_files(root, card) if published(root) else from_archive(root, card)
    images = [array(f"x_64_{part}") for part in PARTS[split]]
    labels = [np.stack([array(f"y_{name}_{part}") for name in card.classes], axis=1) for part in PARTS[split]]
    return Arrays(np.concatenate(images), np.concatenate(labels))


def from_files(root: Path, card: Card) -> Callable[[str], np.ndarray]:
    """Return a reader of the published arrays by name."""
    return lambda name: np.load(check_sound(root / f"{name}.npy", card))


def from_archive(root: Path, card: Card) -> Callable[[str], np.ndarray]:
    """Return a reader of the archive's arrays by their published names."""
    with np.load(check_sound(root / ARCHIVE, card)) as archive:
        arrays = {name.replace("x_", "x_64_"): archive[name] for name in archive}
    return arrays.__getitem__
