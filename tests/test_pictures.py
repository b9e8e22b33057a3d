"""Pictures: upright, flat, cropped about the centre, and whole or not at all."""

import struct
import zlib

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


RAMP = np.linspace(0, 1, 64)[None].repeat(64, 0)


@pytest.mark.parametrize(
    ("name", "pixels"),
    [
        ("a.png", (RAMP * 65535).round().astype(np.uint16)),
        ("a.tiff", (RAMP * 65535).round().astype(np.uint16)),
        ("a.tiff", (RAMP * 65535).round().astype(">u2")),
        ("a.tiff", RAMP.astype(np.float32)),
        ("a.pgm", (RAMP * 65535).round().astype(np.int32)),
    ],
    ids=["16-bit PNG", "16-bit TIFF", "big-endian TIFF", "float TIFF", "16-bit PGM"],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_numbers_of_many_bits_are_read_as_their_8_bit_twin(tmp_path, name, pixels, channels):
    Image.fromarray(pixels).save(tmp_path / name)
    Image.fromarray((RAMP * 255).round().astype(np.uint8)).save(tmp_path / "twin.png")
    read, twin = (pictures.read(str(tmp_path / path), (channels, 20, 30)) for path in (name, "twin.png"))
    assert read.shape == (1, channels, 20, 30)
    assert float(read.max() - read.min()) > 0.9
    assert torch.allclose(read, twin, atol=1 / 255 + 1e-6)


@pytest.mark.parametrize(
    "pixels",
    [(RAMP * 255000).astype(np.int32), (RAMP * 255).astype(np.float32), np.full((4, 4), np.nan, np.float32)],
    ids=["int32", "float to 255", "NaN"],
)
def test_numbers_without_a_known_range_are_refused(tmp_path, pixels):
    Image.fromarray(pixels).save(tmp_path / "a.tiff")
    with pytest.raises(ValueError, match=r"a\.tiff holds (int|float)32 numbers from .* nobody knows what is white"):
        pictures.read(tmp_path / "a.tiff", (1, 28, 28))


def png(width, height):
    """A PNG of a size, without its pixels."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100)))


FILES = {
    "empty": (b"", "cannot be read as a picture"),
    "text": (b"hello", "cannot be read as a picture"),
    "cut off": (png(20, 20), "cannot be read as a picture"),
    "huge": (png(60_000, 60_000), r"has more than \d+,\d+,\d+ pixels: make it smaller"),
    "half as huge": (png(10_000, 10_000), r"has more than \d+,\d+,\d+ pixels: make it smaller"),
    "a program": (
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n%%EndComments\nshowpage\n%%EOF\n",
        "cannot be read",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_is_no_picture_is_named(tmp_path, kind):
    content, message = FILES[kind]
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(ValueError, match=rf"image .*a\.png {message}"):
        pictures.read(tmp_path / "a.png", (1, 28, 28))


def test_places_without_a_file_are_named(tmp_path):
    with pytest.raises(ValueError, match="is a directory or a device, not a file"):
        pictures.read(tmp_path, (1, 28, 28))
    (tmp_path / "loop.png").symlink_to("loop.png")
    for absent in ("loop.png", "nowhere.png"):
        with pytest.raises(FileNotFoundError, match=f"{absent} does not exist"):
            pictures.read(tmp_path / absent, (1, 28, 28))


@pytest.mark.parametrize("shape", [(10, 6, 8), (7,), (28, 28)])
def test_only_grey_and_colour_are_pictures(tmp_path, shape):
    with pytest.raises(ValueError, match=r"a picture has shape \(1 or 3, height, width\), got"):
        pictures.write(torch.zeros(shape), str(tmp_path / "a.png"))
    with pytest.raises(ValueError, match=r"a picture has shape \(1 or 3, height, width\), got"):
        pictures.read(tmp_path / "a.png", shape)
    assert not any(tmp_path.iterdir())
