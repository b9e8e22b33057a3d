"""LFW: one photograph a person, from the folder of deep-funneled ones or from a zip archive of cropped ones."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np

from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, check_sound, filled, squares

ARCHIVE, FOLDER = "lfw128_4024_jpg.zip", "lfw-deepfunneled"
FACE = 150  # side of the central square of the folder's photographs, which the archive holds at 128 pixels
HELD_OUT = (
    10  # every tenth, in the order of the names: they begin with first names, so an end would not be like the rest
)

T = TypeVar("T", Path, str)


def extent(root: Path, card: Card) -> str:
    """Return `whole` if the folder lies under the root, `subset` if only the archive does."""
    return "whole" if filled(root / card.place / FOLDER) else "subset" * (root / ARCHIVE).exists()


def read(root: Path, card: Card, split: str) -> Arrays:
    """Return a split of the folder's photographs if they are there, otherwise of the archive's; every label is 0."""
    if filled(root / card.place / FOLDER):
        images = squares(chosen(photographs(root / card.place / FOLDER, card), split), card.shape[-1], FACE)
    else:
        with zipfile.ZipFile(check_sound(root / ARCHIVE, card)) as archive:
            images = squares(map(archive.open, chosen(sorted(archive.namelist()), split)), card.shape[-1], FACE)
    return Arrays(images, np.zeros(len(images), np.int64))


def photographs(folder: Path, card: Card) -> list[Path]:
    """Return everyone's first photograph, by name; raise a ValueError unless there are as many as the card says."""
    found = sorted(folder.glob("*/*_0001.jpg"), key=lambda path: path.name)
    if len(found) != (expected := sum(card.counts.values())):
        raise ValueError(
            f"{folder} is damaged: it holds {len(found):,} of {expected:,} people; take it from {card.source}"
        )
    return found


def chosen(everyone: list[T], split: str) -> Iterator[T]:
    """Yield the photographs of a split."""
    held_out = split == "test"
    return (one for place, one in enumerate(everyone, 1) if (place % HELD_OUT == 0) == held_out)
