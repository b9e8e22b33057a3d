"""What the explorers have in common: controls, Run and Stop, a line that says how far it is, pictures and a chart."""

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
    """A slider over (lowest, highest, step), or further where the value lies beyond; of whole numbers if the step is.

    It tells nothing while it is dragged: each stop on the way would begin a run.
    """
    low, high, step = span
    limits = {"min": min(low, value), "max": max(high, value), "step": step}
    kind = widgets.IntSlider if isinstance(step, int) else widgets.FloatSlider
    return kind(value=value, **limits, description=description, tooltip=about, continuous_update=False, **COMMON)


def choice(value: Any, description: str, options: Any, about: str) -> widgets.Widget:
    """One of several options."""
    return widgets.Dropdown(options=options, value=value, description=description, tooltip=about, **COMMON)


class Panel:
    """The view of a session; a kind of it says what a trial is and how a snapshot looks.

    Args:
        session: what it shows; with `draw` and `complain` of this view.
        controls: each begins a run anew when it is moved, or shows its first population.
        column: what stands beside the pictures, above Run and Stop; else the controls.
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
        """Run and Stop."""
        run = widgets.Button(description="Run", button_style="primary", icon="play", tooltip="start from generation 0")
        stop = widgets.Button(description="Stop", icon="stop", tooltip="end the run")
        run.on_click(lambda _: self.session.start(self.trial()))
        stop.on_click(lambda _: self.stop())
        for button in (run, stop):
            button.layout.width = "7em"
        return [run, stop]

    def laid_out(self, column: list[widgets.Widget], buttons: list[widgets.Widget]) -> widgets.Widget:
        """Everything in place: controls beside the pictures, or above them where it is narrow."""
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
        """What the controls say."""
        raise NotImplementedError

    def draw(self, shown: Any) -> None:
        """Show a snapshot."""
        raise NotImplementedError

    def outcome(self, shown: Any) -> str:
        """What a run has reached, as HTML."""
        raise NotImplementedError

    def moved(self, _: object) -> None:
        """A control has another value: begin again."""
        self.session.change(self.trial())

    def stop(self) -> None:
        """End the run and say so."""
        self.session.stop()
        if self.session.latest:
            self.tell(self.session.latest)

    def tell(self, shown: Snapshot) -> None:
        """Say how far the run is."""
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
    """What tells each run from the others, and how far it came.

    Args:
        runs: at least 1.
        short: a word for each field of a trial that may tell runs apart.
        written: how the last value of a curve is written.
        alone: of a run that nothing tells from others.
    """
    varied = [name for name in short if len({getattr(run.trial, name) for run in runs}) > 1]
    settings = [", ".join(f"{short[name]} {getattr(run.trial, name):g}" for name in varied) for run in runs]
    return [f"{words or alone}: {written(run.curve[-1])}" for words, run in zip(settings, runs, strict=True)]
