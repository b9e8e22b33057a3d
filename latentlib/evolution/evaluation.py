"""Evaluating populations: only the individuals that need it, in dense chunks, and never a NaN."""

from typing import Protocol, runtime_checkable

import torch
from torch import Tensor


class Fitness(Protocol):
    """Latents (runs, population, genes) to fitness (runs, population), always maximised."""

    def __call__(self, latents: Tensor) -> Tensor:
        """The fitness of every individual."""


@runtime_checkable
class RowFitness(Protocol):
    """A fitness that can judge any rows of any runs, so that several runs share one dense batch."""

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """The fitness (n,) of latents (n, genes) that belong to the runs (n,)."""


def initial_population(
    fitness: Fitness, population: int, random: torch.Generator, initial: Tensor | None = None
) -> Tensor:
    """The given first population, checked; else one drawn from N(0, 1).

    Raises:
        ValueError: for a given population of another shape or dtype or with NaN, or where none is given and
            the fitness does not say its `runs` and `genes`.
    """
    runs, genes = getattr(fitness, "runs", None), getattr(fitness, "genes", None)
    if initial is None:
        if runs is None or genes is None:
            raise ValueError(
                "a fitness without `runs` and `genes` needs an initial population (runs, population, genes)"
            )
        return torch.randn(runs, population, genes, generator=random, device=random.device)
    wanted = (runs or "runs", population, genes or "genes")
    expected = f"({', '.join(map(str, wanted))}) float32"
    fits = initial.ndim == 3 and all(w in (s, "runs", "genes") for w, s in zip(wanted, initial.shape, strict=True))
    if not fits or initial.dtype != torch.float32 or initial.numel() == 0:
        raise ValueError(f"initial population must be {expected}, got {tuple(initial.shape)} {initial.dtype}")
    if not bool(initial.isfinite().all()):
        raise ValueError("initial population must be finite, got NaN or inf")
    return initial.to(random.device)


def evaluate(fitness: Fitness, genomes: Tensor, chunk: int) -> Tensor:
    """The fitness (runs, population) of every individual of genomes (runs, population, genes)."""
    everyone = torch.ones(genomes.shape[:2], dtype=torch.bool, device=genomes.device)
    return reevaluate(fitness, genomes, torch.zeros(genomes.shape[:2], device=genomes.device), everyone, chunk)


@torch.no_grad()
def reevaluate(fitness: Fitness, genomes: Tensor, known: Tensor, changed: Tensor, chunk: int) -> Tensor:
    """The fitness (runs, population) where only the changed individuals are judged again.

    A fitness with `rows` sees the changed individuals of all runs together, in even chunks of at most
    `chunk` rows; any other sees the whole population at once.

    Raises:
        ValueError: for a fitness of the wrong shape, or that is NaN or infinite.
    """
    if not isinstance(fitness, RowFitness):
        values = fitness(genomes)
        check_shape(values, tuple(changed.shape))
        return torch.where(changed, checked(values.float()), known)
    where = changed.nonzero()
    rows, run = genomes[changed], where[:, 0]
    if len(rows) == 0:
        return known
    parts = -(-len(rows) // chunk)
    pieces = zip(rows.tensor_split(parts), run.tensor_split(parts), strict=True)
    values = torch.cat([rows_of(fitness, latents, runs) for latents, runs in pieces])
    updated = known.clone()
    updated[changed] = checked(values, where)
    return updated


def rows_of(fitness: RowFitness, latents: Tensor, run: Tensor) -> Tensor:
    """One chunk's fitness (n,), its shape checked."""
    values = fitness.rows(latents, run)
    check_shape(values, (len(latents),))
    return values.float()


def check_shape(values: Tensor, shape: tuple[int, ...]) -> None:
    """ValueError unless a fitness has the expected shape."""
    if tuple(values.shape) != shape:
        raise ValueError(f"fitness must return shape {shape}, got {tuple(values.shape)}")


def checked(values: Tensor, where: Tensor | None = None) -> Tensor:
    """The values (runs, population), or (n,) at places (n, 2); a ValueError names the first that is not finite."""
    bad = ~values.isfinite()
    if bool(bad.any()):
        first = int(bad.flatten().nonzero()[0])
        run, individual = divmod(first, values.shape[1]) if where is None else where[first].tolist()
        value = float(values.detach().flatten()[first])
        raise ValueError(f"fitness must be finite, got {value} for individual {individual} of run {run}")
    return values
