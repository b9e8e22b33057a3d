"""Evolution in the kernel for the live figure: each question is answered by one generation.

The figure's own loop asks, as it asks the browser's engine. So Run, Pause, One step and a moved slider act alike in
both, nothing is computed that nobody looks at, and between two generations the kernel handles whatever else arrives.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from latentlib import zoo
from latentlib.evolution import Best, GeneticAlgorithm
from latentlib.evolution.evaluation import CHUNK, evaluate, initial_population
from latentlib.fitness.reconstruction import Reconstruction, reconstruction
from latentlib.gradient import GradientDescent
from latentlib.widgets import export

Answer = tuple[dict[str, Any], list[bytes]]  # content and buffers of a message
Settings = Mapping[str, Any]  # by the names of the traits of `live.Live`


@cache
def generator(dataset: str) -> nn.Module:
    """The generator of a data set, loaded once."""
    return zoo.load_generator(f"restoring/{dataset}")


class Album:
    """A fitness that keeps the images it judged, so that showing a population costs no second pass.

    Args:
        fitness: of a single run, on the CPU.
    """

    def __init__(self, fitness: Reconstruction) -> None:
        self.fitness, self.runs, self.genes, self.device = fitness, fitness.runs, fitness.genes, fitness.device
        self.kept: dict[bytes, bytes] = {}  # image by genome

    def __call__(self, latents: Tensor) -> Tensor:
        """Fitness (1, population) of latents (1, population, genes)."""
        return self.rows(latents[0], torch.zeros(latents.shape[1], dtype=torch.long))[None]

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Fitness (n,) of latents (n, genes) that belong to the runs (n,), all 0."""
        images = self.fitness.generator(latents)
        levels = (images.clamp(0, 1) * 255).round().to(torch.uint8).numpy()
        self.kept |= {genome.tobytes(): image.tobytes() for genome, image in zip(latents.numpy(), levels, strict=True)}
        return self.fitness.score(images, run)

    def images(self, genomes: Tensor) -> bytes:
        """The images of genomes (n, genes) that were judged, one byte a pixel; all others are forgotten."""
        names = [genome.tobytes() for genome in genomes.numpy()]
        self.kept = {name: self.kept[name] for name in names}
        return b"".join(self.kept[name] for name in names)


class Evolution:
    """A run towards one target.

    Args:
        settings: values of the figure's traits; rates and sizes as `GeneticAlgorithm` takes them.
        target: (1, 1, height, width) in [0, 1].

    Raises:
        ValueError: for a setting out of range, by name.
    """

    def __init__(self, settings: Settings, target: Tensor) -> None:
        self.generator, self.target, self.seed = generator(settings["dataset"]), target, settings["seed"]
        self.measure = settings["fitness"]
        self.album = Album(reconstruction(self.measure, self.generator, target))
        self.state = search(settings).start(self.album, self.seed)
        self.rival = self.descent(self.measure)

    def population(self, passes: int) -> Answer:
        """Fitness, images and genomes as they are, and the generator passes (whole populations) they took."""
        genomes, fitness = self.state.genomes[0], self.state.fitness[0]
        return {"passes": passes}, [fitness.numpy().tobytes(), self.album.images(genomes), genomes.numpy().tobytes()]

    def step(self, settings: Settings) -> int:
        """One generation by the settings as they are now; the generator passes it took."""
        again = self.judge(settings["fitness"]) if settings["fitness"] != self.measure else 0
        before = int(self.state.history.passes[-1])
        self.state = search(settings).step(self.album, self.state)
        return again + int(self.state.history.passes[-1]) - before

    def judge(self, measure: str) -> int:
        """Judge everyone anew by another measure; the generator passes it took."""
        self.measure, self.album = measure, Album(reconstruction(measure, self.generator, self.target))
        genomes = self.state.genomes
        fitness = evaluate(self.album, genomes, CHUNK)
        self.state = replace(self.state, fitness=fitness, best=Best.nobody(genomes).better_of(genomes, fitness))
        return genomes.shape[1]

    def descent(self, measure: str) -> Iterator[Best]:
        """The best so far of gradient descent by a measure, step by step."""
        fitness = reconstruction(measure, self.generator, self.target)
        initial = initial_population(fitness, 1, torch.Generator().manual_seed(self.seed))
        best = Best.nobody(initial)
        for latents, values in GradientDescent().course(fitness, initial):
            best = best.better_of(latents, values)
            yield best

    def descend(self, steps: int) -> Answer:
        """Fitness of the rival's best after each of its next steps, and the image of the last."""
        with torch.enable_grad():
            bests = [next(self.rival) for _ in range(steps)]
        with torch.no_grad():
            image = self.generator(bests[-1].latents)
        return {"fitness": [float(best.fitness) for best in bests]}, [image.numpy().tobytes()]


def search(settings: Settings) -> GeneticAlgorithm:
    """The algorithm that the figure's controls say."""
    return GeneticAlgorithm(settings["population"], settings["mating_rate"], settings["mutation_rate"])


class Desk:
    """Answers the questions of all views of a figure; each view has a run of its own."""

    def __init__(self) -> None:
        self.runs: dict[str, Evolution] = {}

    def answer(self, question: Mapping[str, Any], buffers: Sequence[bytes | memoryview]) -> Answer:
        """The answer to a question.

        Args:
            question: what it `ask`s for, and of which `view`; `name` for weights, `settings` for a generation,
                `steps` for gradient descent.
            buffers: of a first generation, the target's pixels as float32.

        Raises:
            ValueError: for a question that has no answer, or a setting out of range.
        """
        ask, view = question["ask"], question.get("view", "")
        if ask == "weights":
            return {"file": export.weights(question["name"])}, []
        if ask == "start":
            pixels = torch.frombuffer(bytearray(buffers[0]), dtype=torch.float32)
            side = round(len(pixels) ** 0.5)
            self.runs[view] = Evolution(question["settings"], pixels.view(1, 1, side, side))
            return self.runs[view].population(question["settings"]["population"])
        if ask == "end":
            self.runs.pop(view, None)
            return {}, []
        if view not in self.runs:
            raise ValueError("it does not know this run")
        run = self.runs[view]
        return run.descend(question["steps"]) if ask == "descend" else run.population(run.step(question["settings"]))
