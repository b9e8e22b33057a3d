"""How the files of a data set are read: one module a format, each with `present` and `read`.

A root is a folder that holds the files as torchvision lays them out, or the subset that the card names.
"""

from pathlib import Path
from typing import Protocol

from latentlib.data.cards import Card
from latentlib.data.formats import celeba, cifar10, idx
from latentlib.data.formats.arrays import Arrays


class Format(Protocol):
    """What each module offers."""

    def present(self, root: Path, card: Card) -> bool:
        """Whether the card's files lie under the root."""

    def read(self, root: Path, card: Card, split: str) -> Arrays:
        """One split; ValueError for damaged files."""


FORMATS: dict[str, Format] = {
    "mnist": idx,
    "fashion_mnist": idx,
    "cifar10": cifar10,
    "celeba": celeba,
    "celeba64": celeba,
}

__all__ = ["FORMATS", "Arrays", "Format"]
