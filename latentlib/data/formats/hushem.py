"""HuSHeM: a folder of photographs for each of four classes, as published; their split is ours."""

from pathlib import Path

import numpy as np

from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, filled
from latentlib.data.formats.folders import listed, pixels

COUNTS = {"01_Normal": 54, "02_Tapered": 53, "03_Pyriform": 57, "04_Amorphous": 52}
TO_TRAIN = 40  # of each class, as in the study of Fernandes et al. on classifiers; the rest is the test


def extent(root: Path, card: Card) -> str:
    """Return `whole` if a class folder lies under the root, or a folder of the data set's name that is not empty."""
    return "whole" * (top(root, card) is not None or filled(root / card.place))


def top(root: Path, card: Card) -> Path | None:
    """Return the folder that holds class folders: the root, one in it, or one in the folder of the data set's name."""
    patterns = (f"{above}{name}" for above in ("", "*/", f"{card.place}/*/") for name in COUNTS)
    return next((found.parent for pattern in patterns for found in sorted(root.glob(pattern))), None)


def read(root: Path, card: Card, split: str) -> Arrays:
    """Return the first 40 images of each class by name, or the rest, class by class."""
    folder = top(root, card) or root / card.place
    check_counts(folder, card)
    rows = slice(TO_TRAIN) if split == "train" else slice(TO_TRAIN, None)
    chosen = [listed(folder / name)[rows] for name in COUNTS]
    images = np.stack([pixels(path, card.shape) for paths in chosen for path in paths])
    return Arrays(images, np.repeat(np.arange(len(chosen)), [len(paths) for paths in chosen]))


def check_counts(folder: Path, card: Card) -> None:
    """Raise a ValueError unless the class folders, and no others numbered like them, hold as many images as published.

    Folders without a number may lie beside them, as where LATENTLIB_DATA itself holds those of the classes.
    """
    names = sorted({*COUNTS, *(path.name for path in folder.glob("[0-9][0-9]_*"))})
    found = {name: len(listed(folder / name)) for name in names}
    wrong = [
        f"{name} holds {n} images, not {COUNTS.get(name, 0)}" for name, n in found.items() if n != COUNTS.get(name, 0)
    ]
    if wrong:
        there = ", ".join(sorted(path.name for path in folder.iterdir() if path.is_dir())) or "none"
        raise ValueError(
            f"{folder} is not as published: {'; '.join(wrong)} (folders there: {there}); take it from {card.source}"
        )
