"""Scores along a search: by generation, by iteration, by cost."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlib.study.names import spoken
from latentlib.study.plots.style import COLOURS, INK, canvas, legend_below, panels

LINE = 13.0  # points from one label to the next


def fitness_curves(
    curves: Mapping[str, pd.DataFrame],
    x: str = "passes",
    y: str = "best",
    labels: tuple[str, str] | None = None,
) -> Figure:
    """Draw a column of `History.frame`, one line per search: the mean over runs, with a band from 10 to 90 %.

    Args:
        curves: frames by name of the search, with columns generation and run beside `x` and `y`.
        x: the column on the horizontal axis.
        y: the column on the vertical axis.
        labels: of both axes; by default the columns' names.
    """
    figure, axes = canvas(1, 1, (7, 3.6))
    place = axes[0, 0]
    ends = []
    for name, frame in curves.items():
        groups = frame.groupby("generation")
        across, middle = groups[x].mean(), groups[y].mean()
        line = place.plot(across, middle)[0]
        if frame["run"].nunique() > 1:
            low, high = groups[y].quantile(0.1), groups[y].quantile(0.9)
            place.fill_between(across, low, high, color=line.get_color(), alpha=0.15, linewidth=0)
        ends.append((spoken(name), float(across.iloc[-1]), float(middle.iloc[-1]), str(line.get_color())))
    place.margins(x=0.02)
    place.set(xlabel=(labels or (x, y))[0], ylabel=(labels or (x, y))[1])
    name_ends(place, ends)
    return figure


def name_ends(place: Axes, ends: Sequence[tuple[str, float, float, str]]) -> None:
    """Write names beside the ends of lines, at the right edge and apart from each other.

    Args:
        place: the panel, its lines drawn.
        ends: name, x, y and colour of each.
    """
    low, high = place.get_ylim()
    points = place.bbox.height / place.figure.dpi * 72 * 0.8 / (high - low)  # of a unit, roughly: labels take a fifth
    heights = [(end[2] - low) * points for end in ends]
    order = sorted(range(len(ends)), key=heights.__getitem__)
    spread = apart([heights[i] for i in order])
    edge = max(end[1] for end in ends)
    for i, height in zip(order, spread, strict=True):
        name, x, y, colour = ends[i]
        away = (5, height - heights[i])
        at = (x if len(ends) == 1 or x < 0.9 * edge else edge, y)
        place.annotate(
            name, at, away, textcoords="offset points", color=colour, va="center", fontsize=10, parse_math=False
        )


def apart(heights: Sequence[float], least: float = LINE) -> list[float]:
    """Return heights, given in order, moved as little as it takes that neighbours are `least` from each other."""
    groups: list[tuple[float, int]] = []  # mean height and size of runs that touch
    for height in heights:
        groups.append((height, 1))
        while len(groups) > 1 and touching(groups[-2], groups[-1], least):
            (one, many), (other, more) = groups[-2:]
            groups[-2:] = [((one * many + other * more) / (many + more), many + more)]
    return [mean + (i - (size - 1) / 2) * least for mean, size in groups for i in range(size)]


def touching(below: tuple[float, int], above: tuple[float, int], least: float) -> bool:
    """Return whether two runs of heights would overlap."""
    return above[0] - below[0] < least * (below[1] + above[1]) / 2


def courses(ours: pd.DataFrame, paper: pd.DataFrame, line: str, label: str) -> Figure:
    """Draw scores by iteration, one panel per data set and one line per value of `line`; the paper's are dashed.

    A line is the mean of our targets, with a band from 10 to 90 % of them.

    Args:
        ours: columns dataset, iteration, score and that of `line`; one row per target.
        paper: the same columns.
        line: the column that distinguishes the lines.
        label: of the scores.
    """
    names = list(dict.fromkeys(ours["dataset"]))
    figure, places = panels(names, height=2.8)
    for place, name in zip(places, names, strict=True):
        for table, style in ((ours, "-"), (paper, "--")):
            for i, (value, part) in enumerate(table[table["dataset"] == name].groupby(line)):
                shown = f"{value:g}" if table is ours else None
                scores = part.groupby("iteration")["score"]
                place.plot(scores.mean(), style, color=COLOURS[i], label=shown, linewidth=1.5)
                if part["iteration"].duplicated().any():
                    low, high = scores.quantile(0.1), scores.quantile(0.9)
                    place.fill_between(low.index, low, high, color=COLOURS[i], alpha=0.07, linewidth=0)
        place.set(xlabel="iteration", ylabel=label)
    places[0].plot([], [], "-", color=INK, label="ours")
    places[0].plot([], [], "--", color=INK, label="the paper's")
    legend_below(figure, places[0], title=spoken(line), columns=6)
    return figure


def budgets(scores: pd.DataFrame, label: str) -> Figure:
    """Draw score by cost, one panel per data set and one line or dot per method: mean, and 10 to 90 % of the targets.

    Columns: dataset, method, iteration, passes, score; one row per target.
    """
    names = list(dict.fromkeys(scores["dataset"]))
    methods = list(dict.fromkeys(scores["method"]))
    figure, places = panels(names)
    for place, name in zip(places, names, strict=True):
        for i, method in enumerate(methods):
            part = scores[(scores["dataset"] == name) & (scores["method"] == method)].groupby("iteration")
            across, middle = part["passes"].mean().to_numpy(), part["score"].mean().to_numpy()
            low, high = (part["score"].quantile(q).to_numpy() for q in (0.1, 0.9))
            style: Any = {"color": COLOURS[i % len(COLOURS)], "label": spoken(method)}
            if len(across) == 1:
                across = across * 1.15**i  # beside each other, as they cost the same
                place.errorbar(across, middle, [middle - low, high - middle], fmt="o", markersize=5, **style)
            else:
                order = np.argsort(across)
                place.plot(across[order], middle[order], **style)
                place.fill_between(across[order], low[order], high[order], alpha=0.12, linewidth=0, color=COLOURS[i])
        place.set(xscale="log", xlabel="generator passes", ylabel=label)
    legend_below(figure, places[0], columns=3)
    return figure
