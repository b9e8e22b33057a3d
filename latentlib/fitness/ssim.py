"""Structural similarity (Wang et al. 2004; Jin & Ko 2020, eq. 4) as matrix products.

The mean over a 7x7 window is a product with a banded matrix on either side of the image, so a batch costs a few small
products, and the terms of the target alone are computed once. Equal to scikit-image's `structural_similarity` with its
defaults, data_range 1 and colour averaged over channels: uniform window, sample covariance, borders left out; within
1e-5 on real images, in float32.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

WINDOW = 7  # pixels
C1, C2 = 0.01**2, 0.03**2  # (K1 L)^2 and (K2 L)^2 at data range L = 1
SAMPLE = WINDOW**2 / (WINDOW**2 - 1)  # from population to sample covariance


def band(size: int, device: torch.device) -> Tensor:
    """Return the matrix (size - WINDOW + 1, size) that averages over every full window of a line."""
    positions = torch.arange(size, device=device)
    offset = positions[None] - positions[: size - WINDOW + 1, None]
    return ((offset >= 0) & (offset < WINDOW)).float() / WINDOW


@dataclass(frozen=True)
class Moments:
    """Images (n, channels, height, width) with their window means and variances."""

    images: Tensor
    mean: Tensor
    variance: Tensor

    def __getitem__(self, rows: Tensor) -> "Moments":
        """Return the moments of the given rows."""
        return Moments(self.images[rows], self.mean[rows], self.variance[rows])


def window_means(images: Tensor) -> Tensor:
    """Return the means (n, channels, height - 6, width - 6) over every full window."""
    rows, columns = (band(size, images.device) for size in images.shape[-2:])
    return rows @ images @ columns.T


def moments(images: Tensor) -> Moments:
    """Return the moments that SSIM needs of images (n, channels, height, width) in [0, 1], at least 7x7 pixels."""
    if min(images.shape[-2:]) < WINDOW:
        raise ValueError(f"SSIM needs images of at least {WINDOW}x{WINDOW} pixels, got {tuple(images.shape[-2:])}")
    mean, square = window_means(torch.cat([images, images**2])).chunk(2)
    return Moments(images, mean, SAMPLE * (square - mean**2))


def ssim(images: Tensor, targets: Moments) -> Tensor:
    """Return SSIM (n,) in [-1, 1] of images (n, channels, height, width) in [0, 1] with as many targets."""
    mean, square, product = window_means(torch.cat([images, images**2, images * targets.images])).chunk(3)
    variance = SAMPLE * (square - mean**2)
    covariance = SAMPLE * (product - mean * targets.mean)
    luminance = (2 * mean * targets.mean + C1) / (mean**2 + targets.mean**2 + C1)
    structure = (2 * covariance + C2) / (variance + targets.variance + C2)
    return (luminance * structure).mean(dim=(1, 2, 3))
