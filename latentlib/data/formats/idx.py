"""The four idx files of MNIST and Fashion-MNIST, gzipped or not."""

import gzip
import math
import zlib
from functools import partial
from pathlib import Path

from latentlib import files
from latentlib.data.cards import Card
from latentlib.data.formats.arrays import Arrays, check_sound, torchvision_class

BLOCK = 2**20  # bytes


def extent(root: Path, card: Card) -> str:
    """Return `whole` if every original file lies in torchvision's folder under `root`, gzipped or not."""
    raw = root / card.place
    return "whole" * all((raw / name).exists() or (raw / f"{name}.gz").exists() for name in card.checksums)


def read(root: Path, card: Card, split: str) -> Arrays:
    """Return a split after unpacking and checking its files."""
    whole = torchvision_class(card)(root=str(unpacked(root, card)), train=split == "train")
    return Arrays(whole.data.numpy(), whole.targets.numpy())


def unpacked(root: Path, card: Card) -> Path:
    """Return a root with unpacked, verified files: `root` itself, or the cache if any of its files is gzipped.

    Raises:
        ValueError: for a file that is damaged or not as published.
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
    """Copy a file, or unpack its gzip file if it is missing; raise a ValueError unless the result is as published."""
    packed = source.with_name(f"{source.name}.gz")
    opened, source = (source.open, source) if source.exists() else (partial(gzip.open, packed), packed)
    most = 16 + max(card.counts.values()) * math.prod(card.shape)  # bytes of the largest file: header and pixels
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
