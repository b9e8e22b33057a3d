"""What all figures share: their colours, the sheet that they are drawn on, and the forms in which they are kept."""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from latentlib import files
from latentlib.study.names import spoken

PAPER, INK, PALE = "#fcfcfa", "#22262b", "#8a9099"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")  # Okabe and Ito's: told apart by all eyes
DARK = {  # what each becomes on a dark page; no colour is a part of another's text, so that they can be replaced
    INK: "#e4e7eb",
    COLOURS[0]: "#4ba6ec",
    COLOURS[1]: "#f4803c",
    COLOURS[2]: "#2fbf91",
    COLOURS[3]: "#e394c0",
    COLOURS[4]: "#f2b534",
    COLOURS[5]: "#9bd6fb",
}
PATH, FRACTION = re.compile(r' d="[^"]*"'), re.compile(r"(\.\d\d)\d+")
STYLE: Any = {
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "axes.facecolor": "none",
    "axes.edgecolor": PALE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=COLOURS),
    "axes.titlesize": 11,
    "figure.dpi": 110,
    "font.size": 11,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
}


class Spot(Protocol):
    """A mark that says something to who points at it (`latentlib.study.plots.values`)."""

    def svg(self, height: float) -> str:
        """Return its place and text, in points of a figure of this height."""


class Picture(Figure):
    """A figure that displays itself in a notebook, without pyplot's global state."""

    spots: tuple[Spot, ...] = ()

    def _repr_svg_(self) -> str:
        """Return the figure as SVG; the same figure gives the same text."""
        stream = io.StringIO()
        with mpl.rc_context({"svg.hashsalt": "latentlib"}):
            self.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
        svg = shortened(stream.getvalue())
        if not self.spots:
            return svg
        spots = "".join(spot.svg(72 * self.get_figheight()) for spot in self.spots)
        return svg.replace("</svg>", f'<g class="values" fill="none" pointer-events="all">{spots}</g></svg>')


def shortened(svg: str) -> str:
    """Return an SVG of matplotlib's on one line, its paths to a hundredth of a point or of a glyph's unit."""
    return PATH.sub(lambda path: FRACTION.sub(r"\1", path[0]), svg.replace("\n", ""))


def canvas(rows: int, columns: int, size: tuple[float, float]) -> tuple[Figure, np.ndarray]:
    """Return a styled figure of `size` inches and its axes (rows, columns)."""
    with mpl.rc_context(STYLE):
        figure = Picture(figsize=size, layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False)
    return figure, axes


def mosaic(layout: Sequence[Sequence[str]], size: tuple[float, float]) -> tuple[Figure, dict[str, Axes]]:
    """Return a styled figure of `size` inches and its axes by name, laid out as the rows of names say."""
    with mpl.rc_context(STYLE):
        figure = Picture(figsize=size, layout="constrained")
        places: dict[str, Axes] = figure.subplot_mosaic([list(row) for row in layout])
    return figure, places


def panels(names: Sequence[str], height: float = 3.2, columns: int = 2) -> tuple[Figure, list[Axes]]:
    """Return a figure and one titled panel per name, two in a row unless told otherwise."""
    columns = min(columns, len(names))
    rows = -(-len(names) // columns)
    figure, axes = canvas(rows, columns, (8, height * rows))
    for place in axes.flat[len(names) :]:
        place.set_axis_off()
    for place, name in zip(axes.flat, names, strict=False):
        place.set_title(spoken(name), parse_math=False)
    return figure, list(axes.flat[: len(names)])


def legend_below(figure: Figure, *places: Axes, title: str = "", columns: int = 4) -> None:
    """Name below all panels what is drawn in some of them, where it hides nothing; a name stands there once."""
    named: dict[str, Artist] = {}
    for place in places:
        handles, labels = place.get_legend_handles_labels()
        named |= dict(zip(labels, handles, strict=True))
    loc: Any = "outside lower center"
    with mpl.rc_context(STYLE):
        figure.legend(named.values(), named, loc=loc, ncols=min(columns, len(named)), title=title or None)


def colour_bar(figure: Figure, shown: AxesImage, places: Sequence[Axes], label: str, **options: Any) -> None:
    """Draw the scale of what is drawn in some panels beside them."""
    with mpl.rc_context(STYLE):
        figure.colorbar(shown, ax=list(places), label=label, **{"shrink": 0.85, **options})


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG."""
    with files.replacing(path) as partial:
        figure.savefig(partial, format="png")
