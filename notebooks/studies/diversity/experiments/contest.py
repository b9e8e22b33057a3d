"""Three searches at equal evaluations from shared first sets. What a finished search leaves is kept in the cache."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from latentlib import files, zoo
from latentlib.evolution import (
    Generational,
    GeneticAlgorithm,
    MapElites,
    PerGene,
    RandomSearch,
    Reset,
    Tournament,
    Uniform,
)
from latentlib.randomness import seeded
from latentlib.study import source
from studies.diversity.experiments import maps
from studies.diversity.experiments.evaluator import METRICS, Evaluator, fitness_of
from studies.diversity.settings import Settings

GENETIC, ELITES, RANDOM, FIRST = "genetic algorithm", "MAP-Elites", "random sampling", "first sets"
VARIATION: dict[str, Any] = {  # Table 2: of the pairs 0.7 mate, and exchange genes, not images
    "mating_rate": 0.7,
    "crossover": Uniform(),
    "mutation_rate": 0.02,
    "mutation": Reset(),
    "mutation_unit": PerGene(),
}
DRAWN = 100_000  # added to the seed of first sets, which else would be drawn again by random sampling

Key = tuple[str, str]  # metric and method


@dataclass(frozen=True)
class Outcome:
    """What a search leaves.

    Args:
        told: mean and maximum similarity (runs, sets, 2) of every set, in the order of judging.
        best: the best sets' latents (runs, size, latent_size).
        images: generated, by run (runs,).
    """

    told: Tensor
    best: Tensor
    images: Tensor

    @cached_property
    def course(self) -> Tensor:
        """Fitness (runs, sets) of the best set so far."""
        return fitness_of(self.told[..., 0]).cummax(dim=1).values


class Contest:
    """The searches of one cell: its generator, and first sets that they share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.generator = zoo.load_generator(settings.model, settings.device)

    def evaluator(self, goal: str, watched: tuple[str, ...] = ()) -> Evaluator:
        """Return a fresh evaluator."""
        return Evaluator(self.generator, goal, self.settings.size, self.settings.repeats, watched)

    @cached_property
    def first_sets(self) -> Tensor:
        """Latents (repeats, population, genes), the same for all searches."""
        blank = self.evaluator("rmse")
        shape = (self.settings.repeats, self.settings.population, blank.genes)
        return blank.prior.draw(shape, seeded(DRAWN + self.settings.seed, self.settings.device))

    def sets_of(self, latents: Tensor) -> Tensor:
        """Return genomes (..., genes) as sets of latents (..., size, latent_size)."""
        return latents.reshape(*latents.shape[:-1], self.settings.size, -1)

    def genetic(self, evaluator: Evaluator) -> None:
        """Evolve by the paper's genetic algorithm."""
        search = GeneticAlgorithm(
            self.settings.population, selection=Tournament(3), survival=Generational(1), **VARIATION
        )
        search.evolve(evaluator, self.settings.generations - 1, self.settings.seed, initial=self.first_sets)

    def elites(self, evaluator: Evaluator) -> None:
        """Fill the paper's map, one child at a time."""
        search = MapElites(maps.GRID, self.settings.population, selection=Tournament(1), offspring=1, **VARIATION)
        children = self.settings.evaluations - self.settings.population
        search.evolve(evaluator, children, self.settings.seed, initial=self.first_sets)

    def random(self, evaluator: Evaluator) -> None:
        """Draw fresh sets."""
        passes = self.settings.evaluations * self.settings.size
        RandomSearch(self.settings.population).search(evaluator, passes, self.settings.seed, initial=self.first_sets)

    def outcome(self, method: str, *metrics: str) -> list[Outcome]:
        """Return what a search by the first of some metrics leaves by each of them, from the cache if it is there."""
        path = kept(self.settings, method, metrics)
        if not path.exists():
            search = {GENETIC: self.genetic, ELITES: self.elites, RANDOM: self.random}[method]
            search(evaluator := self.evaluator(metrics[0], metrics))
            keep(path, evaluator)
        found = load_file(path, self.settings.device)
        return [
            Outcome(found[f"told by {name}"].cpu(), self.sets_of(found[f"best by {name}"]), found["images"].cpu())
            for name in metrics
        ]

    def outcomes(self) -> dict[Key, Outcome]:
        """Return all outcomes by metric and method; random sampling judges its sets by both metrics at once."""
        found = {
            (metric, method): self.outcome(method, metric)[0] for metric in METRICS for method in (GENETIC, ELITES)
        }
        by_both = zip(METRICS, self.outcome(RANDOM, *METRICS), strict=True)
        return found | {(metric, RANDOM): outcome for metric, outcome in by_both}

    @torch.no_grad()
    def images_of(self, sets: Tensor) -> Tensor:
        """Return the images (sets, size, channels, height, width) of sets of latents (sets, size, latent_size)."""
        return torch.stack([self.generator(latents) for latents in sets])


def kept(settings: Settings, method: str, metrics: tuple[str, ...]) -> Path:
    """Return the file in the cache of a finished search, which changes its name with the code and the weights."""
    return (
        files.cache()
        / "sets"
        / f"{files.digest(repr((settings, method, metrics, source.digest(__name__))))}.safetensors"
    )


def keep(path: Path, evaluator: Evaluator) -> None:
    """Write what a search left into the cache."""
    left = {"images": evaluator.images}
    for name in evaluator.watched:
        left |= {f"told by {name}": evaluator.told(name), f"best by {name}": evaluator.best[name].latents}
    with files.replacing(path) as partial:
        save_file({name: value.contiguous() for name, value in left.items()}, partial)
