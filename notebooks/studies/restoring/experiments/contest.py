"""The common part of the experiments: a cell's targets, its generator and fitness, and the budget of a search."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from latentlib import zoo
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.reconstruction import Reconstruction, reconstruction
from studies.restoring.experiments.targets import targets_of
from studies.restoring.settings import Settings

SPLITS = ("test", "train")


@dataclass(frozen=True)
class Contest:
    """The targets of a cell, one split after the other, and what every rival needs."""

    settings: Settings
    splits: tuple[str, ...] = ("test",)
    choice: Callable[[Settings, str], Tensor] = targets_of

    @cached_property
    def generator(self) -> nn.Module:
        """Return the data set's generator."""
        return zoo.load_generator(self.settings.model, self.settings.device)

    @cached_property
    def targets(self) -> Tensor:
        """Return the images (splits x targets, channels, height, width)."""
        return torch.cat([self.choice(self.settings, split) for split in self.splits])

    @cached_property
    def fitness(self) -> Reconstruction:
        """Return the chosen reconstruction fitness."""
        return reconstruction(self.settings.fitness, self.generator, self.targets)

    @cached_property
    def evolution(self) -> GeneticAlgorithm:
        """Return the genetic algorithm with the chosen population and rates."""
        return GeneticAlgorithm(self.settings.population, self.settings.mating_rate, self.settings.mutation_rate)

    @cached_property
    def budget(self) -> int:
        """Return the generator passes per target that evolution takes on average, in whole populations."""
        settings = self.settings
        changed = 1 - (1 - settings.mating_rate) * (1 - settings.mutation_rate)
        return settings.population * max(1, round(1 + settings.generations * changed))
