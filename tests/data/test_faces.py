"""LFW, as a folder made small by hand and as the real archive; no photograph ships."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from latentlib import data, files

PEOPLE = [f"{first}_{last}" for first in "CAB" for last in "VWXYZ"]  # not in order
HELD_OUT = {"B_Z"}  # the tenth of fifteen by name


def colours(number, side=250):
    """A picture (side, side, 3) in whose centre of 150 pixels each channel is one grey level, and black around it."""
    picture = np.zeros((side, side, 3), np.uint8)
    edge = max(side - 150, 0) // 2
    picture[edge : side - edge, edge : side - edge] = (number, 2 * number, 255 - number)
    return picture


def jpeg(number, side=250):
    """The bytes of such a picture."""
    packed = io.BytesIO()
    Image.fromarray(colours(number, side)).save(packed, "JPEG", quality=100, subsampling=0)
    return packed.getvalue()


def numbers(images):
    """The number of each face (n, 3, 64, 64), which must be of one colour up to its edge."""
    levels = (images * 255).numpy()
    inner = levels[:, :, 2:-2, 2:-2]
    assert np.ptp(inner, axis=(2, 3)).max() <= 4
    assert np.abs(levels[:, :, 0, 0] - inner.mean(axis=(2, 3))).max() <= 20  # the square ends where the colour does
    found = inner.mean(axis=(2, 3))
    assert np.abs(found[:, 1] - 2 * found[:, 0]).max() <= 4
    return (5 * np.rint(found[:, 0] / 5)).astype(int).tolist()  # numbers are five apart


def order(split):
    """Numbers of the people of a split: their places in `PEOPLE`, five apart from 10, by name."""
    return [10 + 5 * PEOPLE.index(name) for name in sorted(PEOPLE) if (name in HELD_OUT) == (split == "test")]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An empty LATENTLIB_DATA."""
    monkeypatch.setenv("LATENTLIB_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def folder(root, monkeypatch):
    """Fifteen people, each with a first photograph and a second, which is not read."""
    place = root / "lfw-py" / "lfw-deepfunneled"
    for at, name in enumerate(PEOPLE):
        (place / name).mkdir(parents=True)
        (place / name / f"{name}_0001.jpg").write_bytes(jpeg(10 + 5 * at))
        (place / name / f"{name}_0002.jpg").write_bytes(jpeg(5))
    monkeypatch.setitem(data.card("lfw").counts, "train", 14)
    monkeypatch.setitem(data.card("lfw").counts, "test", 1)
    return place


@pytest.fixture
def archive(root, monkeypatch):
    """The same people in a zip archive of 128 pixels, its checksum on the card."""
    path = root / "lfw128_4024_jpg.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for at, name in enumerate(PEOPLE):
            packed.writestr(f"{name}_0001.jpg", jpeg(10 + 5 * at, 128))
    monkeypatch.setitem(data.card("lfw").checksums, path.name, files.sha256(path))
    return path


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_faces_are_central_squares_by_name_with_every_tenth_held_out(kind, split, request):
    request.getfixturevalue(kind)
    loaded = data.load("lfw", split)
    assert loaded.images.shape[1:] == data.card("lfw").shape
    assert numbers(loaded.images) == order(split)
    assert loaded.labels.tolist() == [0] * len(loaded)
    assert data.extent("lfw") == {"folder": "whole", "archive": "subset"}[kind]


def test_a_folder_without_all_people_is_refused(folder):
    (folder / "A_V" / "A_V_0001.jpg").unlink()
    with pytest.raises(ValueError, match=r"lfw-deepfunneled is damaged: it holds 14 of 15 people; take it from http"):
        data.load("lfw")


def test_a_damaged_photograph_or_archive_is_named(folder, archive):
    (folder / "B_Z" / "B_Z_0001.jpg").write_bytes(jpeg(60)[:300])
    with pytest.raises(ValueError, match=r"B_Z_0001\.jpg is damaged"):
        data.load("lfw")
    (folder / "B_Z" / "B_Z_0001.jpg").write_bytes(jpeg(60))
    archive.write_bytes(archive.read_bytes() + b"x")
    assert len(data.load("lfw")) == 1
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(ValueError, match=r"lfw128_4024_jpg\.zip is damaged"):
        data.load("lfw")


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_real_faces_are_those_of_their_files(official, shared_data, split):
    loaded = official(data.load, "lfw", split)
    with zipfile.ZipFile(shared_data / "lfw" / "lfw128_4024_jpg.zip") as packed:
        everyone = sorted(packed.namelist())
        held_out = everyone[9::10]
        names = held_out if split == "test" else sorted(set(everyone) - set(held_out))
        assert len(loaded) == len(names) == {"train": 3_622, "test": 402}[split]
        for place in (0, 17, len(names) - 1):
            with Image.open(io.BytesIO(packed.read(names[place]))) as original:
                small = np.asarray(original.resize((64, 64), Image.Resampling.LANCZOS))
            found = (loaded.images[place] * 255).round().byte().permute(1, 2, 0).numpy()
            assert np.array_equal(found, small)
