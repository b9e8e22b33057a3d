"""Readers of data set files: one module per format, each with `extent` and `read`.

A root is a folder that holds the files in torchvision's layout, or the subset that the card names.
"""

from pathlib import Path
from typing import Protocol

from latentlib.data.cards import Card
from latentlib.data.formats import anime, celeba, cifar10, hushem, idx, lfw, lookalikes, mhsma
from latentlib.data.formats.arrays import Arrays


class Format(Protocol):
    """Functions that every format module offers."""

    def extent(self, root: Path, card: Card) -> str:
        """Return what of the card's files lies under the root: `whole`, `subset`, or nothing, an empty text."""

    def read(self, root: Path, card: Card, split: str) -> Arrays:
        """Return the images and labels of a split; raise a ValueError for damaged files."""


FORMATS: dict[str, Format] = {
    "mnist": idx,
    "fashion_mnist": idx,
    "fashion_lookalikes": lookalikes,
    "cifar10": cifar10,
    "celeba": celeba,
    "celeba64": celeba,
    "lfw": lfw,
    "hushem": hushem,
    "mhsma": mhsma,
    "anime": anime,
}

__all__ = ["FORMATS", "Arrays", "Format"]
