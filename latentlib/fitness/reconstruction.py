"""Reconstruction: how close a generated image comes to a target (Jin & Ko 2020, section III-C)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latentlib.checks import check_choice
from latentlib.fitness.generated import Generated
from latentlib.fitness.ssim import moments, ssim


class Reconstruction(Generated):
    """Compare generated images with one target per run.

    Args:
        generator: as in `Generated`.
        targets: (runs, channels, height, width) floating-point in [0, 1], a tensor or a numpy array; run r restores
            target r. They are copied.
        genes: latent size; required if the generator has no attribute `latent_size`.

    Raises:
        TypeError: for targets that are neither a tensor nor an array, or not floating-point.
        ValueError: for targets out of range, with NaN, or not of the images' shape; as in `Generated`.
    """

    def __init__(self, generator: Callable[..., Any], targets: Tensor | np.ndarray, genes: int | None = None) -> None:
        checked = checked_targets(targets)
        super().__init__(generator, len(checked), genes)
        self.targets = checked.to(self.device)
        made, wanted = tuple(self.generator.sample.shape[1:]), tuple(checked.shape)
        if wanted[1:] != made:
            raise ValueError(
                f"targets must have shape (runs, {', '.join(map(str, made))}) for this generator, got {wanted}"
            )


class ReconstructionMSE(Reconstruction):
    """Score by `1 - MSE`, in [0, 1] (eq. 3), maximised as in the paper.

    Images may have any shape, such as (runs, values).
    """

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return `1 - MSE` (n,) of images against the targets of the runs (n,)."""
        return 1 - (images - self.targets[run]).square().mean(dim=tuple(range(1, images.ndim)))


class ReconstructionSSIM(Reconstruction):
    """Score by structural similarity, in [-1, 1]; eq. 4 (window, constants and colour as in `fitness.ssim`; JK-A4)."""

    def __init__(self, generator: Callable[..., Any], targets: Tensor | np.ndarray, genes: int | None = None) -> None:
        super().__init__(generator, targets, genes)
        if self.targets.ndim != 4:
            raise ValueError(f"SSIM needs images (runs, channels, height, width), got {tuple(self.targets.shape)}")
        self.moments = moments(self.targets)

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return SSIM (n,) of images with the targets of the runs (n,)."""
        return ssim(images, self.moments[run])


FITNESSES: dict[str, type[Reconstruction]] = {"mse": ReconstructionMSE, "ssim": ReconstructionSSIM}


def reconstruction(name: str, *arguments: Any) -> Reconstruction:
    """Return the fitness named `mse` or `ssim`, built with the arguments of its class."""
    check_choice("fitness", name, tuple(FITNESSES))
    return FITNESSES[name](*arguments)


def checked_targets(targets: Tensor | np.ndarray) -> Tensor:
    """Return targets as a float32 copy; raise an error unless they are floating-point numbers in [0, 1]."""
    if not isinstance(targets, Tensor | np.ndarray):
        raise TypeError(f"targets must be a tensor or a numpy array, got {type(targets).__name__}")
    floating = targets.is_floating_point() if isinstance(targets, Tensor) else targets.dtype.kind == "f"
    if not floating:
        raise TypeError(f"targets must be floating-point numbers in [0, 1], got {targets.dtype}")
    copied = torch.as_tensor(targets).detach().to(torch.float32, copy=True)
    if copied.ndim < 2 or copied.numel() == 0:
        raise ValueError(f"targets must have shape (runs, channels, height, width), got {tuple(copied.shape)}")
    low, high = float(copied.min()), float(copied.max())
    if not (low >= 0 and high <= 1):
        raise ValueError(f"targets must lie in [0, 1], got values from {low:.4g} to {high:.4g}")
    return copied
