"""Why MAP-Elites fails: maps of several resolutions, parents at random or by a tournament, beside other searches."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from latentlib.checks import check_choice
from latentlib.evolution import Generational, GeneticAlgorithm, Grid, MapElites, Tournament
from latentlib.study.parameters import check_counts
from studies.diversity.experiments.contest import ELITES, GENETIC, RANDOM, VARIATION, Contest
from studies.diversity.experiments.evaluator import METRICS, Evaluator, fitness_of
from studies.diversity.experiments.maps import GRID, firsts
from studies.diversity.settings import Settings

BINS = (1, 5, 10, 25, 50, 100, 400)  # an axis
TOURNAMENTS = (1, 3)  # of which the first is a choice at random
BATCHES = (16, 50)  # children at a time
PARTS = 5  # after each of which the course is told
WORST = -1.0  # fitness of equal images, by either metric


@dataclass(frozen=True)
class Arm(Settings):
    """Settings of one search.

    Args:
        metric: whose minus is the fitness, a key of `METRICS`.
        method: the genetic algorithm, MAP-Elites or random sampling.
        bins: cells of each axis of the map, at least 1; of random sampling and the genetic algorithm, cells are counted
            likewise.
        tournament: rivals for a parent, at least 1: a tournament of one is a choice at random. Random sampling has
            no parents.
        offspring: children at a time, of MAP-Elites.
    """

    metric: str = "rmse"
    method: str = ELITES
    bins: int = GRID.bins[0]
    tournament: int = 1
    offspring: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("metric", self.metric, tuple(METRICS))
        check_choice("method", self.method, (GENETIC, ELITES, RANDOM))
        check_counts(self, {"bins": 1, "tournament": 1, "offspring": 1})

    @property
    def grid(self) -> Grid:
        """Return the map."""
        return Grid((self.bins, self.bins))


def dissection(arm: Arm) -> pd.DataFrame:
    """Return the course of every run of one search.

    One row per `run` and number of `evaluated` sets: fitness of the `best` so far; cells of the arm's map `filled` so
    far; cells of the paper's map `visited`; `quality`, the quality-diversity score of the paper's map with all sets
    that were judged, above the fitness of equal images.
    """
    contest = Contest(arm)
    search(arm, contest, evaluator := contest.evaluator(arm.metric))
    told = evaluator.told(arm.metric)[:, : arm.evaluations]  # the last children may be more than are left
    return pd.DataFrame(
        [row for run, some in enumerate(told) for row in course(run, some, cells_on(arm.grid, some), arm)]
    )


def search(arm: Arm, contest: Contest, evaluator: Evaluator) -> None:
    """Judge sets as the arm says."""
    chosen, first = Tournament(arm.tournament), contest.first_sets
    if arm.method == RANDOM:
        contest.random(evaluator)
    elif arm.method == GENETIC:
        genetic = GeneticAlgorithm(arm.population, selection=chosen, survival=Generational(1), **VARIATION)
        genetic.evolve(evaluator, arm.generations - 1, arm.seed, initial=first)
    else:
        elites = MapElites(arm.grid, arm.population, selection=chosen, offspring=arm.offspring, **VARIATION)
        turns = -(-(arm.evaluations - arm.population) // arm.offspring)
        elites.evolve(evaluator, turns, arm.seed, initial=first)


def checkpoints(settings: Settings) -> list[int]:
    """Return the numbers of evaluated sets at which a course is told: the first sets, and every part of all."""
    parts = {settings.evaluations * part // PARTS for part in range(1, PARTS + 1)}
    return sorted(count for count in {settings.population} | parts if count >= settings.population)


def course(run: int, told: Tensor, cells: Tensor, settings: Settings) -> list[dict[str, object]]:
    """Return the rows of a run from mean and maximum (sets, 2) of its sets, and the cells (sets,) of its own map."""
    fitness = fitness_of(told[:, 0])
    best = fitness.cummax(dim=0).values
    papers = cells_on(GRID, told)
    rows: list[dict[str, object]] = []
    for count in checkpoints(settings):
        values = {"best": float(best[count - 1]), "quality": quality(papers[:count], fitness[:count])}
        filled = {"filled": int(firsts(cells[:count]).sum()), "visited": int(firsts(papers[:count]).sum())}
        rows.append({"run": run, "evaluated": count, **values, **filled})
    return rows


def cells_on(grid: Grid, measures: Tensor) -> Tensor:
    """Return the cell (sets,) on a map of measures (sets, axes), -1 where they are undefined."""
    able = measures.isfinite().all(dim=1)
    cells = torch.full((len(measures),), -1)
    cells[able] = grid.cells_of(measures[able])
    return cells


def quality(cells: Tensor, fitness: Tensor) -> float:
    """Return the sum over filled cells of the fittest set's fitness above the worst, of sets (sets,) in these cells."""
    best = np.full(int(cells.max().clamp_min(0)) + 1, WORST)
    able = cells >= 0
    np.maximum.at(best, cells[able].numpy(), fitness[able].double().numpy())
    return float((best - WORST).sum())
