"""Chapter one's live figure in the kernel: search for the latent whose image is nearest to a target, and its rival."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from latentlib import zoo
from latentlib.evolution import Best, GeneticAlgorithm
from latentlib.evolution.evaluation import evaluate
from latentlib.fitness.reconstruction import reconstruction
from latentlib.gradient import GradientDescent
from latentlib.priors import Normal
from latentlib.randomness import seeded
from latentlib.widgets.live.kernel import LEAST, Album, Answer, Buffers, Evolution, Settings, asked, bytes_of


@cache
def generator(dataset: str) -> nn.Module:
    """Return the generator of a data set, loaded once."""
    return zoo.load_generator(f"restoring/{dataset}")


def search(settings: Settings) -> GeneticAlgorithm:
    """Return the algorithm set by the figure's controls."""
    return GeneticAlgorithm(asked(settings, "population", LEAST), settings["mating_rate"], settings["mutation_rate"])


class Restoring(Evolution):
    """A run towards one target.

    Args:
        settings: values of the figure's traits; rates and sizes as `GeneticAlgorithm` takes them.
        buffers: the target's pixels, float32 in [0, 1].

    Raises:
        ValueError: for a setting out of range, with its name.
    """

    ASKED = ("next", "descend")

    def __init__(self, settings: Settings, buffers: Buffers) -> None:
        pixels = torch.frombuffer(bytearray(buffers[0]), dtype=torch.float32)
        side = round(len(pixels) ** 0.5)
        self.target, self.generator = pixels.view(1, 1, side, side), generator(settings["dataset"])
        self.measure, self.seed = settings["fitness"], settings["seed"]
        super().__init__(search(settings), self.judged_by(self.measure), self.seed)
        self.rival = self.descent(self.measure)

    def judged_by(self, measure: str) -> Album:
        """Return an album of the fitness with a measure."""
        return Album(reconstruction(measure, self.generator, self.target))

    def next(self, question: Mapping[str, Any]) -> Answer:
        """Advance by one generation; after a change of measure, first evaluate all individuals again."""
        settings = question["settings"]
        if settings["fitness"] != self.measure:
            self.measure = settings["fitness"]
            self.album = self.judged_by(self.measure)
            self.state = self.state.reassessed(evaluate(self.album, self.state.genomes))
        self.step(search(settings))
        return self.population()

    def descent(self, measure: str) -> Iterator[Best]:
        """Yield the best so far of gradient descent by a measure, step by step."""
        fitness = reconstruction(measure, self.generator, self.target)
        initial = Normal().draw((1, 1, fitness.genes), seeded(self.seed))
        best = Best.nobody(initial)
        for latents, values in GradientDescent().course(fitness, initial):
            best = best.better_of(latents, values)
            yield best

    def descend(self, question: Mapping[str, Any]) -> Answer:
        """Return the fitness of the rival's best after each of its next `steps`, and the image of the last."""
        with torch.enable_grad():
            bests = [next(self.rival) for _ in range(asked(question, "steps"))]
        with torch.no_grad():
            image: Tensor = self.generator(bests[-1].latents)
        return {"fitness": [float(best.fitness) for best in bests]}, bytes_of(image)
