"""Folders of the reader's own images, and the anime faces: a folder made small by hand, and the real archive."""

import io
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from folders import numbers, save
from PIL import Image

from latentlib import data
from latentlib.data.formats import anime, folders

SHAPE = (3, 16, 16)
SPLITS = pytest.mark.parametrize("split", ["train", "test"])


@pytest.fixture
def own(tmp_path):
    """A folder of five images, one of them in a folder below, among what is none."""
    place = tmp_path / "own"
    for name, number in [("b10.png", 3), ("b9.PNG", 2), ("a.jpg", 1), ("c/0.webp", 4), ("d.bmp", 5)]:
        save(place / name, number)
    for name in (".hidden.png", ".thumbs/1.png", "c/._0.png"):
        save(place / name, 99)
    (place / "notes.txt").write_text("no image")
    (place / "album.png").mkdir()
    return place


def test_a_folder_is_read_in_natural_order_without_what_is_hidden_or_no_image(own):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        images = data.folder(own, SHAPE)
    assert images.images.shape == (5, *SHAPE)
    assert images.images.dtype == torch.float32
    assert numbers(images.images) == [1, 2, 3, 4, 5]
    assert images.labels.tolist() == [0] * 5
    assert images.labels.dtype == images.index.dtype == torch.int64
    assert images.index.tolist() == list(range(5))
    assert (images.card.name, images.card.shape, images.split, images.origin) == ("own", SHAPE, "train", str(own))


@pytest.mark.parametrize(
    "order",
    [
        ["image_9.BMP", "image_10.BMP", "image_100.BMP"],
        ["2/x.png", "10/a.png", "10/b.png"],
        ["A9.png", "a10.png", "A11.png"],
        ["1.png", "b/1.png", "b/a.png", "b.png"],
        ["01.png", "1.png", "2.png", "\u00b2.png"],
    ],
)
def test_names_sort_folder_by_folder_and_by_their_numbers(order):
    for given in (order, order[::-1]):
        assert [path.as_posix() for path in sorted(map(Path, given), key=folders.natural)] == order


def test_images_are_cut_about_their_centre_to_the_wanted_proportions(tmp_path):
    wide = np.zeros((20, 60, 3), np.uint8)
    wide[:, 20:40] = (10, 20, 245)
    Image.fromarray(wide).save(tmp_path / "wide.png")
    assert numbers(data.folder(tmp_path, (3, 20, 20)).images) == [10]
    assert data.folder(tmp_path, (3, 10, 30)).images[0, 2, 5].amax() > 0.9
    assert data.folder(tmp_path, (1, 8, 8)).images.shape == (1, 1, 8, 8)


def test_modes_depths_and_orientation_are_those_of_pictures(tmp_path):
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(tmp_path / "0.png")  # transparent, so black
    Image.new("P", (8, 8), 0).save(tmp_path / "1.png")
    Image.fromarray(np.full((8, 8), 65535 // 5 * 2, np.uint16)).save(tmp_path / "2.png")
    halves = Image.new("RGB", (8, 8))
    halves.paste((255, 255, 255), (0, 0, 8, 4))
    upside_down = Image.Exif()
    upside_down[0x0112] = 3
    halves.save(tmp_path / "3.png", exif=upside_down)
    images = data.folder(tmp_path, (3, 8, 8)).images
    assert images[:2].amax() == 0
    assert torch.allclose(images[2], torch.tensor(0.4), atol=1e-6)
    assert images[3, :, :4].amax() == 0
    assert images[3, :, 4:].amin() == 1


def test_images_that_cannot_be_read_are_skipped_counted_and_named(own):
    (own / "b9.PNG").write_bytes((own / "b9.PNG").read_bytes()[:60])
    (own / "c" / "0.webp").write_bytes(b"<html>not found</html>")
    with pytest.warns(UserWarning, match=r"^2 of 5 images cannot be read and are skipped: .*b9\.PNG, .*0\.webp$"):
        images = data.folder(own, SHAPE)
    assert numbers(images.images) == [1, 3, 5]
    assert images.index.tolist() == [0, 2, 4]


def test_a_warning_names_ten_and_counts_the_rest(tmp_path):
    save(tmp_path / "good.png", 7)
    for number in range(13):
        (tmp_path / f"bad{number}.png").write_bytes(b"")
    with pytest.warns(UserWarning, match=r"^13 of 14 images .*bad0\.png, .*bad9\.png, and 3 more$"):
        assert numbers(data.folder(tmp_path, SHAPE).images) == [7]


def test_a_folder_without_images_is_one_clear_error(tmp_path):
    (tmp_path / "notes.txt").write_text("no image")
    with pytest.raises(ValueError, match=f"^{tmp_path} holds no images"):
        data.folder(tmp_path, SHAPE)
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(b"x")
    with pytest.raises(ValueError, match=r"^none of 3 images can be read; .*0\.png cannot"):
        data.folder(tmp_path, SHAPE)


def test_what_is_no_folder_is_told(tmp_path):
    with pytest.raises(NotADirectoryError, match=r"nowhere does not exist"):
        data.folder(tmp_path / "nowhere", SHAPE)
    with pytest.raises(NotADirectoryError, match=r"1\.png is not a folder"):
        data.folder(save(tmp_path / "1.png", 1), SHAPE)


@pytest.mark.parametrize("shape", [(4, 8, 8), (8, 8), (3, 0, 8), (3, 8, -1)])
def test_a_shape_that_is_no_pictures_is_no_fault_of_the_images(own, shape):
    with pytest.raises(ValueError, match="a picture has shape"):
        data.folder(own, shape)


def test_a_tilde_is_the_home(own, monkeypatch):
    monkeypatch.setenv("HOME", str(own.parent))
    assert len(data.folder("~/own", SHAPE)) == 5


@pytest.fixture
def faces(tmp_path, monkeypatch):
    """LATENTLIB_DATA with Kaggle's folder: twelve faces of many sizes, of which the last two are held out."""
    monkeypatch.setenv("LATENTLIB_DATA", str(tmp_path))
    monkeypatch.setattr(anime, "HELD_OUT", 2)
    place = tmp_path / "animefacedataset" / "images"
    for number in range(1, 13):
        save(place / f"{number}_2000.png", number, (90 + number, 100))
    return place


def test_anime_faces_are_read_by_number_with_the_last_held_out(faces):
    assert data.extent("anime") == "whole"
    train, test = (data.load("anime", split) for split in ("train", "test"))
    assert train.images.shape == (10, 3, 64, 64)
    assert numbers(train.images) == list(range(1, 11))
    assert numbers(test.images) == [11, 12]
    assert train.labels.tolist() == [0] * 10
    assert len(data.training_images("anime")) == 10


def test_a_damaged_face_is_skipped_and_leaves_the_split_as_it_is(faces):
    (faces / "11_2000.png").write_bytes(b"x")
    with pytest.warns(UserWarning, match=r"1 of 2 images cannot be read and are skipped: .*11_2000\.png"):
        assert numbers(data.load("anime", "test").images) == [12]
    assert numbers(data.load("anime", "train").images) == list(range(1, 11))


def test_too_few_faces_for_a_split_are_refused(faces):
    for path in sorted(faces.iterdir())[2:]:
        path.unlink()
    with pytest.raises(ValueError, match=r"images holds 2 of 63,565 images; .*kaggle.*latentlib\.data\.folder"):
        data.load("anime")


def test_the_folder_goes_before_the_archive_and_a_damaged_archive_is_named(faces):
    path = faces.parents[1] / "anime64_10k_jpg.zip"
    path.write_bytes(b"x")
    assert len(data.load("anime")) == 2
    for face in faces.iterdir():
        face.unlink()
    assert data.extent("anime") == "subset"
    with pytest.raises(ValueError, match=f"{path} is damaged: its sha256"):
        data.load("anime")


@SPLITS
def test_the_real_anime_faces_are_those_of_the_archive(official, shared_data, split):
    loaded = official(data.load, "anime", split)
    with zipfile.ZipFile(shared_data / "anime" / "anime64_10k_jpg.zip") as packed:
        everyone = sorted(packed.namelist())
        names = everyone[:9_000] if split == "train" else everyone[9_000:]
        assert loaded.images.shape == (len(names), 3, 64, 64)
        for place in (0, 17, len(names) - 1):
            with Image.open(io.BytesIO(packed.read(names[place]))) as original:
                found = (loaded.images[place] * 255).round().byte().permute(1, 2, 0).numpy()
                assert np.array_equal(found, np.asarray(original.convert("RGB")))
