"""What the chapter's notebooks draw: effects on a classifier, what evolution does to a set, and whose labels hold."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlib.study import plots
from latentlib.study.statistics import Estimate
from studies.augmentation.arms import ARMS, NONE, RANDOM, UNLIKE
from studies.augmentation.experiments.supervision import FIRST, LAST, SORTED
from studies.augmentation.plan import HEADS, LOOK_ALIKES
from studies.augmentation.verdicts.draws import POINTS, by_draw, chosen, effect, gains, over_draws
from studies.augmentation.verdicts.power import deviation, runs_needed

TITLES = {LOOK_ALIKES: "garments that look alike", HEADS: "sperm heads"}
STAGES = {  # of a supervisor's sets: panels, and the stages that have a value in each
    "likeness": ("likeness to the centroid", (FIRST, LAST, SORTED)),
    "spread": ("spread to the judges", (FIRST, LAST, SORTED)),
    "told_apart": ("share told from generation 0", (LAST, SORTED)),
}
EFFECTS = np.geomspace(0.5, 8, 60)  # in points: those whose number of runs is drawn
POWER = 0.8
WORDS = {NONE: "no addition", RANDOM: "random images"}
KINDS = {"agreement": "seen as their class", "nearest": "distance to the nearest original"}


def effects(contest: pd.DataFrame, other: str = NONE, arms: tuple[str, ...] = ARMS) -> Figure:
    """Draw by how many points arms are more accurate than another, a panel for each data set: Fig. 12 with controls.

    A dot is the mean over the draws, paired, with its interval.
    """
    names = [name for name in TITLES if (contest["dataset"] == name).any()]
    shown = [arm for arm in arms if arm != other]
    figure, axes = plots.canvas(1, len(names), (3.9 * len(names) + 1.6, 1 + 0.3 * len(shown)))
    for place, name in zip(axes[0], names, strict=True):
        dots(place, {arm: effect(contest, arm, other, dataset=name) for arm in shown})
        place.axvline(0, color=plots.PALE, linewidth=1, zorder=0)
        place.set(title=TITLES[name], xlabel=f"points above {WORDS.get(other, other)}")
        place.tick_params(labelleft=place is axes[0, 0])
    return figure


def stages(supervision: pd.DataFrame) -> Figure:
    """Draw what the best sets are like before and after evolution, or by sorting, for both directions of the fitness.

    Lines across are random sets and, of the spread, the originals.
    """
    figure, axes = plots.canvas(1, len(STAGES), (10, 3))
    for place, (column, (label, some)) in zip(axes[0], STAGES.items(), strict=True):
        for colour, (alike, words) in zip(plots.COLOURS, ((False, "unlike"), (True, "alike")), strict=False):
            found = {stage: over_draws(by_draw(supervision, column, alike=alike, stage=stage)) for stage in some}
            dots(place, found, shift=-0.2 * alike, color=colour, label=f"evolved, or sorted, {words} the centroid")
        for rival, look in (("random", "--"), ("real", ":")):
            if (name := f"{column}_{rival}") in supervision:
                level = over_draws(by_draw(supervision, name)).value
                words = {"random": "random sets", "real": "originals"}[rival]
                place.axvline(level, color=plots.INK, linestyle=look, linewidth=1, label=words)
        place.set_xlabel(label)
        place.tick_params(labelleft=column in ("likeness", "told_apart"))
    plots.legend_below(figure, axes[0, 1], columns=2)
    return figure


def power(folds: pd.DataFrame) -> Figure:
    """Draw how many paired runs find an effect of some size with a power of 0.8, on few test images and on all."""
    figure, axes = plots.canvas(1, 1, (6, 3.4))
    place = axes[0, 0]
    tests = {"small_accuracy": "56 test images", "accuracy": "all test images"}
    for colour, (column, label) in zip(plots.COLOURS, tests.items(), strict=False):
        spread = deviation(gains(folds, UNLIKE, column=column).dropna().to_numpy(float))
        middle, low, high = (
            [runs_needed(value, effect, POWER) for effect in EFFECTS]
            for value in (spread.value, spread.low, spread.high)
        )
        place.plot(EFFECTS, middle, color=colour, label=label)
        place.fill_between(EFFECTS, low, high, color=colour, alpha=0.2, linewidth=0)
    place.axhline(5, color=plots.PALE, linewidth=1)
    place.annotate("the page's five", (EFFECTS[0], 5), ha="left", va="top", color=plots.INK, fontsize=9)
    place.set(xscale="log", yscale="log", xlabel="effect, in points", ylabel="runs")
    for axis in (place.xaxis, place.yaxis):
        axis.set_major_formatter("{x:g}")
    place.set_xticks([0.5, 1, 2, 4, 8])
    place.minorticks_off()
    plots.legend_below(figure, place)
    return figure


def amounts(table: pd.DataFrame) -> Figure:
    """Draw the effect of added random images by their number, a line for each number of real ones and a panel a GAN."""
    known = list(dict.fromkeys(table["gan_data"]))
    figure, axes = plots.canvas(1, len(known), (4.2 * len(known), 3.4))
    for place, gan in zip(axes[0], known, strict=True):
        rows = chosen(table, gan_data=gan)
        for colour, (images, some) in zip(plots.COLOURS, rows.groupby("images"), strict=False):
            scores = some[some["arm"].isin([NONE, RANDOM])].pivot_table("accuracy", "seed", "amount")
            found = [over_draws(POINTS * (scores[amount] - scores[0])) for amount in scores.columns[1:]]
            ends = [[e.value - e.low for e in found], [e.high - e.value for e in found]]
            values, across = [e.value for e in found], np.arange(1, len(found) + 1)
            shift = 0.06 * (list(dict.fromkeys(rows["images"])).index(images) - 2)
            place.errorbar(across + shift, values, ends, color=colour, marker="o", markersize=4, label=f"{images} real")
        place.axhline(0, color=plots.PALE, linewidth=1, zorder=0)
        place.set_xticks(across, scores.columns[1:])
        place.set(title=f"GANs of {gan}", xlabel="images added to each class", ylabel="points above no addition")
    plots.legend_below(figure, axes[0, 0], columns=5)
    return figure


def labels(gans: pd.DataFrame) -> Figure:
    """Draw how many images of each kind of GAN are seen as their class, and how near to originals they are."""
    kinds = list(dict.fromkeys(gans["kind"]))
    figure, axes = plots.canvas(1, len(KINDS), (9, 1 + 0.32 * len(kinds)))
    for place, (column, label) in zip(axes[0], KINDS.items(), strict=True):
        dots(place, {kind: over_draws(by_draw(gans, column, kind=kind)) for kind in kinds})
        place.set_xlabel(label)
        place.tick_params(labelleft=place is axes[0, 0])
    return figure


def dots(place: Axes, estimates: Mapping[str, Estimate], shift: float = 0, **look: Any) -> None:
    """Draw estimates with their intervals one below the other, all shifted upwards by a part of a line."""
    rows = np.arange(len(estimates))[::-1]
    values = [estimate.value for estimate in estimates.values()]
    ends = [[e.value - e.low for e in estimates.values()], [e.high - e.value for e in estimates.values()]]
    place.errorbar(values, rows + shift, xerr=ends, fmt="o", markersize=5, **{"color": plots.COLOURS[0]} | look)
    spans = [(estimate.low, estimate.high) for estimate in estimates.values()]
    plots.tell(place, spans, rows + shift, (f"{name}: {estimate}" for name, estimate in estimates.items()))
    place.set_yticks(rows, list(estimates))
    place.set_ylim(-0.6, len(estimates) - 0.4)
