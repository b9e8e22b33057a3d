"""CIFAR-10 and CelebA, in torchvision's layout made small by hand and as the real subsets; no photograph ships."""

import hashlib
import io
import pickle
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import datasets
from torchvision.transforms import functional

from latentlib import data, files
from latentlib.data.formats import celeba

SPLITS = pytest.mark.parametrize("split", ["train", "test"])
BATCHES = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
NAMES = [*(f"attribute_{number}" for number in range(20)), "Male", *(f"more_{n}" for n in range(10)), "Smiling"]
NAMES[7], NAMES[22] = "Eyeglasses", "Mouth_Slightly_Open"
PEOPLE = [(-1, -1), (-1, 1), (1, -1), (1, 1), (1, 1), (-1, 1), (1, -1), (-1, -1)]  # male, smiling
GLASSES, OPEN = [1, -1, -1, 1, -1, 1, -1, -1], [-1, -1, 1, 1, -1, 1, 1, -1]
ATTRIBUTES = [[glass, male, wide, smile] for glass, wide, (male, smile) in zip(GLASSES, OPEN, PEOPLE, strict=True)]
LABELS = [0, 1, 2, 3, 3, 1, 2, 0]
PARTITION = [0, 2, 0, 1, 2, 0, 1, 2]  # training, validation and test images lie mixed
PLACES = {"train": [0, 2, 5], "test": [1, 4, 7]}
TABLES = ["list_attr_celeba", "identity_CelebA", "list_bbox_celeba", "list_landmarks_align_celeba"]
TABLES = [f"{name}.txt" for name in [*TABLES, "list_eval_partition"]]


def md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


def truncated(content):
    return content[: len(content) // 2]


def one_bit(content):
    return content[:-1] + bytes([content[-1] ^ 1])


def lanczos(pixels, side):
    """Square pixels (size, size, 3) resized to (side, side, 3) by a Lanczos window of three lobes."""
    size = len(pixels)
    centres = (np.arange(side)[:, None] + 0.5) * size / side
    distance = (np.arange(size) + 0.5 - centres) * side / size
    weights = np.sinc(distance) * np.sinc(distance / 3) * (np.abs(distance) < 3)
    weights /= weights.sum(axis=1, keepdims=True)
    for _ in range(2):  # along the columns, then the rows, to whole grey levels each time
        pixels = np.rint(np.tensordot(pixels, weights, (1, 1)).clip(0, 255)).transpose(2, 0, 1)
    return pixels


def bytes_of(images):
    """uint8 (n, height, width, 3) of images (n, 3, height, width) in [0, 1]."""
    return (images * 255).round().byte().permute(0, 2, 3, 1).numpy()


def photograph(number, height=218, width=178):
    """Smooth colours whose phase depends on the number, (height, width, 3) uint8."""
    rows, columns = np.mgrid[:height, :width] / width
    waves = [np.sin(4 * rows + number), np.cos(5 * columns - number), np.sin(3 * rows * columns + 2 * number)]
    return np.rint(127 + 120 * np.stack(waves, axis=2)).astype(np.uint8)


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An empty LATENTLIB_DATA."""
    monkeypatch.setenv("LATENTLIB_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def batches(root, monkeypatch):
    """CIFAR-10 in torchvision's layout, four images a batch; the rows of its split as they lie in the files."""
    folder = root / "cifar-10-batches-py"
    folder.mkdir()
    rows = np.random.default_rng(0).integers(0, 256, (6, 4, 3072), np.uint8)
    labels = [[(3 * batch + place) % 10 for place in range(4)] for batch in range(6)]
    for name, some, those in zip(BATCHES, rows, labels, strict=True):
        (folder / name).write_bytes(pickle.dumps({"data": some, "labels": those}))
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": list(data.card("cifar10").classes)}))
    sums = [[name, md5(folder / name)] for name in BATCHES]
    monkeypatch.setattr(datasets.CIFAR10, "train_list", sums[:5])
    monkeypatch.setattr(datasets.CIFAR10, "test_list", sums[5:])
    monkeypatch.setitem(datasets.CIFAR10.meta, "md5", md5(folder / "batches.meta"))
    return {
        "train": (rows[:5].reshape(20, 3072), np.ravel(labels[:5]).tolist()),
        "test": (rows[5], labels[5]),
    }


@pytest.fixture
def cifar_archive(root, monkeypatch):
    """A subset of CIFAR-10 of three and two images, its checksum on the card."""
    path, random = root / "cifar10_16k_2k.npz", np.random.default_rng(1)
    arrays = {"x_train": random.integers(0, 256, (3, 32, 32, 3), np.uint8), "y_train": np.array([4, 0, 9], np.uint8)}
    arrays |= {"x_test": random.integers(0, 256, (2, 32, 32, 3), np.uint8), "y_test": np.array([1, 8], np.uint8)}
    np.savez(path, **arrays)
    monkeypatch.setitem(data.card("cifar10").checksums, path.name, files.sha256(path))
    return path


@pytest.fixture
def folder(root, monkeypatch):
    """CelebA in torchvision's layout: eight photographs, one of them grey, and five tables."""
    place = root / "celeba"
    (place / "img_align_celeba").mkdir(parents=True)
    names = [f"{number:06}.jpg" for number in range(1, 9)]
    for number, name in enumerate(names):
        image = Image.fromarray(photograph(number))
        (image.convert("L") if number == 4 else image).save(place / "img_align_celeba" / name, quality=95)
    attributes = [[-1] * 32 for _ in PEOPLE]
    for row, facts in zip(attributes, ATTRIBUTES, strict=True):
        row[7], row[20], row[22], row[31] = facts
    header = {
        "list_attr_celeba.txt": " ".join(NAMES) + " ",
        "identity_CelebA.txt": None,
        "list_eval_partition.txt": None,
    }
    values = {"list_attr_celeba.txt": attributes, "list_eval_partition.txt": [[part] for part in PARTITION]}
    for table in TABLES:
        lines = [] if header.get(table, "x y") is None else ["8", header.get(table, "x y")]
        rows = values.get(table, [[7]] * 8)
        lines += [f"{name} {' '.join(f'{value:2}' for value in row)}" for name, row in zip(names, rows, strict=True)]
        (place / table).write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(datasets.CelebA, "file_list", [("id", md5(place / name), name) for name in TABLES])
    return place


@pytest.fixture
def archive(root, monkeypatch):
    """The first eight images of CelebA as a zip and their attributes, two of them held out; sums on the card."""
    path, attributes = root / "celeba10k_89x109_jpg.zip", root / "celeba10k_attr.npz"
    with zipfile.ZipFile(path, "w") as packed:
        for number in (3, 1, 0, 2, 7, 6, 5, 4):  # the order in the zip is not the order of the names
            content = io.BytesIO()
            Image.fromarray(photograph(number, 109, 89)).save(content, "png")
            packed.writestr(f"{number + 1:06}.jpg", content.getvalue())
    names = [b"Smiling", b"Mouth_Slightly_Open", b"Male", b"Eyeglasses"]
    np.savez(attributes, attr=np.array(ATTRIBUTES, np.int8)[:, ::-1], attr_names=np.array(names))
    monkeypatch.setattr(celeba, "HELD_OUT", 2)
    for each in (path, attributes):
        monkeypatch.setitem(data.card("celeba").checksums, each.name, files.sha256(each))
    return path


@SPLITS
def test_cifars_batches_are_read_plane_by_plane(batches, split):
    rows, labels = batches[split]
    loaded = data.load("cifar10", split)
    assert loaded.images.dtype == torch.float32
    assert loaded.labels.dtype == torch.int64
    assert np.allclose(loaded.images.numpy(), rows.reshape(-1, 3, 32, 32) / 255, atol=1e-7)
    assert loaded.labels.tolist() == labels
    assert loaded.index.tolist() == list(range(len(labels)))


@SPLITS
def test_the_archive_of_cifar_is_read_pixel_by_pixel(cifar_archive, split):
    loaded = data.load("cifar10", split)
    with np.load(cifar_archive) as arrays:
        assert np.array_equal(bytes_of(loaded.images), arrays[f"x_{split}"])
        assert loaded.labels.tolist() == arrays[f"y_{split}"].tolist()
    assert loaded.origin == str(cifar_archive.parent)


def test_the_whole_of_cifar_goes_before_the_archive(cifar_archive, batches):
    assert len(data.load("cifar10", "train")) == 20


def test_nothing_is_held_out_of_training_where_no_sample_ships(cifar_archive):
    assert len(data.training_images("cifar10")) == 3


def test_a_folder_of_the_sets_own_name_will_do(cifar_archive):
    own = cifar_archive.parent / "cifar10"
    own.mkdir()
    cifar_archive.rename(own / cifar_archive.name)
    assert data.load("cifar10").origin == str(own)


@SPLITS
def test_the_real_archive_of_cifar_is_read_pixel_by_pixel(official, shared_data, split):
    loaded = official(data.load, "cifar10", split)
    with np.load(shared_data / "cifar10" / "cifar10_16k_2k.npz") as arrays:
        assert np.array_equal(bytes_of(loaded.images), arrays[f"x_{split}"])
        assert np.array_equal(loaded.labels.numpy(), arrays[f"y_{split}"])
        assert arrays["classes"].tolist() == [name.encode() for name in data.card("cifar10").classes]
    assert torch.equal(loaded.labels.bincount(), torch.full((10,), len(loaded) // 10))


@SPLITS
def test_celebas_folder_is_read_by_its_partition(folder, split):
    loaded = data.load("celeba", split)
    assert loaded.images.shape == (3, 3, 32, 32)
    assert loaded.labels.tolist() == [LABELS[place] for place in PLACES[split]]
    for image, place in zip(bytes_of(loaded.images), PLACES[split], strict=True):
        with Image.open(folder / "img_align_celeba" / f"{place + 1:06}.jpg") as original:
            expected = lanczos(np.asarray(original.convert("RGB"))[20:198], 32)
        assert np.abs(image - expected).max() <= 1


def test_a_grey_photograph_has_three_equal_channels(folder):
    grey, coloured = data.load("celeba", "test").images[1], data.load("celeba", "test").images[0]
    assert torch.equal(grey[0], grey[1])
    assert torch.equal(grey[0], grey[2])
    assert not torch.equal(coloured[0], coloured[1])


@pytest.mark.parametrize(("split", "rows"), [("train", slice(0, 6)), ("test", slice(6, 8))])
def test_celebas_archive_is_read_in_the_order_of_the_names_and_its_end_held_out(archive, split, rows):
    loaded = data.load("celeba", split)
    expected = np.stack([lanczos(photograph(number, 109, 89)[10:99], 32) for number in range(8)])[rows]
    assert np.abs(bytes_of(loaded.images) - expected).max() <= 1
    assert loaded.labels.tolist() == LABELS[rows]


def test_the_whole_of_celeba_goes_before_the_archive(archive, folder):
    assert len(data.load("celeba", "test")) == 3


@SPLITS
def test_faces_of_64_pixels_are_labelled_by_attribute(folder, split):
    loaded = data.load("celeba64", split)
    assert loaded.images.shape == (3, 3, 64, 64)
    assert loaded.labels.dtype == torch.int64
    assert loaded.labels.tolist() == [[int(value == 1) for value in ATTRIBUTES[place]] for place in PLACES[split]]
    for image, place in zip(bytes_of(loaded.images), PLACES[split], strict=True):
        with Image.open(folder / "img_align_celeba" / f"{place + 1:06}.jpg") as original:
            cut = functional.center_crop(original.convert("RGB"), 178)
        assert np.abs(image - lanczos(np.asarray(cut), 64)).max() <= 1


@pytest.mark.parametrize(("split", "rows"), [("train", slice(0, 6)), ("test", slice(6, 8))])
def test_the_archive_serves_both_sizes(archive, split, rows):
    loaded = data.load("celeba64", split)
    expected = np.stack([lanczos(photograph(number, 109, 89)[10:99], 64) for number in range(8)])[rows]
    assert np.abs(bytes_of(loaded.images) - expected).max() <= 1
    assert np.array_equal(loaded.labels.numpy(), np.array(ATTRIBUTES)[rows] == 1)


def test_the_archive_is_found_in_the_place_of_its_card(archive):
    (archive.parent / "celeba").mkdir()
    for name in ("celeba10k_89x109_jpg.zip", "celeba10k_attr.npz"):
        archive.with_name(name).rename(archive.parent / "celeba" / name)
    assert data.load("celeba64").origin == str(archive.parent / "celeba")


@pytest.fixture(scope="module")
def attributes(shared_data):
    """Of the 10,000 real faces: name of the file, whether a man, whether smiling."""
    with np.load(shared_data / "celeba" / "celeba10k_attr.npz") as arrays:
        columns = {name: arrays["attr"][:, place] == 1 for place, name in enumerate(arrays["attr_names"].tolist())}
        return [name.decode() for name in arrays["ids"]], columns[b"Male"], columns[b"Smiling"]


@pytest.mark.parametrize(("split", "rows"), [("train", slice(0, 9_000)), ("test", slice(9_000, 10_000))])
def test_the_labels_of_the_real_faces_are_two_for_a_man_and_one_for_a_smile(official, attributes, split, rows):
    labels = official(data.load, "celeba", split).labels.numpy()
    _, man, smiling = attributes
    classes = np.array(data.card("celeba").classes)
    assert np.array_equal(labels, np.where(man, 2, 0)[rows] + np.where(smiling, 1, 0)[rows])
    assert np.array_equal(~np.char.endswith(classes[labels], "woman"), man[rows])
    assert np.array_equal(np.char.startswith(classes[labels], "smiling"), smiling[rows])


def test_the_real_faces_are_nine_thousand_and_one_thousand_others(official):
    train, test = (bytes_of(official(data.load, "celeba", split).images) for split in ("train", "test"))
    assert (train.shape, test.shape) == ((9_000, 32, 32, 3), (1_000, 32, 32, 3))
    assert not {image.tobytes() for image in train} & {image.tobytes() for image in test}


@pytest.mark.parametrize(("split", "place", "number"), [("train", 0, 1), ("train", 8_999, 9_000), ("test", 499, 9_500)])
def test_a_real_face_is_the_central_square_of_its_file(official, attributes, shared_data, split, place, number):
    name = f"{number:06}.jpg"
    with zipfile.ZipFile(shared_data / "celeba" / "celeba10k_89x109_jpg.zip") as packed:
        original = np.asarray(Image.open(io.BytesIO(packed.read(name))))
    image = bytes_of(official(data.load, "celeba", split).images[place : place + 1])[0]
    assert attributes[0][number - 1] == name
    assert np.abs(image - lanczos(original[10:99], 32)).max() <= 1


def test_real_faces_of_64_pixels_are_those_of_their_files(official, shared_data):
    loaded = official(data.load, "celeba64", "test")
    assert loaded.images.shape == (1_000, 3, 64, 64)
    with np.load(shared_data / "celeba" / "celeba10k_attr.npz") as arrays:
        names = arrays["attr_names"].tolist()
        columns = [names.index(name.encode()) for name in data.card("celeba64").classes]
        assert np.array_equal(loaded.labels.numpy(), arrays["attr"][9_000:, columns] == 1)
    with zipfile.ZipFile(shared_data / "celeba" / "celeba10k_89x109_jpg.zip") as packed:
        for place in (0, 417, 999):
            with Image.open(io.BytesIO(packed.read(f"{9_001 + place:06}.jpg"))) as original:
                crop = original.crop((0, 10, 89, 99)).resize((64, 64), Image.Resampling.LANCZOS)
            assert np.array_equal(bytes_of(loaded.images[place : place + 1])[0], np.asarray(crop))


@pytest.mark.parametrize("damage", [truncated, one_bit, lambda content: b""])
@pytest.mark.parametrize("name", ["data_batch_3", "test_batch", "batches.meta"])
def test_a_damaged_batch_is_named(batches, root, name, damage):
    path = root / "cifar-10-batches-py" / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=f"{path.parent} is damaged: missing or not as published: {name};"):
        data.load("cifar10", "train")


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_table_of_celeba_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ValueError, match=f"{folder} is damaged: missing or not as published: {name};"):
        data.load("celeba")


@pytest.mark.parametrize("damage", [truncated, lambda content: b"", lambda content: b"<html>not found</html>"])
def test_a_damaged_photograph_is_named(folder, damage):
    path = folder / "img_align_celeba" / "000005.jpg"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=f"{path} is damaged"):
        data.load("celeba")
    assert len(data.load("celeba", "train")) == 3, "of which it is none"


def test_a_missing_photograph_is_named(folder):
    path = folder / "img_align_celeba" / "000005.jpg"
    path.unlink()
    with pytest.raises(FileNotFoundError, match=str(path)):
        data.load("celeba")


@pytest.mark.parametrize("damage", [truncated, one_bit, lambda content: b""])
def test_a_damaged_archive_of_cifar_is_named(cifar_archive, damage):
    cifar_archive.write_bytes(damage(cifar_archive.read_bytes()))
    with pytest.raises(ValueError, match=f"{cifar_archive} is damaged: its sha256 is not .*; delete it"):
        data.load("cifar10")


@pytest.mark.parametrize("damage", [truncated, one_bit, lambda content: b""])
@pytest.mark.parametrize("name", ["celeba10k_89x109_jpg.zip", "celeba10k_attr.npz"])
def test_a_damaged_archive_of_celeba_or_its_attributes_are_named(archive, name, damage):
    path = archive.with_name(name)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=f"{path} is damaged: its sha256 is not .*; delete it"):
        data.load("celeba")


def test_attributes_missing_beside_the_archive_are_named(archive):
    archive.with_name("celeba10k_attr.npz").unlink()
    with pytest.raises(FileNotFoundError, match=r"celeba10k_attr\.npz"):
        data.load("celeba")


@pytest.mark.parametrize(("name", "place"), [("cifar10", "cifar-10-batches-py"), ("celeba", "celeba")])
def test_an_empty_folder_of_ours_asks_for_the_files_by_place(root, offline, name, place):
    with pytest.raises(FileNotFoundError, match=rf"put its files into \$LATENTLIB_DATA/{place}, from http"):
        data.load(name)


def test_an_empty_folder_does_not_hide_the_archive_beside_it(cifar_archive, archive):
    (cifar_archive.parent / "cifar-10-batches-py").mkdir()
    (archive.parent / "celeba" / "img_align_celeba").mkdir(parents=True)
    assert len(data.load("cifar10", "train")) == 3
    assert len(data.load("celeba", "train")) == 6
