"""The live figures in Jupyter, with controls that can be read and set from Python."""

import json
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import HTML

from latentlib.checks import check_rate, sentence
from latentlib.fitness import wishes
from latentlib.models.classifier import DIGITS
from latentlib.randomness import LARGEST
from latentlib.widgets.diverse import ALGORITHMS, METRICS
from latentlib.widgets.explorer import attended
from latentlib.widgets.live import export
from latentlib.widgets.live.diverse import Diverse
from latentlib.widgets.live.kernel import LEAST, MOST, Desk, Start
from latentlib.widgets.live.restoring import Restoring
from latentlib.widgets.live.wanted import Wanted

STATIC = Path(__file__).parent / "static"
SPEAKING = {  # names in the scripts
    "mating_rate": "matingRate",
    "mutation_rate": "mutationRate",
    "mutation_step": "mutationStep",
    "pool": "population",
}
ABSENT = "Here a population evolves before your eyes. It needs JavaScript; in Jupyter, run this cell."


class Rate(traitlets.Float[float, float]):
    """A trait for a number in [0, 1]; NaN is rejected."""

    def validate(self, holder: Any, value: Any) -> float:
        """Return the rate; raise a TraitError with the trait's name for any other value."""
        try:
            check_rate(str(self.name), value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from error
        return float(value)


class FrontEnd(anywidget.AnyWidget):
    """The common part of the live figures: the scripts that draw one, and the desk in the kernel that answers them.

    Args:
        engine: where images are computed: `browser` (weights rounded to int8) or `kernel` (torch, exact weights).
        seed: of everything random.

    The figure reports `generation`.
    """

    _esm = STATIC / "live.mjs"
    _css = STATIC / "live.css"

    evolution: Start  # in the kernel

    figure = traitlets.Unicode().tag(sync=True)
    engine = traitlets.Enum(("browser", "kernel"), "browser").tag(sync=True)
    seed = traitlets.Int(0, min=0, max=LARGEST).tag(sync=True)
    generation = traitlets.Int(0).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        if unknown := sorted(set(values) - set(self.trait_names())):
            accepted = ", ".join(name for name in sorted(self.trait_names(sync=True)) if name[0] != "_")
            raise traitlets.TraitError(f"unknown name {unknown[0]!r}; accepted: {accepted}")
        super().__init__(**values)
        self.desk = Desk(self.evolution)
        self.on_msg(self.answer)

    def answer(self, _: object, question: Any, buffers: Any) -> None:
        """Answer a message of the figure; an error is answered in one sentence."""
        try:
            content, parts = self.desk.answer(question, buffers)
        except Exception as error:  # the figure waits for an answer, whatever went wrong
            content, parts = {"error": sentence(error)}, []
        self.send({"id": question["id"], **content}, parts)


class Figure(FrontEnd):
    """A run controlled by sliders.

    Args:
        mutation_rate: in [0, 1].
        generations: of a full run.
        running: set to start or pause the run.
        values: as in `FrontEnd`.

    The figure also reports `passes`.
    """

    mutation_rate = Rate(0.3).tag(sync=True)
    generations = traitlets.Int(200, min=1).tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    passes = traitlets.Int(0).tag(sync=True)


def even(name: str, number: Any) -> int:
    """Return the number if it is even, since parents mate in pairs; otherwise raise a TraitError with its name."""
    if number % 2:
        raise traitlets.TraitError(f"{name} must be even, got {number}")
    return int(number)


class RestoringFigure(Figure):
    """Sliders, images and the curve of a genetic algorithm that runs while they are moved.

    Args:
        dataset: `mnist` or `fashion_mnist`.
        target: number of the held-out image to restore.
        fitness: `mse` or `ssim`.
        population: even.
        mating_rate: in [0, 1].
        descent: whether gradient descent runs alongside, two steps per generation.
        values: as in `Figure`.

    The figure also reports `best_fitness` and `best_latent`.
    """

    evolution = Restoring

    figure = traitlets.Unicode("restoring").tag(sync=True)
    dataset = traitlets.Enum(export.DATASETS, "mnist").tag(sync=True)
    target = traitlets.Int(0, min=0, max=export.TARGETS - 1).tag(sync=True)
    fitness = traitlets.Enum(("mse", "ssim"), "mse").tag(sync=True)
    population = traitlets.Int(200, min=LEAST, max=MOST).tag(sync=True)
    mating_rate = Rate(0.3).tag(sync=True)
    descent = traitlets.Bool(False).tag(sync=True)
    best_fitness = traitlets.Float(None, allow_none=True).tag(sync=True)
    best_latent = traitlets.List(traitlets.Float()).tag(sync=True)

    @traitlets.validate("population")
    def pairs(self, proposal: Any) -> int:
        """Return the population, which must be even."""
        return even("population", proposal.value)


class WantedFigure(Figure):
    """A wish, sliders, the pool and the share of it that meets the wish, by Algorithm 1 (Li et al., `latentlib.pool`).

    The generator is chapter one's, whose weights ship with the book's pages anyway, beside the recogniser of digits.

    Args:
        wish: digits and negated digits, all joined by `|` or all by `&`, such as `Digit(4) | Digit(8)`.
        pool: number of latents kept, even.
        mutation_rate: share of each child's genes that are disturbed, in [0, 1].
        generations: of a full run, which ends earlier once 98 % of the pool meet the wish.
        values: as in `Figure`.

    The figure also reports `share`, the share of the pool that meets the wish, in [0, 1].
    """

    evolution = Wanted

    figure = traitlets.Unicode("wanted").tag(sync=True)
    wish = traitlets.Unicode("Digit(3)").tag(sync=True)
    pool = traitlets.Int(200, min=LEAST, max=MOST).tag(sync=True)
    mutation_rate = Rate(0.2).tag(sync=True)
    generations = traitlets.Int(50, min=1).tag(sync=True)
    share = traitlets.Float(None, allow_none=True).tag(sync=True)

    @traitlets.validate("pool")
    def pairs(self, proposal: Any) -> int:
        """Return the size of the pool, which must be even."""
        return even("pool", proposal.value)

    @traitlets.validate("wish")
    def possible(self, proposal: Any) -> str:
        """Return the wish, which the figure's buttons must be able to express and an image to meet."""
        try:
            wish = wishes.read(proposal.value)
            wishes.check(wish, DIGITS, exclusive=True)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from error
        if not flat(wish):
            raise traitlets.TraitError(
                f"wish must join different digits, plain or with ~, all by | or all by &, got {proposal.value}"
            )
        return str(wish)


class DiverseFigure(Figure):
    """A diverse set of images evolves beside random sampling (Fernandes et al., `latentlib.fitness.diversity`).

    The generator is chapter one's of digits. A judge of digits, which is no fitness, says how diverse a set is to it.

    Args:
        algorithm: `genetic`, `map_elites` or `random`.
        metric: `rmse` or `ncc`, the cross-correlation.
        size: images in a set, 16 to 50.
        population: sets judged in a generation, even.
        mutation_rate: share of each child's genes that are drawn anew, in [0, 1].
        mating_rate: share of the pairs that exchange genes, in [0, 1].
        bins: of each axis of MAP-Elites' map, 100, 50, 20 or 10.
        judge: whether the judge's view is shown.
        values: as in `Figure`.

    The figure also reports `best_fitness` and `best_set`, random sampling's `rival_fitness`, and how many cells of the
    map are `filled`.
    """

    evolution = Diverse

    figure = traitlets.Unicode("diverse").tag(sync=True)
    algorithm = traitlets.Enum(tuple(ALGORITHMS), "genetic").tag(sync=True)
    metric = traitlets.Enum(tuple(METRICS), "rmse").tag(sync=True)
    size = traitlets.Int(25, min=16, max=50).tag(sync=True)
    population = traitlets.Int(20, min=LEAST, max=100).tag(sync=True)
    mutation_rate = Rate(0.02).tag(sync=True)
    mating_rate = Rate(0.7).tag(sync=True)
    bins = traitlets.Enum((100, 50, 20, 10), 100).tag(sync=True)
    generations = traitlets.Int(100, min=1).tag(sync=True)
    judge = traitlets.Bool(False).tag(sync=True)
    best_fitness = traitlets.Float(None, allow_none=True).tag(sync=True)
    rival_fitness = traitlets.Float(None, allow_none=True).tag(sync=True)
    best_set = traitlets.List(traitlets.Float()).tag(sync=True)
    filled = traitlets.Int(0).tag(sync=True)

    @traitlets.validate("population")
    def pairs(self, proposal: Any) -> int:
        """Return the population, which must be even."""
        return even("population", proposal.value)


def flat(wish: wishes.Wish) -> bool:
    """Return whether a wish joins digits or negated digits, each digit once, all in the same way."""
    kind = type(wish)
    terms = [wish]
    while isinstance(terms[0], wishes.Both) and type(terms[0]) is kind:
        terms[:1] = [terms[0].first, terms[0].second]
    plain = [term.wish if isinstance(term, wishes.Not) else term for term in terms]
    return all(isinstance(term, wishes.Digit) for term in plain) and len(wish.names()) == len(plain)


def placeholder(**values: Any) -> str:
    """Return the element on which the static page mounts a figure, with its poster where one ships."""
    values.pop("engine", None)  # without a kernel, the browser computes
    config = {SPEAKING.get(name, name): value for name, value in values.items()}
    poster = STATIC / f"{values.get('figure')}.svg"
    picture = f'<div class="ll-poster">{poster.read_text().strip()}</div>' if poster.exists() else ""
    return f"<div data-latent-live='{escape(json.dumps(config))}'>{picture}<p>{ABSENT}</p></div>"


def shown(kind: type[FrontEnd], **values: Any) -> Any:
    """Return a figure or, in an unattended notebook, the element on which the book's pages mount the same one."""
    if attended():
        return kind(**values)
    figure = kind(**values)  # a wrong value raises an error here, too
    figure.close()
    return HTML(placeholder(**{name: getattr(figure, name) for name in values}))  # type: ignore[no-untyped-call]


def live(**values: Any) -> Any:
    """Return chapter one's live figure; arguments as in `RestoringFigure`."""
    return shown(RestoringFigure, **values)


def wanted(**values: Any) -> Any:
    """Return the live figure of chapter `desired_images`; arguments as in `WantedFigure`."""
    return shown(WantedFigure, figure="wanted", **values)


def diverse(**values: Any) -> Any:
    """Return the live figure of chapter `diversity`; arguments as in `DiverseFigure`."""
    return shown(DiverseFigure, figure="diverse", **values)
