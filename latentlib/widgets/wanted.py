"""Runs that evolve a pool until it meets a wish: the trials set by `wanted_explorer`, and the snapshots it draws."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from latentlib.chunks import in_chunks
from latentlib.evolution import GeneticAlgorithm, State
from latentlib.fitness.recognition import Recognition
from latentlib.fitness.wishes import Shows, Wish
from latentlib.models.classifier import Classifier
from latentlib.pool import ALGORITHM1, offspring
from latentlib.widgets import session

SAMPLES = 100  # new images per drawing, whose share is reported

Problem = Callable[[], tuple[nn.Module, Classifier]]  # a generator and the recogniser of its images


@dataclass(frozen=True)
class Trial(session.Trial):
    """The values of the controls.

    Args:
        wish: None if no class is ticked.
    """

    mutation_rate: float = 0.2
    wish: Wish | None = None

    def aim(self) -> tuple[str, Wish | None]:
        """Return problem and wish."""
        return self.problem, self.wish

    @property
    def algorithm(self) -> GeneticAlgorithm:
        """Return Algorithm 1 of the paper with the pool size and mutation rate of the sliders."""
        return replace(ALGORITHM1, population=self.population, mutation_rate=self.mutation_rate)


@dataclass(frozen=True)
class Judged:
    """Images and what the recogniser finds in them.

    Args:
        images: (n, channels, height, width).
        hits: whether each image meets the wish, bool (n,).
        shares: share of the images that show a class, by each class of a joined wish, in the recogniser's order.
    """

    images: Tensor
    hits: Tensor
    shares: dict[str, float]

    @property
    def share(self) -> float:
        """Return the share of the images that meet the wish."""
        return float(self.hits.double().mean())


@dataclass(frozen=True)
class Step:
    """A generation: its state, its pool's images, and the shares of all generations up to it."""

    fitness: Recognition
    state: State
    pool: Judged
    curve: list[float]
    parts: dict[str, list[float]]

    @property
    def generation(self) -> int:
        """Return the number of generations completed."""
        return self.state.generation


@dataclass(frozen=True)
class Snapshot(session.Snapshot):
    """A run as it is drawn, whose curve is the share of the pool that meets the wish.

    Args:
        parts: the share of the pool that shows a class, one value per generation, by each class of a joined wish.
        members: images (n, channels, height, width) of the pool, from the fittest to the least fit.
        hits: which of the members meet the wish, bool (n,).
        samples: new images, drawn from the pool by crossover and mutation.
    """

    trial: Trial
    parts: dict[str, list[float]]
    members: Tensor
    hits: Tensor
    samples: Judged


class Session(session.Session):
    """Runs of evolving a pool; see `session.Session`."""

    def evolution(self, trial: Trial, generations: int) -> Iterator[Step]:
        """Yield every generation, each computed when it is requested; a pool that meets the wish evolves on."""
        generator, recogniser = self.fetch(trial.problem)
        if trial.wish is None:
            raise ValueError("nothing is wished for: tick a class, or several")
        fitness = Recognition(generator, recogniser, trial.wish)
        state = trial.algorithm.start(fitness, trial.seed)
        curve: list[float] = []
        parts: dict[str, list[float]] = {}
        while True:
            pool = judged(fitness, state.genomes[0])
            curve = [*curve, pool.share]
            parts = {name: [*parts.get(name, []), share] for name, share in pool.shares.items()}
            yield Step(fitness, state, pool, curve, parts)
            if state.generation >= generations:
                return
            state = trial.algorithm.step(fitness, state)

    def snapshot(self, trial: Trial, step: Step) -> Snapshot:
        """Return what to draw of a generation."""
        shown, passes = session.shown_members(step.state.fitness[0]), int(step.state.history.passes[-1])
        fresh = offspring(step.state.genomes[0], SAMPLES, trial.seed, trial.algorithm.variation)
        members, hits = step.pool.images[shown], step.pool.hits[shown]
        return Snapshot(trial, step.curve, passes, step.parts, members, hits, judged(step.fitness, fresh))


@torch.no_grad()
def judged(fitness: Recognition, latents: Tensor) -> Judged:
    """Return the images of latents (n, genes), and what a fitness's recogniser finds in them.

    A wish for a single class has no shares by class, which would be the share itself.
    """
    images, wish, classes = in_chunks(fitness.generator, latents), fitness.wish, fitness.recogniser.classes
    found = fitness.recogniser.predict(images)
    shares = {
        name: float(hits.double().mean())
        for name, hits in zip(classes, found.T, strict=True)
        if name in wish.names() and not isinstance(wish, Shows)
    }
    return Judged(images, wish.met(classes, found), shares)
