"""Algorithm 1 as printed, and alternatives to its operators (parameters.md, LI-A1; LI, not stated 3 and 4)."""

from collections.abc import Callable
from dataclasses import replace

from latentlib import priors
from latentlib.evolution import Blend, GeneticAlgorithm, OnePoint, PerIndividual, Tournament, TwoPoint
from latentlib.pool import ALGORITHM1
from studies.desired_images import baselines

Change = Callable[[GeneticAlgorithm], GeneticAlgorithm]
PRINTED = "as printed"
OPERATORS: dict[str, Change] = {
    PRINTED: lambda search: search,
    "rate per individual": lambda search: replace(search, mutation_unit=PerIndividual()),
    "parents by tournament": lambda search: replace(search, selection=Tournament(3)),
    "no crossover": lambda search: replace(search, mating_rate=0.0),
    "one point": lambda search: replace(search, crossover=OnePoint()),
    "two points": lambda search: replace(search, crossover=TwoPoint()),
    "blend": lambda search: replace(search, crossover=Blend()),
    "clipped": lambda search: replace(search, prior=priors.Uniform(0.0, 1.0)),
    "copies": baselines.copying,
    "fresh draws": baselines.fresh,
}


def algorithm(operators: str, population: int, mutation_rate: float) -> GeneticAlgorithm:
    """Return Algorithm 1 with other operators.

    Args:
        operators: a key of `OPERATORS`.
        population: size of the pool.
        mutation_rate: in [0, 1], of genes unless the operators define it otherwise.
    """
    return OPERATORS[operators](replace(ALGORITHM1, population=population, mutation_rate=mutation_rate))
