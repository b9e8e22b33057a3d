"""Figures 2, 4, 5 and 7: a pool through its generations, and what can be had without it."""

from dataclasses import replace

import pandas as pd
import torch
from torch import Tensor

from latentlib.evolution import State
from latentlib.fitness import wishes
from latentlib.pool import ALGORITHM1, Enough, offspring
from latentlib.study import realism
from studies.desired_images import baselines
from studies.desired_images.experiments.measures import embedded, measures, real, share
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

ENOUGH = 0.98
SAMPLES = 1000  # latents drawn from a last pool, never selected
DRAWS = 50  # most random latents drawn per latent that the recogniser is to accept


def pools(settings: Settings) -> pd.DataFrame:
    """Return the measures of every pool and generation, with the generator passes so far."""
    return through(Search(settings))


def through(search: Search, initial: Tensor | None = None) -> pd.DataFrame:
    """Return the same for a search, from first pools (repeats, population, genes) if given."""
    rows = []

    def log(state: State) -> None:
        row = measures(search, state.genomes, state.fitness)
        rows.append(row.assign(generation=state.generation, passes=state.history.passes[-1].cpu().numpy()))

    search.evolve(log, initial)
    return pd.concat(rows, ignore_index=True)


def either(settings: Settings, first_and_last: bool = False) -> pd.DataFrame:
    """Count each class of a wish for one of two, by recogniser and judge, in every pool or in the first and last.

    Raises:
        ValueError: for a wish that names fewer than two classes.
    """
    if len(wishes.read(settings.wish).names()) < 2:
        raise ValueError(f"wish must name two classes, such as Digit(4) | Digit(8), got {settings.wish!r}")
    search, rows = Search(settings), []

    def log(state: State) -> None:
        if not first_and_last or state.generation in (0, settings.generations):
            row = measures(search, state.genomes, state.fitness)
            rows.append(row.assign(generation=state.generation))

    search.evolve(log)
    return pd.concat(rows, ignore_index=True)


def courses(settings: Settings) -> pd.DataFrame:
    """Return accuracy and passes of every pool and generation up to 98 %, without a judge."""
    search, rows = Search(settings), []
    enough = Enough(search.fitness, ENOUGH)
    search.algorithm = replace(search.algorithm, stop=enough)

    def log(state: State) -> None:
        shares = enough.shares(state).cpu().numpy()
        row = {"run": range(len(shares)), "accuracy": shares, "generation": state.generation}
        rows.append(pd.DataFrame(row | {"passes": state.history.passes[-1].cpu().numpy()}))

    search.evolve(log)
    return pd.concat(rows, ignore_index=True)


def harvest(settings: Settings) -> pd.DataFrame:
    """Measure pools where Algorithm 1 stops, latents drawn from them without selection, and random ones.

    The random ones are those that the recogniser accepts. One row per run and `group`: pool, samples, random (as many
    as the pool has, unless fewer than one in `DRAWS` is accepted). Besides the measures, `latents` is their number,
    and `fid` the distance to held-out images that meet the wish, in the judge's features. For samples, `repeated` is
    the share that equals a member of the pool; `stopped` is the generation in which the pool had an accuracy of 98 %,
    or the last.
    """
    return harvested(Search(settings), ENOUGH)


def harvested(search: Search, target: float | None = None) -> pd.DataFrame:
    """Return the same for any search, which stops at an accuracy of `target`, or else runs all its generations."""
    evolved, rows = search.evolve(lambda _: None, target=target), []
    stopped = (evolved.history.passes.diff(dim=0) > 0).sum(dim=0)
    for run, pool in enumerate(evolved.state.genomes):
        random, _ = baselines.accepted(search.fitness, len(pool), DRAWS * len(pool), search.seed(run))
        for group, some in (("pool", pool), ("samples", bred(pool, search, run)), ("random", random)):
            if len(some) > 1:
                row = measures(search, some[None]).assign(group=group, run=run, latents=len(some))
                row["stopped"] = int(stopped[run])
                rows.append(row.assign(fid=fid(search, some)))
                if group == "samples":
                    rows[-1]["repeated"] = share((some[:, None] == pool).all(dim=2).any(dim=1))
    return pd.concat(rows, ignore_index=True)


@torch.no_grad()
def fid(search: Search, latents: Tensor) -> float:
    """Return the Frechet distance of the images of latents (n, genes) to held-out ones that meet the wish."""
    held_out = real(search.settings.dataset, search.wish).to(latents.device)
    return realism.frechet(search.judge.features(held_out), embedded(search, latents))


def bred(pool: Tensor, search: Search, run: int) -> Tensor:
    """Return new latents (SAMPLES, genes) from a pool (population, genes), none of them selected."""
    variation = replace(ALGORITHM1.variation, mutation_rate=search.settings.mutation_rate)
    return offspring(pool, SAMPLES, search.seed(run), variation)
