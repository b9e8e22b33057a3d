"""Pictures: upright, flat, cropped about the centre, and whole or not at all."""

import numpy as np
import pytest
import torch
from PIL import Image

from latentlib import pictures


def test_transparency_lies_on_black(tmp_path):
    pixels = np.zeros((28, 28, 4), np.uint8)
    pixels[:, :14] = 255  # left half opaque white, right half transparent
    pixels[:, 14:, :3] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    image = pictures.read(tmp_path / "a.png", (1, 28, 28))
    assert float(image[..., :14].min()) == 1
    assert float(image[..., 14:].max()) == 0


def test_a_wide_picture_is_cropped_about_its_centre(tmp_path):
    pixels = np.zeros((20, 60), np.uint8)
    pixels[:, 20:40] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert float(pictures.read(tmp_path / "a.png", (1, 20, 20)).min()) == 1


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32)])
def test_what_is_written_is_read_again(tmp_path, shape):
    image = torch.rand(shape, generator=torch.Generator().manual_seed(0))
    pictures.write(image, tmp_path / "a.png", zoom=1)
    assert torch.allclose(pictures.read(tmp_path / "a.png", shape)[0], image, atol=0.5 / 255 + 1e-6)


def test_nothing_half_written_stays_where_the_folder_cannot_be(tmp_path):
    (tmp_path / "out").write_text("a file where a folder should be")
    with pytest.raises(OSError, match="out"):
        pictures.write(torch.zeros(1, 28, 28), tmp_path / "out" / "a.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
