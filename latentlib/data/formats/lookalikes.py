"""Four classes of Fashion-MNIST, read from its files."""

from pathlib import Path

import numpy as np

from latentlib.data.cards import FASHION_MNIST, Card
from latentlib.data.formats import idx
from latentlib.data.formats.arrays import Arrays


def extent(root: Path, card: Card) -> str:
    """Return `whole` if Fashion-MNIST lies under the root."""
    return idx.extent(root, FASHION_MNIST)


def read(root: Path, card: Card, split: str) -> Arrays:
    """Return the images of the card's classes, in the order of the files, labelled as the card counts."""
    images, labels = idx.read(root, FASHION_MNIST, split)
    official = [FASHION_MNIST.classes.index(name) for name in card.classes]
    rows = np.isin(labels, official)
    return Arrays(images[rows], np.searchsorted(official, labels[rows]))
