"""What the chapter's notebooks draw: courses of searches, final sets, and maps."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from torch import Tensor

from latentlib import zoo
from latentlib.study import plots
from latentlib.study.names import spoken
from latentlib.study.statistics import mean
from studies.diversity.experiments.contest import ELITES, GENETIC, RANDOM, Outcome
from studies.diversity.experiments.dissection import BINS
from studies.diversity.experiments.maps import GRID
from studies.diversity.varied import JUDGED
from studies.diversity.verdicts.runs import cells, generators

TITLES = {"rmse": "RMSE", "ncc": "NCC"}
CALLED = {  # by method and rivals for a parent
    (ELITES, 1): "MAP-Elites, parents at random",
    (ELITES, 3): "MAP-Elites, parents by a tournament",
    (GENETIC, 3): "genetic algorithm",
    (GENETIC, 1): "genetic algorithm, parents at random",
    (RANDOM, 1): "random sampling",
}


def course(outcome: Outcome, marks: Sequence[int]) -> pd.DataFrame:
    """Return the fitness of the best set so far of each run, after the numbers of sets in `marks`."""
    rows = [
        {"generation": place, "run": run, "evaluated": mark, "best": float(values[mark - 1])}
        for run, values in enumerate(outcome.course)
        for place, mark in enumerate(marks)
    ]
    return pd.DataFrame(rows)


def courses(searches: pd.DataFrame) -> Figure:
    """Draw the fitness of the best set so far by sets judged, one panel per generator and metric: Fig. 4.

    A line is the mean of the runs, its band reaches from the lowest to the highest.
    """
    told = cells(searches[searches["best"].notna()])
    figure, places = plots.panels([f"{name}, {TITLES[metric]}" for name, metric in told], height=2.6)
    for place, rows in zip(places, told.values(), strict=True):
        for colour, (method, some) in zip(plots.COLOURS, rows.groupby("method", sort=False), strict=False):
            across = some.groupby("evaluated")["best"]
            place.plot(across.mean(), color=colour, label=method)
            place.fill_between(across.min().index, across.min(), across.max(), color=colour, alpha=0.2, linewidth=0)
        place.set(xlabel="sets judged", ylabel="fitness")
    plots.legend_below(figure, places[0])
    return figure


def final_sets(best_sets: pd.DataFrame, dataset: str, metric: str, count: int = 20) -> Figure:
    """Draw the first images of the best set of each search by a metric: Figs 6 and 7."""
    rows = best_sets[(best_sets["dataset"] == dataset) & (best_sets["replicate"] == 0)]
    rows = rows[rows["metric"] == metric]
    generator = zoo.load_generator(f"restoring/{dataset}")
    half = count // 2
    images: dict[str, Tensor] = {}
    for method, some in rows.groupby("method", sort=False):
        genes = some.filter(regex=r"^z\d+$").head(count)
        with torch.no_grad():
            drawn = generator(torch.tensor(genes.to_numpy(np.float32)))
        images |= {str(method): drawn[:half], " " * (len(images) + 1): drawn[half:]}
    return plots.image_rows(images, inches=0.7)


def maps(heat_maps: pd.DataFrame, name: str) -> Figure:
    """Draw maps, cut to what is filled anywhere: a row for each value of a column, one map per number of sets judged.

    Args:
        heat_maps: rows of filled cells: `evaluated`, `mean`, `maximum`, `best` (fitness), and `name`.
        name: of the column.
    """
    values, moments = (list(dict.fromkeys(heat_maps[column])) for column in (name, "evaluated"))
    figure, axes = plots.canvas(len(values), len(moments), (2.7 * len(moments) + 0.9, 2.6 * len(values)))
    for line, value in zip(axes, values, strict=True):
        rows = heat_maps[heat_maps[name] == value]
        ends = window(rows)
        for place, moment in zip(line, moments, strict=True):
            some = rows[rows["evaluated"] == moment]
            image = np.full(GRID.bins, np.nan)
            image[some["mean"], some["maximum"]] = some["best"]
            shown = place.imshow(image.T, origin="lower", cmap="viridis", aspect="auto", extent=(0, 1, 0, 1))
            shown.set_clim(rows["best"].min(), rows["best"].max())
            place.set(xlim=ends[0], ylim=ends[1], title=f"{moment:,} sets, {len(some)} cells")
            place.title.set_fontsize(9)
        line[0].set_ylabel(f"{TITLES.get(value, value)}\nmaximum similarity")
        plots.colour_bar(figure, shown, list(line), "fitness", shrink=1.0)
    for place in axes[-1]:
        place.set_xlabel("mean similarity")
    return figure


def window(heat_maps: pd.DataFrame) -> list[tuple[float, float]]:
    """Return the least and greatest value of both axes that show all filled cells, with a margin of two cells."""
    return [
        (max(0.0, (heat_maps[axis].min() - 2) / bins), min(1.0, (heat_maps[axis].max() + 3) / bins))
        for axis, bins in zip(("mean", "maximum"), GRID.bins, strict=True)
    ]


def against(table: pd.DataFrame, column: str, others: Mapping[str, str]) -> Figure:
    """Draw a column against others, a dot a row and a panel for each, whose label is its value in `others`."""
    figure, places = plots.panels([""] * len(others))
    for place, (other, label) in zip(places, others.items(), strict=True):
        place.scatter(table[other], table[column], s=14, color=plots.COLOURS[0], alpha=0.7, linewidths=0)
        place.set(xlabel=label, ylabel=column)
        place.locator_params(axis="x", nbins=5)  # so that the labels do not touch
    return figure


def leads(rivals: pd.DataFrame, random_sets: pd.DataFrame, column: str = "best") -> pd.DataFrame:
    """Return by how much each rival's set exceeds the genetic algorithm's, in the form that `plots.intervals` draws.

    Args:
        rivals: of one generator, paired by `seed`.
        random_sets: of the same generator: their deviation is the unit.
        column: `best`, fitness by the metric that was climbed, or what else both tables tell of a set.
    """
    rows = []
    for metric, some in rivals.groupby("metric", sort=False):
        unit = random_sets[f"{metric}_mean" if column == "best" else column].std()
        values = some.pivot_table(column, "seed", "method")
        for method in some["method"].unique():
            if method != GENETIC:
                found = mean(((values[method] - values[GENETIC]) / unit).to_numpy())
                place = {"name": method, "dot": TITLES[str(metric)]}
                rows.append(place | {"value": found.value, "low": found.low, "high": found.high})
    return pd.DataFrame(rows)


def resolutions(dissection: pd.DataFrame) -> Figure:
    """Draw where MAP-Elites ends, by the map's resolution above and by the cells it fills below, for each data set.

    A dot is the mean over the runs that judge, with its interval; a line across is a rival's mean.
    """
    known = {name: judged(rows) for name, rows in generators(dissection).items() if rows["bins"].nunique() > 1}
    figure, axes = plots.canvas(2, len(known), (max(5.5, 4.1 * len(known)), 6.5))
    for (above, below), (name, rows) in zip(axes.T, known.items(), strict=True):
        for colour, (key, label) in zip(plots.COLOURS, CALLED.items(), strict=False):
            some = rows[(rows["method"] == key[0]) & (rows["tournament"] == key[1])]
            for place, column in ((above, "bins"), (below, "filled")):
                if key[0] == ELITES:
                    dots(place, some, column, color=colour, label=label)
                else:
                    place.axhline(some["best"].mean(), color=colour, linestyle="--", linewidth=1.2, label=label)
        above.set(title=spoken(name), xscale="log", xlabel="bins an axis", xticks=BINS, xticklabels=BINS)
        below.set(xscale="log", xlabel="cells filled")
        below.xaxis.set(major_locator=LogLocator(subs=(1, 3)), major_formatter="{x:g}")
        for place in (above, below):
            place.minorticks_off()
    for place in axes[:, 0]:
        place.set_ylabel("fitness in the end")
    plots.legend_below(figure, axes[0, 0], columns=1 if len(known) == 1 else 2)
    return figure


def judged(dissection: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in the end of the runs that judge, of searches that have one child at a time."""
    last = dissection["evaluated"] == dissection["evaluated"].max()
    rows: pd.DataFrame = dissection[last & (dissection["seed"] == JUDGED) & (dissection["offspring"] == 1)]
    return rows


def dots(place: Axes, rows: pd.DataFrame, column: str, **look: Any) -> None:
    """Draw the mean fitness over the runs of each resolution, with its interval, at the mean of a column."""
    settings = [some for _, some in rows.groupby("bins")]
    found = [mean(some["best"].to_numpy()) for some in settings]
    values = np.array([estimate.value for estimate in found])
    ends = np.array([[e.value - e.low for e in found], [e.high - e.value for e in found]])
    across = [some[column].mean() for some in settings]
    place.errorbar(across, values, ends, fmt="o", markersize=5, linewidth=1.5, **look)
    told = [
        f"{some['bins'].iloc[0]} bins an axis: {one.value:.3f} [{one.low:.3f}, {one.high:.3f}]"
        for some, one in zip(settings, found, strict=True)
    ]
    plots.tell(place, across, values, told)
