"""Sliders for a genetic algorithm that runs while they are moved."""

from collections.abc import Mapping
from dataclasses import fields
from html import escape
from typing import Any

import ipywidgets as widgets
import torch
from IPython.core.getipython import get_ipython
from matplotlib.figure import Figure

from latentlib import plots
from latentlib.widgets import drawing
from latentlib.widgets.session import Problem, Session, Snapshot, Trial

MEASURES = {"mse": "1 - MSE", "ssim": "SSIM"}
SHORT = {"population": "population", "mating_rate": "mating", "mutation_rate": "mutation", "seed": "seed"}
ABSENT = (
    "The sliders need a running notebook: open this page in Jupyter or Colab,\n"
    "run it from the top, and they appear here.\n"
    "In their place stand pictures computed beforehand."
)
MOMENTS = (0, 5, 20, 50)  # generations of which these pictures are
# ipywidgets gives the handle of a slider no name, so that a screen reader would say "slider" seven times
NAMES = """<style onload="this.closest('.latentlib-explorer')?.querySelectorAll('.widget-slider').forEach(
slider => slider.querySelector('[role=slider]').setAttribute('aria-label', slider.querySelector('label').textContent)
)"></style>"""


def explore(problems: Mapping[str, Problem], targets: int, generations: int = 200, **values: Any) -> Any:
    """Sliders, pictures and curve of a genetic algorithm that restores images.

    A slider that is moved during a run ends it and begins another with the new value; earlier curves stay pale
    behind where they can be compared (same problem, target and fitness). While nothing runs, a moved slider shows
    the first population, and Run starts from there.

    Args:
        problems: by name, a function without arguments that gives a generator and its targets
            (n, channels, height, width); called when the problem is first chosen.
        targets: how many targets the slider offers.
        generations: of a full run, at least 1.
        values: where the controls stand at first; names and ranges as in `session.Trial`.

    Returns:
        A widget; or, where nobody sits in front of the notebook (papermill, nbval), since a stored slider moves
        nothing, a figure of `frames`, with a sentence that says so.
    """
    if not attended():
        print(ABSENT)
        return frames(problems, generations, values)
    explorer = Explorer(problems, targets, generations, values)
    explorer.session.change(explorer.trial())
    return explorer.panel


@torch.no_grad()
def frames(problems: Mapping[str, Problem], generations: int, values: Mapping[str, Any]) -> Figure:
    """The best image at a few moments of a run of each problem, a row a problem, the target at its end.

    Args:
        problems: as of `explore`.
        generations: at least 1; moments beyond it are left out.
        values: of `session.Trial`, but the problem.
    """
    session = Session(problems, draw=lambda _: None, complain=lambda _: None)
    moments = [moment for moment in MOMENTS if moment <= generations]
    rows = {}
    for name in problems:
        trial = Trial(**{**values, "problem": name})
        states = [state for state in session.evolution(trial, moments[-1]) if state.generation in moments]
        generator, images = session.problem(trial)
        rows[name] = torch.cat([generator(torch.cat([s.best.latents for s in states])), images[trial.target][None]])
    return plots.image_rows(rows, [f"generation {moments[0]}", *map(str, moments[1:]), "target"])


def attended() -> bool:
    """Whether the cell was run from a front end: those let the kernel ask questions, an executing library does not."""
    kernel = getattr(get_ipython(), "kernel", None)
    return kernel is not None and bool(kernel.get_parent().get("content", {}).get("allow_stdin", True))


def controls(problems: Mapping[str, Problem], targets: int, values: Mapping[str, Any]) -> dict[str, widgets.Widget]:
    """A control for each field of `Trial`, by its name."""
    first = {field.name: values.get(field.name, field.default) for field in fields(Trial)}
    first["problem"] = values.get("problem", next(iter(problems)))
    common = {"style": {"description_width": "7.5em"}, "layout": {"width": "auto"}}

    def slider(kind: Any, name: str, description: str, span: tuple[float, float, float], about: str) -> widgets.Widget:
        low, high, step = span
        limits = {"min": min(low, first[name]), "max": max(high, first[name]), "step": step}
        # not while it is dragged: each stop on the way would begin a run
        told = {"description": description, "tooltip": about, "continuous_update": False}
        return kind(value=first[name], **limits, **told, **common)

    def choice(name: str, description: str, options: Any, about: str) -> widgets.Widget:
        return widgets.Dropdown(options=options, value=first[name], description=description, tooltip=about, **common)

    rate, whole = widgets.FloatSlider, widgets.IntSlider
    return {
        "mutation_rate": slider(rate, "mutation_rate", "mutation rate", (0, 1, 0.05), "share of children disturbed"),
        "mating_rate": slider(rate, "mating_rate", "mating rate", (0, 1, 0.05), "share of pairs that exchange genes"),
        "population": slider(whole, "population", "population", (20, 400, 20), "individuals"),
        "fitness": choice("fitness", "fitness", [(name, key) for key, name in MEASURES.items()], "what is maximised"),
        "problem": choice("problem", "data set", list(problems), "generator and targets"),
        "target": slider(whole, "target", "target number", (0, targets - 1, 1), "the image to restore"),
        "seed": slider(whole, "seed", "seed", (0, 9, 1), "another first population, other luck"),
    }


class Explorer:
    """The view: controls, pictures, curve. See `explore`."""

    def __init__(
        self, problems: Mapping[str, Problem], targets: int, generations: int, values: Mapping[str, Any]
    ) -> None:
        self.session = Session(problems, self.draw, self.complain, generations)
        self.controls = controls(problems, targets, values)
        self.status, self.pictures, self.chart = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.panel = self.laid_out(self.buttons())
        for control in self.controls.values():
            control.observe(self.moved, "value")

    def buttons(self) -> list[widgets.Widget]:
        """Run and Stop."""
        run = widgets.Button(description="Run", button_style="primary", icon="play", tooltip="start from generation 0")
        stop = widgets.Button(description="Stop", icon="stop", tooltip="end the run")
        run.on_click(lambda _: self.session.start(self.trial()))
        stop.on_click(lambda _: self.stop())
        for button in (run, stop):
            button.layout.width = "7em"
        return [run, stop]

    def laid_out(self, buttons: list[widgets.Widget]) -> widgets.Widget:
        """Everything in place: controls beside the pictures, or above them where it is narrow."""
        left = widgets.VBox(
            [*self.controls.values(), widgets.HBox(buttons, layout={"justify_content": "flex-end"})],
            layout={"flex": "0 1 320px", "min_width": "260px"},
        )
        right = widgets.VBox(
            [self.status, self.pictures, self.chart],
            layout={"flex": "1 1 340px", "min_width": "0"},
        )
        panel = widgets.HBox([left, right], layout={"flex_flow": "row wrap", "grid_gap": "8px 20px"})
        panel.add_class("latentlib-explorer")
        self.status.add_class("latentlib-status")
        return panel

    def trial(self) -> Trial:
        """What the controls say."""
        return Trial(**{name: control.value for name, control in self.controls.items()})

    def moved(self, _: object) -> None:
        """A control has another value: begin again."""
        self.session.change(self.trial())

    def stop(self) -> None:
        """End the run and say so."""
        self.session.stop()
        if self.session.latest:
            self.tell(self.session.latest)

    def draw(self, shown: Snapshot) -> None:
        """Show a snapshot."""
        frames = [
            drawing.figure(shown.target[None], 1, 112, "target"),
            drawing.figure(shown.best[None], 1, 112, "best so far"),
            drawing.figure(shown.members, 8, 56, f"{len(shown.members)} members, from the fittest to the least fit"),
        ]
        self.pictures.value = (
            f'<div style="display: flex; flex-wrap: wrap; gap: 8px 16px; margin-bottom: 12px">{"".join(frames)}</div>'
        )
        runs = [*self.session.earlier, shown]
        label = f"best fitness so far ({MEASURES[shown.trial.fitness]})"
        alternative = f"{label} over generations, from {shown.curve[0]:.4f} to {shown.curve[-1]:.4f}"
        picture = drawing.chart([run.curve for run in runs], self.session.generations, label, alternative)
        self.chart.value = drawing.card(picture, legend(runs)) + NAMES
        self.tell(shown)

    def tell(self, shown: Snapshot) -> None:
        """Say how far the run is."""
        done, most = shown.generation, self.session.generations
        ended = "finished" if done == most else "stopped" if done else "ready"
        self.status.value = (
            f"{'running' if self.session.running else ended}: generation <b>{done}</b> of {most}, "
            f"{shown.passes:,} generator passes, best fitness <b>{shown.curve[-1]:.4f}</b>"
        )

    def complain(self, sentence: str) -> None:
        """Show an error."""
        self.status.value = f'<b role="alert">This does not run: {escape(sentence)}</b>'


def legend(runs: list[Snapshot]) -> list[str]:
    """What tells each run from the others, and how far it came."""
    varied = [name for name in SHORT if len({getattr(run.trial, name) for run in runs}) > 1]
    settings = [", ".join(f"{SHORT[name]} {getattr(run.trial, name):g}" for name in varied) for run in runs]
    return [f"{words or 'this run'}: {run.curve[-1]:.4f}" for words, run in zip(settings, runs, strict=True)]
