"""The networks of the papers, one file per paper; the judge, which is never a fitness; and `adapt`."""

from latentlib.models.adapter import PerRun, adapt
from latentlib.models.classifier import Recogniser

__all__ = ["PerRun", "Recogniser", "adapt"]
