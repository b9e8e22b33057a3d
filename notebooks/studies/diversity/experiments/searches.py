"""Figures 4 to 7: three searches at equal evaluations from shared first sets, by either metric."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from latentlib import zoo
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
from studies.diversity.experiments import maps, measures
from studies.diversity.experiments.evaluator import METRICS, Evaluator, fitness_of
from studies.diversity.experiments.judges import Ensemble, View, ensemble
from studies.diversity.settings import Settings

GENETIC, ELITES, RANDOM, FIRST = "genetic algorithm", "MAP-Elites", "random sampling", "first sets"
VARIATION: dict[str, Any] = {  # Table 2: of the pairs 0.7 mate, and exchange genes, not images
    "mating_rate": 0.7,
    "crossover": Uniform(),
    "mutation_rate": 0.02,
    "mutation": Reset(),
    "mutation_unit": PerGene(),
}
EARLY = (1, 2, 4, 8, 16)  # populations, after which the course is told besides every part of the whole
PARTS = 25  # so that 12,000 and 20,000 of 25,000 are among them
DRAWN = 100_000  # added to the seed of first sets, which else would be drawn again by random sampling

Key = tuple[str, str]  # metric and method


@dataclass(frozen=True)
class Outcome:
    """What a search leaves.

    Args:
        told: mean and maximum similarity (runs, sets, 2) of every set, in the order of judging.
        best: the best sets' latents (runs, size, genes).
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

    def outcome(self, search: Callable[[Evaluator], None], *metrics: str) -> list[Outcome]:
        """Return what a search by the first of some metrics leaves by each of them."""
        search(evaluator := self.evaluator(metrics[0], metrics))
        return [
            Outcome(evaluator.told(name), self.sets_of(evaluator.best[name].latents), evaluator.images)
            for name in metrics
        ]

    def outcomes(self) -> dict[Key, Outcome]:
        """Return all outcomes by metric and method; random sampling judges its sets by both metrics at once."""
        found = {
            (metric, method): self.outcome(search, metric)[0]
            for metric in METRICS
            for method, search in ((GENETIC, self.genetic), (ELITES, self.elites))
        }
        names = tuple(METRICS)
        return found | {
            (metric, RANDOM): outcome for metric, outcome in zip(names, self.outcome(self.random, *names), strict=True)
        }


def searches(settings: Settings) -> pd.DataFrame:
    """Return courses, maps and best sets of three searches by two metrics.

    One row per metric, method, run and number of `evaluated` sets: fitness of the `best` so far, cells `filled`,
    images generated so far (`passes`). Rows of the last number have, besides, what `maps.of_run` returns; `sets` and
    `images`, counted by the evaluator; `deviation`, that of the fitness of all its sets, and so of random ones for
    random sampling; `needed`, the sets until it is as fit as random sampling in the end, as a share of all, 1 if never;
    the measures of the best set by pixels, latents and judges; and the distances of the best set to others (`apart`).
    Rows of the method `first sets` have the means of these measures over the first sets.
    """
    contest = Contest(settings)
    outcomes = contest.outcomes()
    courses = [row for key, outcome in outcomes.items() for row in course_rows(key, outcome, settings)]
    ends = [row for key, outcome in outcomes.items() for row in end_rows(key, outcomes, contest)]
    by = ["metric", "method", "run", "evaluated"]
    judged = pd.DataFrame(ends).merge(apart(outcomes, contest), on=by[:3])
    table = pd.DataFrame(courses).merge(judged.assign(evaluated=settings.evaluations), on=by, how="left")
    return pd.concat([table, pd.DataFrame(first_rows(contest))], ignore_index=True)


def checkpoints(population: int, evaluations: int) -> list[int]:
    """Return the numbers of evaluated sets at which a course is told, the last set among them."""
    early = {population * count for count in EARLY}
    parts = {evaluations * part // PARTS for part in range(1, PARTS + 1)}
    return sorted(count for count in early | parts if population <= count <= evaluations)


def course_rows(key: Key, outcome: Outcome, settings: Settings) -> list[dict[str, object]]:
    """Return the course of every run of a search."""
    rows: list[dict[str, object]] = []
    for run, told in enumerate(outcome.told):
        filled = maps.firsts(maps.cells_of(told)).cumsum(dim=0)
        for count in checkpoints(settings.population, settings.evaluations):
            values = {"evaluated": count, "best": float(outcome.course[run, count - 1])}
            spent = {"filled": int(filled[count - 1]), "passes": count * settings.size}
            rows.append({"metric": key[0], "method": key[1], "run": run, **values, **spent})
    return rows


def end_rows(key: Key, outcomes: dict[Key, Outcome], contest: Contest) -> list[dict[str, object]]:
    """Return the map, the counts and the best set of every run of a search."""
    outcome, rows = outcomes[key], []
    goals = outcomes[key[0], RANDOM].course[:, -1]
    for run, (told, measured) in enumerate(zip(outcome.told, measured_sets(contest, outcome.best), strict=True)):
        fitness = fitness_of(told[:, 0]).double().numpy()
        there = np.flatnonzero((outcome.course[run] >= goals[run]).numpy())
        facts = {
            "sets": len(told),
            "images": int(outcome.images[run]),
            "deviation": float(fitness[np.isfinite(fitness)].std(ddof=1)),
            "needed": (there[0] + 1) / len(told) if len(there) else 1.0,
        }
        found = maps.of_run(told, contest.settings.population)
        rows.append({"metric": key[0], "method": key[1], "run": run, **facts, **found, **measured})
    return rows


def first_rows(contest: Contest) -> list[dict[str, object]]:
    """Return the mean measures of the first sets of every run, which are the same for either metric."""
    rows = []
    for run, sets in enumerate(contest.first_sets):
        means = pd.DataFrame(measured_sets(contest, contest.sets_of(sets))).mean().to_dict()
        place = {"method": FIRST, "run": run, "evaluated": contest.settings.population}
        rows += [{"metric": metric, **place, **means} for metric in METRICS]
    return rows


@torch.no_grad()
def images_of(contest: Contest, sets: Tensor) -> Tensor:
    """Return the images (sets, size, channels, height, width) of sets of latents (sets, size, latent_size)."""
    return torch.stack([contest.generator(latents) for latents in sets])


def measured_sets(contest: Contest, sets: Tensor) -> list[dict[str, float]]:
    """Return the measures of each of some sets of latents (sets, size, latent_size)."""
    return measured_images(images_of(contest, sets), sets, ensemble(contest.settings.dataset, contest.settings.device))


def measured_images(images: Tensor, sets: Tensor, jury: Ensemble) -> list[dict[str, float]]:
    """Return the measures of sets of images (sets, size, channels, height, width) and of their latents, by set."""
    found = measures.of_pixels(images) | {"length": measures.length(sets)}
    return [
        {name: float(values[place]) for name, values in found.items()} | jury.of(some).measures()
        for place, some in enumerate(images)
    ]


def apart(outcomes: dict[Key, Outcome], contest: Contest) -> pd.DataFrame:
    """Return how far, in the judges' features, the best set of each run lies from others.

    `seeds_apart`, mean distance to the best sets of the same search's other runs, NaN without one; `approaches_apart`,
    to those of the other methods by the same metric; `metrics_apart`, to that of the same method by the other metric.
    """
    jury = ensemble(contest.settings.dataset, contest.settings.device)
    views = {key: [jury.of(some) for some in images_of(contest, outcome.best)] for key, outcome in outcomes.items()}
    rows: dict[tuple[str, str, int], dict[str, list[float]]] = {}
    every = [(*key, run) for key, found in views.items() for run in range(len(found))]
    for one, other in combinations(every, 2):
        differing = [place for place in range(3) if one[place] != other[place]]
        if len(differing) == 1:
            name = ("metrics_apart", "approaches_apart", "seeds_apart")[differing[0]]
            distance = view_of(views, one).distance(view_of(views, other))
            for each in (one, other):
                rows.setdefault(each, {}).setdefault(name, []).append(distance)
    names = ("seeds_apart", "approaches_apart", "metrics_apart")
    return pd.DataFrame(
        [
            {"metric": key[0], "method": key[1], "run": key[2]}
            | {name: float(np.mean(rows[key].get(name, [np.nan]))) for name in names}
            for key in every
        ]
    )


def view_of(views: dict[Key, list[View]], key: tuple[str, str, int]) -> View:
    """Return the view of the best set of a search's run."""
    return views[key[0], key[1]][key[2]]
