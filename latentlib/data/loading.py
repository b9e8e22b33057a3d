"""Finding, checking and reading the images of a card."""

import gzip
import os
import shutil
import socket
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache as remember
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latentlib import files
from latentlib.data.cards import Card, card

DOWNLOAD_TIMEOUT = 20  # seconds without an answer


@dataclass(frozen=True)
class Images:
    """Images of one split.

    Args:
        images: (n, channels, height, width) float32 in [0, 1].
        labels: (n,) int64.
        index: (n,) int64, positions in the official file.
        card: the data set's.
        split: `train` or `test`.
        origin: the folder they were read from, or `bundled sample`.
    """

    images: Tensor
    labels: Tensor
    index: Tensor
    card: Card
    split: str
    origin: str

    def __len__(self) -> int:
        """Number of images."""
        return len(self.images)

    def __getitem__(self, rows: slice | Tensor) -> "Images":
        """The chosen rows: a slice, indices or a mask."""
        return Images(self.images[rows], self.labels[rows], self.index[rows], self.card, self.split, self.origin)


def load(name: str, split: str = "test", sample: bool = True, download: bool = True) -> Images:
    """Real images of a data set, in the official order.

    Args:
        name: a key of `CARDS`.
        split: `train` or `test`.
        sample: whether the bundled sample will do where nothing else is found.
        download: whether torchvision may download into the cache.

    Raises:
        ValueError: for an unknown data set or split, or a file whose checksum differs.
        FileNotFoundError: where the data set is nowhere; says how to get it, and its licence.
    """
    sought = card(name)
    check_split(split)
    for root in roots(sought):
        if present(root, sought):
            return read(root, sought, split)
    if download and downloaded(sought):
        return read(store(), sought, split)
    if sample and sought.sample:
        return bundled(name, split)
    raise FileNotFoundError(
        f"{sought.title} ({sum(sought.counts.values()):,} images; licence: {sought.licence}) is neither under "
        f"LATENTLIB_DATA nor in {store()}, and could not be downloaded; put its files into "
        f"$LATENTLIB_DATA/{sought.folder}/raw, from {sought.source}"
    )


@remember
def bundled(name: str, split: str = "test") -> Images:
    """The sample that ships: 500 images a split, the ten classes in turn.

    Its `test` images are held out: no model of the zoo was trained on them.

    Raises:
        ValueError: for an unknown data set or split, or a data set without a sample.
    """
    check_split(split)
    sought = card(name)
    if sought.sample is None:
        raise ValueError(f"dataset {name!r} has no bundled sample: set LATENTLIB_DATA to a folder that holds it")
    with np.load(sought.sample) as arrays:
        images, labels, index = (arrays[f"{split}_{part}"] for part in ("images", "labels", "index"))
    return Images(
        scaled(images), torch.from_numpy(labels).long(), torch.from_numpy(index), sought, split, "bundled sample"
    )


def training_images(name: str) -> Images:
    """The official training images without those bundled as `test` targets, which stay held out.

    Raises:
        FileNotFoundError: where only the bundled sample is at hand.
    """
    whole = load(name, "train", sample=False)
    if whole.card.sample is None:
        return whole
    rows = torch.arange(len(whole))
    twins = bundled_twins(whole)
    return whole[rows[~torch.isin(rows, twins)]]


def bundled_twins(whole: Images) -> Tensor:
    """Rows of `whole` whose pixels equal an image of the bundled `test` sample."""
    targets = {image.numpy().tobytes() for image in bundled(whole.card.name, "test").images}
    rows = [row for row, image in enumerate(whole.images) if image.numpy().tobytes() in targets]
    return torch.tensor(rows, dtype=torch.int64)


def check_split(split: str) -> None:
    """ValueError unless the split is `train` or `test`."""
    if split not in ("train", "test"):
        raise ValueError(f"split must be 'train' or 'test', got {split!r}")


def store() -> Path:
    """The cache's folder for data sets."""
    return files.cache() / "data"


def roots(sought: Card) -> list[Path]:
    """Folders to look in, in order: LATENTLIB_DATA, its subfolder of the set's name, the cache."""
    named = os.environ.get("LATENTLIB_DATA")
    first = [Path(named), Path(named) / sought.name] if named else []
    return [*first, store()]


def present(root: Path, sought: Card) -> bool:
    """Whether every original file lies in torchvision's folder under `root`, packed or not."""
    raw = root / sought.folder / "raw"
    return all((raw / name).exists() or (raw / f"{name}.gz").exists() for name in sought.checksums)


def read(root: Path, sought: Card, split: str) -> Images:
    """A split read by torchvision's loader, after its files were unpacked and checked."""
    root = unpacked(root, sought)
    official = torchvision_class(sought)(root=str(root), train=split == "train")
    labels = official.targets.long()
    return Images(scaled(official.data.numpy()), labels, torch.arange(len(labels)), sought, split, str(root))


def unpacked(root: Path, sought: Card) -> Path:
    """A root whose files are unpacked and whose checksums hold: `root`, or the cache for packed files.

    Raises:
        ValueError: where a file is damaged.
    """
    for name, checksum in sought.checksums.items():
        path = root / sought.folder / "raw" / name
        if not path.exists():
            packed, path = path.with_name(f"{name}.gz"), store() / sought.folder / "raw" / name
            if not path.exists():
                unpack(packed, path)
        if files.sha256(path) != checksum:
            raise ValueError(f"{path} is damaged: its sha256 is not {checksum[:12]}…; delete it and load again")
    return path.parents[2]


def unpack(packed: Path, path: Path) -> None:
    """Unpack a gzip file; ValueError for a damaged one."""
    try:
        with files.replacing(path) as partial, gzip.open(packed) as source, partial.open("wb") as target:
            shutil.copyfileobj(source, target)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{packed} is damaged: {error}") from error


def scaled(pixels: np.ndarray) -> Tensor:
    """Grey uint8 (n, height, width) as float32 (n, 1, height, width) in [0, 1]."""
    return torch.from_numpy(pixels).unsqueeze(1).float() / 255


def torchvision_class(sought: Card) -> Callable[..., Any]:
    """The class of torchvision for a data set."""
    from torchvision import datasets  # late: whoever uses the bundled sample does without it

    found: Callable[..., Any] = getattr(datasets, sought.folder)
    return found


def downloaded(sought: Card) -> bool:
    """Let torchvision download into the cache; False where there is no network."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(DOWNLOAD_TIMEOUT)
    try:
        torchvision_class(sought)(root=str(store()), download=True)
    except (OSError, RuntimeError):
        return False
    finally:
        socket.setdefaulttimeout(before)
    return True
