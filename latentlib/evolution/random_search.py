"""Random search: the baseline for every other search, at equal generator passes."""

from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.checks import check_at_least
from latentlib.chunks import CHUNK
from latentlib.evolution.evaluation import Fitness, cost, evaluate
from latentlib.evolution.run import Run, State, begun
from latentlib.priors import Prior, prior_of


@dataclass(frozen=True)
class RandomSearch:
    """Draw latents from the prior and keep the best.

    Args:
        population: draws per run and row of the history, at least 1.
        chunk: largest number of images per forward pass, at least 1.
        prior: distribution of the latents; by default the prior of the fitness, or N(0, 1) if it has none.
    """

    population: int = 200
    chunk: int = CHUNK
    prior: Prior | None = None

    def __post_init__(self) -> None:
        check_at_least("population", self.population, 1)
        check_at_least("chunk", self.chunk, 1)

    def search(self, fitness: Fitness, passes: int, seed: int = 0, *, initial: Tensor | None = None) -> Run[State]:
        """Spend `passes` generated images on each run.

        Args:
            fitness: maximised; with `runs` and `genes`, or give `initial`.
            passes: images per run, at least those of one population; rounded down to whole populations.
            seed: seed of the draws, in [0, 2^32).
            initial: first population (runs, population, genes) float32; by default drawn from the prior.
        """
        turn = self.population * cost(fitness)
        check_at_least("passes", passes, turn)
        prior = prior_of(fitness, self.prior)
        state = begun(fitness, self.population, seed, prior, initial)
        genomes, random = state.genomes, state.randomness()
        for draws in range(passes // turn):
            if draws:
                genomes = prior.draw(tuple(genomes.shape), random)
            values = evaluate(fitness, genomes, self.chunk)
            state = state.then(genomes, values, torch.full_like(state.passes, turn), random.get_state())
        return Run.of(state)
