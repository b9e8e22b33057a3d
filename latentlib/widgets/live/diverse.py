"""The live figure of chapter `diversity` in the kernel: a set evolves until its images are unlike each other."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from latentlib import zoo
from latentlib.evolution import Best
from latentlib.evolution.archive import Archive
from latentlib.models.judge import Judge
from latentlib.widgets.diverse import Race, Trial
from latentlib.widgets.live.kernel import LEAST, Answer, Buffers, Evolution, Settings, asked, bytes_of


@cache
def networks() -> tuple[nn.Module, Judge]:
    """Return generator and judge, loaded once: those of the page, with exact weights."""
    judge = zoo.load("judge/mnist")
    assert isinstance(judge, Judge)
    return zoo.load_generator("restoring/mnist"), judge


def trial_of(settings: Settings) -> Trial:
    """Return the trial set by the figure's controls."""
    names = {field.name for field in fields(Trial)} - {"problem"}
    values = {name: settings[name] for name in names} | {"population": asked(settings, "population", LEAST)}
    return Trial.of({"mnist": networks}, values)


class Diverse(Evolution):
    """A set that evolves, beside random sampling.

    Args:
        settings: values of the figure's traits.
        buffers: ignored.

    Raises:
        ValueError: for a setting out of range, with its name.
    """

    ASKED = ("next", "look")

    def __init__(self, settings: Settings, buffers: Buffers = ()) -> None:
        self.trial, self.reported = trial_of(settings), 0
        self.race = Race(networks()[0], self.trial)

    def next(self, question: Mapping[str, Any]) -> Answer:
        """Advance by one generation with the question's rates and population."""
        self.race.step(trial_of(question["settings"]))
        return self.population()

    def population(self) -> Answer:
        """Return the passes since the last answer, the sets or elites, and the best sets as they are seen."""
        race, state, before = self.race, self.race.state, self.reported
        self.reported = race.passes
        parts = {"fitness": state.fitness[0], "genomes": state.genomes[0]}
        parts |= {"cells": state.cells[0].int()} if isinstance(state, Archive) else {}
        parts |= self.seen("best", race.best)
        parts |= self.seen("rival", race.rival) if race.rival else {}
        spent = race.passes - before
        return {"passes": spent, "work": spent * (1 if race.alone else 2), "names": [*parts]}, bytes_of(*parts.values())

    def look(self, question: Mapping[str, Any]) -> Answer:
        """Return the set at the question's `place` among the present ones, as it is seen."""
        place, state = question["place"], self.race.state
        if place not in range(count := state.fitness.shape[1]):
            raise ValueError(f"place must lie between 0 and {count - 1}, got {place}")
        parts = self.seen("look", Best(state.genomes[:, place], state.fitness[:, place]))
        return {"names": [*parts]}, bytes_of(*parts.values())

    @torch.no_grad()
    def seen(self, who: str, best: Best) -> dict[str, Tensor]:
        """Return a set by the names of its parts: fitness, genomes, images, and what the judge makes of them."""
        images, judge = self.race.images(best.latents[0]), networks()[1]
        levels = (images.clamp(0, 1) * 255).round().to(torch.uint8)
        parts = {"fitness": best.fitness, "genomes": best.latents, "images": levels, "odds": judge.log_odds(images)}
        return {f"{who} {name}": part for name, part in {**parts, "features": judge.features(images)}.items()}
