"""The four idx files of MNIST and its kin, packed with gzip or not."""

import gzip
import math
import zlib
from functools import partial
from pathlib import Path

from latentlib import files
from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, check_sound, torchvision_class

BLOCK = 2**20  # bytes


def present(root: Path, card: Card) -> bool:
    """Whether every original file lies in torchvision's folder under `root`, packed or not."""
    raw = root / card.place
    return all((raw / name).exists() or (raw / f"{name}.gz").exists() for name in card.checksums)


def read(root: Path, card: Card, split: str) -> Arrays:
    """A split, after its files were unpacked and checked."""
    whole = torchvision_class(card)(root=str(unpacked(root, card)), train=split == "train")
    return Arrays(whole.data.numpy(), whole.targets.numpy())


def unpacked(root: Path, card: Card) -> Path:
    """Return a root whose files are unpacked and whose checksums hold: `root`, or the cache where one is packed.

    Raises:
        ValueError: where a file is damaged or not as published.
    """
    raw, store = root / card.place, files.cache() / "data"
    if all((raw / name).exists() for name in card.checksums):
        store = root
    for name in card.checksums:
        kept = store / card.place / name
        if not kept.exists():
            unpack(raw / name, kept, card)
        check_sound(kept, card)
    return store


def unpack(source: Path, path: Path, card: Card) -> None:
    """Copy a file, or unpack its gzip file where there is none; ValueError unless what comes out is as published."""
    packed = source.with_name(f"{source.name}.gz")
    opened, source = (source.open, source) if source.exists() else (partial(gzip.open, packed), packed)
    most = 16 + max(card.counts.values()) * math.prod(card.shape)  # bytes of the largest file
    try:
        with files.replacing(path) as part:
            with opened("rb") as reader, part.open("wb") as target:
                for block in iter(partial(reader.read, BLOCK), b""):
                    target.write(block)
                    if target.tell() > most:
                        raise ValueError(f"{source} is not as published: it holds more than {most:,} bytes")
            if files.sha256(part) != card.checksums[path.name]:
                raise ValueError(f"{source} is not as published: take it again from {card.source}")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{source} is damaged: {error}") from error
