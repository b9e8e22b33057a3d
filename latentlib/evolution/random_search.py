"""Random search: the baseline every search is held against, at equal generator passes."""

from dataclasses import dataclass

import torch

from latentlib.checks import check_at_least
from latentlib.chunks import CHUNK
from latentlib.evolution.evaluation import Fitness, evaluate, initial_population
from latentlib.evolution.run import Best, History, Run, State


@dataclass(frozen=True)
class RandomSearch:
    """Draws latents from N(0, 1) and keeps the best.

    Args:
        population: draws between two rows of the history.
        chunk: most rows of one forward pass.
    """

    population: int = 200
    chunk: int = CHUNK

    def __post_init__(self) -> None:
        check_at_least("population", self.population, 1)
        check_at_least("chunk", self.chunk, 1)

    def search(self, fitness: Fitness, passes: int, seed: int = 0) -> Run:
        """Spend `passes` generator passes on each run.

        Args:
            fitness: maximised, with `runs` and `genes`.
            passes: draws a run, at least one population; rounded down to whole populations.
            seed: of the draws.
        """
        check_at_least("passes", passes, self.population)
        random = torch.Generator(device=getattr(fitness, "device", "cpu")).manual_seed(seed)
        genomes = initial_population(fitness, self.population, random)
        best, history = Best.nobody(genomes), History.empty(len(genomes), genomes.device)
        for done in range(self.population, passes + 1, self.population):
            if len(history):
                genomes = initial_population(fitness, self.population, random)
            values = evaluate(fitness, genomes, self.chunk)
            best = best.better_of(genomes, values)
            history = history.then(History.row(best.fitness, values, torch.full_like(best.fitness, done).long()))
        everyone = torch.ones(len(genomes), dtype=torch.bool, device=genomes.device)
        return Run(best, history, State(genomes, values, best, history, everyone, random.get_state()))
