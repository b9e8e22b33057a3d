"""Fitnesses: latents (runs, population, genes) to (runs, population), maximised, independent of evolution."""

from latentlib.fitness.diversity import Average, Diversity, Maximum, Similarity
from latentlib.fitness.performance import Performance
from latentlib.fitness.recognition import LogRecognition, Recognition
from latentlib.fitness.reconstruction import ReconstructionMSE, ReconstructionSSIM
from latentlib.fitness.scored import Scored

__all__ = [
    "Average",
    "Diversity",
    "LogRecognition",
    "Maximum",
    "Performance",
    "Recognition",
    "ReconstructionMSE",
    "ReconstructionSSIM",
    "Scored",
    "Similarity",
]
