"""Reading and writing picture files."""

import warnings
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from latentlib import files

WHOLE = 65535  # white in a 16-bit picture


def read(path: str | Path, shape: tuple[int, ...]) -> Tensor:
    """Read a picture of any size and mode as (1, channels, height, width) float32 in [0, 1].

    The picture is turned upright, set on black where transparent, cropped about its centre to the wanted
    proportions, and resized.

    Args:
        path: any format that Pillow reads except PostScript, which is a program; at most
            `PIL.Image.MAX_IMAGE_PIXELS` (89 million) pixels.
        shape: wanted (channels, height, width), with 1 or 3 channels.

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for a file that is not a picture, is damaged or too large, or has values of unknown range; for
            another number of channels.
    """
    check_shape(shape)
    channels, height, width = shape
    picture = opened(Path(path))
    if picture.mode[0] in "IF":  # Pillow would clip values above 255
        fitted = ImageOps.fit(levels(picture, path), (width, height), Image.Resampling.LANCZOS)
        pixels = np.asarray(fitted, dtype=np.float32).clip(0, 1)[..., None].repeat(channels, 2)
    else:
        black = Image.new("RGBA", picture.size, (0, 0, 0, 255))
        flat = Image.alpha_composite(black, picture.convert("RGBA")).convert("L" if channels == 1 else "RGB")
        pixels = np.asarray(ImageOps.fit(flat, (width, height), Image.Resampling.LANCZOS), dtype=np.float32) / 255
    return torch.from_numpy(pixels).view(1, height, width, channels).permute(0, 3, 1, 2).contiguous()


def check_shape(shape: tuple[int, ...]) -> None:
    """Raise a ValueError unless a shape is that of a picture."""
    if len(shape) != 3 or shape[0] not in (1, 3) or min(shape) < 1:
        raise ValueError(f"a picture has shape (1 or 3, height, width), got {tuple(shape)}")


def opened(path: Path) -> Image.Image:
    """Return the picture in a file, upright; raise an error that names the file if it cannot be read."""
    if not path.exists():
        raise FileNotFoundError(f"image {path} does not exist")
    if not path.is_file():
        raise ValueError(f"image {path} is a {'directory' if path.is_dir() else 'device'}, not a file")
    Image.init()
    formats = sorted(set(Image.OPEN) - {"EPS"})  # Pillow hands PostScript to Ghostscript, which executes it
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the missing parts of a damaged file
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=formats) as picture:
                picture.load()
                ImageOps.exif_transpose(picture, in_place=True)  # a copy would lose its format
                return picture
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValueError(f"image {path} has more than {Image.MAX_IMAGE_PIXELS:,} pixels: make it smaller") from error
    except Exception as error:  # decoders raise all kinds of errors for damaged files
        raise ValueError(f"image {path} cannot be read as a picture: {error}") from error


def levels(picture: Image.Image, path: str | Path) -> Image.Image:
    """Return a one-channel picture of 16 bits, 32 bits or floats with its levels as floats in [0, 1]."""
    values = np.asarray(picture)
    low, high = float(values.min()), float(values.max())
    known = picture.mode.startswith("I;16") or (picture.mode == "I" and picture.format in ("PNG", "PPM"))
    whole = WHOLE if known else 1
    if (picture.mode == "I" and not known) or not (low >= 0 and high <= whole):
        raise ValueError(
            f"image {path} holds {values.dtype} numbers from {low:g} to {high:g}, of which nobody knows what is white: "
            "save it with 8 or 16 bits per channel, or with floating-point numbers in [0, 1]"
        )
    return Image.fromarray(values.astype(np.float32) / whole)


def write(image: Tensor, path: str | Path, zoom: int = 8) -> None:
    """Write an image (1 or 3, height, width) in [0, 1] as PNG, each pixel enlarged to a square of `zoom` pixels."""
    check_shape(image.shape)
    pixels = (image.detach().cpu().clamp(0, 1) * 255).round().byte().permute(1, 2, 0).squeeze(2).numpy()
    picture = Image.fromarray(pixels)
    with files.replacing(Path(path)) as partial:
        picture.resize((picture.width * zoom, picture.height * zoom), Image.Resampling.NEAREST).save(partial, "PNG")
