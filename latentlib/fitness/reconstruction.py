"""Reconstruction: how close a generated image comes to a target (Jin & Ko 2020, section III-C)."""

from typing import Any

import torch
from torch import Tensor, nn

from latentlib.fitness.ssim import moments, ssim

SLACK = 1e-3  # how far rounding may carry an image out of [0, 1]


class Reconstruction:
    """What both fitnesses share: a frozen generator and one target a run.

    Args:
        generator: maps latents (n, genes) to images (n, channels, height, width) in [0, 1], in evaluation
            mode; `latentlib.models.adapt` fits a generator of other habits.
        targets: (runs, channels, height, width) float32 in [0, 1]; run r restores target r.
        genes: the latent size, where the generator has no attribute `latent_size`.

    Raises:
        ValueError: for targets of the wrong shape, dtype or range or with NaN; for a generator in training mode,
            of another latent size, or whose images do not fit the targets.
    """

    def __init__(self, generator: nn.Module, targets: Tensor, genes: int | None = None) -> None:
        check_targets(targets)
        genes = genes if genes is not None else getattr(generator, "latent_size", None)
        if genes is None:
            raise ValueError("the generator has no attribute `latent_size`: pass genes=")
        if generator.training:
            raise ValueError(
                "generator must be in evaluation mode (batch norm!), got training mode: call generator.eval()"
            )
        self.generator = generator.requires_grad_(False)
        self.targets = targets
        self.runs, self.genes, self.device = len(targets), genes, targets.device
        check_images(probe(generator, genes, targets.device), targets)

    def __call__(self, latents: Tensor) -> Tensor:
        """Fitness (runs, population) of latents (runs, population, genes)."""
        runs, population, _ = latents.shape
        if runs != self.runs:
            raise ValueError(f"latents must hold {self.runs} runs, one a target, got {runs}")
        run = torch.arange(runs, device=latents.device).repeat_interleave(population)
        return self.rows(latents.flatten(0, 1), run).view(runs, population)

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Fitness (n,) of latents (n, genes) that belong to the runs (n,)."""
        return self.score(self.generator(latents), run)

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Fitness (n,) of images (n, channels, height, width) against the targets of the runs (n,)."""
        raise NotImplementedError


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


def probe(generator: nn.Module, genes: int, device: torch.device) -> Tensor:
    """The generator's images of a few latents; ValueError where it does not take vectors of that size."""
    latents = torch.randn(4, genes, generator=torch.Generator().manual_seed(0)).to(device)
    try:
        with torch.no_grad():
            images: Tensor = generator(latents)
    except RuntimeError as error:
        raise ValueError(f"generator does not take latents (n, {genes}): {str(error).splitlines()[0]}") from error
    return images


def check_images(images: Tensor, targets: Tensor) -> None:
    """ValueError unless the generator's images have the targets' shape and lie in [0, 1]."""
    if images.shape[1:] != targets.shape[1:]:
        raise ValueError(
            f"targets must have the generator's image shape {tuple(images.shape[1:])}, got {tuple(targets.shape[1:])}"
        )
    low, high = float(images.min()), float(images.max())
    if not (low >= -SLACK and high <= 1 + SLACK):
        raise ValueError(
            f"the generator's images must lie in [0, 1], got values from {low:.4g} to {high:.4g}: "
            "wrap a tanh generator with latentlib.models.adapt"
        )
