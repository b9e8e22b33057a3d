"""All searches by name, each with the settings among which tuning chooses: six, for evolution as for its rivals."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

from latentlib.evolution import Blend, Gaussian, GeneticAlgorithm, MuPlusLambda, PerGene, PerIndividual, Tournament
from studies.beyond.rivals.asking import Problem, Rival
from studies.beyond.rivals.hybrids import Hybrid
from studies.beyond.rivals.own import Adam, Chance, Genetic
from studies.beyond.rivals.strategies import CMA, Illumination
from studies.beyond.rivals.turned import LBFGS, DifferentialEvolution

DEFAULT, GENETIC, RANDOM = "genetic algorithm of chapter one", "genetic algorithm", "random search"
CMA_ES, SEP_CMA, CMA_ME, CMA_MAE = "CMA-ES", "sep-CMA-ES", "CMA-ME", "CMA-MAE"
DIFFERENTIAL, ADAM, L_BFGS = "differential evolution", "Adam", "L-BFGS"
THEN, INSIDE, STARTS = "evolve, then descend", "descend inside each evaluation", "evolve the starts of descent"

Start = Callable[[Problem], Rival]


@dataclass(frozen=True)
class Player:
    """A search with its settings.

    Args:
        choices: the search by its settings in words.
        descends: whether it needs a gradient.
    """

    choices: dict[str, Start]
    descends: bool = False


GENETIC_CHOICES = {  # the number of individuals, the rate of mating and that of mutation first
    "as in chapter one": GeneticAlgorithm(),
    "small steps": GeneticAlgorithm(50, 0.9, 0.9, mutation=Gaussian(0.3)),
    "blend, plus": GeneticAlgorithm(
        50, 0.9, 0.5, crossover=Blend(0.3), mutation=Gaussian(0.2), survival=MuPlusLambda()
    ),
    "per gene": GeneticAlgorithm(100, 0.9, 0.02, mutation=Gaussian(0.3), mutation_unit=PerGene()),
    "per gene, blend, tournament of 5": GeneticAlgorithm(
        100, 0.9, 0.02, Tournament(5), Blend(0.5), Gaussian(0.3), mutation_unit=PerGene()
    ),
    "population 20, plus": GeneticAlgorithm(
        20, 0.9, 1.0, mutation=Gaussian(0.3), mutation_unit=PerIndividual(0.05), survival=MuPlusLambda()
    ),
}
EVOLUTIONS: dict[str, Start] = {  # of hybrids
    SEP_CMA: partial(CMA, separable=True),
    GENETIC: partial(Genetic, search=GENETIC_CHOICES["population 20, plus"]),
}


def grid(search: Callable[..., Rival], **values: tuple[Any, ...]) -> dict[str, Start]:
    """Return a search with every combination of values of its settings, in words."""
    combinations = [dict(zip(values, some, strict=True)) for some in product(*values.values())]
    return {
        ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in some.items()): partial(search, **some)
        for some in combinations
    }


def hybrid(inner: tuple[int, ...], shares: tuple[float, ...]) -> dict[str, Start]:
    """Return hybrids of both kinds of evolution with every combination of settings, in words."""
    return {
        f"{name}, {words}": partial(start, evolution=evolution)  # type: ignore[call-arg]
        for name, evolution in EVOLUTIONS.items()
        for words, start in grid(Hybrid, inner=inner, share=shares).items()
    }


PLAYERS: dict[str, Player] = {
    GENETIC: Player({name: partial(Genetic, search=search) for name, search in GENETIC_CHOICES.items()}),
    DEFAULT: Player({"as in chapter one": partial(Genetic, search=GeneticAlgorithm())}),
    RANDOM: Player({"draws from the prior": Chance}),
    CMA_ES: Player(grid(CMA, step=(0.15, 0.3, 0.6), population=(None, 50))),
    SEP_CMA: Player(grid(partial(CMA, separable=True), step=(0.15, 0.3, 0.6), population=(None, 50))),
    CMA_ME: Player(grid(Illumination, step=(0.05, 0.15, 0.5), population=(18, 36))),
    CMA_MAE: Player(grid(Illumination, step=(0.05, 0.15, 0.5), learning=(0.001, 0.01))),
    DIFFERENTIAL: Player(
        grid(DifferentialEvolution, strategy=("best1bin", "rand1bin", "currenttobest1bin"), population=(50, 100))
    ),
    ADAM: Player(grid(Adam, step_size=(0.03, 0.1, 0.3), starts=(1, 5)), descends=True),
    L_BFGS: Player(grid(LBFGS, starts=(1, 3, 10), memory=(10, 30)), descends=True),
    THEN: Player(hybrid(inner=(0,), shares=(0.1, 0.3, 0.6)), descends=True),
    INSIDE: Player(hybrid(inner=(3, 10, 30), shares=(1.0,)), descends=True),
    STARTS: Player(hybrid(inner=(3, 10, 30), shares=(0.5,)), descends=True),
}
EVOLVING = (GENETIC, CMA_ES, SEP_CMA, CMA_ME, CMA_MAE, DIFFERENTIAL)  # without a gradient, and tuned
DESCENDING = tuple(name for name, player in PLAYERS.items() if player.descends)
HYBRIDS = (THEN, INSIDE, STARTS)
