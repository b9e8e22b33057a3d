"""Baselines of an evolved pool: what it must beat at the same generator passes.

The paper compares with training a generator (LI-A9), which is not a realistic alternative. The realistic ones are
to copy the best of a pool, draw fresh latents, keep what the recogniser accepts, or follow its gradient.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import Tensor

from latentlib.checks import check_at_least
from latentlib.chunks import CHUNK
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.recognition import LogRecognition, Recognition
from latentlib.gradient import GradientDescent
from latentlib.priors import prior_of
from latentlib.randomness import seeded

Ascending = tuple[Tensor, Tensor, Tensor]  # latents (runs, n, genes); climbing and arrived, bool (runs, n)


def copying(algorithm: GeneticAlgorithm) -> GeneticAlgorithm:
    """Return the same search without variation: children are copies, so that only truncation acts.

    The share of wanted individuals then about doubles per generation, without a single generator pass.
    """
    return replace(algorithm, mating_rate=0.0, mutation_rate=0.0)


def fresh(algorithm: GeneticAlgorithm) -> GeneticAlgorithm:
    """Return the same search without inheritance: its children are fresh draws from N(0, 1)."""
    return replace(algorithm, mating_rate=0.0, mutation_rate=0.0, immigrants=1.0)


@torch.no_grad()
def rejection(
    fitness: Recognition, accepts: Callable[[Tensor], Tensor], seed: int = 0, passes: int = sys.maxsize
) -> Iterator[tuple[Tensor, Tensor]]:
    """Draw latents from N(0, 1), one chunk at a time, and yield which of them are accepted.

    Args:
        fitness: of the wish; its generator makes one pass per latent.
        accepts: from latents (n, genes) to bool (n,).
        seed: of the draws.
        passes: generator passes to spend at most, at least 1.

    Yields:
        Latents (n, genes), and which are accepted, bool (n,).
    """
    check_at_least("passes", passes, 1)
    random, left = seeded(seed, fitness.device), passes
    while left:
        drawn = prior_of(fitness).draw((CHUNK, fitness.genes), random)[:left]
        left -= len(drawn)
        yield drawn, accepts(drawn)


def accepted(fitness: Recognition, count: int, passes: int, seed: int = 0) -> tuple[Tensor, int]:
    """Draw latents from N(0, 1) until the recogniser finds the wish met in the images of enough of them.

    Args:
        fitness: of the wish.
        count: latents wanted, at least 1.
        passes: generator passes to spend at most, at least 1.
        seed: of the draws.

    Returns:
        The accepted latents (n, genes), `count` or fewer, and the passes spent.
    """
    check_at_least("count", count, 1)
    kept, spent = torch.empty(0, fitness.genes, device=fitness.device), 0
    for drawn, hits in rejection(fitness, lambda some: fitness.satisfied(some[None])[0], seed, passes):
        where = hits.nonzero()[: count - len(kept), 0]
        kept = torch.cat([kept, drawn[where]])
        if len(kept) == count:
            return kept, spent + int(where[-1]) + 1
        spent += len(drawn)
    return kept, spent


def ascent(fitness: LogRecognition, initial: Tensor, step_size: float, sure: float) -> Iterator[Ascending]:
    """Climb log R with Adam from given latents, each until the recogniser is sure of it.

    Args:
        fitness: of the wish.
        initial: starting points (runs, n, genes).
        step_size: of Adam.
        sure: the R above which a latent has arrived, in (0, 1).

    Yields:
        Before each step: latents (runs, n, genes), which of them had not arrived before, and which arrive now, bool
        (runs, n). It ends when all have arrived.
    """
    climbing = torch.ones(initial.shape[:2], dtype=torch.bool, device=initial.device)
    for latents, values in GradientDescent("adam", step_size, initial.shape[1]).course(fitness, initial):
        arrived = climbing & (values.exp() > sure)
        yield latents, climbing, arrived
        climbing = climbing & ~arrived
        if not bool(climbing.any()):
            return
