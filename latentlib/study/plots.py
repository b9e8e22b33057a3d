"""All drawing: every function returns a figure that is legible on a light and on a dark page.

Figures are opaque cards of one light colour, so one picture serves both themes; the colours
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
from matplotlib.patches import Rectangle
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
    """A figure that displays itself in a notebook, without pyplot's global state."""

    def _repr_png_(self) -> bytes:
        """Return the figure as PNG, at 1.5 pixels per point of a common screen."""
        stream = io.BytesIO()
        self.savefig(stream, format="png", dpi=1.5 * self.dpi)
        return stream.getvalue()


def canvas(rows: int, columns: int, size: tuple[float, float]) -> tuple[Figure, np.ndarray]:
    """Return a styled figure of `size` inches and its axes (rows, columns)."""
    with mpl.rc_context(STYLE):
        figure = Picture(figsize=size, layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False)
    return figure, axes


def show_image(axes: Axes, image: Tensor, title: str = "") -> None:
    """Draw one image (channels, height, width) in [0, 1], without ticks."""
    pixels = image.detach().cpu().clamp(0, 1).permute(1, 2, 0).numpy()
    axes.imshow(pixels.squeeze(), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    if title:
        axes.set_title(title, parse_math=False)  # a wish or a class name may hold a $


def image_grid(images: Tensor, columns: int = 10, titles: Sequence[str] = (), inches: float = 0.75) -> Figure:
    """Draw images (n, channels, height, width) in rows of `columns`, each with a title if given."""
    rows = -(-len(images) // columns)
    figure, axes = canvas(rows, columns, (columns * inches, rows * (inches + (0.25 if titles else 0.04))))
    for place in axes.flat:
        place.set_axis_off()
    for i, image in enumerate(images):
        show_image(axes.flat[i], image, titles[i] if titles else "")
    return figure


def image_rows(
    rows: Mapping[str, Tensor],
    titles: Sequence[str] = (),
    inches: float = 0.9,
    framed: Mapping[str, Sequence[bool] | Tensor] | None = None,
) -> Figure:
    """Draw one labelled row of images (n, channels, height, width) per key, with titles above the columns.

    Args:
        rows: images by label, at least 1 row.
        titles: one per column, or none.
        inches: side of an image.
        framed: which images of a row to frame, bool (n,), by label.
    """
    columns = max(map(len, rows.values()))
    figure, axes = canvas(len(rows), columns, ((columns + 1.2) * inches, len(rows) * inches + (0.3 if titles else 0)))
    for number, (label, images) in enumerate(rows.items()):
        line = axes[number]
        for i, place in enumerate(line):
            place.set_axis_off()
            if i < len(images):
                place.set_axis_on()
                show_image(place, images[i], titles[i] if titles and number == 0 else "")
                if framed and framed[label][i]:
                    place.spines[:].set(visible=True, color=COLOURS[0], linewidth=4)
        line[0].set_ylabel(label, rotation=0, ha="right", va="center", labelpad=8, parse_math=False)
    return figure


def fitness_curves(
    curves: Mapping[str, pd.DataFrame],
    x: str = "passes",
    y: str = "best",
    labels: tuple[str, str] | None = None,
    legend: str = "",
) -> Figure:
    """Draw a column of `History.frame`, one line per search: the mean over runs, with a band from 10 to 90 %.

    Args:
        curves: frames by name of the search, with columns generation and run beside `x` and `y`.
        x: the column on the horizontal axis.
        y: the column on the vertical axis.
        labels: of both axes; by default the columns' names.
        legend: its place, such as `lower right`, for lines that end too close together to be named at their ends.
    """
    figure, axes = canvas(1, 1, (7, 3.6))
    place = axes[0, 0]
    for name, frame in curves.items():
        groups = frame.groupby("generation")
        across, middle = groups[x].mean(), groups[y].mean()
        line = place.plot(across, middle, label=name)[0]
        if frame["run"].nunique() > 1:
            low, high = groups[y].quantile(0.1), groups[y].quantile(0.9)
            place.fill_between(across, low, high, color=line.get_color(), alpha=0.15, linewidth=0)
        if not legend:
            end, style = (across.iloc[-1], middle.iloc[-1]), {"color": line.get_color(), "va": "center"}
            place.annotate(name, end, xytext=(4, 0), textcoords="offset points", **style)
    if legend:
        place.legend(loc=legend, frameon=False)
    place.margins(x=0.02)
    place.set(xlabel=(labels or (x, y))[0], ylabel=(labels or (x, y))[1])
    return figure


def paired_scores(scores: pd.DataFrame, first: str, second: str, label: str = "1 - MSE") -> Figure:
    """Draw the scores in two columns, one dot per target; above the diagonal, the second column is better."""
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
    """Draw estimates as dots with their 95 % intervals, and a line at zero; columns name, value, low, high."""
    figure, axes = canvas(1, 1, (7, 0.6 + 0.42 * len(frame)))
    place = axes[0, 0]
    position = np.arange(len(frame))[::-1]
    place.hlines(position, frame["low"], frame["high"], color=COLOURS[0], linewidth=2)
    place.scatter(frame["value"], position, color=COLOURS[0], zorder=3)
    place.axvline(0, color=PALE, linewidth=1)
    place.set(yticks=position, yticklabels=frame["name"], xlabel=label, ylim=(-0.6, len(frame) - 0.4))
    return figure


def panels(names: Sequence[str], height: float = 3.2) -> tuple[Figure, list[Axes]]:
    """Return a figure and one titled panel per name, two in a row, so that it stays legible on a page."""
    figure, axes = canvas(-(-len(names) // 2), min(2, len(names)), (8, height * -(-len(names) // 2)))
    for place in axes.flat[len(names) :]:
        place.set_axis_off()
    for place, name in zip(axes.flat, names, strict=False):
        place.set_title(name)
    return figure, list(axes.flat[: len(names)])


def heat_maps(surfaces: Mapping[str, pd.DataFrame], difference: str = "", label: str = "score") -> Figure:
    """Draw scores by two rates, one panel per surface (index and columns are the rates), and frame the best cell.

    The panel named `difference` has its own scale around zero; the others share a colour map but not a range, because
    different levels would hide the shapes.
    """
    figure, axes = canvas(1, len(surfaces), (3.9 * len(surfaces), 3.6))
    for place, (name, surface) in zip(axes[0], surfaces.items(), strict=True):
        values = surface.to_numpy()
        bound = np.abs(values).max()
        scale = {"cmap": "RdBu_r", "vmin": -bound, "vmax": bound} if name == difference else {"cmap": "viridis"}
        image = place.imshow(values, origin="lower", aspect="equal", **scale)
        if name != difference:
            row, column = np.unravel_index(values.argmax(), values.shape)
            place.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=COLOURS[1], linewidth=2))
        ticks = {
            axis: [f"{rate:g}" for rate in rates] for axis, rates in (("x", surface.columns), ("y", surface.index))
        }
        every = 1 if values.shape[1] <= 5 else 2  # so that the labels do not touch
        place.set_xticks(range(0, values.shape[1], every), ticks["x"][::every])
        place.set_yticks(range(0, values.shape[0], every), ticks["y"][::every])
        place.set(xlabel="mutation rate", ylabel="mating rate", title=name)
        place.spines[:].set_visible(False)
        figure.colorbar(image, ax=place, shrink=0.85, label="difference" if name == difference else label)
    return figure


def genomes(pools: Mapping[str, Tensor]) -> Figure:
    """Draw latents as they are, one panel per pool (n, genes): one row per latent, one column per gene."""
    figure, places = panels(list(pools), height=4.0)
    for place, latents in zip(places, pools.values(), strict=True):
        shown = place.imshow(latents.cpu().numpy(), cmap="gray", vmin=-3, vmax=3, interpolation="nearest")
        place.set(xlabel="gene", ylabel="latent", yticks=[])
        place.spines[:].set_visible(False)
    figure.colorbar(shown, ax=places, shrink=0.7, label="value")
    return figure


def courses(ours: pd.DataFrame, paper: pd.DataFrame, line: str, label: str) -> Figure:
    """Draw scores by iteration, one panel per data set and one line per value of `line`; the paper's are dashed.

    Args:
        ours: columns dataset, iteration, score and that of `line`.
        paper: the same columns.
        line: the column that distinguishes the lines.
        label: of the scores.
    """
    names = list(dict.fromkeys(ours["dataset"]))
    figure, places = panels(names)
    for place, name in zip(places, names, strict=True):
        for table, style in ((ours, "-"), (paper, "--")):
            for i, (value, part) in enumerate(table[table["dataset"] == name].groupby(line)):
                shown = f"{value:g}" if table is ours else None
                place.plot(part["iteration"], part["score"], style, color=COLOURS[i], label=shown, linewidth=1.5)
        place.set(xlabel="iteration", ylabel=label)
    places[-1].legend(title=line.replace("_", " "), fontsize=9)
    return figure


def boxes(scores: pd.DataFrame, groups: str, hue: str, label: str) -> Figure:
    """Draw box plots with a dot per target; columns `groups`, `hue` and score."""
    names, hues = (list(dict.fromkeys(scores[column])) for column in (groups, hue))
    figure, axes = canvas(1, 1, (max(7, 1.1 * len(names) * len(hues) / 2 + 2), 3.8))
    place, width = axes[0, 0], 0.8 / len(hues)
    for i, kind in enumerate(hues):
        parts = [scores[(scores[groups] == name) & (scores[hue] == kind)]["score"].to_numpy() for name in names]
        at = np.arange(len(names)) + (i - (len(hues) - 1) / 2) * width
        line = {"color": COLOURS[i]}
        place.boxplot(
            parts,
            positions=at,
            widths=0.8 * width,
            showfliers=False,
            medianprops=line,
            boxprops=line,
            whiskerprops=line,
            capprops=line,
        )
        for x, values in zip(at, parts, strict=True):
            spread = np.linspace(-0.2, 0.2, len(values)) * width
            place.scatter(x + spread, values, s=8, color=COLOURS[i], alpha=0.6, linewidths=0)
        place.plot([], [], color=COLOURS[i], label=kind)
    place.set_xticks(range(len(names)), names)
    place.set_ylabel(label)
    place.legend()
    return figure


def budgets(scores: pd.DataFrame, label: str) -> Figure:
    """Draw mean score by cost, one panel per data set and one line or dot per method.

    Columns: dataset, method, passes, score.
    """
    names = list(dict.fromkeys(scores["dataset"]))
    methods = list(dict.fromkeys(scores["method"]))
    figure, places = panels(names)
    for place, name in zip(places, names, strict=True):
        for i, method in enumerate(methods):
            part = scores[(scores["dataset"] == name) & (scores["method"] == method)].sort_values("passes")
            style = "o" if len(part) == 1 else "-"
            place.plot(
                part["passes"], part["score"], style, color=COLOURS[i % len(COLOURS)], label=method, markersize=5
            )
        place.set(xscale="log", xlabel="generator passes", ylabel=label)
    places[0].legend(fontsize=8)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG."""
    with files.replacing(path) as partial:
        figure.savefig(partial, format="png")
