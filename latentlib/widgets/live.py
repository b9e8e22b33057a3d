"""The live figure in Jupyter: evolution in the browser, its controls readable and settable from Python."""

import json
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import HTML

from latentlib.widgets import export
from latentlib.widgets.explorer import attended

STATIC = Path(__file__).parent / "static"
SPEAKING = {"mating_rate": "matingRate", "mutation_rate": "mutationRate"}  # where the scripts use other names
ABSENT = "Here a population evolves before your eyes. It needs JavaScript; in Jupyter, run this cell."


class Live(anywidget.AnyWidget):
    """Sliders, pictures and curve of a genetic algorithm that runs in the browser.

    Args:
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

    What the browser reports: `generation`, `passes`, `best_fitness`, `best_latent`.
    """

    _esm = STATIC / "live.mjs"
    _css = STATIC / "live.css"

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
        self.on_msg(self.answer)

    @traitlets.validate("population")
    def even(self, proposal: Any) -> int:
        """The population, which must be even, since parents mate in pairs."""
        if proposal.value % 2:
            raise traitlets.TraitError(f"population must be even, got {proposal.value}")
        return int(proposal.value)

    def answer(self, _: object, content: Any, __: object) -> None:
        """Send the browser the weights it asks for."""
        dataset = content.get("weights")
        try:
            self.send({"weights": dataset, "file": export.weights(dataset)})
        except (ValueError, FileNotFoundError) as error:
            self.send({"weights": dataset, "error": str(error)})


def placeholder(**values: Any) -> str:
    """What the static page mounts the figure on."""
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
