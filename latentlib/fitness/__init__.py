"""Fitnesses: latents (runs, population, genes) to (runs, population), maximised, independent of evolution."""

from latentlib.fitness.recognition import LogRecognition, Recognition
from latentlib.fitness.reconstruction import ReconstructionMSE, ReconstructionSSIM
from latentlib.fitness.scored import Scored

__all__ = ["LogRecognition", "Recognition", "ReconstructionMSE", "ReconstructionSSIM", "Scored"]
