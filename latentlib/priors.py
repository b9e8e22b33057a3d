"""Priors: what latents are drawn from, and where they must stay.

A generator makes good images only from latents like those it was trained on. A prior states which those are, in one
place, for all code that draws latents (first populations, random search, immigrants, resets) or moves them (crossover,
mutation, descent).
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from latentlib.checks import check_at_least
from latentlib.values import ByValue

Number = float | Tensor  # a number for all genes, or a tensor (genes,)


@runtime_checkable
class Prior(Protocol):
    """A distribution of latents."""

    def draw(self, shape: tuple[int, ...], random: torch.Generator) -> Tensor:
        """Draw latents (..., genes) float32 on the device of the random generator."""

    def repair(self, latents: Tensor) -> Tensor:
        """Return the nearest latents (..., genes) that the prior allows."""


@dataclass(frozen=True, eq=False)
class Normal(ByValue):
    """Draw from a normal distribution, N(0, 1) by default; nothing lies outside it, so nothing is repaired.

    Args:
        mean: a number or (genes,), such as the weights of a network or the mean of a w-space.
        deviation: standard deviation, at least 0; a number or (genes,).

    Raises:
        ValueError: for a deviation that is negative or infinite, or a mean that is not finite.
    """

    mean: Number = 0.0
    deviation: Number = 1.0

    def __post_init__(self) -> None:
        if not bool(torch.as_tensor(self.mean).isfinite().all()):
            raise ValueError(f"mean must be finite, got {self.mean}")
        least, most = extremes(self.deviation)
        if not 0 <= least <= most < float("inf"):
            raise ValueError(f"deviation must be at least 0 and finite, got {least if not least >= 0 else most}")

    def draw(self, shape: tuple[int, ...], random: torch.Generator) -> Tensor:
        """Draw latents (..., genes)."""
        drawn = torch.randn(shape, generator=random, device=random.device)
        return on(self.mean, drawn) + on(self.deviation, drawn) * drawn

    def repair(self, latents: Tensor) -> Tensor:
        """Return the latents as they are."""
        return latents


@dataclass(frozen=True, eq=False)
class Uniform(ByValue):
    """Draw from a uniform distribution on an interval, and repair by clamping to it.

    Args:
        low: least value of a gene; a number or (genes,).
        high: greatest value, above `low`.

    Raises:
        ValueError: for an empty or infinite interval.
    """

    low: Number = -1.0
    high: Number = 1.0

    def __post_init__(self) -> None:
        check_interval(self.low, self.high)

    def draw(self, shape: tuple[int, ...], random: torch.Generator) -> Tensor:
        """Draw latents (..., genes)."""
        drawn = torch.rand(shape, generator=random, device=random.device)
        low, high = on(self.low, drawn), on(self.high, drawn)
        return low + (high - low) * drawn

    def repair(self, latents: Tensor) -> Tensor:
        """Return the latents clamped to the interval."""
        return latents.clamp(on(self.low, latents), on(self.high, latents))


@dataclass(frozen=True)
class Sphere:
    """Draw from a uniform distribution on a sphere, and repair by scaling to its radius.

    Args:
        radius: above 0; by default the square root of the number of genes, where N(0, 1) concentrates.

    Raises:
        ValueError: for a radius that is not above 0.
    """

    radius: float | None = None

    def __post_init__(self) -> None:
        if self.radius is not None and not 0 < self.radius < float("inf"):
            raise ValueError(f"radius must be above 0 and finite, got {self.radius}")

    def draw(self, shape: tuple[int, ...], random: torch.Generator) -> Tensor:
        """Draw latents (..., genes)."""
        return self.repair(torch.randn(shape, generator=random, device=random.device))

    def repair(self, latents: Tensor) -> Tensor:
        """Return the latents (..., genes) scaled to the radius."""
        radius = latents.shape[-1] ** 0.5 if self.radius is None else self.radius
        return torch.nn.functional.normalize(latents, dim=-1) * radius


@dataclass(frozen=True, eq=False)
class Bounded(ByValue):
    """Clamp what another prior draws and repairs to an interval.

    Args:
        prior: the prior to bound, such as `Normal(w_mean, w_deviation)`.
        low: least value of a gene; a number or (genes,).
        high: greatest value, above `low`.

    Raises:
        ValueError: for an empty or infinite interval.
    """

    prior: Prior
    low: Number
    high: Number

    def __post_init__(self) -> None:
        check_interval(self.low, self.high)

    def draw(self, shape: tuple[int, ...], random: torch.Generator) -> Tensor:
        """Draw latents (..., genes)."""
        return self.repair(self.prior.draw(shape, random))

    def repair(self, latents: Tensor) -> Tensor:
        """Return the latents repaired by the other prior, then clamped to the interval."""
        repaired = self.prior.repair(latents)
        return repaired.clamp(on(self.low, repaired), on(self.high, repaired))


@dataclass(frozen=True)
class Repeated:
    """Draw and repair each part of a long genome by one prior, such as every latent of a set.

    Args:
        prior: of one part.
        genes: number of genes of a part, at least 1; that of a genome is a multiple of it.
    """

    prior: Prior
    genes: int

    def __post_init__(self) -> None:
        check_at_least("genes", self.genes, 1)

    def draw(self, shape: tuple[int, ...], random: torch.Generator) -> Tensor:
        """Draw genomes (..., genes)."""
        return self.prior.draw((*shape[:-1], shape[-1] // self.genes, self.genes), random).flatten(-2)

    def repair(self, latents: Tensor) -> Tensor:
        """Return genomes (..., genes) with each part repaired."""
        return self.prior.repair(latents.reshape(*latents.shape[:-1], -1, self.genes)).flatten(-2)


def prior_of(something: object, own: Prior | None = None) -> Prior:
    """Return `own` if given, else the prior of a fitness or generator, or N(0, 1) if it has none."""
    prior: Prior = getattr(something, "prior", Normal()) if own is None else own
    return prior


def check_prior(prior: object) -> None:
    """Raise a TypeError unless something draws and repairs latents."""
    if isinstance(prior, type) or not isinstance(prior, Prior):
        raise TypeError(f"prior must draw and repair latents, such as Normal() or Uniform(-1, 1), got {prior!r}")


def on(number: Number, like: Tensor) -> Tensor:
    """Return a number or tensor (genes,) with the device and dtype of another tensor."""
    return torch.as_tensor(number, dtype=like.dtype, device=like.device)


def extremes(number: Number) -> tuple[float, float]:
    """Return the least and greatest value of a number or a tensor; both are NaN where one is."""
    values = torch.as_tensor(number, dtype=torch.float64)
    return float(values.min()), float(values.max())


def check_interval(low: Number, high: Number) -> None:
    """Raise a ValueError unless every gene's interval is finite and not empty."""
    least, most = extremes(torch.as_tensor(high, dtype=torch.float64) - torch.as_tensor(low, dtype=torch.float64))
    if not 0 < least <= most < float("inf"):
        raise ValueError(f"high must be above low and both finite, got {low} and {high}")
