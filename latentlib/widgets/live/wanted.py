"""The live figure of chapter `desired_images` in the kernel: a pool evolves until its images meet a wish."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from latentlib import zoo
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness import wishes
from latentlib.fitness.recognition import Recognition
from latentlib.models.classifier import Classifier
from latentlib.pool import ALGORITHM1, offspring
from latentlib.widgets.live.kernel import LEAST, Album, Answer, Buffers, Evolution, Settings, asked


@cache
def networks() -> tuple[nn.Module, Classifier]:
    """Return generator and recogniser, loaded once: those of the page, with exact weights."""
    return zoo.load_generator("restoring/mnist"), zoo.load_classifier("recogniser/mnist")


def search(settings: Settings) -> GeneticAlgorithm:
    """Return Algorithm 1 as set by the figure's controls."""
    return replace(ALGORITHM1, population=asked(settings, "pool", LEAST), mutation_rate=settings["mutation_rate"])


class Recognised(Album):
    """An album for a wish, which keeps the log-odds of all classes, so that another wish costs no second pass."""

    def __init__(self, wish: str) -> None:
        self.recognition = Recognition(*networks(), wishes.read(wish))
        super().__init__(self.recognition)

    def judged(self, images: Tensor, run: Tensor) -> tuple[Tensor, ...]:
        """Return R (n,) of the wish, and the log-odds (n, classes)."""
        odds = self.recognition.recogniser.log_odds(images)
        return self.recognition.wished(odds).sigmoid(), odds


class Wanted(Evolution):
    """A pool that evolves towards a wish.

    Args:
        settings: values of the figure's traits.
        buffers: ignored.

    Raises:
        ValueError: for a setting out of range, with its name.
    """

    ASKED = ("next", "sample")

    def __init__(self, settings: Settings, buffers: Buffers = ()) -> None:
        self.wish = settings["wish"]
        super().__init__(search(settings), Recognised(self.wish), settings["seed"])

    def next(self, question: Mapping[str, Any]) -> Answer:
        """Advance by one generation; after a change of wish, evaluate the pool from the log-odds that were kept."""
        settings = question["settings"]
        self.aim(settings["wish"])
        self.step(search(settings))
        return self.population()

    def aim(self, wish: str) -> None:
        """Change the wish."""
        if wish == self.wish:
            return
        album = Recognised(wish)
        album.kept, self.album, self.wish = self.album.kept, album, wish
        _, odds = album.pages(self.state.genomes[0])
        self.state = self.state.reassessed(album.recognition.wished(odds).sigmoid()[None], cost=0)

    @torch.no_grad()
    def sample(self, question: Mapping[str, Any]) -> Answer:
        """Return `count` new individuals from the pool, none of them selected; each `draw` (from 1) gives others."""
        settings, album = question["settings"], Recognised(question["settings"]["wish"])
        genomes = offspring(
            self.state.genomes[0], asked(question, "count"), question["draw"], search(settings).variation
        )
        return {"generation": self.state.generation}, album.shown(genomes, album(genomes[None])[0])
