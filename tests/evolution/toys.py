"""Fitnesses whose optimum is known and that remember what they were asked."""

import torch
from torch import Tensor


class Sphere:
    """Minus the squared distance to a centre, one centre (genes,) a run."""

    def __init__(self, centres: Tensor) -> None:
        self.centres = centres
        self.runs, self.genes = centres.shape
        self.batches: list[int] = []
        self.asked = torch.zeros(self.runs, dtype=torch.int64)

    def __call__(self, latents: Tensor) -> Tensor:
        return self.rows(latents.flatten(0, 1), torch.arange(self.runs).repeat_interleave(latents.shape[1])).view(
            latents.shape[:2]
        )

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        self.batches.append(len(latents))
        self.asked += run.bincount(minlength=self.runs)
        return -(latents - self.centres[run]).square().sum(dim=1)


class Serial(Sphere):
    """The number of the evaluation: the same genome never gets the same fitness twice."""

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        before = int(self.asked.sum())
        super().rows(latents, run)
        return torch.arange(before, before + len(latents)).float()


def flat(value: float = 0.0, runs: int = 2, genes: int = 4) -> Sphere:
    """A fitness that is the same everywhere."""
    fitness = Sphere(torch.zeros(runs, genes))
    fitness.rows = lambda latents, run: torch.full((len(latents),), value)
    return fitness


def plain(fitness: Sphere) -> object:
    """The same fitness as a mere function: no rows, no runs, no genes."""
    return lambda latents: fitness(latents)
