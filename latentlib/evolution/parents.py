"""Parents: any selection, with infeasible individuals left out."""

import torch
from torch import Tensor

from latentlib.evolution.selection import Selection


def select(selection: Selection, fitness: Tensor, count: int, random: torch.Generator) -> Tensor:
    """Return indices (runs, count) of parents, none of which is infeasible.

    Args:
        selection: who becomes a parent.
        fitness: (runs, population); -inf is infeasible. Of a run without anyone feasible the first is chosen.
        count: parents per run.
        random: where all chance comes from.
    """
    feasible = fitness > -torch.inf
    if bool(feasible.all()):
        return selection(fitness, count, random)
    chosen = torch.zeros(len(fitness), count, dtype=torch.int64, device=fitness.device)
    some = feasible.any(dim=1)
    if bool(some.any()):
        substitutes = torch.multinomial(feasible[some].float(), fitness.shape[1], replacement=True, generator=random)
        own = torch.arange(fitness.shape[1], device=fitness.device).expand_as(substitutes)
        places = torch.where(feasible[some], own, substitutes)  # the infeasible give their places to feasible ones
        chosen[some] = places.gather(1, selection(fitness[some].gather(1, places), count, random))
    return chosen
