"""The networks of the papers, one file a paper, the judge that none of them uses as a fitness, and `adapt`."""

from latentlib.models.adapter import PerRun, adapt
from latentlib.models.classifier import Recogniser

__all__ = ["PerRun", "Recogniser", "adapt"]
