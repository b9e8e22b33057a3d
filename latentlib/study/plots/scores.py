"""Scores of methods and settings: paired, with intervals, by two rates, by group."""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from latentlib.study.names import spoken
from latentlib.study.plots.style import COLOURS, INK, PALE, canvas, colour_bar, legend_below, mosaic
from latentlib.study.plots.values import tell

MARKERS = "osD^vP"
ENDS = (COLOURS[0], f"{COLOURS[0]}00", f"{COLOURS[1]}00", COLOURS[1])
FADING = LinearSegmentedColormap.from_list("fading", list(zip((0, 0.5, 0.5, 1), ENDS, strict=True)))  # 0: the page
SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0))  # above, below, right, left


def paired_scores(scores: pd.DataFrame, first: str, second: str, label: str = "1 - MSE") -> Figure:
    """Draw the scores in two columns, one dot per target; above the diagonal, the second column is better."""
    figure, axes = canvas(1, 1, (4.4, 4.6))
    place = axes[0, 0]
    span = [scores[[first, second]].min().min(), scores[[first, second]].max().max()]
    place.plot(span, span, color=PALE, linewidth=1, zorder=0)
    for i, (name, part) in enumerate(scores.groupby("dataset")):
        style: Any = {"color": COLOURS[i], "marker": MARKERS[i], "label": spoken(name)}
        place.scatter(part[first], part[second], s=18, alpha=0.8, linewidths=0, **style)
        pairs = part[[first, second]].itertuples(index=False)
        told = (f"{spoken(name)}: {x:.3f} and {y:.3f}" for x, y in pairs)
        tell(place, part[first], part[second], told)
    place.set(xlabel=f"{label}, {spoken(first)}", ylabel=f"{label}, {spoken(second)}")
    legend_below(figure, place, columns=2)
    return figure


def intervals(frame: pd.DataFrame, label: str, ends: tuple[str, str]) -> Figure:
    """Draw estimates as dots with their 95 % intervals, a row for each name and, where there are several, each dot.

    Args:
        frame: columns name, value, low, high and, if a row has several dots, dot: what tells them apart.
        label: of the axis.
        ends: what it means to lie to the left and to the right of zero.
    """
    names = list(dict.fromkeys(frame["name"]))
    dots = list(dict.fromkeys(frame["dot"])) if "dot" in frame else [""]
    figure, axes = canvas(1, 1, (7, 1.3 + (0.26 + 0.16 * len(dots)) * len(names)))
    place, step = axes[0, 0], 0.7 / len(dots)
    for i, dot in enumerate(dots):
        some = frame[frame["dot"] == dot] if "dot" in frame else frame
        at = np.array([-names.index(name) for name in some["name"]]) + ((len(dots) - 1) / 2 - i) * step
        place.hlines(at, some["low"], some["high"], color=COLOURS[i], linewidth=1.8)
        place.plot(some["value"], at, MARKERS[i], color=COLOURS[i], markersize=5, label=spoken(dot))
        tell(place, some[["low", "high"]].to_numpy(), at, map(estimate, some.itertuples()))
    place.axvline(0, color=INK, linewidth=1)
    for row in range(1, len(names)):
        place.axhline(0.5 - row, color=PALE, linewidth=0.5, alpha=0.5)
    rows: Any = {"yticks": [-i for i in range(len(names))], "yticklabels": list(map(spoken, names))}
    place.set(xlabel=label, ylim=(0.5 - len(names), 0.5), **rows)
    place.tick_params(axis="y", length=0)
    widen(place)
    name_sides(place, *ends)
    if len(dots) > 1:
        legend_below(figure, place)
    return figure


def estimate(row: Any) -> str:
    """Return what a row of `intervals` says: its names, value and interval."""
    names = ", ".join(spoken(name) for name in (row.name, getattr(row, "dot", "")) if name)
    return f"{names}: {row.value:.3g} [{row.low:.3g}, {row.high:.3g}]"


def widen(place: Axes) -> None:
    """Make room on both sides of zero, so that what either means can be written above it."""
    low, high = place.get_xlim()
    span = max(high, 0) - min(low, 0)
    place.set_xlim(min(low, -0.3 * span), max(high, 0.3 * span))


def name_sides(place: Axes, left: str, right: str) -> None:
    """Write above a panel what it means to lie on either side of zero."""
    style: Any = {"textcoords": "offset points", "va": "bottom", "color": INK, "fontsize": 10}
    where = ("data", "axes fraction")
    place.annotate(f"← {left}", (0, 1), (-8, 4), xycoords=where, ha="right", **style)
    place.annotate(f"{right} →", (0, 1), (8, 4), xycoords=where, ha="left", **style)


def heat_map(surface: pd.DataFrame, label: str) -> Figure:
    """Draw scores by two rates (index: mating, columns: mutation) and frame the best cell."""
    figure, axes = canvas(1, 1, (4.2, 3.6))
    shown = draw_surface(axes[0, 0], surface, surface, cmap="viridis")
    colour_bar(figure, shown, [axes[0, 0]], label)
    return figure


def draw_surface(
    place: Axes, surface: pd.DataFrame, scores: pd.DataFrame, frame: str = COLOURS[1], **style: Any
) -> AxesImage:
    """Draw a surface by mating rate (index) and mutation rate (columns), its best cell framed; each says its score."""
    values = surface.to_numpy()
    shown = place.imshow(values, origin="lower", interpolation="none", **style)
    row, column = np.unravel_index(values.argmax(), values.shape)
    place.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=frame, linewidth=2))
    every = 1 if values.shape[1] <= 5 else 2  # so that the labels do not touch
    place.set_xticks(range(0, values.shape[1], every), [f"{rate:g}" for rate in surface.columns][::every])
    place.set_yticks(range(0, values.shape[0], every), [f"{rate:g}" for rate in surface.index][::every])
    place.set(xlabel="mutation rate", ylabel="mating rate")
    place.spines[:].set_visible(False)
    for height, (mating, line) in enumerate(scores.iterrows()):
        told = (f"mating {mating:g}, mutation {mutation:g}: {score:.4g}" for mutation, score in line.items())
        tell(place, [(i - 0.5, i + 0.5) for i in range(len(line))], [(height - 0.5, height + 0.5)] * len(line), told)
    return shown


def two_surfaces(paper: pd.DataFrame, ours: pd.DataFrame, slices: pd.DataFrame, label: str) -> Figure:
    """Draw two surfaces on one scale, each without its mean, and below them a slice at one mating rate.

    Args:
        paper: scores by mating rate (index) and mutation rate (columns).
        ours: the same.
        slices: a row of the same columns for each target of ours, by part, such as a data set, and target; all at one
            mating rate, which is the name of the first level. Thin lines are targets, thick ones their means.
        label: of the scores.
    """
    scores = {"the paper's": paper, "ours": ours}
    centred = {name: surface - surface.to_numpy().mean() for name, surface in scores.items()}
    bound = max(float(np.abs(surface.to_numpy()).max()) for surface in centred.values())
    figure, places = mosaic([list(centred), ["slice", "slice"]], (8, 7))
    for name, surface in centred.items():
        style: Any = {"cmap": FADING, "vmin": -bound, "vmax": bound}
        shown = draw_surface(places[name], surface, scores[name], INK, **style)
        places[name].set_title(name)
        places[name].spines[:].set(visible=True, linewidth=0.5)  # what is near zero has the page's colour
    places["ours"].set_ylabel("")
    colour_bar(figure, shown, [places[name] for name in centred], f"{label}, centred")
    draw_slices(places["slice"], paper, slices)
    places["slice"].set_ylabel(f"{label}, centred")
    legend_below(figure, places["slice"], columns=5)
    return figure


def draw_slices(place: Axes, paper: pd.DataFrame, slices: pd.DataFrame) -> None:
    """Draw scores by mutation rate at one mating rate, each line without its mean; see `two_surfaces`."""
    rate = float(str(slices.index.names[0]))
    centred = slices.sub(slices.mean(axis=1), axis=0)
    for i, (name, lines) in enumerate(centred.groupby(level=0, sort=False)):
        for _, line in lines.iterrows():
            place.plot(line.index, line, color=COLOURS[i], linewidth=0.6, alpha=0.5)
        middle = lines.mean()
        style: Any = {"color": COLOURS[i], "marker": MARKERS[i], "markersize": 4, "linewidth": 1.5}
        place.plot(middle.index, middle, label=spoken(name), **style)
        scores = slices.loc[[name]].mean()
        tell(place, middle.index, middle, (f"{spoken(name)}, mutation {x:g}: {y:.4g}" for x, y in scores.items()))
    theirs = paper.loc[rate] - paper.loc[rate].mean()
    place.plot(theirs.index, theirs, color=INK, linewidth=2.5, label="the paper's mean")
    place.axhline(0, color=PALE, linewidth=0.8)
    place.set(xlabel="mutation rate", title=f"a slice at mating rate {rate:g}")


def boxes(scores: pd.DataFrame, groups: str, hue: str, label: str) -> Figure:
    """Draw box plots with a dot per target; columns `groups`, `hue` and score."""
    names, hues = (list(dict.fromkeys(scores[column])) for column in (groups, hue))
    figure, axes = canvas(1, 1, (max(7, 1.1 * len(names) * len(hues) / 2 + 2), 3.8))
    place, width = axes[0, 0], 0.8 / len(hues)
    for i, kind in enumerate(hues):
        parts = [scores[(scores[groups] == name) & (scores[hue] == kind)]["score"].to_numpy() for name in names]
        at = np.arange(len(names)) + (i - (len(hues) - 1) / 2) * width
        line: Any = {"color": COLOURS[i]}
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
        place.plot([], [], color=COLOURS[i], label=spoken(kind))
    labels = [spoken(name).replace(", ", "\n") for name in names]
    place.set_xticks(range(len(names)), labels, fontsize=9 if len(names) > 5 else 11)
    place.set_ylabel(label)
    if len(hues) > 1:
        legend_below(figure, place)
    return figure


def marks(table: pd.DataFrame, heads: Sequence[str] = ()) -> Figure:
    """Draw a table of truths: a filled dot for true, a hollow one for false, a gap between the `heads` of its columns.

    Args:
        table: bool, with names for rows; columns of one level, or of two, the first of which is drawn above.
        heads: the values of that first level, in order; none for columns of one level.
    """
    columns = list(table.columns)
    gaps = [heads.index(column[0]) * 0.6 if heads else 0 for column in columns]
    across = np.arange(len(columns)) + np.array(gaps)
    figure, axes = canvas(1, 1, (8, 1.6 + 0.32 * len(table)))
    place = axes[0, 0]
    for row, values in enumerate(table.to_numpy(bool)):
        faces = [COLOURS[0] if value else "none" for value in values]
        place.scatter(across, [-row] * len(across), s=70, facecolors=faces, edgecolors=COLOURS[0], linewidths=1.2)
    labels = [textwrap.fill(column[1] if heads else column, 9) for column in columns]
    place.set_xticks(across, labels, fontsize=9)
    place.set_yticks([-row for row in range(len(table))], list(map(spoken, table.index)))
    for head in heads:
        middle = across[[column[0] == head for column in columns]].mean()
        place.annotate(
            spoken(head), (middle, 1), (0, 48), ("data", "axes fraction"), "offset points", ha="center", color=INK
        )
    place.xaxis.tick_top()
    place.tick_params(length=0)
    place.spines[:].set_visible(False)
    place.set(xlim=(across[0] - 0.6, across[-1] + 0.6), ylim=(0.6 - len(table), 0.6))
    return figure


def label_dots(place: Axes, x: Sequence[float], y: Sequence[float], labels: Sequence[str]) -> None:
    """Write a label beside each dot, on that side where the nearest dot or label is farthest."""
    width, height = (end - start for start, end in (place.get_xlim(), place.get_ylim()))
    spots = [(float(a) / width, float(b) / height) for a, b in zip(x, y, strict=True)]
    dots = np.concatenate([np.ma.getdata(some.get_offsets()) for some in place.collections]) / [width, height]
    taken = [(float(a), float(b)) for a, b in dots]
    for spot, label in zip(spots, labels, strict=True):
        others = [other for other in taken if other != spot]
        side = max(SIDES, key=lambda way: nearest(spot, way, others))
        taken.append((spot[0] + 0.1 * side[0], spot[1] + 0.045 * side[1]))
        at, away = (spot[0] * width, spot[1] * height), (14 * side[0], 9 * side[1])
        style: Any = {"textcoords": "offset points", "ha": "center", "va": "center", "fontsize": 8, "color": INK}
        place.annotate(label, at, away, **style)


def nearest(spot: tuple[float, float], side: tuple[int, int], others: Sequence[tuple[float, float]]) -> float:
    """Return how far a label on one side of a dot is from other places; it is twice as wide as it is high."""
    label = (spot[0] + 0.1 * side[0], spot[1] + 0.045 * side[1])
    return min((float(np.hypot((label[0] - x) / 2, label[1] - y)) for x, y in others), default=1.0)
