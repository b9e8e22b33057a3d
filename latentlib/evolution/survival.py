"""Survival: the choice of the next generation from parents and children.

Every rule maps parents and children, each a pair of genomes (runs, n, genes) and fitness (runs, n), and a
count to the `count` individuals of the next generation. There may be more or fewer children than that.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.checks import check_at_least

Group = tuple[Tensor, Tensor]
Survival = Callable[[Group, Group, int], Group]


def pick(group: Group, index: Tensor) -> Group:
    """Return the individuals at indices (runs, count) of a group."""
    genomes, fitness = group
    rows = torch.arange(len(index), device=index.device)[:, None]
    return genomes[rows, index], fitness[rows, index]


def best(group: Group, count: int) -> Group:
    """Return the `count` best of a group, the best first."""
    return pick(group, group[1].topk(count, dim=1).indices)


def join(first: Group, second: Group) -> Group:
    """Return two groups of the same runs as one."""
    return torch.cat([first[0], second[0]], dim=1), torch.cat([first[1], second[1]], dim=1)


@dataclass(frozen=True)
class Generational:
    """Replace all parents except the `elites` best with the best children.

    If there are fewer children than places, they replace the worst parents; one child per generation makes a
    steady state. More children than places make the comma selection of evolution strategies.

    Args:
        elites: parents that survive in any case, at least 0.
    """

    elites: int = 1

    def __post_init__(self) -> None:
        check_at_least("elites", self.elites, 0)

    def __call__(self, parents: Group, children: Group, count: int) -> Group:
        """Return genomes and fitness of the next generation."""
        kept = max(self.elites, count - children[1].shape[1])
        if kept == 0 and children[1].shape[1] == count:
            return children
        return join(best(parents, kept), best(children, count - kept))


@dataclass(frozen=True)
class MuPlusLambda:
    """Keep the best of parents and children together."""

    def __call__(self, parents: Group, children: Group, count: int) -> Group:
        """Return genomes and fitness of the next generation."""
        return best(join(parents, children), count)
