"""Check boxes and sliders for a wish and the pool of latents that evolves to meet it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure

from latentlib.checks import check_at_least
from latentlib.fitness import wishes
from latentlib.study import plots
from latentlib.widgets import drawing
from latentlib.widgets.explorer import ABSENT, attended
from latentlib.widgets.panel import NAMES, Panel, choice, legend, slider
from latentlib.widgets.wanted import Problem, Session, Snapshot, Trial
from latentlib.widgets.wish_builder import WishBuilder

SHORT = {"population": "pool", "mutation_rate": "mutation", "seed": "seed"}
EARLY = (0, 3)  # generations shown in an unattended notebook, besides the last
SHOWN = 8  # images per row there


def explore_wanted(
    problems: Mapping[str, Problem], wished: Mapping[str, str], generations: int = 12, **values: Any
) -> Any:
    """Return check boxes, sliders, images and curves of a pool that evolves until its images meet a wish.

    Ticking a box or moving a slider during a run ends it and starts another; earlier curves stay in pale where they can
    be compared (same problem and wish). While nothing runs, a change shows the first pool, and Run starts from there.
    The algorithm is `pool.ALGORITHM1`.

    Args:
        problems: by name, a function without arguments that returns a generator and the recogniser of its images.
        wished: by the same names, the first wish, written as for `wishes.read`: classes or negated classes joined by
            `&` alone or by `|` alone.
        generations: of a full run at first, at least 1.
        values: first values of the other controls; names and ranges as in `wanted.Trial`.

    Returns:
        A widget. Where the notebook runs unattended (papermill, nbval), a figure of `frames` with a sentence that says
            so, since a stored slider moves nothing.

    Raises:
        ValueError: for a wish that cannot be read, names an unknown class or cannot be met by any image; for an unknown
            name or a value out of range.
    """
    first = Trial.of(problems, values)
    check_at_least("generations", generations, 1)
    if set(problems) != set(wished):
        raise ValueError(f"wished must say a wish for each of {', '.join(problems)}, got {', '.join(wished)}")
    read = {name: wishes.read(wished[name]) for name in problems}
    if not attended():
        print(ABSENT)
        return frames(problems, read, generations, first)
    explorer = WantedExplorer(problems, read, generations, first)
    explorer.session.change(explorer.trial())
    return explorer.panel


def frames(problems: Mapping[str, Problem], read: Mapping[str, wishes.Wish], generations: int, first: Trial) -> Figure:
    """Draw members of the pool at a few moments of a run of each problem, and new images from its last pool.

    Args:
        problems: as in `explore_wanted`.
        read: the wish for each.
        generations: at least 1.
        first: values of the other controls.
    """
    session = Session(problems, draw=lambda _: None, complain=lambda _: None)
    moments, rows, framed = {*EARLY, generations}, {}, {}
    for name, wish in read.items():
        trial = replace(first, problem=name, wish=wish)
        for step in session.evolution(trial, generations):
            if step.generation in moments:
                shown = session.snapshot(trial, step)
                label = f"{name}\n{wish}\ngeneration {step.generation}: {percent(shown.curve[-1])} of the pool"
                every = torch.linspace(0, len(shown.members) - 1, min(SHOWN, len(shown.members))).long()
                rows[label], framed[label] = shown.members[every], shown.hits[every]
        label = f"{name}\n{wish}\nnew: {percent(shown.samples.share)} of {len(shown.samples.hits)}"
        rows[label], framed[label] = shown.samples.images[:SHOWN], shown.samples.hits[:SHOWN]
    return plots.image_rows(rows, framed=framed)


def controls(problems: Mapping[str, Problem], generations: int, first: Trial) -> dict[str, widgets.Widget]:
    """Return the controls other than the check boxes."""
    return {
        "problem": choice(first.problem, "data set", list(problems), "generator and recogniser"),
        "mutation_rate": slider(first.mutation_rate, "mutation rate", (0, 1, 0.05), "share of genes disturbed"),
        "population": slider(first.population, "pool size", (20, 500, 20), "latents in the pool"),
        "generations": slider(generations, "generations", (1, 50, 1), "where a run ends"),
        "seed": slider(first.seed, "seed", (0, 9, 1), "another first pool, other luck"),
    }


class WantedExplorer(Panel):
    """The view: boxes, controls, images, curves. See `explore_wanted`."""

    def __init__(
        self,
        problems: Mapping[str, Problem],
        read: Mapping[str, wishes.Wish],
        generations: int,
        first: Trial,
    ) -> None:
        session = Session(problems, self.draw, self.complain, generations)
        self.boxes = {name: WishBuilder(session.fetch(name)[1], wish, self.moved) for name, wish in read.items()}
        self.place = widgets.VBox()
        problem, *others = (shown := controls(problems, generations, first)).values()
        super().__init__(session, shown, [problem, self.place, *others])
        self.offer()

    def offer(self) -> None:
        """Show the boxes of the chosen problem."""
        self.place.children = [self.boxes[self.controls["problem"].value].panel]

    def trial(self) -> Trial:
        """Return the trial set by the controls."""
        values = {name: control.value for name, control in self.controls.items() if name != "generations"}
        return Trial(**values, wish=self.boxes[values["problem"]].wish())

    def moved(self, _: object) -> None:
        """Restart after a control has changed."""
        self.session.generations = self.controls["generations"].value
        self.offer()
        super().moved(_)

    def draw(self, shown: Snapshot) -> None:
        """Show a snapshot."""
        pool = f"{len(shown.members)} of the pool, from the fittest to the least fit; framed: as wished"
        samples, many = shown.samples, len(shown.members)
        new = "new images, drawn from the pool by crossover and mutation; framed: as wished"
        self.pictures.value = drawing.beside(
            drawing.figure(shown.members, 8, 56, pool, shown.hits),
            drawing.figure(samples.images[:many], 8, 56, new, samples.hits[:many]),
        )
        runs = [*self.session.earlier, shown]
        last = max([self.session.generations, *(run.generation for run in runs)])
        alternative = f"share of the pool that is as wished, over generations: {course(shown.curve)}" + "".join(
            f"; that shows {name}: {course(curve)}" for name, curve in shown.parts.items()
        )
        curves, parts = [run.curve for run in runs], [*shown.parts.values()]
        picture = drawing.chart(curves, last, "share of the pool", alternative, parts, (0, 1))
        parts_legend = [f"shows {name}: {percent(curve[-1])}" for name, curve in shown.parts.items()]
        self.chart.value = drawing.card(picture, legend(runs, SHORT, percent, "as wished"), parts_legend) + NAMES
        self.tell(shown)

    def outcome(self, shown: Snapshot) -> str:
        """Return the share of the pool and of new images that meet the wish, as HTML."""
        return (
            f"as wished: <b>{percent(shown.curve[-1])}</b> of the pool, "
            f"<b>{percent(shown.samples.share)}</b> of {len(shown.samples.hits)} new images"
        )


def percent(share: float) -> str:
    """Return a share as a percentage."""
    return f"{100 * share:.0f} %"


def course(curve: list[float]) -> str:
    """Return where a curve begins and ends, in words."""
    return f"from {percent(curve[0])} to {percent(curve[-1])}"
