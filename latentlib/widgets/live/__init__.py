"""The live figures: widgets in Jupyter, and on the book's pages the elements on which the same scripts mount them."""

from latentlib.widgets.live.by_eye import by_eye
from latentlib.widgets.live.figures import diverse, live, wanted
from latentlib.widgets.live.ring import ring

__all__ = ["by_eye", "diverse", "live", "ring", "wanted"]
