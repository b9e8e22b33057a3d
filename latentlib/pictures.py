"""Pictures from and to files."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from latentlib import files


def read(path: Path, shape: tuple[int, int, int]) -> Tensor:
    """A picture of any size and mode as (1, channels, height, width) float32 in [0, 1].

    It is turned upright, laid on black where it is transparent, cropped about its centre to the wanted
    proportions and resized.

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for a file that is no picture, or damaged.
    """
    channels, height, width = shape
    if not path.is_file():
        raise FileNotFoundError(f"image {path} does not exist")
    try:
        picture = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(f"image {path} cannot be read as a picture: {error}") from error
    black = Image.new("RGBA", picture.size, (0, 0, 0, 255))
    flat = Image.alpha_composite(black, picture).convert("L" if channels == 1 else "RGB")
    fitted = ImageOps.fit(flat, (width, height), Image.Resampling.LANCZOS)
    pixels = torch.from_numpy(np.asarray(fitted, dtype=np.float32) / 255)
    return pixels.view(1, height, width, channels).permute(0, 3, 1, 2).contiguous()


def write(image: Tensor, path: Path, zoom: int = 8) -> None:
    """An image (channels, height, width) in [0, 1] as PNG, every pixel a square of `zoom` pixels."""
    pixels = (image.detach().cpu().clamp(0, 1) * 255).round().byte().permute(1, 2, 0).squeeze(2).numpy()
    picture = Image.fromarray(pixels)
    with files.replacing(path) as partial:
        picture.resize((picture.width * zoom, picture.height * zoom), Image.Resampling.NEAREST).save(partial, "PNG")
