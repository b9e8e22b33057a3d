"""Crossover: two children from two parents.

Every operator maps parents (n, genes), (n, genes) to children of the same shapes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.checks import check_rate
from latentlib.evolution.blocks import Blocks, block_sizes, check_blocks, stretched

Pair = tuple[Tensor, Tensor]
Crossover = Callable[[Tensor, Tensor, torch.Generator], Pair]


def exchange(first: Tensor, second: Tensor, mask: Tensor) -> Pair:
    """Return the parents with the masked genes exchanged."""
    return torch.where(mask, second, first), torch.where(mask, first, second)


def cuts(parents: Tensor, count: int, last: int, random: torch.Generator) -> Tensor:
    """Return ordered, distinct cut points (n, count) in 1 .. last."""
    if parents.shape[1] < 2:
        raise ValueError(f"crossover at cuts needs at least 2 genes, got {parents.shape[1]}")
    order = torch.rand(len(parents), last, generator=random, device=parents.device).topk(count, dim=1).indices
    return 1 + order.sort(dim=1).values


@dataclass(frozen=True)
class OnePoint:
    """Exchange the genes after one random cut."""

    def __call__(self, first: Tensor, second: Tensor, random: torch.Generator) -> Pair:
        """Return children (n, genes), (n, genes)."""
        positions = torch.arange(first.shape[1], device=first.device)
        return exchange(first, second, positions >= cuts(first, 1, first.shape[1] - 1, random))


@dataclass(frozen=True)
class TwoPoint:
    """Exchange the genes between two random cuts; as in DEAP, the second may lie after the last gene."""

    def __call__(self, first: Tensor, second: Tensor, random: torch.Generator) -> Pair:
        """Return children (n, genes), (n, genes)."""
        positions = torch.arange(first.shape[1], device=first.device)
        start, end = cuts(first, 2, first.shape[1], random).tensor_split(2, dim=1)
        return exchange(first, second, (positions >= start) & (positions < end))


@dataclass(frozen=True)
class Uniform:
    """Exchange each gene with probability `share`, in [0, 1]."""

    share: float = 0.5

    def __post_init__(self) -> None:
        check_rate("uniform crossover share", self.share)

    def __call__(self, first: Tensor, second: Tensor, random: torch.Generator) -> Pair:
        """Return children (n, genes), (n, genes)."""
        mask = torch.rand(first.shape, generator=random, device=first.device) < self.share
        return exchange(first, second, mask)


@dataclass(frozen=True)
class Blend:
    """Draw each gene between the parents' genes or up to `alpha` of their distance beyond (BLX-alpha)."""

    alpha: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.alpha < float("inf"):
            raise ValueError(f"blend alpha must be at least 0, got {self.alpha}")

    def __call__(self, first: Tensor, second: Tensor, random: torch.Generator) -> Pair:
        """Return children (n, genes), (n, genes)."""
        weight = torch.rand(first.shape, generator=random, device=first.device) * (1 + 2 * self.alpha) - self.alpha
        return torch.lerp(first, second, weight), torch.lerp(second, first, weight)


@dataclass(frozen=True)
class BlockCrossover:
    """Exchange whole blocks, such as the latents of a set, by another crossover, as if each block were one gene.

    Args:
        crossover: `OnePoint`, `TwoPoint` or `Uniform`; not `Blend`, which mixes genes and exchanges none.
        blocks: genes per block: one size for all, or the size of each.

    Raises:
        ValueError: for `Blend`, or an empty block; when called, for blocks that do not add up to the genome.
    """

    crossover: Crossover
    blocks: Blocks

    def __post_init__(self) -> None:
        check_blocks(self.blocks)
        if isinstance(self.crossover, Blend):
            raise ValueError("block crossover needs one that exchanges genes (OnePoint, TwoPoint, Uniform), got Blend")

    def __call__(self, first: Tensor, second: Tensor, random: torch.Generator) -> Pair:
        """Return children (n, genes), (n, genes)."""
        genes = first.shape[1]
        own = first.new_zeros(len(first), len(block_sizes(self.blocks, genes)))
        exchanged, _ = self.crossover(own, own + 1, random)  # (n, blocks): 1 where the other parent's block comes in
        return exchange(first, second, stretched(exchanged > 0.5, self.blocks, genes))
