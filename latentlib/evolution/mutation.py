"""Mutation: which genes change, and how.

A *unit* turns the mutation rate into a mask of genes (runs, population, genes); an *operator* gives
the masked genes (n, genes) of the mutated individuals their new values. The papers leave open which
unit their rate means (parameters.md, JK-A1), so both are here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.checks import Rate, check_positive, check_rate

Mutation = Callable[[Tensor, torch.Generator], Tensor]
Unit = Callable[[Rate, Tensor, torch.Generator], Tensor]


def chance(rate: Rate, shape: tuple[int, ...], random: torch.Generator) -> Tensor:
    """A mask (runs, ...) that is true with a probability that may differ from run to run."""
    drawn = torch.rand(shape, generator=random, device=random.device)
    if isinstance(rate, Tensor):
        rate = rate.to(drawn.device).view(-1, *[1] * (len(shape) - 1))
    return drawn < rate


@dataclass(frozen=True)
class PerIndividual:
    """The rate is the chance of an individual to mutate; each of its genes then changes with `gene_rate`."""

    gene_rate: float = 0.1

    def __post_init__(self) -> None:
        check_rate("gene_rate", self.gene_rate)

    def __call__(self, rate: Rate, genomes: Tensor, random: torch.Generator) -> Tensor:
        """Mask (runs, population, genes) of the genes that change."""
        mutated = chance(rate, tuple(genomes.shape[:2]), random)
        mask = torch.zeros(genomes.shape, dtype=torch.bool, device=genomes.device)
        mask[mutated] = chance(self.gene_rate, (int(mutated.sum()), genomes.shape[2]), random)
        return mask


@dataclass(frozen=True)
class PerGene:
    """The rate is the chance of each gene of each individual to change."""

    def __call__(self, rate: Rate, genomes: Tensor, random: torch.Generator) -> Tensor:
        """Mask (runs, population, genes) of the genes that change."""
        return chance(rate, tuple(genomes.shape), random)


@dataclass(frozen=True)
class Gaussian:
    """A normal step of standard deviation `step` is added."""

    step: float = 0.5

    def __post_init__(self) -> None:
        check_positive("mutation step", self.step)

    def __call__(self, genomes: Tensor, random: torch.Generator) -> Tensor:
        """New values (n, genes) for all genes."""
        return genomes + self.step * torch.randn(genomes.shape, generator=random, device=genomes.device)


@dataclass(frozen=True)
class Creep:
    """A uniform step in [-step, step] is added."""

    step: float = 0.5

    def __post_init__(self) -> None:
        check_positive("mutation step", self.step)

    def __call__(self, genomes: Tensor, random: torch.Generator) -> Tensor:
        """New values (n, genes) for all genes."""
        steps = torch.rand(genomes.shape, generator=random, device=genomes.device) * 2 - 1
        return genomes + self.step * steps


@dataclass(frozen=True)
class Reset:
    """The gene is drawn anew from the latent prior N(0, 1)."""

    def __call__(self, genomes: Tensor, random: torch.Generator) -> Tensor:
        """New values (n, genes) for all genes."""
        return torch.randn(genomes.shape, generator=random, device=genomes.device)


@dataclass(frozen=True)
class Clipped:
    """Another mutation whose values are kept within bounds.

    Args:
        mutation: such as `Gaussian()`.
        low: least value of a gene.
        high: greatest value, above `low`.
    """

    mutation: Mutation
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"high must be above low, got {self.low} and {self.high}")

    def __call__(self, genomes: Tensor, random: torch.Generator) -> Tensor:
        """New values (n, genes) in [low, high] for all genes."""
        return self.mutation(genomes, random).clamp(self.low, self.high)
