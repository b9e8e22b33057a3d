"""The four idx files of MNIST and its kin, packed with gzip or not."""

import gzip
import shutil
import zlib
from pathlib import Path

from latentlib import files
from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, check_sound, torchvision_class


def present(root: Path, card: Card) -> bool:
    """Whether every original file lies in torchvision's folder under `root`, packed or not."""
    raw = root / card.place
    return all((raw / name).exists() or (raw / f"{name}.gz").exists() for name in card.checksums)


def read(root: Path, card: Card, split: str) -> Arrays:
    """A split, after its files were unpacked and checked."""
    whole = torchvision_class(card)(root=str(unpacked(root, card)), train=split == "train")
    return Arrays(whole.data.numpy(), whole.targets.numpy())


def unpacked(root: Path, card: Card) -> Path:
    """A root whose files are unpacked and whose checksums hold: `root`, or the cache for packed files.

    Raises:
        ValueError: where a file is damaged.
    """
    for name in card.checksums:
        path = root / card.place / name
        if not path.exists():
            packed, path = path.with_name(f"{name}.gz"), files.cache() / "data" / card.place / name
            if not path.exists():
                unpack(packed, path)
        check_sound(path, card)
    return path.parents[2]


def unpack(packed: Path, path: Path) -> None:
    """Unpack a gzip file; ValueError for a damaged one."""
    try:
        with files.replacing(path) as partial, gzip.open(packed) as source, partial.open("wb") as target:
            shutil.copyfileobj(source, target)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{packed} is damaged: {error}") from error
