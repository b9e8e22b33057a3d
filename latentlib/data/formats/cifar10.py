"""CIFAR-10: torchvision's batches, or the subset as one npz archive."""

from pathlib import Path

import numpy as np

from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, check_sound, filled, official

ARCHIVE = "cifar10_16k_2k.npz"


def present(root: Path, card: Card) -> bool:
    """Return whether the batches or the archive lie under the root."""
    return filled(root / card.place) or (root / ARCHIVE).exists()


def read(root: Path, card: Card, split: str) -> Arrays:
    """Return a split of the full data set if it is there, otherwise of the subset."""
    if filled(root / card.place):
        whole = official(root, card, train=split == "train")
        return Arrays(whole.data, np.asarray(whole.targets))
    with np.load(check_sound(root / ARCHIVE, card)) as arrays:
        return Arrays(arrays[f"x_{split}"], arrays[f"y_{split}"])
