"""Faces of anime: the folder of Kaggle's data set, or 10,000 crops of another as a zip archive."""

import zipfile
from pathlib import Path

import numpy as np

from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, check_sound, filled, squares
from latentlib.data.formats.folders import listed, readable

ARCHIVE = "anime64_10k_jpg.zip"
HELD_OUT = 1_000  # the last by name, of either


def extent(root: Path, card: Card) -> str:
    """Return `whole` if the folder lies under the root, `subset` if only the archive does."""
    return "whole" if filled(root / card.place) else "subset" * (root / ARCHIVE).exists()


def read(root: Path, card: Card, split: str) -> Arrays:
    """Return a split of the folder's images that can be read, otherwise of the archive's; every label is 0."""
    rows = slice(-HELD_OUT) if split == "train" else slice(-HELD_OUT, None)
    if filled(root / card.place):
        images, _ = readable(faces(root / card.place, card)[rows], card.shape)
    else:
        with zipfile.ZipFile(check_sound(root / ARCHIVE, card)) as archive:
            images = squares(map(archive.open, sorted(archive.namelist())[rows]), card.shape[-1])
    return Arrays(images, np.zeros(len(images), np.int64))


def faces(folder: Path, card: Card) -> list[Path]:
    """Return the images in the folder; raise a ValueError if there are too few for a split."""
    found = listed(folder)
    if len(found) <= HELD_OUT:
        raise ValueError(
            f"{folder} holds {len(found):,} of {sum(card.counts.values()):,} images; take it from {card.source}, and "
            "read images of your own with latentlib.data.folder"
        )
    return found
