"""Evolution of populations (runs, population, genes), independent of generators, images and papers."""

from latentlib.evolution.archive import Archive, Grid
from latentlib.evolution.crossover import Blend, BlockCrossover, OnePoint, TwoPoint, Uniform
from latentlib.evolution.functions import from_function
from latentlib.evolution.genetic import GeneticAlgorithm
from latentlib.evolution.history import History
from latentlib.evolution.map_elites import MapElites
from latentlib.evolution.moving import moved
from latentlib.evolution.mutation import Creep, Gaussian, PerBlock, PerGene, PerIndividual, Reset
from latentlib.evolution.random_search import RandomSearch
from latentlib.evolution.run import Best, Run, State
from latentlib.evolution.search import Candidates, Search
from latentlib.evolution.selection import Rank, Roulette, Tournament, Truncation
from latentlib.evolution.survival import Generational, MuPlusLambda
from latentlib.evolution.variation import Variation

__all__ = [
    "Archive",
    "Best",
    "Blend",
    "BlockCrossover",
    "Candidates",
    "Creep",
    "Gaussian",
    "Generational",
    "GeneticAlgorithm",
    "Grid",
    "History",
    "MapElites",
    "MuPlusLambda",
    "OnePoint",
    "PerBlock",
    "PerGene",
    "PerIndividual",
    "RandomSearch",
    "Rank",
    "Reset",
    "Roulette",
    "Run",
    "Search",
    "State",
    "Tournament",
    "Truncation",
    "TwoPoint",
    "Uniform",
    "Variation",
    "from_function",
    "moved",
]
