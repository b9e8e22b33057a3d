"""Null models of an evolved pool: what it must beat at the same generator passes.

The paper compares with training a generator (LI-A9), which nobody would do instead. Whoever wants certain images
would copy the best of a pool, draw fresh ones, keep what the recogniser accepts, or follow its gradient.
"""

from dataclasses import replace

import torch
from torch import Tensor

from latentlib.checks import check_at_least
from latentlib.evolution import GeneticAlgorithm, Run
from latentlib.evolution.evaluation import CHUNK
from latentlib.fitness.recognition import LogRecognition, Recognition
from latentlib.gradient import GradientDescent


def copying(algorithm: GeneticAlgorithm) -> GeneticAlgorithm:
    """The same search without variation: children are copies, so that truncation does all there is.

    A share that is wanted then about doubles in a generation, without a single generator pass.
    """
    return replace(algorithm, mating_rate=0.0, mutation_rate=0.0)


def fresh(algorithm: GeneticAlgorithm) -> GeneticAlgorithm:
    """The same search without inheritance: its children are fresh draws from N(0, 1)."""
    return replace(algorithm, mating_rate=0.0, mutation_rate=0.0, immigrants=1.0)


def rejection(fitness: Recognition, count: int, passes: int, seed: int = 0) -> tuple[Tensor, int]:
    """Draw latents from N(0, 1) and keep those in whose images the recogniser finds the wish met.

    Args:
        fitness: of the wish.
        count: latents wanted, at least 1.
        passes: generator passes to spend at most, at least 1.
        seed: of the draws.

    Returns:
        The latents accepted (n, genes), `count` or fewer, and the passes spent.
    """
    check_at_least("count", count, 1)
    check_at_least("passes", passes, 1)
    random = torch.Generator(device=fitness.device).manual_seed(seed)
    kept, spent = torch.empty(0, fitness.genes, device=fitness.device), 0
    while len(kept) < count and spent < passes:
        drawn = torch.randn(CHUNK, fitness.genes, generator=random, device=fitness.device)[: passes - spent]
        where = fitness.satisfied(drawn[None])[0].nonzero()[: count - len(kept), 0]
        kept = torch.cat([kept, drawn[where]])
        spent += int(where[-1]) + 1 if len(kept) == count else len(drawn)
    return kept, spent


def ascent(fitness: LogRecognition, population: int, passes: int, seed: int = 0, step_size: float = 0.1) -> Run:
    """Climb log R by Adam from as many latents as the pool has; the pools are `run.state.genomes`.

    A step costs a pass for each latent, and its way back two more in time that are not counted.

    Args:
        fitness: of the wish.
        population: latents a run.
        passes: generator passes a run to spend at most, at least two for each latent.
        seed: of the starting points.
        step_size: of Adam.
    """
    check_at_least("passes", passes, 2 * population)
    return GradientDescent("adam", step_size, population).descend(fitness, passes // population - 1, seed)
