"""Evolution of populations (runs, population, genes): it knows nothing of generators, images or papers."""

from latentlib.evolution.crossover import Blend, OnePoint, TwoPoint, Uniform
from latentlib.evolution.genetic import GeneticAlgorithm
from latentlib.evolution.mutation import Clipped, Creep, Gaussian, PerGene, PerIndividual, Reset
from latentlib.evolution.random_search import RandomSearch
from latentlib.evolution.run import Best, History, Run, State
from latentlib.evolution.selection import Rank, Roulette, Tournament, Truncation
from latentlib.evolution.survival import Generational, MuPlusLambda

__all__ = [
    "Best",
    "Blend",
    "Clipped",
    "Creep",
    "Gaussian",
    "Generational",
    "GeneticAlgorithm",
    "History",
    "MuPlusLambda",
    "OnePoint",
    "PerGene",
    "PerIndividual",
    "RandomSearch",
    "Rank",
    "Reset",
    "Roulette",
    "Run",
    "State",
    "Tournament",
    "Truncation",
    "TwoPoint",
    "Uniform",
]
