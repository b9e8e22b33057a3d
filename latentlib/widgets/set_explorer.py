"""Sliders for a set of images that evolves to be diverse, beside random sampling."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from latentlib.checks import check_at_least
from latentlib.study import plots
from latentlib.widgets import drawing
from latentlib.widgets.diverse import ALGORITHMS, Problem, Session, Snapshot, Trial, View
from latentlib.widgets.explorer import ABSENT, attended
from latentlib.widgets.panel import NAMES, Panel, choice, legend, slider

MEASURES = {"RMSE": "rmse", "NCC (cross-correlation)": "ncc"}
SHORT = {
    "method": "",
    "population": "population",
    "mutation_rate": "mutation",
    "mating_rate": "crossover",
    "bins": "bins",
    "seed": "seed",
}
BINS = (100, 50, 20, 10)
SHOWN = 10  # images per row in an unattended notebook


def explore_sets(problems: Mapping[str, Problem], generations: int = 30, **values: Any) -> Any:
    """Return sliders, images and curves of a set that evolves to be diverse, beside random sampling.

    Moving a slider during a run ends it and starts another; earlier curves stay in pale where they can be compared
    (same problem, metric and size). While nothing runs, a change shows the best of the first sets, where Run starts.

    Args:
        problems: by name, a function without arguments that returns a generator and a judge of its images, which is no
            fitness.
        generations: of a full run at first, at least 1.
        values: first values of the other controls; names and ranges as in `diverse.Trial`.

    Returns:
        A widget. Where the notebook runs unattended (papermill, nbval), a figure of `frames` with a sentence that says
            so, since a stored slider moves nothing.

    Raises:
        ValueError: for an unknown name or a value out of range.
    """
    first = Trial.of(problems, values)
    check_at_least("generations", generations, 1)
    if not attended():
        print(ABSENT)
        return frames(problems, generations, first)
    explorer = SetExplorer(problems, generations, first)
    explorer.session.change(explorer.trial())
    return explorer.panel


def frames(problems: Mapping[str, Problem], generations: int, first: Trial) -> Figure:
    """Draw images of the best set of each algorithm at the end of a run of each problem.

    Args:
        problems: as in `explore_sets`.
        generations: at least 1.
        first: values of the controls; its problem and algorithm are ignored.
    """
    session, rows = Session(problems, draw=lambda _: None, complain=lambda _: None), {}
    for name in problems:
        for algorithm, words in ALGORITHMS.items():
            trial = replace(first, problem=name, algorithm=algorithm)
            *_, last = session.evolution(trial, generations)
            best = session.snapshot(trial, last).best
            rows[f"{name}\n{words}\nmean similarity {four(best.similarity)}"] = best.images[:SHOWN]
    return plots.image_rows(rows)


def controls(problems: Mapping[str, Problem], generations: int, first: Trial) -> dict[str, widgets.Widget]:
    """Return a control for each field of `Trial`, by its name, and one for the generations."""
    algorithms = [(words, name) for name, words in ALGORITHMS.items()]
    bins = sorted({*BINS, first.bins}, reverse=True)
    return {
        "problem": choice(first.problem, "data set", list(problems), "generator and judge"),
        "algorithm": choice(first.algorithm, "algorithm", algorithms, "how sets are searched"),
        "metric": choice(first.metric, "similarity", list(MEASURES.items()), "of two images; its mean is minimised"),
        "mutation_rate": slider(first.mutation_rate, "mutation rate", (0, 0.5, 0.01), "share of genes drawn anew"),
        "mating_rate": slider(first.mating_rate, "crossover rate", (0, 1, 0.05), "share of pairs that exchange genes"),
        "size": slider(first.size, "set size", (16, 50, 1), "images in a set; more take longer"),
        "population": slider(first.population, "population", (6, 50, 2), "sets judged in a generation"),
        "bins": choice(first.bins, "map", [(f"{n} x {n} cells", n) for n in bins], "of MAP-Elites"),
        "generations": slider(generations, "generations", (1, 200, 1), "where a run ends"),
        "seed": slider(first.seed, "seed", (0, 9, 1), "other first sets, other luck"),
    }


class SetExplorer(Panel):
    """The view: controls, best sets, curves, map. See `explore_sets`."""

    def __init__(self, problems: Mapping[str, Problem], generations: int, first: Trial) -> None:
        shown = controls(problems, generations, first)
        about = "number and evenness of classes, and distances, by a classifier that has no say in the search"
        self.judge = widgets.Checkbox(description="what a judge sees", tooltip=about, layout={"width": "auto"})
        self.map = widgets.HTML()
        session = Session(problems, self.draw, self.complain, generations)
        super().__init__(session, shown, [*shown.values(), self.judge])
        self.panel.children[1].children += (self.map,)
        self.judge.observe(self.redraw, "value")

    def trial(self) -> Trial:
        """Return the trial set by the controls."""
        return Trial(**{name: control.value for name, control in self.controls.items() if name != "generations"})

    def moved(self, _: object) -> None:
        """Restart after a control has changed."""
        self.session.generations = self.controls["generations"].value
        super().moved(_)

    def redraw(self, _: object) -> None:
        """Show the same with the judge, or without."""
        if self.session.latest:
            self.draw(self.session.latest)

    def draw(self, shown: Snapshot) -> None:
        """Show a snapshot."""
        views = {"the best set": shown.best} | ({"the best random set": shown.beside} if shown.beside else {})
        self.pictures.value = drawing.beside(*(shown_set(view, words) for words, view in views.items())) + (
            "".join(f"<div>{opinion(view, words)}</div>" for words, view in views.items()) if self.judge.value else ""
        )
        runs = [*self.session.earlier, shown]
        last = max([self.session.generations, *(run.generation for run in runs)])
        alternative = f"mean similarity of the best set over generations: {course(shown.curve)}"
        parts = [shown.rival] if shown.rival else []
        alternative += "".join(f"; of random sampling: {course(part)}" for part in parts)
        picture = drawing.chart([run.curve for run in runs], last, "mean similarity", alternative, parts)
        beside = [f"random sampling: {four(part[-1])}" for part in parts]
        self.chart.value = drawing.card(picture, legend(runs, SHORT, four), beside) + NAMES
        self.map.value = self.heat(shown)
        self.tell(shown)

    def heat(self, shown: Snapshot) -> str:
        """Return MAP-Elites' map as HTML; nothing for other searches, or an empty map."""
        if shown.heat is None or not (filled := int((~shown.heat.isnan()).sum())):
            return ""
        words = f"{filled:,} cells of the map hold a set; the stronger its colour, the fitter"
        picture = drawing.heat_map(shown.heat, ("mean similarity", "maximum similarity"), words)
        return drawing.card(picture, [words])

    def outcome(self, shown: Snapshot) -> str:
        """Return mean similarities, as HTML."""
        beside = f", random sampling {four(shown.rival[-1])}" if shown.rival else ""
        return f"mean similarity <b>{four(shown.curve[-1])}</b>{beside}"


def shown_set(view: View, words: str) -> str:
    """Return the images of a set with its mean similarity, as HTML."""
    columns = math.ceil(math.sqrt(len(view.images)))
    return drawing.figure(view.images, columns, 56, f"{words}: mean similarity {four(view.similarity)}")


def opinion(view: View, words: str) -> str:
    """Return what a judge sees in a set."""
    spread = "" if view.spread is None else f", mean distance {view.spread:.1f}"
    return f"In {words} a judge sees {view.classes} classes, evenness {view.evenness:.2f}{spread}."


def four(value: float) -> str:
    """Return a number with four decimals."""
    return f"{value:.4f}"


def course(curve: list[float]) -> str:
    """Return where a curve begins and ends, in words."""
    return f"from {four(curve[0])} to {four(curve[-1])}"
