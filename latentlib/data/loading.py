"""Finding, checking and reading the images of a card."""

import os
import socket
from dataclasses import dataclass, replace
from functools import cache as remember
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from latentlib import files, pictures
from latentlib.checks import check_choice
from latentlib.data.cards import Card, card
from latentlib.data.formats import FORMATS
from latentlib.data.formats.arrays import torchvision_class
from latentlib.data.formats.folders import listed, readable

DOWNLOAD_TIMEOUT = 20  # seconds without an answer


@dataclass(frozen=True)
class Images:
    """Images of one split.

    Args:
        images: (n, channels, height, width) float32 in [0, 1].
        labels: (n,) int64; for attributes (n, attributes), 1 where one holds.
        index: (n,) int64, positions in the split as read; for the bundled sample, in the official file.
        card: card of the data set.
        split: `train` or `test`, or both, `train+test`.
        origin: the folder that they were read from, or `bundled sample`.
    """

    images: Tensor
    labels: Tensor
    index: Tensor
    card: Card
    split: str
    origin: str

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.images)

    def __getitem__(self, rows: slice | Tensor) -> "Images":
        """Return the images of the given rows: a slice, indices or a mask."""
        return replace(self, images=self.images[rows], labels=self.labels[rows], index=self.index[rows])

    def __add__(self, other: "Images") -> "Images":
        """Return these images and then those of another split of the same data set, to draw an own split from.

        Raises:
            ValueError: for images of another data set.
        """
        if other.card != self.card:
            raise ValueError(f"images of {self.card.name} and of {other.card.name} cannot be joined")
        own, others = ((part.images, part.labels, part.index) for part in (self, other))
        images, labels, index = map(torch.cat, zip(own, others, strict=True))
        return Images(images, labels, index, self.card, f"{self.split}+{other.split}", self.origin)

    def grey(self) -> "Images":
        """Return the images in grey, (n, 1, height, width): the luma of ITU-R BT.601, as in Pillow's mode L."""
        if self.images.shape[1] == 1:
            return self
        images = torch.einsum("nchw,c->nhw", self.images, torch.tensor([0.299, 0.587, 0.114])).unsqueeze(1)
        return replace(self, images=images.clamp(0, 1), card=replace(self.card, shape=(1, *self.card.shape[1:])))


def load(name: str, split: str = "test", sample: bool = True, download: bool = True) -> Images:
    """Return real images of a data set, in the official order.

    Args:
        name: a key of `CARDS`.
        split: `train` or `test`.
        sample: whether to fall back on the bundled sample.
        download: whether torchvision may download into the cache.

    Raises:
        ValueError: for an unknown data set or split, or a file whose checksum differs.
        FileNotFoundError: for a data set that is not found; says how to get it, and its licence.
    """
    sought = card(name)
    check_choice("split", split, ("train", "test"))
    if root := next((root for root in roots(sought) if FORMATS[name].extent(root, sought)), None):
        return read(root, sought, split)
    if download and downloaded(sought):
        return read(store(), sought, split)
    if sample and sought.sample:
        return bundled(name, split)
    raise FileNotFoundError(
        f"{sought.title} ({sum(sought.counts.values()):,} images; licence: {sought.licence}) is neither under "
        f"LATENTLIB_DATA nor in {store()}, and could not be downloaded; put its files into "
        f"$LATENTLIB_DATA/{sought.place}, from {sought.source}"
    )


def bundled(name: str, split: str = "test") -> Images:
    """Return a copy of the sample that ships: the classes in turn, 50 images of each per split, or as the card says.

    Its `test` images are held out: no model of the zoo was trained on them.

    Raises:
        ValueError: for an unknown data set or split, or a data set without a sample.
    """
    check_choice("split", split, ("train", "test"))
    sought = card(name)
    if sought.sample is None:
        raise ValueError(f"dataset {name!r} has no bundled sample: set LATENTLIB_DATA to a folder that holds it")
    images, labels, index = (tensor.clone() for tensor in unpacked(sought.sample, split))
    return Images(images, labels, index, sought, split, "bundled sample")


@remember
def unpacked(sample: Path, split: str) -> tuple[Tensor, Tensor, Tensor]:
    """Return images, labels and index of a sample's split; they are cached and must not be changed."""
    with np.load(sample) as arrays:
        images, labels, index = (arrays[f"{split}_{part}"] for part in ("images", "labels", "index"))
    return scaled(images), torch.from_numpy(labels).long(), torch.from_numpy(index)


def training_images(name: str) -> Images:
    """Return the official training images without those bundled as `test` targets, which stay held out.

    Raises:
        FileNotFoundError: if only the bundled sample is available.
    """
    whole = load(name, "train", sample=False)
    if whole.card.sample is None:
        return whole
    rows = torch.arange(len(whole))
    twins = bundled_twins(whole)
    return whole[rows[~torch.isin(rows, twins)]]


def bundled_twins(whole: Images) -> Tensor:
    """Return the rows (k,) of `whole` whose pixels equal an image of the bundled `test` sample."""
    targets = {image.numpy().tobytes() for image in bundled(whole.card.name, "test").images}
    rows = [row for row, image in enumerate(whole.images) if image.numpy().tobytes() in targets]
    return torch.tensor(rows, dtype=torch.int64)


def folder(path: str | Path, shape: tuple[int, int, int]) -> Images:
    """Return the images in a folder of your own and in the folders below it, in natural order of their names.

    Each is turned upright, cropped about its centre to the wanted proportions, and resized. Hidden files, and those
    whose suffix is not that of an image, are left out; images that cannot be read are skipped, and a warning counts and
    names them. All have the label 0 and the split `train`; `index` is their place among the folder's images.

    Args:
        path: the folder; a leading `~` is the user's home.
        shape: wanted (channels, height, width), with 1 or 3 channels.

    Raises:
        NotADirectoryError: for a folder that does not exist or is none.
        ValueError: for a folder without images, or without one that can be read; for another number of channels.
    """
    pictures.check_shape(shape)
    place = files.expanded(str(path)).absolute()
    if not place.is_dir():
        raise NotADirectoryError(f"{place} {'is not a folder' if place.exists() else 'does not exist'}")
    if not (paths := listed(place)):
        raise ValueError(
            f"{place} holds no images: none of its files, or of those below it, ends in .jpg, .png or alike"
        )
    images, index = readable(paths, shape)
    facts = Card(
        name=place.name,
        title=str(place),
        citation="",
        source=str(place),
        licence="not stated",
        shape=shape,
        counts={"train": len(images)},
        classes=(),
        folder="",
        place=str(place),
        checksums={},
    )
    labels = torch.zeros(len(images), dtype=torch.int64)
    return Images(scaled(images), labels, torch.from_numpy(index), facts, "train", str(place))


def extent(name: str) -> str:
    """Return what `load` would read without a download: of the data set `whole` or `subset`, `sample`, or `nothing`."""
    sought = card(name)
    found = (FORMATS[name].extent(root, sought) for root in roots(sought))
    return next(filter(None, found), "sample" if sought.sample else "nothing")


def store() -> Path:
    """Return the cache's folder for data sets."""
    return files.cache() / "data"


def roots(sought: Card) -> list[Path]:
    """Return the folders to search, in order: LATENTLIB_DATA, its subfolders by name and place, the cache."""
    named = os.environ.get("LATENTLIB_DATA")
    if not named:
        return [store()]
    home = files.expanded(named)
    return [home, home / (sought.part_of or sought.name), home / sought.place, store()]


def read(root: Path, sought: Card, split: str) -> Images:
    """Read a split from the files under `root`."""
    arrays = FORMATS[sought.name].read(root, sought, split)
    labels = torch.from_numpy(arrays.labels).long()
    return Images(scaled(arrays.images), labels, torch.arange(len(labels)), sought, split, str(root))


def scaled(pixels: np.ndarray) -> Tensor:
    """Return uint8 (n, height, width) or (n, height, width, 3) as float32 (n, channels, height, width) in [0, 1]."""
    images = torch.from_numpy(pixels)
    images = images.unsqueeze(1) if images.ndim == 3 else images.permute(0, 3, 1, 2)
    return images.contiguous().float().div_(255)


def downloaded(sought: Card) -> bool:
    """Download with torchvision into the cache, and return whether that succeeded."""
    if not sought.folder:
        return False
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(DOWNLOAD_TIMEOUT)
    try:
        torchvision_class(sought)(root=str(store()), download=True)
    except (OSError, RuntimeError, ImportError, ValueError):  # the last for what torchvision no longer downloads
        return False
    finally:
        socket.setdefaulttimeout(before)
    return True
