"""Perceived differences of colour: CIE 1976 delta E."""

import torch
from torch import Tensor

TO_XYZ = torch.tensor([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
WHITE = torch.tensor([0.95047, 1.0, 1.08883])  # D65, 2 degrees


def lab(images: Tensor) -> Tensor:
    """Convert sRGB images (n, 3, height, width) in [0, 1] to CIELAB (n, 3, height, width)."""
    linear = torch.where(images > 0.04045, ((images + 0.055) / 1.055) ** 2.4, images / 12.92)
    xyz = torch.einsum("ij,njhw->nihw", (TO_XYZ / WHITE[:, None]).to(images.device), linear)
    x, y, z = torch.where(xyz > 0.008856, xyz.clamp(min=1e-9) ** (1 / 3), 7.787 * xyz + 16 / 116).unbind(dim=1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], dim=1)


def colour_error(images: Tensor, targets: Tensor) -> Tensor:
    """Return the mean delta E (n,) over the pixels of colour images (n, 3, height, width) and as many targets."""
    return colour_errors(images, targets)["colour_error"]


def colour_errors(images: Tensor, targets: Tensor) -> dict[str, Tensor]:
    """Return delta E and its two parts, each a mean (n,) over the pixels of images (n, 3, height, width) and targets.

    `lightness_error` is the difference in L*, which a grey picture has, too; `chroma_error` the distance in a* and b*.
    """
    gap = lab(images) - lab(targets)
    parts = {"colour_error": gap, "lightness_error": gap[:, :1], "chroma_error": gap[:, 1:]}
    return {name: torch.linalg.vector_norm(part, dim=1).mean(dim=(1, 2)) for name, part in parts.items()}
