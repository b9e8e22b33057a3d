"""Reconstruction: how close a generated image comes to a target (Jin & Ko 2020, section III-C)."""

from typing import Any

import torch
from torch import Tensor, nn

from latentlib.fitness.generated import Generated
from latentlib.fitness.ssim import moments, ssim


class Reconstruction(Generated):
    """What both fitnesses share: a frozen generator and one target a run.

    Args:
        generator: as in `Generated`.
        targets: (runs, channels, height, width) float32 in [0, 1]; run r restores target r.
        genes: the latent size, where the generator has no attribute `latent_size`.

    Raises:
        ValueError: for targets of the wrong shape, dtype or range or with NaN; for a generator that `Generated`
            refuses, or whose images do not fit the targets.
    """

    def __init__(self, generator: nn.Module, targets: Tensor, genes: int | None = None) -> None:
        check_targets(targets)
        self.targets = targets
        super().__init__(generator, len(targets), targets.device, genes)

    def check_images(self, images: Tensor) -> None:
        """ValueError unless images of the generator have the targets' shape and lie in [0, 1]."""
        if images.shape[1:] != self.targets.shape[1:]:
            made, wanted = tuple(images.shape[1:]), tuple(self.targets.shape[1:])
            raise ValueError(f"targets must have the generator's image shape {made}, got {wanted}")
        super().check_images(images)


class ReconstructionMSE(Reconstruction):
    """`1 - MSE`, in [0, 1]; eq. 3. The paper minimises the error; here its complement is maximised, as there."""

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """`1 - MSE` (n,) of images against the targets of the runs (n,)."""
        return 1 - (images - self.targets[run]).square().mean(dim=(1, 2, 3))


class ReconstructionSSIM(Reconstruction):
    """Structural similarity, in [-1, 1]; eq. 4 (window, constants and colour as in `fitness.ssim`; JK-A4)."""

    def __init__(self, generator: nn.Module, targets: Tensor, genes: int | None = None) -> None:
        super().__init__(generator, targets, genes)
        self.moments = moments(targets)

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """SSIM (n,) of images with the targets of the runs (n,)."""
        return ssim(images, self.moments[run])


FITNESSES: dict[str, type[Reconstruction]] = {"mse": ReconstructionMSE, "ssim": ReconstructionSSIM}


def reconstruction(name: str, *arguments: Any) -> Reconstruction:
    """The fitness `mse` or `ssim`, by name, with the arguments of its class."""
    if name not in FITNESSES:
        raise ValueError(f"fitness must be one of {', '.join(FITNESSES)}, got {name!r}")
    return FITNESSES[name](*arguments)


def check_targets(targets: Tensor) -> None:
    """ValueError unless targets are (runs, channels, height, width) float32 in [0, 1]."""
    if targets.ndim != 4 or len(targets) == 0:
        raise ValueError(f"targets must have shape (runs, channels, height, width), got {tuple(targets.shape)}")
    if targets.dtype != torch.float32:
        raise ValueError(f"targets must be float32, got {targets.dtype}")
    low, high = float(targets.min()), float(targets.max())
    if not (low >= 0 and high <= 1):
        raise ValueError(f"targets must lie in [0, 1], got values from {low:.4g} to {high:.4g}")
