"""CIFAR-10: torchvision's batches, or the subset as one npz archive."""

from pathlib import Path

import numpy as np

from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, check_sound, filled, official

ARCHIVE = "cifar10_16k_2k.npz"


def extent(root: Path, card: Card) -> str:
    """Return `whole` if the batches lie under the root, `subset` if only the archive does."""
    return "whole" if filled(root / card.place) else "subset" * (root / ARCHIVE).exists()


def read(root: Path, card: Card, split: str) -> Arrays:
    """Return a split of the full data set if it is there, otherwise of the subset."""
    if extent(root, card) == "whole":
        whole = official(root, card, train=split == "train")
        return Arrays(whole.data, np.asarray(whole.targets))
    with np.load(check_sound(root / ARCHIVE, card)) as arrays:
        return Arrays(arrays[f"x_{split}"], arrays[f"y_{split}"])
