"""The live figures: in Jupyter widgets, on the book's pages the elements that the same scripts mount them on."""

from latentlib.widgets.live.figures import live, wanted

__all__ = ["live", "wanted"]
