"""Mutation: which genes change, and how.

A *unit* turns the mutation rate into a mask of genes (runs, population, genes), or (runs, population, 1) where all
genes of an individual change together; an *operator* proposes new values for all genes (n, genes) of the mutated
individuals; only the masked ones are used. The papers do not say which unit their rate refers to (parameters.md,
JK-A1), so several are here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.checks import Rate, check_positive, check_rate
from latentlib.evolution.blocks import Blocks, block_sizes, check_blocks, stretched
from latentlib.priors import Prior

Mutation = Callable[[Tensor, Prior, torch.Generator], Tensor]
Unit = Callable[[Rate, Tensor, torch.Generator], Tensor]


def chance(rate: Rate, shape: tuple[int, ...], random: torch.Generator) -> Tensor:
    """Return a mask (runs, ...), true with a probability that may differ between runs."""
    drawn = torch.rand(shape, generator=random, device=random.device)
    if isinstance(rate, Tensor):
        rate = rate.to(drawn.device).view(-1, *[1] * (len(shape) - 1))
    return drawn < rate


@dataclass(frozen=True)
class PerIndividual:
    """Take the rate as the probability that an individual mutates; each of its genes then changes with `gene_rate`."""

    gene_rate: float = 0.1

    def __post_init__(self) -> None:
        check_rate("gene_rate", self.gene_rate)

    def __call__(self, rate: Rate, genomes: Tensor, random: torch.Generator) -> Tensor:
        """Return the mask (runs, population, genes) of the genes that change."""
        mutated = chance(rate, tuple(genomes.shape[:2]), random)
        mask = torch.zeros(genomes.shape, dtype=torch.bool, device=genomes.device)
        mask[mutated] = chance(self.gene_rate, (int(mutated.sum()), genomes.shape[2]), random)
        return mask


@dataclass(frozen=True)
class PerGene:
    """Take the rate as the probability that a gene of an individual changes."""

    def __call__(self, rate: Rate, genomes: Tensor, random: torch.Generator) -> Tensor:
        """Return the mask (runs, population, genes) of the genes that change."""
        return chance(rate, tuple(genomes.shape), random)


@dataclass(frozen=True)
class PerBlock:
    """Take the rate as the probability that a block of an individual changes, such as a latent of a set.

    Args:
        blocks: genes per block: one size for all, or the size of each.
    """

    blocks: Blocks

    def __post_init__(self) -> None:
        check_blocks(self.blocks)

    def __call__(self, rate: Rate, genomes: Tensor, random: torch.Generator) -> Tensor:
        """Return the mask (runs, population, genes) of the genes that change, (runs, population, 1) of one block."""
        runs, population, genes = genomes.shape
        count = len(block_sizes(self.blocks, genes))
        mask = chance(rate, (runs, population, count), random)
        return stretched(mask, self.blocks, genes)


@dataclass(frozen=True)
class Gaussian:
    """Add a normal step of standard deviation `step`."""

    step: float = 0.5

    def __post_init__(self) -> None:
        check_positive("mutation step", self.step)

    def __call__(self, genomes: Tensor, prior: Prior, random: torch.Generator) -> Tensor:
        """Return new values (n, genes) for all genes."""
        steps = torch.randn(genomes.shape, generator=random, device=genomes.device)
        return steps.mul_(self.step).add_(genomes)  # in place: a genome may be a network's weights


@dataclass(frozen=True)
class Creep:
    """Add a uniform step in [-step, step]."""

    step: float = 0.5

    def __post_init__(self) -> None:
        check_positive("mutation step", self.step)

    def __call__(self, genomes: Tensor, prior: Prior, random: torch.Generator) -> Tensor:
        """Return new values (n, genes) for all genes."""
        steps = torch.rand(genomes.shape, generator=random, device=genomes.device) * 2 - 1
        return genomes + self.step * steps


@dataclass(frozen=True)
class Reset:
    """Draw genes anew from the prior."""

    def __call__(self, genomes: Tensor, prior: Prior, random: torch.Generator) -> Tensor:
        """Return new values (n, genes) for all genes."""
        return prior.draw(tuple(genomes.shape), random)
