"""The chapter as a whole: its sweeps at a scale, and the verdicts drawn from their tables."""

from pathlib import Path

import pandas as pd

from latentlib.chapters.restoring import experiments, verdicts
from latentlib.chapters.restoring.settings import SCALES, Settings
from latentlib.claims import Verdict
from latentlib.sweep import Sweep

DATASETS = ("mnist", "fashion_mnist")


def cells(scale: str, device: str = "cpu") -> list[Settings]:
    """Every data set and seed of a scale."""
    size = SCALES[scale]
    pairs = [(name, seed) for name in DATASETS for seed in range(size.seeds)]
    return [Settings(name, scale, seed, size.population, size.generations, device=device) for name, seed in pairs]


def tables(scale: str, results: Path, device: str = "cpu") -> dict[str, pd.DataFrame]:
    """Run, or take up again, every sweep of the chapter; its tables by name, which also lie in `results`."""
    every = cells(scale, device)
    first = [cell for cell in every if cell.seed == 0]
    return {
        "restoration": Sweep("restoration", experiments.restoration, results).run(every),
        "known_latents": Sweep("known_latents", experiments.known_latents, results).run(every),
        "ranges": Sweep("ranges", experiments.ranges, results).run(first),
    }


def reproduce(scale: str, results: Path, published: Path, device: str = "cpu") -> list[Verdict]:
    """All sweeps at a scale, then every verdict from their tables, written to `results/verdicts`."""
    made = tables(scale, results, device) | {"averages": experiments.published_averages(published)}
    found = verdicts.decide(made, scale)
    for verdict in found:
        verdict.save(results)
    return found
