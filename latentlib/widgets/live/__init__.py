"""The live figures: widgets in Jupyter, and on the book's pages the elements on which the same scripts mount them."""

from latentlib.widgets.live.figures import live, wanted

__all__ = ["live", "wanted"]
