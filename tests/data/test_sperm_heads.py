"""HuSHeM, as folders made by hand, and MHSMA, as arrays made small and as the real archive; none of them ships."""

import numpy as np
import pytest
import torch
from folders import numbers, save
from PIL import Image

from latentlib import data, files

SPLITS = pytest.mark.parametrize("split", ["train", "test"])
FOLDERS = {"01_Normal": 54, "02_Tapered": 53, "03_Pyriform": 57, "04_Amorphous": 52}
KEPT = [14, 13, 17, 12]


def publish(place):
    """Write folders as published; an image's number is its class and place, so that no two are alike in a class."""
    for label, (name, count) in enumerate(FOLDERS.items()):
        for number in range(1, count + 1):
            save(place / name / f"image_{number}.BMP", 60 * (label % 2) + number, (131, 131))
    return place


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """The published folders, which links lead to."""
    return publish(tmp_path_factory.mktemp("template"))


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An empty LATENTLIB_DATA."""
    monkeypatch.setenv("LATENTLIB_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def heads(root, template):
    """The folders, below the folder of the data set's name; those of the classes and their files may be changed."""
    place = root / "HuSHeM"
    for path in template.glob("*/*"):
        (place / path.parent.name).mkdir(parents=True, exist_ok=True)
        (place / path.parent.name / path.name).hardlink_to(path)
    return place


@SPLITS
def test_forty_of_each_class_are_to_train_and_the_rest_to_test(heads, split):
    loaded = data.load("hushem", split)
    counts = [40] * 4 if split == "train" else KEPT
    assert loaded.images.shape == (sum(counts), 3, 64, 64)
    assert len(loaded) == data.card("hushem").counts[split]
    assert loaded.labels.bincount().tolist() == counts
    places = [range(1, 41) if split == "train" else range(41, count + 1) for count in FOLDERS.values()]
    expected = [60 * (label % 2) + place for label, part in enumerate(places) for place in part]
    assert numbers(loaded.images) == expected, "in the order of numbers, not of letters"
    assert loaded.labels.tolist() == sorted(loaded.labels.tolist())


@pytest.mark.parametrize("above", ["", "hushem", "HuSHeM", "Human Sperm Head Morphology dataset (HuSHeM)", "HuSHeM/x"])
def test_the_class_folders_may_lie_in_a_folder_above(root, heads, above):
    heads.rename(root / "put aside")
    place = root / above
    place.mkdir(parents=True, exist_ok=True)
    for folder in (root / "put aside").iterdir():
        folder.rename(place / folder.name)
    assert data.extent("hushem") == "whole"
    assert len(data.load("hushem", "train")) == 160


def test_both_splits_joined_are_all_heads_from_which_to_draw_an_own_split(heads):
    train, test = (data.load("hushem", split) for split in ("train", "test"))
    every = train + test
    assert every.labels.bincount().tolist() == list(FOLDERS.values())
    assert torch.equal(every.images, torch.cat([train.images, test.images]))
    assert every.split == "train+test"
    chosen = every[every.labels == 2]
    assert len(chosen) == 57
    assert chosen.card == train.card
    with pytest.raises(ValueError, match="images of hushem and of mnist cannot be joined"):
        train + data.bundled("mnist")


def test_what_is_grey_is_so_as_in_pillow(heads):
    grey = data.load("hushem").grey()
    assert grey.images.shape == (56, 1, 64, 64)
    assert grey.card.shape == (1, 64, 64)
    with Image.open(heads / "01_Normal" / "image_41.BMP") as original:
        level = original.convert("L").getpixel((0, 0))
    assert torch.allclose(grey.images[0] * 255, torch.tensor(float(level)), atol=0.51)
    assert grey.grey() is grey
    digits = data.bundled("mnist")
    assert digits.grey() is digits


def test_a_head_that_is_not_square_or_smaller_is_cut_and_resized(heads):
    (heads / "01_Normal" / "image_41.BMP").unlink()
    save(heads / "01_Normal" / "image_41.BMP", 41, (120, 131))
    assert numbers(data.load("hushem").images[:1]) == [41]


def remove(folder, count=1):
    for path in sorted(folder.iterdir())[:count]:
        path.unlink()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda place: remove(place / "01_Normal"), "01_Normal holds 53 images, not 54 "),
        (lambda place: remove(place / "03_Pyriform", 57), "03_Pyriform holds 0 images, not 57 "),
        (
            lambda place: (place / "02_Tapered").rename(place / "Tapered"),
            r"02_Tapered holds 0 images, not 53 .*Tapered",
        ),
        (lambda place: save(place / "04_Amorphous" / "one more.bmp", 1), "04_Amorphous holds 53 images, not 52 "),
        (lambda place: save(place / "05_Other" / "1.bmp", 1), "05_Other holds 1 images, not 0 "),
        (
            lambda place: (remove(place / "01_Normal"), remove(place / "04_Amorphous", 2)),
            "01_Normal holds 53 images, not 54; 04_Amorphous holds 50 images, not 52 ",
        ),
    ],
)
def test_folders_that_are_not_as_published_are_told_by_class_found_and_expected(heads, change, message):
    change(heads)
    with pytest.raises(ValueError, match=rf"HuSHeM is not as published: {message}.*take it from https://doi") as told:
        data.load("hushem", "train")
    assert "'" not in str(told.value)


def test_another_layout_is_told_by_what_lies_there(root):
    save(root / "HuSHeM" / "normal" / "1.bmp", 1)
    save(root / "HuSHeM" / "tapered" / "1.bmp", 1)
    with pytest.raises(ValueError, match=r"01_Normal holds 0 images, not 54; .*\(folders there: normal, tapered\)"):
        data.load("hushem")


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", b"BM" + bytes(50)])
def test_an_image_that_is_none_is_named(heads, content):
    path = heads / "03_Pyriform" / "image_50.BMP"
    path.unlink()
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"{path} cannot be read as a picture"):
        data.load("hushem", "test")
    assert len(data.load("hushem", "train")) == 160, "of which it is none"


def names(attribute):
    return [f"{attribute}_{part}" for part in ("train", "valid", "test")]


@pytest.fixture
def arrays(monkeypatch):
    """Small arrays like those of MHSMA, by published name."""
    random = np.random.default_rng(0)
    made = {}
    for attribute in ("x_64", "y_acrosome", "y_head", "y_tail", "y_vacuole"):
        for name, count in zip(names(attribute), (5, 3, 4), strict=True):
            pixels = attribute == "x_64"
            made[name] = random.integers(0, 256 if pixels else 2, (count, 64, 64) if pixels else count, np.uint8)
    return made


@pytest.fixture
def published(root, arrays, monkeypatch):
    """The published arrays, a file each, their checksums on the card."""
    place = root / "mhsma"
    place.mkdir()
    for name, array in arrays.items():
        np.save(place / f"{name}.npy", array)
        monkeypatch.setitem(data.card("mhsma").checksums, f"{name}.npy", files.sha256(place / f"{name}.npy"))
    return place


@pytest.fixture
def archive(root, arrays, monkeypatch):
    """The same as an archive, its checksum on the card."""
    path = root / "mhsma64.npz"
    np.savez(path, **{name.replace("x_64_", "x_"): array for name, array in arrays.items()})
    monkeypatch.setitem(data.card("mhsma").checksums, path.name, files.sha256(path))
    return path


@SPLITS
@pytest.mark.parametrize("kind", ["published", "archive"])
def test_attributes_are_labels_by_themselves_and_validation_joins_training(arrays, kind, split, request):
    request.getfixturevalue(kind)
    loaded = data.load("mhsma", split)
    rows = slice(0, 2) if split == "train" else slice(2, 3)
    joined = [np.concatenate([arrays[name] for name in names(what)[rows]]) for what in ("x_64", "y_head", "y_vacuole")]
    assert np.array_equal((loaded.images[:, 0] * 255).round().byte().numpy(), joined[0])
    assert loaded.labels.shape == (len(joined[0]), 4)
    columns = data.card("mhsma").classes.index
    assert loaded.labels[:, columns("head")].tolist() == joined[1].tolist()
    assert loaded.labels[:, columns("vacuole")].tolist() == joined[2].tolist()
    assert data.extent("mhsma") == "whole"
    assert not data.card("mhsma").exclusive


def test_a_damaged_or_missing_array_is_named(published):
    path = published / "y_tail_valid.npy"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([1 - whole[-1]]))
    assert len(data.load("mhsma", "test")) == 4
    with pytest.raises(ValueError, match=f"{path} is damaged: its sha256"):
        data.load("mhsma", "train")
    path.unlink()
    with pytest.raises(FileNotFoundError, match=str(path)):
        data.load("mhsma", "train")


def test_a_damaged_archive_is_named(archive):
    archive.write_bytes(archive.read_bytes()[:-1])
    with pytest.raises(ValueError, match=f"{archive} is damaged: its sha256"):
        data.load("mhsma")


@SPLITS
def test_the_real_heads_are_those_of_the_archive(official, shared_data, split):
    loaded = official(data.load, "mhsma", split)
    card = data.card("mhsma")
    assert loaded.images.shape == (card.counts[split], 1, 64, 64)
    with np.load(shared_data / "mhsma" / "mhsma64.npz") as packed:
        last = packed["x_valid" if split == "train" else "x_test"][-1]
        first = packed[f"x_{split}"][0]
        labels = [packed[f"y_{name}_{split}"] for name in card.classes]
    found = (loaded.images[[0, -1], 0] * 255).round().byte().numpy()
    assert np.array_equal(found, np.stack([first, last]))
    for column, label in enumerate(labels):
        assert np.array_equal(loaded.labels[: len(label), column].numpy(), label)


def test_the_card_says_how_many_real_heads_are_normal(official):
    normal = (official(data.load, "mhsma", "test").labels == 0).float().mean(0)
    assert f"{normal[data.card('mhsma').classes.index('head')]:.0%}".replace("%", " %") in data.card("mhsma").note
    assert normal.min() > 0.5
