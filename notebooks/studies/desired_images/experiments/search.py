"""The search of a cell: generator, recogniser, judge, wish, algorithm, and first pools."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any, cast

import torch
from torch import Tensor, nn

from latentlib import zoo
from latentlib.evolution import GeneticAlgorithm, Run, State
from latentlib.fitness import wishes
from latentlib.fitness.recognition import Recognition
from latentlib.models.classifier import Classifier
from latentlib.models.judge import Judge
from latentlib.pool import Enough
from latentlib.randomness import seeded
from studies.desired_images.operators import algorithm
from studies.desired_images.settings import Settings


class Search:
    """The search of one cell, determined by the settings unless another generator is given.

    Args:
        settings: of the cell.
        generator: replaces the zoo's.
    """

    def __init__(self, settings: Settings, generator: nn.Module | None = None) -> None:
        self.settings, self.wish = settings, wishes.read(settings.wish)
        shipped = f"desired_images/{settings.dataset}"
        self.generator = generator or zoo.load_generator(shipped, settings.device)

    @cached_property
    def recogniser(self) -> Classifier:
        """Return the network whose answers are the fitness."""
        return zoo.load_classifier(self.settings.recogniser_model, self.settings.device)

    @cached_property
    def judges(self) -> tuple[Judge, ...]:
        """Return networks that are never a fitness: the judge of the data set, and others that began elsewhere."""
        first = f"judge/{self.settings.dataset}"
        names = [first, *(zoo.replicate(first, seed) for seed in zoo.REPLICATES.get(first, ()))]
        return tuple(cast(Judge, zoo.load(name, self.settings.device)) for name in names)

    @property
    def judge(self) -> Judge:
        """Return the first judge, in whose features distances are measured."""
        return self.judges[0]

    @cached_property
    def fitness(self) -> Recognition:
        """Return the fitness: R of the wish."""
        return Recognition(self.generator, self.recogniser, self.wish, self.settings.repeats)

    @cached_property
    def algorithm(self) -> GeneticAlgorithm:
        """Return Algorithm 1 with the cell's operators."""
        return algorithm(self.settings.operators, self.settings.population, self.settings.mutation_rate)

    def first_pools(self) -> Tensor:
        """Draw latents (repeats, population, genes) from N(0, 1), the same for every cell of equal size and seed."""
        shape = (self.settings.repeats, self.settings.population, self.fitness.genes)
        random = seeded(self.settings.seed, self.settings.device)
        return torch.randn(shape, generator=random, device=self.settings.device)

    def seed(self, run: int) -> int:
        """Return the seed of what is drawn for a run apart from its evolution."""
        return 1000 * (self.settings.seed + 1) + run

    def evolve(
        self, callback: Callable[[State], Any], initial: Tensor | None = None, target: float | None = None
    ) -> Run[State]:
        """Run all the cell's generations, or up to the one in which a pool has an accuracy of `target`."""
        first = self.first_pools() if initial is None else initial
        usual = self.algorithm
        algorithm = usual if target is None else replace(usual, stop=Enough(self.fitness, target))
        return algorithm.evolve(
            self.fitness, self.settings.generations, self.settings.seed, initial=first, callback=callback
        )


def founders(latents: Tensor, first: Tensor) -> Tensor:
    """Return which member of the first pool each gene came from (n, genes), -1 where a mutation has changed it.

    Args:
        latents: of a later pool, (n, genes).
        first: the first pool, (population, genes), whose genes are all different.
    """
    same = latents[:, None] == first[None]  # (n, population, genes)
    return torch.where(same.any(dim=1), same.int().argmax(dim=1), -1)
