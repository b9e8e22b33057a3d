"""Evolution in the kernel for the live figures: each question is answered by one generation.

The figure's own loop asks, as it asks the browser's engine. So Run, Pause, One step and a moved slider act alike in
both, nothing is computed that nobody looks at, and between two generations the kernel handles whatever else arrives.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from latentlib.checks import check_at_least
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.generated import Generated
from latentlib.widgets.live import export

Answer = tuple[dict[str, Any], list[bytes]]  # content and buffers of a message
Settings = Mapping[str, Any]  # by the names of the figure's traits
Buffers = Sequence[bytes | memoryview]

LEAST, MOST = 4, 1000  # individuals that a figure's controls offer


def asked(values: Mapping[str, Any], name: str, least: int = 1) -> int:
    """Return a number of individuals or steps that a figure asks for; ValueError for more than it draws in time."""
    number = values[name]
    check_at_least(name, number, least)
    if number > MOST:
        raise ValueError(f"{name} must be at most {MOST}, got {number}")
    return int(number)


def bytes_of(*parts: Tensor) -> list[bytes]:
    """The buffers of a message."""
    return [part.numpy().tobytes() for part in parts]


class Album:
    """A fitness that keeps the images it judged, so that showing a population costs no second pass.

    Args:
        fitness: of a single run, on the CPU.
    """

    def __init__(self, fitness: Generated) -> None:
        self.fitness, self.runs, self.genes, self.device = fitness, fitness.runs, fitness.genes, fitness.device
        self.kept: dict[bytes, tuple[Tensor, ...]] = {}  # what was seen of each genome

    def __call__(self, latents: Tensor) -> Tensor:
        """Fitness (1, population) of latents (1, population, genes)."""
        return self.rows(latents[0], torch.zeros(latents.shape[1], dtype=torch.long))[None]

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Fitness (n,) of latents (n, genes) that belong to the runs (n,), all 0."""
        images = self.fitness.generator(latents)
        fitness, *others = self.judged(images, run)
        levels = (images.clamp(0, 1) * 255).round().to(torch.uint8)
        names = [genome.tobytes() for genome in latents.numpy()]
        self.kept |= dict(zip(names, zip(levels, *others, strict=True), strict=True))
        return fitness

    def judged(self, images: Tensor, run: Tensor) -> tuple[Tensor, ...]:
        """Fitness (n,) of images (n, channels, height, width), and what else is to be kept of each."""
        return (self.fitness.score(images, run),)

    def pages(self, genomes: Tensor) -> list[Tensor]:
        """What was kept of genomes (n, genes), images (one byte a pixel) first; all others are forgotten."""
        names = [genome.tobytes() for genome in genomes.numpy()]
        self.kept = {name: self.kept[name] for name in names}
        return [torch.stack([self.kept[name][i] for name in names]) for i in range(len(self.kept[names[0]]))]

    def shown(self, genomes: Tensor, fitness: Tensor) -> list[bytes]:
        """Buffers of judged genomes (n, genes): their fitness (n,), images, themselves, and what else was kept."""
        images, *others = self.pages(genomes)
        return bytes_of(fitness, images, genomes, *others)


class Evolution:
    """A run, as a figure asks for it.

    Args:
        search: by the controls as they are at the start.
        album: of the fitness.
        seed: of everything random.
    """

    ASKED: tuple[str, ...] = ("next",)  # methods that answer a question

    def __init__(self, search: GeneticAlgorithm, album: Album, seed: int) -> None:
        self.album, self.state, self.reported = album, search.start(album, seed), 0

    def population(self) -> Answer:
        """Return the generator passes since the last answer, and the population as the album shows it."""
        before, self.reported = self.reported, int(self.state.passes)
        return {"passes": self.reported - before}, self.album.shown(self.state.genomes[0], self.state.fitness[0])

    def step(self, search: GeneticAlgorithm) -> None:
        """Go one generation on; the population before may have had another size."""
        self.state = search.step(self.album, self.state)

    def next(self, question: Mapping[str, Any]) -> Answer:
        """One generation by the question's settings, then as `population`."""
        raise NotImplementedError


Start = Callable[[Settings, Buffers], Evolution]  # a run by the settings and buffers of a question


class Desk:
    """Answers the questions of all views of a figure; each view has a run of its own.

    Args:
        start: what makes a run.
    """

    def __init__(self, start: Start) -> None:
        self.start = start
        self.runs: dict[str, Evolution] = {}

    def answer(self, question: Mapping[str, Any], buffers: Buffers) -> Answer:
        """The answer to a question.

        Args:
            question: what it `ask`s for, and of which `view`; `name` for weights, `settings` for a generation; the
                rest is for what only some runs know, such as gradient descent.
            buffers: of a first generation, what the settings do not say.

        Raises:
            ValueError: for a question that has no answer, or a setting out of range.
        """
        ask, view = question["ask"], question.get("view", "")
        if ask == "weights":
            return {"file": export.weights(question["name"])}, []
        if ask == "end":
            self.runs.pop(view, None)
            return {}, []
        if ask == "start":
            self.runs[view] = self.start(question["settings"], buffers)
            return self.runs[view].population()
        if view not in self.runs:
            raise ValueError("it does not know this run")
        if ask not in (asked := self.runs[view].ASKED):
            raise ValueError(f"this run can be asked for {', '.join(asked)}, got {ask!r}")
        answer: Answer = getattr(self.runs[view], ask)(question)
        return answer
