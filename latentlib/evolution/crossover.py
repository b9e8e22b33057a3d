"""Crossover: two children from two parents.

Every operator maps parents (n, genes), (n, genes) to children of the same shapes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.checks import check_rate

Pair = tuple[Tensor, Tensor]
Crossover = Callable[[Tensor, Tensor, torch.Generator], Pair]


def exchange(first: Tensor, second: Tensor, mask: Tensor) -> Pair:
    """The parents with the masked genes exchanged."""
    return torch.where(mask, second, first), torch.where(mask, first, second)


def cuts(parents: Tensor, count: int, random: torch.Generator) -> Tensor:
    """Ordered, distinct cut points (n, count) in 1 .. genes - 1, as DEAP draws them."""
    n, genes = parents.shape
    if genes <= count:
        raise ValueError(f"{count}-point crossover needs more than {count} genes, got {genes}")
    order = torch.rand(n, genes - 1, generator=random, device=parents.device).topk(count, dim=1).indices
    return 1 + order.sort(dim=1).values


@dataclass(frozen=True)
class OnePoint:
    """The genes behind one random cut are exchanged."""

    def __call__(self, first: Tensor, second: Tensor, random: torch.Generator) -> Pair:
        """Children (n, genes), (n, genes)."""
        positions = torch.arange(first.shape[1], device=first.device)
        return exchange(first, second, positions >= cuts(first, 1, random))


@dataclass(frozen=True)
class TwoPoint:
    """The genes between two random cuts are exchanged."""

    def __call__(self, first: Tensor, second: Tensor, random: torch.Generator) -> Pair:
        """Children (n, genes), (n, genes)."""
        positions = torch.arange(first.shape[1], device=first.device)
        start, end = cuts(first, 2, random).tensor_split(2, dim=1)
        return exchange(first, second, (positions >= start) & (positions < end))


@dataclass(frozen=True)
class Uniform:
    """Each gene is exchanged with probability `share`."""

    share: float = 0.5

    def __post_init__(self) -> None:
        check_rate("uniform crossover share", self.share)

    def __call__(self, first: Tensor, second: Tensor, random: torch.Generator) -> Pair:
        """Children (n, genes), (n, genes)."""
        mask = torch.rand(first.shape, generator=random, device=first.device) < self.share
        return exchange(first, second, mask)


@dataclass(frozen=True)
class Blend:
    """BLX-alpha: each gene anywhere between the parents' genes, and `alpha` of their distance beyond."""

    alpha: float = 0.5

    def __post_init__(self) -> None:
        if self.alpha < 0:
            raise ValueError(f"blend alpha must be at least 0, got {self.alpha}")

    def __call__(self, first: Tensor, second: Tensor, random: torch.Generator) -> Pair:
        """Children (n, genes), (n, genes)."""
        weight = torch.rand(first.shape, generator=random, device=first.device) * (1 + 2 * self.alpha) - self.alpha
        return torch.lerp(first, second, weight), torch.lerp(second, first, weight)
