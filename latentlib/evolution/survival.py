"""Survival: who of parents and children makes the next generation.

Every rule maps genomes (runs, population, genes) and fitness (runs, population) of parents and of
children to those of the next generation.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.checks import check_at_least

Group = tuple[Tensor, Tensor]
Survival = Callable[[Group, Group], Group]


def pick(group: Group, index: Tensor) -> Group:
    """The individuals at indices (runs, count) of a group."""
    genomes, fitness = group
    rows = torch.arange(len(index), device=index.device)[:, None]
    return genomes[rows, index], fitness[rows, index]


def join(first: Group, second: Group) -> Group:
    """Two groups of the same runs as one."""
    return torch.cat([first[0], second[0]], dim=1), torch.cat([first[1], second[1]], dim=1)


@dataclass(frozen=True)
class Generational:
    """The children replace their parents, but the `elites` best parents replace the worst children."""

    elites: int = 1

    def __post_init__(self) -> None:
        check_at_least("elites", self.elites, 0)

    def __call__(self, parents: Group, children: Group) -> Group:
        """Genomes and fitness of the next generation."""
        if self.elites == 0:
            return children
        kept = children[1].shape[1] - self.elites
        best = parents[1].topk(self.elites, dim=1).indices
        return join(pick(parents, best), pick(children, children[1].topk(kept, dim=1).indices))


@dataclass(frozen=True)
class MuPlusLambda:
    """The best of parents and children together, as many as there are children: a search's population."""

    def __call__(self, parents: Group, children: Group) -> Group:
        """Genomes and fitness of the next generation."""
        both = join(parents, children)
        return pick(both, both[1].topk(children[1].shape[1], dim=1).indices)
