"""Check boxes and sliders for a wish that a pool of latents learns to meet while they are moved."""

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
EARLY = (0, 3)  # generations of which there are pictures where nobody sits in front of the notebook, and of the last
SHOWN = 8  # pictures a row there


def explore_wanted(
    problems: Mapping[str, Problem], wished: Mapping[str, str], generations: int = 12, **values: Any
) -> Any:
    """Check boxes, sliders, pictures and curves of a pool that evolves until its images are as wished.

    A box that is ticked or a slider that is moved during a run ends it and begins another; earlier curves stay pale
    behind where they can be compared (same problem and wish). While nothing runs, a change shows the first pool, and
    Run starts from there. The algorithm is `pool.ALGORITHM1`.

    Args:
        problems: by name, a function without arguments that gives a generator and the recogniser of its images.
        wished: by the same names, what the boxes say at first, written as for `wishes.read`: classes or their
            contraries joined by `&` alone or by `|` alone.
        generations: of a full run at first, at least 1.
        values: where the other controls stand at first; names and ranges as in `wanted.Trial`.

    Returns:
        A widget; or, where nobody sits in front of the notebook (papermill, nbval), since a stored slider moves
        nothing, a figure of `frames`, with a sentence that says so.

    Raises:
        ValueError: for a wish that cannot be read, names another class, or that no image can meet; for a value out of
            range, or the name of none.
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
    """Members of the pool at a few moments of a run of each problem, and new images of its last pool.

    Args:
        problems: as of `explore_wanted`.
        read: the wish of each.
        generations: at least 1.
        first: what the other controls say.
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
    """The controls but the check boxes."""
    return {
        "problem": choice(first.problem, "data set", list(problems), "generator and recogniser"),
        "mutation_rate": slider(first.mutation_rate, "mutation rate", (0, 1, 0.05), "share of genes disturbed"),
        "population": slider(first.population, "pool size", (20, 500, 20), "latents in the pool"),
        "generations": slider(generations, "generations", (1, 50, 1), "where a run ends"),
        "seed": slider(first.seed, "seed", (0, 9, 1), "another first pool, other luck"),
    }


class WantedExplorer(Panel):
    """The view: boxes, controls, pictures, curves. See `explore_wanted`."""

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
        """What the controls say."""
        values = {name: control.value for name, control in self.controls.items() if name != "generations"}
        return Trial(**values, wish=self.boxes[values["problem"]].wish())

    def moved(self, _: object) -> None:
        """A control has another value: begin again."""
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
        """The shares of the pool and of new images."""
        return (
            f"as wished: <b>{percent(shown.curve[-1])}</b> of the pool, "
            f"<b>{percent(shown.samples.share)}</b> of {len(shown.samples.hits)} new images"
        )


def percent(share: float) -> str:
    """A share in words."""
    return f"{100 * share:.0f} %"


def course(curve: list[float]) -> str:
    """Where a curve begins and ends, in words."""
    return f"from {percent(curve[0])} to {percent(curve[-1])}"
