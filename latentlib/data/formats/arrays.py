"""The arrays that every format returns, and functions that the formats share."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from PIL import Image

from latentlib import files
from latentlib.data.cards import Card


class Arrays(NamedTuple):
    """Contents of a split: uint8 images (n, height, width) or (n, height, width, 3), labels (n,) or (n, attributes)."""

    images: np.ndarray
    labels: np.ndarray


def filled(folder: Path) -> bool:
    """Return whether a folder exists and is not empty."""
    return folder.is_dir() and any(folder.iterdir())


def squares(photographs: Iterable[Path | IO[bytes]], side: int, most: int = 10**6) -> np.ndarray:
    """Return the central squares of upright photographs, of at most `most` pixels a side, as uint8 (n, side, side, 3).

    Raises:
        ValueError: for a damaged file.
    """
    return np.stack([np.asarray(square(file, side, most)) for file in photographs])


def square(file: Path | IO[bytes], side: int, most: int) -> Image.Image:
    """Return the central square of a photograph, resized by Lanczos, in RGB."""
    try:
        with Image.open(file) as image:
            width = min(most, *image.size)
            left, top = ((size - width) // 2 for size in image.size)
            cut = image.convert("RGB").crop((left, top, left + width, top + width))
            return cut.resize((side, side), Image.Resampling.LANCZOS)
    except FileNotFoundError:
        raise
    except OSError as error:  # Pillow raises it for any damage; torchvision does not check the images
        raise ValueError(f"{file} is damaged: {error}") from error


def torchvision_class(card: Card) -> Callable[..., Any]:
    """Return torchvision's class for a data set."""
    from torchvision import datasets  # imported late: the bundled sample does not need it

    found: Callable[..., Any] = getattr(datasets, card.folder)
    return found


def check_sound(path: Path, card: Card) -> Path:
    """Return the path; raise a ValueError unless its checksum is the one on the card."""
    checksum = card.checksums[path.name]
    if files.sha256(path) != checksum:
        raise ValueError(f"{path} is damaged: its sha256 is not {checksum[:12]}…; delete it and load again")
    return path


def official(root: Path, card: Card, **choice: Any) -> Any:
    """Return torchvision's data set; raise a ValueError that names its missing or damaged files, if any."""
    from torchvision.datasets.utils import check_integrity

    kind, folder = torchvision_class(card), root / card.place
    try:
        return kind(root=str(root), **choice)
    except RuntimeError as error:
        wrong = [name for name, md5 in checksums(kind) if not check_integrity(folder / name, md5)]
        raise ValueError(
            f"{folder} is damaged: missing or not as published: {', '.join(wrong)}; take it from {card.source}, "
            "or delete the folder and load again"
        ) from error


def checksums(kind: Any) -> list[tuple[str, str]]:
    """Return the name and md5 of each file that torchvision's class checks."""
    if hasattr(kind, "file_list"):
        return [(name, md5) for _, md5, name in kind.file_list if not name.endswith(".zip")]
    return [*kind.train_list, *kind.test_list, (kind.meta["filename"], kind.meta["md5"])]
