"""Folders of images: which lie in one, in which order, and their pixels."""

import re
import warnings
from pathlib import Path

import numpy as np

from latentlib import pictures

SUFFIXES = frozenset({".bmp", ".gif", ".jfif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"})
NAMED = 10  # images that a warning names; it counts the rest


def listed(folder: Path) -> list[Path]:
    """Return the images in a folder and below it, told by their suffix, in natural order; without hidden ones."""
    names = [path.relative_to(folder) for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES]
    shown = [name for name in names if not any(part.startswith(".") for part in name.parts)]
    return [folder / name for name in sorted(shown, key=natural) if (folder / name).is_file()]


def natural(name: Path) -> list[tuple[str | int, ...]]:
    """Return a key that sorts names by their words and numbers, folder by folder: `image_9` before `image_10`."""
    words = [re.split(r"([0-9]+)", part.lower()) for part in name.parts]
    keys = [tuple(int(word) if place % 2 else word for place, word in enumerate(part)) for part in words]
    return [*keys, (str(name),)]  # the last for names that differ in case or leading zeros alone


def pixels(path: Path, shape: tuple[int, int, int]) -> np.ndarray:
    """Return a picture fitted to a shape, uint8 (height, width, 3) or (height, width) of one channel.

    Raises:
        ValueError: for a file that is not a picture or is damaged; names it.
    """
    levels = (pictures.read(path, shape)[0] * 255).round().byte()
    return levels[0].numpy() if shape[0] == 1 else levels.permute(1, 2, 0).contiguous().numpy()


def readable(paths: list[Path], shape: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the pixels (n, ...) of the pictures that can be read, and their places (n,); warn of the rest by name.

    Raises:
        ValueError: if none can be read.
    """
    images, places, skipped = [], [], []
    for place, path in enumerate(paths):
        try:
            images.append(pixels(path, shape))
            places.append(place)
        except (ValueError, FileNotFoundError) as error:
            skipped.append((path, error))
    if not images:
        raise ValueError(f"none of {len(paths):,} images can be read; of the first: {skipped[0][1]}")
    if skipped:
        names = ", ".join(str(path) for path, _ in skipped[:NAMED])
        more = f", and {len(skipped) - NAMED:,} more" * (len(skipped) > NAMED)
        warnings.warn(
            f"{len(skipped):,} of {len(paths):,} images cannot be read and are skipped: {names}{more}", stacklevel=3
        )
    return np.stack(images), np.array(places)
