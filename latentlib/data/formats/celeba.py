"""CelebA: torchvision's folder, or the first 10,000 images as a zip archive; cropped and resized while read.

The paper resizes to 32x32 and names no crop (parameters.md, JK, not stated 5): here the central square, Lanczos.
"""

import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, check_sound, official

ARCHIVE, ATTRIBUTES = "celeba10k_89x109_jpg.zip", "celeba10k_attr.npz"
HELD_OUT = 1_000  # of the archive, which holds official training images only


def present(root: Path, card: Card) -> bool:
    """Whether torchvision's folder or the archive lie under the root."""
    return (root / card.place / "img_align_celeba").is_dir() or (root / ARCHIVE).exists()


def read(root: Path, card: Card, split: str) -> Arrays:
    """A split, the whole one where it is there; the labels join the attributes Male and Smiling."""
    side = card.shape[-1]
    if (root / card.place / "img_align_celeba").is_dir():
        whole = official(root, card, split=split, target_type="attr")
        return Arrays(shrunk((image for image, _ in whole), side), joined(whole.attr.numpy(), whole.attr_names))
    with np.load(check_sound(root / ATTRIBUTES, card)) as arrays:
        attributes, names = arrays["attr"], [name.decode() for name in arrays["attr_names"]]
    with zipfile.ZipFile(check_sound(root / ARCHIVE, card)) as archive:
        members = sorted(archive.namelist())
        rows = slice(None, -HELD_OUT) if split == "train" else slice(-HELD_OUT, None)
        images = shrunk((Image.open(archive.open(name)) for name in members[rows]), side)
    return Arrays(images, joined(attributes[rows], names))


def shrunk(photographs: Iterable[Image.Image], side: int) -> np.ndarray:
    """The central squares of photographs as uint8 (n, side, side, 3)."""
    return np.stack([np.asarray(square(image).resize((side, side), Image.Resampling.LANCZOS)) for image in photographs])


def square(image: Image.Image) -> Image.Image:
    """The largest central square of an image, in RGB."""
    width, height = image.size
    top = (height - width) // 2
    return image.convert("RGB").crop((0, top, width, top + width))


def joined(attributes: np.ndarray, names: list[str]) -> np.ndarray:
    """Labels (n,): 2 for a man, and 1 for a smile; attributes (n, 40) are above 0 where they hold."""
    holds = attributes > 0
    return 2 * holds[:, names.index("Male")] + holds[:, names.index("Smiling")]
