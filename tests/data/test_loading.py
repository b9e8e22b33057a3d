import gzip
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from latentlib import data, files
from latentlib.data import loading
from latentlib.data.cards import SAMPLES

REFERENCES = Path(__file__).parents[2] / "book" / "references.bib"
NAMES = ["mnist", "fashion_mnist"]
BOTH = pytest.mark.parametrize("name", NAMES)
SPLITS = pytest.mark.parametrize("split", ["train", "test"])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """LATENTLIB_DATA: a data set like Fashion-MNIST with three images a split, and a card that fits it."""
    raw = tmp_path / "data" / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    pixels = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
    for prefix in ("train", "t10k"):
        (raw / f"{prefix}-images-idx3-ubyte").write_bytes(idx(pixels))
        (raw / f"{prefix}-labels-idx1-ubyte").write_bytes(idx(np.array([7, 0, 9], np.uint8)))
    card = data.card("fashion_mnist")
    for name in card.checksums:
        monkeypatch.setitem(card.checksums, name, files.sha256(raw / name))
    monkeypatch.setenv("LATENTLIB_DATA", str(tmp_path / "data"))
    return raw, pixels


def idx(array):
    """An array of bytes in the IDX format."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes() + array.tobytes()


def pixels(images):
    """uint8 (n, height * width)."""
    return (images * 255).round().byte().flatten(1).numpy()


def test_extent_says_what_would_be_loaded(tmp_path, monkeypatch, shared_data):
    monkeypatch.setenv("LATENTLIB_CACHE", str(tmp_path))
    monkeypatch.delenv("LATENTLIB_DATA", raising=False)
    assert {name: data.extent(name) for name in data.CARDS if name in ("mnist", "celeba")} == {
        "mnist": "sample",
        "celeba": "nothing",
    }
    monkeypatch.setenv("LATENTLIB_DATA", str(shared_data))
    assert (data.extent("mnist"), data.extent("celeba")) == ("whole", "subset")
    folder = tmp_path / "data" / data.card("celeba").place / "img_align_celeba"
    folder.mkdir(parents=True)
    (folder / "000001.jpg").touch()
    monkeypatch.delenv("LATENTLIB_DATA")
    assert data.extent("celeba") == "whole"


@BOTH
@SPLITS
def test_the_bundled_sample_is_fifty_images_a_class_in_turn(name, split):
    sample = data.bundled(name, split)
    assert sample.images.shape == (500, *data.card(name).shape)
    assert sample.images.dtype == torch.float32
    assert sample.images.amin() == 0
    assert sample.images.amax() == 1
    assert sample.labels.dtype == sample.index.dtype == torch.int64
    assert torch.equal(sample.labels, torch.arange(10).repeat(50))
    assert len(set(sample.index.tolist())) == 500
    assert sample.index.max() < data.card(name).counts["train" if name == "mnist" else split]
    assert sample.origin == "bundled sample"


@BOTH
def test_bundled_splits_share_no_image(name):
    train, test = (
        {image.tobytes() for image in pixels(data.bundled(name, split).images)} for split in ("train", "test")
    )
    assert len(train) == len(test) == 500
    assert not train & test


@BOTH
@SPLITS
def test_official_files_are_read_whole_and_in_order(name, split, official):
    whole = official(data.load, name, split)
    assert len(whole) == data.card(name).counts[split]
    assert whole.images.shape[1:] == data.card(name).shape
    assert whole.images.dtype == torch.float32
    assert (whole.images.min(), whole.images.max()) == (0, 1)
    assert whole.labels.unique().tolist() == list(range(10))
    assert torch.equal(whole.index, torch.arange(len(whole)))


@BOTH
@SPLITS
def test_official_pixels_and_labels_are_those_of_the_files(name, split, official, shared_data):
    prefix = shared_data / name / data.card(name).folder / "raw" / ("train" if split == "train" else "t10k")
    with gzip.open(f"{prefix}-images-idx3-ubyte.gz") as images, gzip.open(f"{prefix}-labels-idx1-ubyte.gz") as labels:
        first_images, first_labels = images.read(16 + 100 * 784)[16:], labels.read(8 + 100)[8:]
    whole = official(data.load, name, split)
    assert pixels(whole.images[:100]).tobytes() == first_images
    assert bytes(whole.labels[:100].tolist()) == first_labels


@BOTH
@SPLITS
def test_the_index_of_a_bundled_image_is_its_place_in_the_official_file(name, split, official):
    sample = data.bundled(name, split)
    whole = official(data.load, name, "train" if name == "mnist" else split)
    assert torch.equal(whole.images[sample.index], sample.images)
    assert torch.equal(whole.labels[sample.index], sample.labels)


@BOTH
def test_bundled_test_images_are_held_out_of_training(name, official):
    held_out = {image.tobytes() for image in pixels(data.bundled(name).images)}
    used = official(data.training_images, name)
    assert not held_out & {image.tobytes() for image in pixels(used.images)}
    assert 60_000 - len(used) == (500 if name == "mnist" else 0)
    assert used.split == "train"


def test_rows_are_chosen_together():
    sample = data.bundled("mnist")
    for rows in (slice(10, 20), torch.arange(10, 20), torch.arange(500).div(10, rounding_mode="floor") == 1):
        part = sample[rows]
        assert len(part) == 10
        assert torch.equal(part.images, sample.images[10:20])
        assert torch.equal(part.labels, sample.labels[10:20])
        assert torch.equal(part.index, sample.index[10:20])


def test_unpacked_files_are_read_where_they_lie(folder, isolated_cache):
    _, expected = folder
    loaded = data.load("fashion_mnist", "train")
    assert np.array_equal(pixels(loaded.images), expected.reshape(3, -1))
    assert loaded.labels.tolist() == [7, 0, 9]
    assert not isolated_cache.exists()


def test_packed_files_are_unpacked_into_the_cache_and_stay_packed(folder, isolated_cache):
    raw, expected = folder
    for path in list(raw.iterdir()):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert np.array_equal(pixels(data.load("fashion_mnist").images), expected.reshape(3, -1))
    assert all(path.suffix == ".gz" for path in raw.iterdir())
    assert len(list((isolated_cache / "data" / "FashionMNIST" / "raw").iterdir())) == 4


def pack(raw, names):
    """Replace files by their gzip files."""
    for name in names:
        (raw / f"{name}.gz").write_bytes(gzip.compress((raw / name).read_bytes()))
        (raw / name).unlink()


FILES = list(data.card("fashion_mnist").checksums)


@pytest.mark.parametrize("packed", [FILES[:1], FILES[3:], FILES[1:], FILES[:3], FILES[1:3]])
def test_some_files_may_be_packed_and_others_not(folder, isolated_cache, packed):
    raw, expected = folder
    pack(raw, packed)
    before = {path: path.read_bytes() for path in raw.iterdir()}
    for split in ("train", "test"):
        assert np.array_equal(pixels(data.load("fashion_mnist", split).images), expected.reshape(3, -1))
    assert {path: path.read_bytes() for path in raw.iterdir()} == before


def test_an_unpacked_file_goes_before_the_packed_one_beside_it(folder):
    raw, expected = folder
    (raw / f"{FILES[0]}.gz").write_bytes(b"not read")
    assert np.array_equal(pixels(data.load("fashion_mnist", "train").images), expected.reshape(3, -1))


DAMAGES = {
    "truncated": (lambda b: b[:-20], "is damaged: Compressed file ended before"),
    "empty": (lambda b: b"", "is not as published"),
    "a page": (lambda b: b"<html>404</html>", r"is damaged: Not a gzipped file \(b'<h'\)"),
    "one bit": (lambda b: b[:40] + bytes([b[40] ^ 1]) + b[41:], "is damaged|is not as published"),
    "another file": (
        lambda b: gzip.compress(idx(np.zeros((3, 28, 28), np.uint8))),
        "is not as published: take it again",
    ),
    "rest behind it": (lambda b: b + b"garbage", "is damaged: Not a gzipped file"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_packed_file_that_is_wrong_is_blamed_itself_and_nothing_is_kept(folder, isolated_cache, offline, name):
    raw, expected = folder
    damage, message = DAMAGES[name]
    pack(raw, FILES)
    path = raw / f"{FILES[0]}.gz"
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    with pytest.raises(ValueError, match=f"^{path} ({message})") as told:
        data.load("fashion_mnist", "train")
    assert "None" not in str(told.value)
    assert str(isolated_cache) not in str(told.value)
    assert [kept for kept in isolated_cache.rglob("*") if kept.is_file()] == []
    path.write_bytes(whole)
    assert np.array_equal(pixels(data.load("fashion_mnist", "train").images), expected.reshape(3, -1))


def test_a_gzip_bomb_is_refused_before_it_fills_the_disk(folder, isolated_cache, monkeypatch):
    raw, _ = folder
    pack(raw, FILES)
    with gzip.open(raw / f"{FILES[0]}.gz", "wb", 1) as bomb:
        for _ in range(100):
            bomb.write(bytes(2**20))
    written, write = [], Path.open

    def watched(self, mode="r", *arguments, **options):
        opened = write(self, mode, *arguments, **options)
        if mode == "wb":
            written.append(opened)
        return opened

    monkeypatch.setattr(Path, "open", watched)
    with pytest.raises(ValueError, match=r"idx3-ubyte\.gz is not as published: it holds more than 47,040,016 bytes"):
        data.load("fashion_mnist", "train")
    assert len(written) == 1
    assert [kept for kept in isolated_cache.rglob("*") if kept.is_file()] == []


def test_a_damaged_copy_in_the_cache_is_blamed_itself(folder, isolated_cache):
    raw, _ = folder
    pack(raw, FILES)
    data.load("fashion_mnist", "train")
    kept = isolated_cache / "data" / "FashionMNIST" / "raw" / FILES[0]
    kept.write_bytes(b"x")
    with pytest.raises(ValueError, match=f"^{kept} is damaged: .*; delete it and load again"):
        data.load("fashion_mnist", "train")


def test_a_tilde_in_the_data_folder_is_the_home(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LATENTLIB_DATA", "~/data")
    assert data.load("fashion_mnist", "train").origin == str(tmp_path / "data")


@BOTH
def test_what_a_caller_does_to_the_sample_stays_with_the_caller(name):
    before = data.bundled(name)
    kept = [before.images.clone(), before.labels.clone(), before.index.clone()]
    for tensor in (before.images, before.labels, before.index):
        tensor.zero_()
    after = data.bundled(name)
    assert all(map(torch.equal, kept, (after.images, after.labels, after.index)))


@pytest.mark.parametrize("name", [None, ["mnist"], 3, "mnist\0", "../mnist", "MNIST", ""])
def test_what_is_no_name_is_refused_in_words(name):
    for read in (data.load, data.bundled, data.card):
        with pytest.raises(ValueError, match="dataset must be one of mnist"):
            read(name)


@pytest.mark.parametrize("split", [None, "", "Train", ["test"], 0])
def test_what_is_no_split_is_refused_in_words(split):
    for read in (data.load, data.bundled):
        with pytest.raises(ValueError, match="split must be one of train, test, got "):
            read("mnist", split)


@pytest.mark.parametrize("damage", [lambda b: b[:-100], lambda b: b[:-1] + bytes([b[-1] ^ 1]), lambda b: b""])
def test_a_damaged_file_is_named(folder, isolated_cache, monkeypatch, offline, damage):
    raw, _ = folder
    shutil.move(raw.parents[1], isolated_cache / "data")
    monkeypatch.delenv("LATENTLIB_DATA")
    path = isolated_cache / "data" / "FashionMNIST" / "raw" / "train-images-idx3-ubyte"
    assert len(data.load("fashion_mnist", "train")) == 3
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=f"{path} is damaged: .*delete it and load again"):
        data.load("fashion_mnist", "train")


@BOTH
def test_offline_and_missing_the_sample_will_do(name, offline):
    found = data.load(name, "train")
    assert found.origin == "bundled sample"
    assert torch.equal(found.images, data.bundled(name, "train").images)


@BOTH
def test_without_the_sample_the_error_says_licence_and_how_to_get_it(name, offline, isolated_cache):
    card = data.card(name)
    with pytest.raises(FileNotFoundError) as error:
        data.load(name, sample=False)
    for part in (
        card.title,
        card.licence,
        card.source,
        "LATENTLIB_DATA",
        f"{card.folder}/raw",
        str(isolated_cache),
        "70,000",
    ):
        assert part in str(error.value)


def test_training_on_the_sample_alone_is_refused(offline):
    with pytest.raises(FileNotFoundError, match="LATENTLIB_DATA"):
        data.training_images("mnist")


def test_a_failed_download_counts_as_offline(monkeypatch):
    def fail(**arguments):
        raise RuntimeError("Error downloading")

    monkeypatch.setattr(loading, "torchvision_class", lambda card: fail)
    assert data.load("mnist").origin == "bundled sample"


@pytest.mark.parametrize("read", [data.load, data.bundled])
def test_unknown_names_and_splits_are_named(read, offline):
    with pytest.raises(ValueError, match=r"dataset must be one of mnist, .*, celeba64, lfw, .*, mhsma, got 'cifar11'"):
        read("cifar11")
    with pytest.raises(ValueError, match="split must be one of train, test, got 'valid'"):
        read("mnist", "valid")


@pytest.mark.parametrize("name", data.CARDS)
def test_every_card_says_where_the_data_come_from_and_on_what_terms(name):
    card = data.card(name)
    assert card.name == name
    assert all((card.title, card.source.startswith("http"), card.licence, card.place))
    assert card.folder or name in ("anime", "hushem", "mhsma"), "of which torchvision knows nothing"
    assert card.counts.keys() == {"train", "test"}
    assert min(card.counts.values()) > 0
    assert len(set(card.classes)) == len(card.classes) > (1 if name not in ("lfw", "anime") else -1)
    assert all(re.fullmatch("[0-9a-f]{64}", checksum) for checksum in card.checksums.values())
    assert f"{{{card.citation}," in REFERENCES.read_text()


@BOTH
def test_the_cards_of_the_mnists_name_four_files_and_a_small_sample(name):
    card = data.card(name)
    assert card.sample_source
    assert len(card.checksums) == 4
    assert card.sample.stat().st_size < 600_000


def test_a_sample_ships_of_the_mnists_and_the_lookalikes_alone():
    shipped = [*NAMES, "fashion_lookalikes"]
    assert [name for name, card in data.CARDS.items() if card.sample] == shipped
    assert sorted(path.stem for path in SAMPLES.iterdir()) == sorted(shipped)


@pytest.mark.parametrize("name", ["cifar10", "celeba"])
def test_what_does_not_ship_cannot_be_bundled(name):
    with pytest.raises(ValueError, match=f"dataset '{name}' has no bundled sample: set LATENTLIB_DATA to a folder"):
        data.bundled(name)


@pytest.mark.parametrize("sample", [True, False])
@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("cifar10", ("CIFAR-10 (60,000 images", "no formal licence", "$LATENTLIB_DATA/cifar-10-batches-py", "~kriz/")),
        ("celeba", ("CelebA (182,732 images", "no redistribution", "$LATENTLIB_DATA/celeba", "projects/CelebA.html")),
        ("lfw", ("deep-funneled (5,749 images", "for research", "$LATENTLIB_DATA/lfw-py", "cs.umass.edu/lfw")),
        ("hushem", ("Morphology (216 images", "CC BY 4.0", "$LATENTLIB_DATA/HuSHeM", "10.17632/tt3yj2pf38.3")),
        ("mhsma", ("Analysis (1,540 images", "CC BY-NC-SA 4.0", "$LATENTLIB_DATA/mhsma", "soroushj/mhsma-dataset")),
        ("anime", ("Dataset (63,565 images", "none stated", "$LATENTLIB_DATA/animefacedataset/images", "kaggle.com")),
    ],
)
def test_what_neither_ships_nor_lies_here_is_asked_for_by_count_licence_and_place(name, parts, sample, offline):
    for read in (lambda: data.load(name, sample=sample), lambda: data.training_images(name)):
        with pytest.raises(FileNotFoundError) as error:
            read()
        assert [part for part in parts if part not in str(error.value)] == []
