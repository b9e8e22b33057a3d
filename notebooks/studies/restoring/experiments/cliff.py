"""Why do the published scores fall off a cliff between mutation 0.3 and 0.4? Hypotheses as settings of the engine.

The hypotheses are those of `oddities.md`, 2 to 6: which of them gives a jump at 0.3 -> 0.4 that does not depend on
the mating rate, an inverted U over the mating rate, an exact freeze for MSE and none for SSIM?
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pandas as pd

from latentlib import zoo
from latentlib.checks import check_choice
from latentlib.evolution import (
    Gaussian,
    Generational,
    GeneticAlgorithm,
    MuPlusLambda,
    OnePoint,
    PerGene,
    PerIndividual,
    Rank,
    Reset,
    Roulette,
    State,
    Truncation,
)
from latentlib.fitness.reconstruction import reconstruction
from studies.restoring.experiments.targets import targets_of
from studies.restoring.settings import Settings

HYPOTHESES: dict[str, dict[str, Any]] = {
    "our default": {},
    "crossover only": {
        "selection": Truncation(0.5),
        "crossover": OnePoint(),
        "mutation": Reset(),
        "mutation_unit": PerIndividual(1.0),  # a mutant is a fresh draw, and hardly ever better
        "survival": MuPlusLambda(),
    },
    "patience of 10": {"patience": 10},
    "roulette on raw fitness": {"selection": Roulette(floor=-1.0)},
    "error threshold": {"selection": Rank(1.5), "mutation_unit": PerIndividual(1.0), "survival": Generational(0)},
    "rate per gene": {"mutation_unit": PerGene()},
    "rate per gene, reset": {"mutation_unit": PerGene(), "mutation": Reset()},
    "whole genome steps": {"mutation_unit": PerIndividual(1.0), "mutation": Gaussian(0.5)},
    "no elitism": {"survival": Generational(0)},
}
MATING = (0.1, 0.5, 0.9)
MUTATION = (0.2, 0.3, 0.4, 0.5)
LOGGED = (0, 1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 150, 200)


@dataclass(frozen=True)
class Hypothesis(Settings):
    """Settings with the operators of one hypothesis.

    Args:
        operators: a key of `HYPOTHESES`.
    """

    operators: str = "our default"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("operators", self.operators, tuple(HYPOTHESES))


def cliff(cell: Hypothesis) -> pd.DataFrame:
    """Return best so far, best of the generation and their mean, one row per target and logged iteration."""
    generator = zoo.load_generator(cell.model, cell.device)
    fitness = reconstruction(cell.fitness, generator, targets_of(cell))
    operators = HYPOTHESES[cell.operators]
    if cell.fitness == "mse" and "selection" in operators and isinstance(operators["selection"], Roulette):
        operators = operators | {"selection": Roulette()}  # needs fitness above 0: 1 - MSE is, SSIM may not be
    search = GeneticAlgorithm(cell.population, cell.mating_rate, cell.mutation_rate, **operators)
    frames = []

    def log(state: State) -> None:
        if state.generation in (*LOGGED, cell.generations):
            frames.append(state.history.frame().query("generation == @state.generation"))

    search.evolve(fitness, cell.generations, cell.seed, callback=log)
    return pd.concat(frames, ignore_index=True).rename(columns={"run": "target", "generation": "iteration"})


def hypotheses(base: Settings) -> list[Hypothesis]:
    """Return all cells of the experiment for the data set, fitness and size of `base`."""
    shared = {**vars(base), "mating_rate": 0.0, "mutation_rate": 0.0}
    cell = Hypothesis(**shared)
    return [
        replace(cell, operators=operators, mating_rate=mating, mutation_rate=mutation)
        for operators, mating, mutation in product(HYPOTHESES, MATING, MUTATION)
    ]
