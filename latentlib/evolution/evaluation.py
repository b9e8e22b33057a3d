"""Evaluating populations: only the individuals that changed, in dense chunks, with NaN refused."""

import math
import os
from collections.abc import Iterator
from typing import Any, Protocol

import torch
from torch import Tensor

from latentlib.checks import check_at_least
from latentlib.chunks import CHUNK
from latentlib.priors import Prior

__all__ = ["Fitness", "Measured", "RowFitness", "evaluate"]

COPIES = 6  # of a population held at once in a generation: parents, children, mutations and their random numbers
MEMORY = 16  # GiB that these may take; LATENTLIB_MEMORY overrides it


class Fitness(Protocol):
    """Latents (runs, population, genes) to fitness (runs, population), always maximised; -inf is infeasible.

    Individuals must be judged independently of each other, since only those that changed are judged again. Optional
    attributes: `runs`, `genes` and `device` (otherwise a search needs an initial population), `prior` (of its
    latents), `cost` (images generated per individual, 1 by default), `noisy` (whether the same latents get a
    different fitness each time).
    """

    def __call__(self, latents: Tensor) -> Tensor:
        """Return the fitness of every individual."""


class RowFitness(Protocol):
    """A fitness that can judge any rows of any runs, so that several runs share one dense batch."""

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of latents (n, genes) that belong to the runs (n,)."""


class Measured(RowFitness, Protocol):
    """A row fitness that measures, too, by which `MapElites` finds the cell of an individual."""

    def measured(self, latents: Tensor, run: Tensor) -> tuple[Tensor, Tensor]:
        """Return fitness (n,) and measures (n, number of measures) of latents (n, genes) of the runs (n,)."""


def cost(fitness: Any) -> int:
    """Return the number of images that a fitness generates per individual."""
    return int(getattr(fitness, "cost", 1))


def initial_population(
    shape: tuple[int | None, int, int | None], random: torch.Generator, prior: Prior, initial: Tensor | None = None
) -> Tensor:
    """Return a copy of the given first population, checked, or one drawn from the prior.

    Its shape is (runs, population, genes), of which None may be any size where a population is given. A given one may
    lie outside the prior. A ValueError says where it does not fit, or where none is given and a size is not known.
    """
    runs, population, genes = shape
    if initial is None:
        if runs is None or genes is None:
            raise ValueError(
                "a fitness without `runs` and `genes` needs an initial population (runs, population, genes)"
            )
        check_size(runs, population, genes)
        return prior.draw((runs, population, genes), random)
    initial = torch.as_tensor(initial)
    wanted = (runs or "runs", population, genes or "genes")
    expected = f"({', '.join(map(str, wanted))}) float32"
    fits = initial.ndim == 3 and all(w in (s, "runs", "genes") for w, s in zip(wanted, initial.shape, strict=True))
    if not fits or initial.dtype != torch.float32 or initial.numel() == 0:
        raise ValueError(f"initial population must be {expected}, got {tuple(initial.shape)} {initial.dtype}")
    if not bool(initial.isfinite().all()):
        raise ValueError("initial population must be finite, got NaN or inf")
    return initial.to(random.device, copy=True)


def check_size(runs: int, population: int, genes: int) -> None:
    """Raise a ValueError unless the sizes are whole numbers of at least 1 and a generation fits into memory."""
    for name, size in {"runs": runs, "population": population, "genes": genes}.items():
        check_at_least(name, size, 1)
    needed = COPIES * 4 * math.prod((runs, population, genes)) / 2**30
    if needed > (most := float(os.environ.get("LATENTLIB_MEMORY", MEMORY))):
        raise ValueError(
            f"{runs} runs of a population of {population} with {genes} genes need about {needed:,.0f} GiB of memory, "
            f"more than {most:g}: make them fewer, or set LATENTLIB_MEMORY to more GiB"
        )


def evaluate(fitness: Any, genomes: Tensor, chunk: int = CHUNK) -> Tensor:
    """Return the fitness (runs, population) of every individual of genomes (runs, population, genes)."""
    everyone = torch.ones(genomes.shape[:2], dtype=torch.bool, device=genomes.device)
    return reevaluate(fitness, genomes, everyone, chunk)[0]


@torch.no_grad()
def reevaluate(fitness: Any, genomes: Tensor, changed: Tensor, chunk: int) -> tuple[Tensor, Tensor]:
    """Judge the changed individuals, bool (runs, population), of genomes (runs, population, genes).

    A fitness with `rows` sees the changed individuals of all runs together, in even chunks of at most `chunk` images.
    A plain function sees equally many individuals of every run: as many as changed in the run with most changes.

    Returns:
        Fitness (runs, population), NaN for individuals not judged; and the number judged per run (runs,).

    Raises:
        ValueError: for a fitness of the wrong shape, or that is NaN or +inf.
    """
    values = torch.full(changed.shape, torch.nan, device=genomes.device)
    if not bool(changed.any()):
        return values, changed.sum(dim=1)
    if callable(getattr(fitness, "rows", None)):
        where = changed.nonzero()  # (n, 2): run and individual
        values[changed] = checked(in_chunks(fitness, genomes[changed], where, chunk), where)
        return values, changed.sum(dim=1)
    most = int(changed.sum(dim=1).max())
    seen = changed.int().argsort(dim=1, descending=True, stable=True)[:, :most]  # changed ones first, others fill up
    run = torch.arange(len(genomes), device=genomes.device)[:, None]
    found = as_tensor(fitness(genomes[run, seen]), tuple(seen.shape), genomes.device)
    values[run, seen] = checked(found, torch.stack([run.expand_as(seen), seen], dim=2).flatten(0, 1))
    return values, torch.full_like(run[:, 0], most)


@torch.no_grad()
def measure(fitness: Measured, genomes: Tensor, changed: Tensor, chunk: int, axes: int) -> tuple[Tensor, Tensor]:
    """Judge the changed individuals as `reevaluate` does, and measure them along a number of axes.

    Returns:
        Fitness (runs, count) and measures (runs, count, axes) float64, NaN for individuals not judged.
    """
    values = torch.full(changed.shape, torch.nan, device=genomes.device)
    measures = torch.full((*changed.shape, axes), torch.nan, dtype=torch.float64, device=genomes.device)
    where = changed.nonzero()  # (n, 2): run and individual
    for part, some, run in chunked(fitness, genomes[changed], where, chunk):
        found, places = fitness.measured(some, run)
        if tuple(places.shape) != (len(some), axes):
            raise ValueError(f"measures must be of shape {(len(some), axes)}, got {tuple(places.shape)}")
        values[part.unbind(dim=1)] = checked(as_tensor(found, (len(some),), genomes.device), part)
        measures[part.unbind(dim=1)] = places.double()
    return values, measures


def in_chunks(fitness: RowFitness, latents: Tensor, where: Tensor, chunk: int) -> Tensor:
    """Return the fitness (n,) of latents (n, genes) at places (n, 2)."""
    found = [
        as_tensor(fitness.rows(z, run), (len(z),), z.device) for _, z, run in chunked(fitness, latents, where, chunk)
    ]
    return torch.cat(found)


def chunked(fitness: Any, latents: Tensor, where: Tensor, chunk: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Yield places (n, 2), latents (n, genes) and their runs (n,) in even chunks of at most `chunk` images."""
    parts = -(-len(latents) // max(1, chunk // cost(fitness)))
    for part, some in zip(where.tensor_split(parts), latents.tensor_split(parts), strict=True) if parts else ():
        yield part, some, part[:, 0]


def as_tensor(values: Any, shape: tuple[int, ...], device: torch.device) -> Tensor:
    """Return fitness values as float32 on the device; raise a ValueError unless they are reals of the shape."""
    try:
        found = torch.as_tensor(values).detach()
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"fitness must return a tensor of shape {shape}, got {type(values).__name__}") from None
    if tuple(found.shape) != shape or found.is_complex():
        raise ValueError(
            f"fitness must return shape {shape}, got {tuple(found.shape)}{' complex' * found.is_complex()}"
        )
    return found.to(device, torch.float32)


def checked(values: Tensor, where: Tensor | None = None) -> Tensor:
    """Return values (runs, count), or (n,) at places (n, 2); raise a ValueError that names the first NaN or +inf."""
    bad = (values.isnan() | values.isposinf()).flatten()
    if bool(bad.any()):
        first = int(bad.nonzero()[0])
        run, individual = divmod(first, values.shape[1]) if where is None else where[first].tolist()
        value = float(values.flatten()[first])
        raise ValueError(f"fitness must be finite or -inf, got {value} for individual {individual} of run {run}")
    return values
