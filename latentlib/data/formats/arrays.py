"""What every format gives, and what the formats share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from latentlib import files
from latentlib.data.cards import Card


class Arrays(NamedTuple):
    """One split as it lies on disk: uint8 images (n, height, width) or (n, height, width, 3), and labels (n,)."""

    images: np.ndarray
    labels: np.ndarray


def torchvision_class(card: Card) -> Callable[..., Any]:
    """The class of torchvision for a data set."""
    from torchvision import datasets  # late: whoever uses the bundled sample does without it

    found: Callable[..., Any] = getattr(datasets, card.folder)
    return found


def check_sound(path: Path, card: Card) -> Path:
    """The path; ValueError unless its checksum is the one on the card."""
    checksum = card.checksums[path.name]
    if files.sha256(path) != checksum:
        raise ValueError(f"{path} is damaged: its sha256 is not {checksum[:12]}…; delete it and load again")
    return path


def official(root: Path, card: Card, **choice: Any) -> Any:
    """The data set of torchvision, which checks its files; ValueError where they are damaged."""
    try:
        return torchvision_class(card)(root=str(root), **choice)
    except RuntimeError as error:
        raise ValueError(f"{root / card.place} is damaged: {error}; delete it and load again") from error
