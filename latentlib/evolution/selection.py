"""Selection: the choice of parents.

Every operator maps fitness (runs, population) and a count to indices (runs, count) of parents, drawn
with replacement. Textbook: Eiben & Smith 2015, chapter 5.
"""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from latentlib.checks import check_at_least, check_rate


class Selection(Protocol):
    """Fitness (runs, population) and a count to indices (runs, count) of parents."""

    def __call__(self, fitness: Tensor, count: int, random: torch.Generator) -> Tensor:
        """Return indices of the parents."""


def draw(weights: Tensor, count: int, random: torch.Generator) -> Tensor:
    """Draw indices (runs, count) in proportion to weights (runs, population)."""
    return torch.multinomial(weights, count, replacement=True, generator=random)


@dataclass(frozen=True)
class Tournament:
    """Choose the best of `size` individuals drawn at random, with replacement."""

    size: int = 3

    def __post_init__(self) -> None:
        check_at_least("tournament size", self.size, 1)

    def __call__(self, fitness: Tensor, count: int, random: torch.Generator) -> Tensor:
        """Return indices (runs, count) of the winners."""
        runs, population = fitness.shape
        shape = (runs, count, self.size)
        drawn = torch.randint(population, shape, generator=random, device=fitness.device)
        contest = fitness.gather(1, drawn.flatten(1)).view(shape)
        return drawn.gather(2, contest.argmax(dim=2, keepdim=True)).squeeze(2)


@dataclass(frozen=True)
class Truncation:
    """Choose any of the best `share` of the population, with equal probability."""

    share: float = 0.5

    def __post_init__(self) -> None:
        check_rate("truncation share", self.share)

    def __call__(self, fitness: Tensor, count: int, random: torch.Generator) -> Tensor:
        """Return indices (runs, count)."""
        runs, population = fitness.shape
        elite = fitness.topk(max(1, round(self.share * population)), dim=1).indices
        drawn = torch.randint(elite.shape[1], (runs, count), generator=random, device=fitness.device)
        return elite.gather(1, drawn)


@dataclass(frozen=True)
class Roulette:
    """Choose in proportion to fitness above `floor`; no fitness may lie below it."""

    floor: float = 0.0

    def __call__(self, fitness: Tensor, count: int, random: torch.Generator) -> Tensor:
        """Return indices (runs, count).

        Raises:
            ValueError: for a fitness below the floor.
        """
        if float(fitness.min()) < self.floor:
            raise ValueError(
                f"roulette needs a fitness of at least its floor {self.floor}, got {float(fitness.min()):.4g}"
            )
        tiny = torch.finfo(fitness.dtype).tiny  # a population entirely on the floor is drawn from uniformly
        return draw(fitness - self.floor + tiny, count, random)


@dataclass(frozen=True)
class Rank:
    """Choose by linear ranking: the best `pressure` times as often as the average, the worst 2 - pressure times.

    Individuals of equal fitness are equally likely.
    """

    pressure: float = 1.5

    def __post_init__(self) -> None:
        if not 1 <= self.pressure <= 2:
            raise ValueError(f"rank pressure must lie in [1, 2], got {self.pressure}")

    def __call__(self, fitness: Tensor, count: int, random: torch.Generator) -> Tensor:
        """Return indices (runs, count)."""
        place = mean_ranks(fitness) / max(1, fitness.shape[1] - 1)  # 0 worst .. 1 best
        return draw(2 - self.pressure + 2 * (self.pressure - 1) * place, count, random)


def mean_ranks(fitness: Tensor) -> Tensor:
    """Return ranks (runs, population) from 0, the worst; ties share their mean rank."""
    fitness = fitness.contiguous()
    ordered = fitness.sort(dim=1).values
    below, up_to = (torch.searchsorted(ordered, fitness, right=right) for right in (False, True))
    return (below + up_to - 1) / 2


def select(selection: Selection, fitness: Tensor, count: int, random: torch.Generator) -> Tensor:
    """Return indices (runs, count) of parents, none of them infeasible.

    Args:
        selection: chooses parents by fitness.
        fitness: (runs, population); -inf is infeasible. In a run without feasible individuals, the first is chosen.
        count: parents per run.
        random: random generator.
    """
    feasible = fitness > -torch.inf
    if bool(feasible.all()):
        return selection(fitness, count, random)
    chosen = torch.zeros(len(fitness), count, dtype=torch.int64, device=fitness.device)
    some = feasible.any(dim=1)
    if bool(some.any()):
        substitutes = torch.multinomial(feasible[some].float(), fitness.shape[1], replacement=True, generator=random)
        own = torch.arange(fitness.shape[1], device=fitness.device).expand_as(substitutes)
        places = torch.where(feasible[some], own, substitutes)  # feasible individuals replace infeasible ones
        chosen[some] = places.gather(1, selection(fitness[some].gather(1, places), count, random))
    return chosen
