"""Evolution in the kernel for the live figures: each question is answered by one generation.

The figure's own loop asks the kernel as it asks the browser's engine. So Run, Pause, One step and a moved slider act
alike in both, nothing is computed unless it is shown, and between two generations the kernel handles other messages.
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

LEAST, MOST = 4, 1000  # range of the number of individuals in a figure's controls


def asked(values: Mapping[str, Any], name: str, least: int = 1) -> int:
    """Return a number of individuals or steps requested by a figure; raise a ValueError if it is out of range."""
    number = values[name]
    check_at_least(name, number, least)
    if number > MOST:
        raise ValueError(f"{name} must be at most {MOST}, got {number}")
    return int(number)


def bytes_of(*parts: Tensor) -> list[bytes]:
    """Return the buffers of a message."""
    return [part.numpy().tobytes() for part in parts]


class Album:
    """A fitness that keeps the images it evaluated, so that showing a population costs no second pass.

    Args:
        fitness: of a single run, on the CPU.
    """

    def __init__(self, fitness: Generated) -> None:
        self.fitness, self.runs, self.genes, self.device = fitness, fitness.runs, fitness.genes, fitness.device
        self.kept: dict[bytes, tuple[Tensor, ...]] = {}  # by genome: its image and other results

    def __call__(self, latents: Tensor) -> Tensor:
        """Return the fitness (1, population) of latents (1, population, genes)."""
        return self.rows(latents[0], torch.zeros(latents.shape[1], dtype=torch.long))[None]

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of latents (n, genes) that belong to the runs (n,), all 0."""
        images = self.fitness.generator(latents)
        fitness, *others = self.judged(images, run)
        levels = (images.clamp(0, 1) * 255).round().to(torch.uint8)
        names = [genome.tobytes() for genome in latents.numpy()]
        self.kept |= dict(zip(names, zip(levels, *others, strict=True), strict=True))
        return fitness

    def judged(self, images: Tensor, run: Tensor) -> tuple[Tensor, ...]:
        """Return the fitness (n,) of images (n, channels, height, width), and other results to keep for each."""
        return (self.fitness.score(images, run),)

    def pages(self, genomes: Tensor) -> list[Tensor]:
        """Return what was kept of genomes (n, genes), first the images (one byte per pixel), and forget all others."""
        names = [genome.tobytes() for genome in genomes.numpy()]
        self.kept = {name: self.kept[name] for name in names}
        return [torch.stack([self.kept[name][i] for name in names]) for i in range(len(self.kept[names[0]]))]

    def shown(self, genomes: Tensor, fitness: Tensor) -> list[bytes]:
        """Return the buffers of evaluated genomes (n, genes): fitness (n,), images, genomes, and other results."""
        images, *others = self.pages(genomes)
        return bytes_of(fitness, images, genomes, *others)


class Evolution:
    """A run requested by a figure.

    Args:
        search: the algorithm set by the controls at the start.
        album: the fitness.
        seed: of everything random.
    """

    ASKED: tuple[str, ...] = ("next",)  # methods that answer a question

    def __init__(self, search: GeneticAlgorithm, album: Album, seed: int) -> None:
        self.album, self.state, self.reported = album, search.start(album, seed), 0

    def population(self) -> Answer:
        """Return the generator passes since the last answer, and the population with its images and fitness."""
        before, self.reported = self.reported, int(self.state.passes)
        return {"passes": self.reported - before}, self.album.shown(self.state.genomes[0], self.state.fitness[0])

    def step(self, search: GeneticAlgorithm) -> None:
        """Advance by one generation; the previous population may have had another size."""
        self.state = search.step(self.album, self.state)

    def next(self, question: Mapping[str, Any]) -> Answer:
        """Advance by one generation with the question's settings, and answer as `population` does."""
        raise NotImplementedError


Start = Callable[[Settings, Buffers], Evolution]  # makes a run from the settings and buffers of a question


class Desk:
    """Answers to the questions of all views of a figure, each of which has its own run.

    Args:
        start: makes a run.
    """

    def __init__(self, start: Start) -> None:
        self.start = start
        self.runs: dict[str, Evolution] = {}

    def answer(self, question: Mapping[str, Any], buffers: Buffers) -> Answer:
        """Return the answer to a question.

        Args:
            question: its `ask` and `view`, the `name` of weights, or the `settings` for a generation; other entries are
                for particular runs, such as those with gradient descent.
            buffers: data for the first generation that is not in the settings.

        Raises:
            ValueError: for an unknown question, or a setting out of range.
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
