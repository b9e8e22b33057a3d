"""Readings of the paper and its page that differ: operators, and what the second metric and an image's range are."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from latentlib.checks import check_choice
from latentlib.evolution import BlockCrossover, Gaussian, PerBlock, Uniform
from latentlib.fitness.diversity import Similarity
from studies.diversity.experiments.contest import FIRST, Contest
from studies.diversity.experiments.evolved import evolved
from studies.diversity.experiments.random_sets import READINGS
from studies.diversity.experiments.searches import measured_sets
from studies.diversity.settings import Settings

SIMILARITIES = {**READINGS, "printed": Similarity("ncc")}  # the last is a dissimilarity, of which minus is the fitness
STEP = 0.5  # of creep mutation, for which the page gives none
OPERATORS = ("paper", "creep", "images exchanged", "images reset")


@dataclass(frozen=True)
class Reading(Settings):
    """Settings of a genetic algorithm that reads something otherwise.

    Args:
        fitness: the similarity whose minus is the fitness, a key of `SIMILARITIES`.
        operators: the paper's; `creep`, where a mutation is a Gaussian step; `images exchanged`, where crossover
            exchanges whole latents; `images reset`, where mutation draws whole latents anew.
    """

    fitness: str = "rmse"
    operators: str = OPERATORS[0]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("fitness", self.fitness, tuple(SIMILARITIES))
        check_choice("operators", self.operators, OPERATORS)


def operators(name: str, genes: int) -> dict[str, Any]:
    """Return what a reading changes in the genetic algorithm, for latents of some genes."""
    changed: dict[str, dict[str, Any]] = {
        "paper": {},
        "creep": {"mutation": Gaussian(STEP)},
        "images exchanged": {"crossover": BlockCrossover(Uniform(), genes)},
        "images reset": {"mutation_unit": PerBlock(genes)},
    }
    return changed[name]


def readings(reading: Reading) -> pd.DataFrame:
    """Return courses and best sets of the genetic algorithm by a reading.

    One row per run and number of `evaluated` sets, see `evolved`. Rows of the last number have, besides, the measures
    of the best set by pixels, latents and judges; rows of the method `first sets` have their means over these.
    """
    contest = Contest(reading)
    changed = operators(reading.operators, contest.first_sets.shape[2] // reading.size)
    rows, best = evolved(contest, SIMILARITIES[reading.fitness], **changed)
    measured = measured_sets(contest, best)
    for row in rows:
        if row["evaluated"] == reading.evaluations:
            row |= measured[int(str(row["run"]))]
    for run, sets in enumerate(contest.first_sets):
        means = pd.DataFrame(measured_sets(contest, contest.sets_of(sets))).mean()
        rows.append(
            {"method": FIRST, "run": run, "evaluated": reading.population}
            | {str(name): mean for name, mean in means.items()}
        )
    return pd.DataFrame(rows)
