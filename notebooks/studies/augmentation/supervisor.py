"""The supervisor: a genetic algorithm over sets of latents, one for each class, with several fitnesses."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from latentlib.evolution import Generational, GeneticAlgorithm, PerGene, Reset, Tournament, Uniform
from latentlib.fitness.centroid import CentroidDiversity
from latentlib.fitness.diversity import Diversity
from latentlib.models.judge import Judge
from studies.augmentation.networks import Gan
from studies.augmentation.settings import Settings

TOGETHER = 1000  # images that a classifier sees at once


class Difficulty(Diversity):
    """Score a set by a classifier's mean cross entropy: images of their class that it does not recognise.

    Args:
        gan: of the class.
        size: images in a set.
        critic: the classifier, trained on the originals alone.
        label: the class.
    """

    def __init__(self, gan: Gan, size: int, critic: Judge, label: int) -> None:
        super().__init__(gan.generator, size)
        self.critic, self.label = critic, label

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of sets of images (n, size, channels, side, side)."""
        logits = seen(self.critic, images)
        truth = torch.full(logits.shape[:2], self.label, device=logits.device)
        return (
            functional.cross_entropy(logits.flatten(0, 1), truth.flatten(), reduction="none").view(truth.shape).mean(1)
        )


class Spread(Diversity):
    """Score a set by the mean distance of two of its images in a classifier's features.

    Args:
        gan: of the class.
        size: images in a set.
        critic: the classifier, trained on the originals alone.
    """

    def __init__(self, gan: Gan, size: int, critic: Judge) -> None:
        super().__init__(gan.generator, size)
        self.critic = critic

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of sets of images (n, size, channels, side, side)."""
        features = seen(self.critic.features, images)
        distances = torch.cdist(features, features)
        return distances.sum(dim=(1, 2)) / (self.size * (self.size - 1))


def seen(network: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """Return what a network says (sets, size, values) of sets of images (sets, size, channels, side, side)."""
    said = torch.cat([network(some) for some in torch.split(images.flatten(0, 1), TOGETHER)])
    return said.view(*images.shape[:2], -1)


def towards(gan: Gan, originals: Tensor, settings: Settings, alike: bool = False) -> CentroidDiversity:
    """Return the page's fitness: how unlike the centroid of originals and set a set's images are, or how alike."""
    return CentroidDiversity(gan.generator, originals, settings.added, alike=alike)


def supervise(fitness: Diversity, settings: Settings, seed: int, generations: int | None = None) -> Tensor:
    """Return the genome (genes,) of the best set, evolved for some generations, by default those of the settings.

    Operators and rates are those of the diversity study's Table 2. The page names "uniform crossover and creep
    mutation", and no rates; the paper resets genes (parameters.md, FW-A1).
    """
    search = GeneticAlgorithm(
        settings.population,
        mating_rate=0.7,
        mutation_rate=0.02,
        selection=Tournament(3),
        crossover=Uniform(),
        mutation=Reset(),
        mutation_unit=PerGene(),
        survival=Generational(1),
    )
    run = search.evolve(fitness, (generations or settings.generations) - 1, seed)
    return run.best.latents[0]
