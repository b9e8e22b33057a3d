"""What a mark of a figure says to a reader who points at it: a title, which an SVG brings up without a script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from matplotlib.axes import Axes

from latentlib.study.plots.style import Picture

REACH = 5.0  # points around a mark that has no extent, so that it need not be hit exactly
Extent = float | Sequence[float]  # a number, or from and to


@dataclass(frozen=True)
class Spot:
    """A mark that says something.

    Args:
        place: the panel.
        x: where it lies, in data.
        y: the same.
        text: what it says.
    """

    place: Axes
    x: Extent
    y: Extent
    text: str

    def svg(self, height: float) -> str:
        """Return a box that is not seen around the mark, in points of a figure of this height."""
        corners = np.transpose([np.ravel(along)[[0, -1]] for along in (self.x, self.y)])  # (2, x and y)
        ends = np.sort(self.place.transData.transform(corners) * 72 / self.place.figure.dpi, axis=0)
        reach = np.where(corners[0] == corners[1], REACH, 0)
        (left, low), (right, high) = ends + np.stack([-reach, reach])
        box = f'x="{left:.1f}" y="{height - high:.1f}" width="{right - left:.1f}" height="{high - low:.1f}"'
        return f"<rect {box}><title>{escape(self.text)}</title></rect>"


def tell(place: Axes, x: Iterable[Extent], y: Iterable[Extent], texts: Iterable[str]) -> None:
    """Let each mark of a panel say a text to a reader who points at it.

    Args:
        place: the panel.
        x: where the marks lie, in data: a number, or from and to for what is wider.
        y: the same.
        texts: one for each mark.
    """
    figure = place.get_figure()
    if isinstance(figure, Picture):
        figure.spots += tuple(Spot(place, *mark) for mark in zip(x, y, texts, strict=True))
