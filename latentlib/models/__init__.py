"""The networks of the papers, one file a paper, the judge that none of them uses as a fitness, and `adapt`."""

from latentlib.models.adapter import adapt

__all__ = ["adapt"]
