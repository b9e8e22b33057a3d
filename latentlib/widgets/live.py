"""The live figure in Jupyter: its controls readable and settable from Python, computed in the browser or the kernel."""

import json
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import HTML

from latentlib.widgets import export
from latentlib.widgets.explorer import attended
from latentlib.widgets.kernel import Desk
from latentlib.widgets.session import sentence

STATIC = Path(__file__).parent / "static"
SPEAKING = {"mating_rate": "matingRate", "mutation_rate": "mutationRate"}  # where the scripts use other names
ABSENT = "Here a population evolves before your eyes. It needs JavaScript; in Jupyter, run this cell."


class Live(anywidget.AnyWidget):
    """Sliders, pictures and curve of a genetic algorithm that runs while they are moved.

    Args:
        engine: where evolution is computed: `browser` (weights rounded to int8) or `kernel` (torch, as they are).
        dataset: `mnist` or `fashion_mnist`.
        target: number of the held-out image to restore.
        fitness: `mse` or `ssim`.
        population: even.
        mating_rate: in [0, 1].
        mutation_rate: in [0, 1].
        seed: of everything random.
        generations: of a full run.
        descent: whether gradient descent goes along, two steps a generation.
        running: set it to start and to pause.

    What the figure reports: `generation`, `passes`, `best_fitness`, `best_latent`.
    """

    _esm = STATIC / "live.mjs"
    _css = STATIC / "live.css"

    engine = traitlets.Enum(("browser", "kernel"), "browser").tag(sync=True)
    dataset = traitlets.Enum(export.DATASETS, "mnist").tag(sync=True)
    target = traitlets.Int(0, min=0, max=export.TARGETS - 1).tag(sync=True)
    fitness = traitlets.Enum(("mse", "ssim"), "mse").tag(sync=True)
    population = traitlets.Int(200, min=4, max=1000).tag(sync=True)
    mating_rate = traitlets.Float(0.3, min=0, max=1).tag(sync=True)
    mutation_rate = traitlets.Float(0.3, min=0, max=1).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    generations = traitlets.Int(200, min=1).tag(sync=True)
    descent = traitlets.Bool(False).tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    generation = traitlets.Int(0).tag(sync=True)
    passes = traitlets.Int(0).tag(sync=True)
    best_fitness = traitlets.Float(None, allow_none=True).tag(sync=True)
    best_latent = traitlets.List(traitlets.Float()).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.desk = Desk()
        self.on_msg(self.answer)

    @traitlets.validate("population")
    def even(self, proposal: Any) -> int:
        """The population, which must be even, since parents mate in pairs."""
        if proposal.value % 2:
            raise traitlets.TraitError(f"population must be even, got {proposal.value}")
        return int(proposal.value)

    def answer(self, _: object, question: Any, buffers: Any) -> None:
        """Answer what the figure asks, an error in one sentence."""
        try:
            content, parts = self.desk.answer(question, buffers)
        except Exception as error:  # the figure waits for an answer, whatever went wrong
            content, parts = {"error": sentence(error)}, []
        self.send({"id": question["id"], **content}, parts)


def placeholder(**values: Any) -> str:
    """What the static page mounts the figure on."""
    values.pop("engine", None)  # where there is no kernel, the browser computes
    config = {SPEAKING.get(name, name): value for name, value in values.items()}
    return f"<div data-latent-live='{escape(json.dumps(config))}'><p>{ABSENT}</p></div>"


def live(**values: Any) -> Any:
    """The live figure; arguments as of `Live`.

    Where nobody sits in front of the notebook, the element that the book's pages mount the same figure on.
    """
    if not attended():
        Live(**values).close()  # a wrong value is an error here, too
        return HTML(placeholder(**values))  # type: ignore[no-untyped-call]
    return Live(**values)
