"""Tables 1 to 6: mating and mutation rate, by iteration."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import torch

from latentlib import zoo
from latentlib.evolution import GeneticAlgorithm, State
from latentlib.fitness.reconstruction import reconstruction
from latentlib.randomness import seeded
from latentlib.study.sweep import Work, measured
from studies.restoring.experiments.measures import measures
from studies.restoring.experiments.targets import targets_of
from studies.restoring.settings import Settings

RATES = tuple(round(0.1 * step, 1) for step in range(1, 10))
LOGGED = (0, 1, 5, 10, 20, 30, 40, 50, 75, 100, 150, 200, 250, 300)  # iterations, including those of the paper
CROSS = tuple(dict.fromkeys([(0.3, m) for m in (0.2, 0.3, 0.4, 0.5)] + [(m, 0.3) for m in (0.2, 0.3, 0.4, 0.5)]))


def course(settings: Settings) -> pd.DataFrame:
    """Return the measures of every target at the logged iterations, for the rates of one cell."""
    return courses([settings])[0]


def courses(cells: Sequence[Settings]) -> list[pd.DataFrame]:
    """Return the same for many cells that differ in their rates alone, evolved as one batch."""
    shared, count = cells[0], len(cells)
    if {replace(cell, mating_rate=0, mutation_rate=0) for cell in cells} != {
        replace(shared, mating_rate=0, mutation_rate=0)
    }:
        raise ValueError("cells of one batch must differ in mating_rate and mutation_rate alone")
    targets = targets_of(shared)
    generator = zoo.load_generator(shared.model, shared.device)
    fitness = reconstruction(shared.fitness, generator, targets.repeat(count, 1, 1, 1))
    rates = torch.tensor([(cell.mating_rate, cell.mutation_rate) for cell in cells])
    mating, mutation = rates.repeat_interleave(len(targets), dim=0).to(shared.device).unbind(dim=1)
    frames: list[list[pd.DataFrame]] = [[] for _ in cells]

    def log(state: State) -> None:
        if state.generation in (*LOGGED, shared.generations):
            images = generator(state.best.latents)
            passes = state.history.passes[-1].cpu()
            for frame, some, used in zip(frames, images.chunk(count), passes.chunk(count), strict=True):
                row = measures(shared.dataset, some, targets)
                frame.append(row.assign(iteration=state.generation, passes=used.numpy()))

    search = GeneticAlgorithm(shared.population, mating, mutation)
    initial = beginnings(shared, fitness.genes, len(targets)).repeat(count, 1, 1) if count > 1 else None
    search.evolve(fitness, shared.generations, shared.seed, initial=initial, callback=log)
    return [pd.concat(frame, ignore_index=True) for frame in frames]


def beginnings(settings: Settings, genes: int, targets: int) -> torch.Tensor:
    """Draw first populations (targets, population, genes), the same for every cell of a batch."""
    random = seeded(settings.seed, settings.device)
    return torch.randn(targets, settings.population, genes, generator=random, device=settings.device)


def one_batch(_: Work, cells: Sequence[Any]) -> Iterator[tuple[Any, pd.DataFrame]]:
    """Yield the cells of a sweep on a GPU with their rows: those that differ in their rates alone evolve together."""
    groups: dict[Settings, list[Settings]] = {}
    for cell in cells:
        groups.setdefault(replace(cell, mating_rate=0, mutation_rate=0), []).append(cell)
    for group in groups.values():
        yield from zip(group, measured(courses, group), strict=True)
