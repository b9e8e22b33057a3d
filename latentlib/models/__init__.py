"""The networks of the papers, one file per paper; the judge, which is never a fitness; `Weights`; and `adapt`."""

from latentlib.models.adapter import PerRun, adapt
from latentlib.models.classifier import Recogniser
from latentlib.models.weights import Weights

__all__ = ["PerRun", "Recogniser", "Weights", "adapt"]
