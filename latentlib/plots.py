"""All drawing. Every function returns a figure that reads on a light and on a dark page.

Figures are opaque cards of one light colour, so that one picture serves both themes; the colours
are Okabe and Ito's, which colour-blind readers can tell apart.
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from latentlib import files

PAPER, INK, PALE = "#fcfcfa", "#22262b", "#8a9099"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
STYLE: Any = {
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "axes.facecolor": PAPER,
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


class Picture(Figure):
    """A figure that a notebook shows by itself, without pyplot's global state."""

    def _repr_png_(self) -> bytes:
        """The figure as PNG, at 1.5 pixels a point of a common screen."""
        stream = io.BytesIO()
        self.savefig(stream, format="png", dpi=1.5 * self.dpi)
        return stream.getvalue()


def canvas(rows: int, columns: int, size: tuple[float, float]) -> tuple[Figure, np.ndarray]:
    """A styled figure of `size` inches and its axes (rows, columns)."""
    with mpl.rc_context(STYLE):
        figure = Picture(figsize=size, layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False)
    return figure, axes


def show_image(axes: Axes, image: Tensor, title: str = "") -> None:
    """One image (channels, height, width) in [0, 1], without ticks."""
    pixels = image.detach().cpu().clamp(0, 1).permute(1, 2, 0).numpy()
    axes.imshow(pixels.squeeze(), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    if title:
        axes.set_title(title)


def image_grid(images: Tensor, columns: int = 10, titles: Sequence[str] = (), inches: float = 0.75) -> Figure:
    """Images (n, channels, height, width) in rows of `columns`, with a title each if given."""
    rows = -(-len(images) // columns)
    figure, axes = canvas(rows, columns, (columns * inches, rows * (inches + (0.25 if titles else 0.04))))
    for place in axes.flat:
        place.set_axis_off()
    for i, image in enumerate(images):
        show_image(axes.flat[i], image, titles[i] if titles else "")
    return figure


def image_rows(rows: Mapping[str, Tensor], titles: Sequence[str] = (), inches: float = 0.9) -> Figure:
    """One labelled row of images (n, channels, height, width) a key; titles stand above the columns."""
    columns = max(map(len, rows.values()))
    figure, axes = canvas(len(rows), columns, ((columns + 1.2) * inches, len(rows) * inches + (0.3 if titles else 0)))
    for line, (label, images) in zip(axes, rows.items(), strict=True):
        for i, place in enumerate(line):
            place.set_axis_off()
            if i < len(images):
                place.set_axis_on()
                show_image(place, images[i], titles[i] if titles and line is axes[0] else "")
        line[0].set_ylabel(label, rotation=0, ha="right", va="center", labelpad=8)
    return figure


def fitness_curves(
    curves: Mapping[str, pd.DataFrame], x: str = "passes", y: str = "best", labels: tuple[str, str] | None = None
) -> Figure:
    """A column of `History.frame`, one line a search: the mean over runs, with a band from 10 to 90 %."""
    figure, axes = canvas(1, 1, (7, 3.6))
    place = axes[0, 0]
    for name, frame in curves.items():
        groups = frame.groupby("generation")
        across, middle = groups[x].mean(), groups[y].mean()
        line = place.plot(across, middle, label=name)[0]
        if frame["run"].nunique() > 1:
            low, high = groups[y].quantile(0.1), groups[y].quantile(0.9)
            place.fill_between(across, low, high, color=line.get_color(), alpha=0.15, linewidth=0)
        place.annotate(
            name,
            (across.iloc[-1], middle.iloc[-1]),
            xytext=(4, 0),
            textcoords="offset points",
            color=line.get_color(),
            va="center",
        )
    place.margins(x=0.02)
    place.set(xlabel=(labels or (x, y))[0], ylabel=(labels or (x, y))[1])
    return figure


def paired_scores(scores: pd.DataFrame, first: str, second: str, label: str = "1 - MSE") -> Figure:
    """Scores of two columns, one dot a target; above the diagonal, the second column is better."""
    figure, axes = canvas(1, 1, (4.2, 4.2))
    place = axes[0, 0]
    span = [scores[[first, second]].min().min(), scores[[first, second]].max().max()]
    place.plot(span, span, color=PALE, linewidth=1, zorder=0)
    for i, (name, part) in enumerate(scores.groupby("dataset")):
        place.scatter(part[first], part[second], s=18, color=COLOURS[i], label=str(name), alpha=0.8, linewidths=0)
    place.set(xlabel=f"{label}, {first}", ylabel=f"{label}, {second}")
    place.legend(frameon=False)
    return figure


def intervals(frame: pd.DataFrame, label: str) -> Figure:
    """Estimates as dots with their 95 % intervals; columns name, value, low, high; a line marks zero."""
    figure, axes = canvas(1, 1, (7, 0.6 + 0.42 * len(frame)))
    place = axes[0, 0]
    position = np.arange(len(frame))[::-1]
    place.hlines(position, frame["low"], frame["high"], color=COLOURS[0], linewidth=2)
    place.scatter(frame["value"], position, color=COLOURS[0], zorder=3)
    place.axvline(0, color=PALE, linewidth=1)
    place.set(yticks=position, yticklabels=frame["name"], xlabel=label, ylim=(-0.6, len(frame) - 0.4))
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG."""
    with files.replacing(path) as partial:
        figure.savefig(partial, format="png")
