"""The common part of the explorers: controls, Run and Stop, a line of progress, images and a chart."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from latentlib.widgets.session import Session, Snapshot

# ipywidgets gives the handle of a slider no name, so that a screen reader would say "slider" seven times
NAMES = """<style onload="this.closest('.latentlib-explorer')?.querySelectorAll('.widget-slider').forEach(
slider => slider.querySelector('[role=slider]').setAttribute('aria-label', slider.querySelector('label').textContent)
)"></style>"""
COMMON = {"style": {"description_width": "7.5em"}, "layout": {"width": "auto"}}


def slider(value: float, description: str, span: tuple[float, float, float], about: str) -> widgets.Widget:
    """Return a slider over (lowest, highest, step), extended to include the value; of whole numbers if the step is one.

    It sends no value while it is dragged, since each stop on the way would start a run.
    """
    low, high, step = span
    limits = {"min": min(low, value), "max": max(high, value), "step": step}
    kind = widgets.IntSlider if isinstance(step, int) else widgets.FloatSlider
    return kind(value=value, **limits, description=description, tooltip=about, continuous_update=False, **COMMON)


def choice(value: Any, description: str, options: Any, about: str) -> widgets.Widget:
    """Return a control to choose one of several options."""
    return widgets.Dropdown(options=options, value=value, description=description, tooltip=about, **COMMON)


class Panel:
    """The view of a session; a subclass defines what a trial is and how a snapshot looks.

    Args:
        session: the session shown, with `draw` and `complain` of this view.
        controls: moving one restarts the run, or shows its first population.
        column: what stands beside the images, above Run and Stop; by default the controls.
    """

    def __init__(
        self, session: Session, controls: dict[str, widgets.Widget], column: Sequence[widgets.Widget] = ()
    ) -> None:
        self.session, self.controls = session, controls
        self.status, self.pictures, self.chart = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.panel = self.laid_out([*(column or controls.values())], self.buttons())
        for control in controls.values():
            control.observe(self.moved, "value")

    def buttons(self) -> list[widgets.Widget]:
        """Return the buttons Run and Stop."""
        run = widgets.Button(description="Run", button_style="primary", icon="play", tooltip="start from generation 0")
        stop = widgets.Button(description="Stop", icon="stop", tooltip="end the run")
        run.on_click(lambda _: self.session.start(self.trial()))
        stop.on_click(lambda _: self.stop())
        for button in (run, stop):
            button.layout.width = "7em"
        return [run, stop]

    def laid_out(self, column: list[widgets.Widget], buttons: list[widgets.Widget]) -> widgets.Widget:
        """Return the layout: controls beside the images, or above them on a narrow page."""
        left = widgets.VBox(
            [*column, widgets.HBox(buttons, layout={"justify_content": "flex-end"})],
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

    def trial(self) -> Any:
        """Return the trial set by the controls."""
        raise NotImplementedError

    def draw(self, shown: Any) -> None:
        """Show a snapshot."""
        raise NotImplementedError

    def outcome(self, shown: Any) -> str:
        """Return what a run has reached, as HTML."""
        raise NotImplementedError

    def moved(self, _: object) -> None:
        """Restart after a control has changed."""
        self.session.change(self.trial())

    def stop(self) -> None:
        """End the run and report it."""
        self.session.stop()
        if self.session.latest:
            self.tell(self.session.latest)

    def tell(self, shown: Snapshot) -> None:
        """Report how far the run is."""
        done, most = shown.generation, self.session.generations
        ended = "finished" if done == most else "stopped" if done else "ready"
        self.status.value = (
            f"{'running' if self.session.running else ended}: generation <b>{done}</b> of {most}, "
            f"{shown.passes:,} generator passes, {self.outcome(shown)}"
        )

    def complain(self, sentence: str) -> None:
        """Show an error."""
        self.status.value = f'<b role="alert">This does not run: {escape(sentence)}</b>'


def legend(
    runs: Sequence[Snapshot], short: Mapping[str, str], written: Callable[[float], str], alone: str = "this run"
) -> list[str]:
    """Return what distinguishes each run from the others, and the last value of its curve.

    Args:
        runs: at least 1.
        short: a word for each field of a trial that may differ between runs.
        written: formats the last value of a curve.
        alone: the words for a run that does not differ from the others.
    """
    varied = [name for name in short if len({getattr(run.trial, name) for run in runs}) > 1]
    settings = [", ".join(worded(short[name], getattr(run.trial, name)) for name in varied) for run in runs]
    return [f"{words or alone}: {written(run.curve[-1])}" for words, run in zip(settings, runs, strict=True)]


def worded(name: str, value: str | float) -> str:
    """Return a setting in words."""
    return f"{name} {value}".strip() if isinstance(value, str) else f"{name} {value:g}"
