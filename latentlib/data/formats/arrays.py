"""The arrays that every format returns, and functions that the formats share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from latentlib import files
from latentlib.data.cards import Card


class Arrays(NamedTuple):
    """Contents of a split: uint8 images (n, height, width) or (n, height, width, 3), labels (n,) or (n, attributes)."""

    images: np.ndarray
    labels: np.ndarray


def filled(folder: Path) -> bool:
    """Return whether a folder exists and is not empty."""
    return folder.is_dir() and any(folder.iterdir())


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
