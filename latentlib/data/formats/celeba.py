"""CelebA: torchvision's folder, or the first 10,000 images as a zip archive; cropped and resized on reading.

The papers resize to 32x32 and to 64x64 and name no crop (parameters.md, JK, not stated 5; LI, not stated 12); here the
central square is resized with Lanczos.
"""

import zipfile
from pathlib import Path

import numpy as np

from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, check_sound, filled, official, squares

ARCHIVE, ATTRIBUTES = "celeba10k_89x109_jpg.zip", "celeba10k_attr.npz"
HELD_OUT = 1_000  # test images of the archive, all of them official training images


def extent(root: Path, card: Card) -> str:
    """Return `whole` if torchvision's folder lies under the root, `subset` if only the archive does."""
    return "whole" if filled(root / card.place / "img_align_celeba") else "subset" * (root / ARCHIVE).exists()


def read(root: Path, card: Card, split: str) -> Arrays:
    """Return a split of the full data set if it is there, otherwise of the subset."""
    side = card.shape[-1]
    folder = root / card.place / "img_align_celeba"
    if filled(folder):
        whole = official(root, card, split=split)
        images = squares((folder / name for name in whole.filename), side)
        return Arrays(images, labels(card, whole.attr.numpy(), whole.attr_names))
    with np.load(check_sound(root / ATTRIBUTES, card)) as arrays:
        attributes, names = arrays["attr"], [name.decode() for name in arrays["attr_names"]]
    with zipfile.ZipFile(check_sound(root / ARCHIVE, card)) as archive:
        members = sorted(archive.namelist())
        rows = slice(None, -HELD_OUT) if split == "train" else slice(-HELD_OUT, None)
        images = squares((archive.open(name) for name in members[rows]), side)
    return Arrays(images, labels(card, attributes[rows], names))


def labels(card: Card, attributes: np.ndarray, names: list[str]) -> np.ndarray:
    """Return labels from attributes (n, 40), which hold above 0: (n,) if classes are exclusive, else (n, classes)."""
    holds = attributes > 0
    if card.exclusive:
        return 2 * holds[:, names.index("Male")] + holds[:, names.index("Smiling")]  # the order of the classes
    return holds[:, [names.index(name) for name in card.classes]]
