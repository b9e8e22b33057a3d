"""One ask/tell for all searches: rows of latents to be judged, and what was found of them.

A search asks for rows that belong to runs, so that those of all runs share dense forward passes. It may ask for their
gradients or measures, too. It knows neither the fitness nor what a row costs.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import torch
from torch import Tensor

from latentlib.checks import check_at_least
from latentlib.priors import Prior
from latentlib.randomness import seeded

DRAWS = 1000  # from which the middle and the width of a prior are told


@dataclass(frozen=True)
class Problem:
    """What a search is told before it begins.

    Args:
        runs: independent searches side by side, at least 1.
        genes: of a latent, at least 1.
        prior: of the latents.
        passes: of the generator that each run may spend; a hybrid divides them.
        seed: of everything random, in [0, 2^32).
        device: of the latents.
    """

    runs: int
    genes: int
    prior: Prior
    passes: int
    seed: int = 0
    device: str | torch.device = "cpu"

    def __post_init__(self) -> None:
        for name in ("runs", "genes", "passes"):
            check_at_least(name, getattr(self, name), 1)

    def random(self, purpose: int = 0) -> torch.Generator:
        """Return a random generator; those of other purposes are independent of it."""
        return seeded((self.seed + 1_000_003 * purpose) % 2**32, self.device)

    def draw(self, count: int, random: torch.Generator) -> Tensor:
        """Draw latents (runs, count, genes) from the prior."""
        return self.prior.draw((self.runs, count, self.genes), random)

    def moments(self) -> tuple[Tensor, float]:
        """Return the mean (genes,) of the prior, and the standard deviation of a gene."""
        drawn = self.prior.draw((DRAWS, self.genes), self.random(purpose=9))
        return drawn.mean(dim=0), float(drawn.std(dim=0).mean())


@dataclass(frozen=True)
class Asked:
    """Rows to be judged.

    Args:
        latents: (rows, genes).
        run: to which each belongs, (rows,), in ascending order.
        gradient: whether the gradient of the fitness is wanted.
        measured: whether measures are wanted.
    """

    latents: Tensor
    run: Tensor
    gradient: bool = False
    measured: bool = False

    @classmethod
    def of(cls, latents: Tensor, *, gradient: bool = False, measured: bool = False) -> "Asked":
        """Return equally many rows of every run, from latents (runs, count, genes)."""
        run = torch.arange(len(latents), device=latents.device).repeat_interleave(latents.shape[1])
        return cls(latents.flatten(0, 1), run, gradient, measured)


@dataclass(frozen=True)
class Told:
    """What was found of the rows that a search asked for.

    Args:
        values: fitness (rows,), the higher the better; -inf is infeasible.
        gradient: of the fitness (rows, genes), where it was asked for.
        measures: (rows, axes), where they were asked for.
    """

    values: Tensor
    gradient: Tensor | None = None
    measures: Tensor | None = None


class Rival(ABC):
    """A search on all runs of a problem at once."""

    @abstractmethod
    def ask(self) -> Asked:
        """Return the rows to judge next."""

    @abstractmethod
    def tell(self, told: Told) -> None:
        """Take in what was found of the rows that `ask` returned last."""

    def close(self) -> None:
        """End what the search has running, if anything."""
        return None


def library(name: str) -> Any:
    """Return a module of a library that only rivals need; raise a ModuleNotFoundError that says how to get it."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        package = name.partition(".")[0]
        raise ModuleNotFoundError(
            f"this search needs the package {package}, which is not installed: pip install 'latentlib[rivals]'",
            name=package,
        ) from error
