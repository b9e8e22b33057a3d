"""Sliders for a genetic algorithm that runs while they are moved."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ipywidgets as widgets
import torch
from IPython.core.getipython import get_ipython
from matplotlib.figure import Figure

from latentlib.checks import check_at_least, check_choice
from latentlib.study import plots
from latentlib.widgets import drawing
from latentlib.widgets.panel import NAMES, Panel, choice, legend, slider
from latentlib.widgets.restoring import Problem, Session, Snapshot, Trial, check_target

MEASURES = {"mse": "1 - MSE", "ssim": "SSIM"}
SHORT = {"population": "population", "mating_rate": "mating", "mutation_rate": "mutation", "seed": "seed"}
ABSENT = (
    "The sliders need a running notebook: open this page in Jupyter or Colab,\n"
    "run it from the top, and they appear here.\n"
    "In their place stand pictures computed beforehand."
)
MOMENTS = (0, 5, 20, 50)  # generations whose best images are shown


def explore(problems: Mapping[str, Problem], targets: int, generations: int = 200, **values: Any) -> Any:
    """Return sliders, images and the curve of a genetic algorithm that restores images.

    Moving a slider during a run ends it and starts another with the new value; earlier curves stay in pale where they
    can be compared (same problem, target and fitness). While nothing runs, moving a slider shows the first population,
    and Run starts from there.

    Args:
        problems: by name, a function without arguments that returns a generator and its targets
            (n, channels, height, width); called when the problem is first chosen.
        targets: number of targets that the slider offers.
        generations: of a full run, at least 1.
        values: first values of the controls; names and ranges as in `restoring.Trial`.

    Returns:
        A widget. Where the notebook runs unattended (papermill, nbval), a figure of `frames` with a sentence that says
            so, since a stored slider moves nothing.

    Raises:
        ValueError: for an unknown name or a value out of range.
    """
    first = Trial.of(problems, values)
    for name, number in {"targets": targets, "generations": generations}.items():
        check_at_least(name, number, 1)
    check_choice("fitness", first.fitness, tuple(MEASURES))
    check_target(first.target, targets)
    if not attended():
        print(ABSENT)
        return frames(problems, generations, first)
    explorer = Explorer(problems, targets, generations, first)
    explorer.session.change(explorer.trial())
    return explorer.panel


@torch.no_grad()
def frames(problems: Mapping[str, Problem], generations: int, first: Trial) -> Figure:
    """Draw the best image at a few moments of a run of each problem, one row per problem with the target at its end.

    Args:
        problems: as in `explore`.
        generations: at least 1; moments beyond it are left out.
        first: values of the controls; its problem is ignored.
    """
    session = Session(problems, draw=lambda _: None, complain=lambda _: None)
    moments = [moment for moment in MOMENTS if moment <= generations]
    rows = {}
    for name in problems:
        trial = replace(first, problem=name)
        states = [state for state in session.evolution(trial, moments[-1]) if state.generation in moments]
        generator, images = session.problem(trial)
        rows[name] = torch.cat([generator(torch.cat([s.best.latents for s in states])), images[trial.target][None]])
    return plots.image_rows(rows, [f"generation {moments[0]}", *map(str, moments[1:]), "target"])


def attended() -> bool:
    """Return whether a front end runs the cell: it lets the kernel ask questions, an executing library does not."""
    kernel = getattr(get_ipython(), "kernel", None)
    return kernel is not None and bool(kernel.get_parent().get("content", {}).get("allow_stdin", True))


def controls(problems: Mapping[str, Problem], targets: int, first: Trial) -> dict[str, widgets.Widget]:
    """Return a control for each field of `Trial`, by its name."""
    measures = [(name, key) for key, name in MEASURES.items()]
    rate, last = (0, 1, 0.05), targets - 1
    return {
        "mutation_rate": slider(first.mutation_rate, "mutation rate", rate, "share of children disturbed"),
        "mating_rate": slider(first.mating_rate, "mating rate", rate, "share of pairs that exchange genes"),
        "population": slider(first.population, "population", (20, 400, 20), "individuals"),
        "fitness": choice(first.fitness, "fitness", measures, "what is maximised"),
        "problem": choice(first.problem, "data set", list(problems), "generator and targets"),
        "target": slider(first.target, "target number", (0, last, 1), "the image to restore"),
        "seed": slider(first.seed, "seed", (0, 9, 1), "another first population, other luck"),
    }


class Explorer(Panel):
    """The view: controls, images, curve. See `explore`."""

    def __init__(self, problems: Mapping[str, Problem], targets: int, generations: int, first: Trial) -> None:
        super().__init__(Session(problems, self.draw, self.complain, generations), controls(problems, targets, first))

    def trial(self) -> Trial:
        """Return the trial set by the controls."""
        return Trial(**{name: control.value for name, control in self.controls.items()})

    def draw(self, shown: Snapshot) -> None:
        """Show a snapshot."""
        self.pictures.value = drawing.beside(
            drawing.figure(shown.target[None], 1, 112, "target"),
            drawing.figure(shown.best[None], 1, 112, "best so far"),
            drawing.figure(shown.members, 8, 56, f"{len(shown.members)} members, from the fittest to the least fit"),
        )
        runs = [*self.session.earlier, shown]
        label = f"best fitness so far ({MEASURES[shown.trial.fitness]})"
        alternative = f"{label} over generations, from {shown.curve[0]:.4f} to {shown.curve[-1]:.4f}"
        picture = drawing.chart([run.curve for run in runs], self.session.generations, label, alternative)
        self.chart.value = drawing.card(picture, legend(runs, SHORT, "{:.4f}".format)) + NAMES
        self.tell(shown)

    def outcome(self, shown: Snapshot) -> str:
        """Return the best fitness so far, as HTML."""
        return f"best fitness <b>{shown.curve[-1]:.4f}</b>"
