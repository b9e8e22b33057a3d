"""What the pictures of the chapter show of one run of each search: its best set and its heat maps."""

import pandas as pd
import torch
from torch import Tensor

from studies.diversity.experiments import maps
from studies.diversity.experiments.contest import Contest, Key
from studies.diversity.settings import Settings

RUN = 0  # the run that is shown
DIGITS = 4
MOMENTS = (12, 25)  # parts of the evaluations, of 25, after which the map is shown besides that of the first sets


def best_sets(settings: Settings) -> pd.DataFrame:
    """Return the latents `z0`, `z1` ... of the best set of run 0, one row per metric, method and `image`."""
    tables = []
    for key, outcome in Contest(settings).outcomes().items():
        latents = outcome.best[RUN].double().cpu().numpy().round(DIGITS)
        table = pd.DataFrame(latents, columns=[f"z{gene}" for gene in range(latents.shape[1])])
        tables.append(placed(key, table.rename_axis("image").reset_index()))
    return pd.concat(tables, ignore_index=True)


def heat_maps(settings: Settings) -> pd.DataFrame:
    """Return the map of run 0 after the first sets, 12 of 25 parts of the evaluations, and all of them.

    One row per metric, method, number of `evaluated` sets and filled cell: its bins of the `mean` and the `maximum`
    similarity, from 0, and the fitness of the `best` of its sets.
    """
    moments = [settings.population, *(settings.evaluations * part // MOMENTS[-1] for part in MOMENTS)]
    tables = [
        placed(key, fittest(outcome.told[RUN, :evaluated]).assign(evaluated=evaluated))
        for key, outcome in Contest(settings).outcomes().items()
        for evaluated in moments
    ]
    return pd.concat(tables, ignore_index=True)


def fittest(told: Tensor) -> pd.DataFrame:
    """Return the filled cells with the fitness of the fittest, from mean and maximum (sets, 2) of a run's sets."""
    cells = maps.cells_of(told)
    best = torch.full((maps.GRID.cells,), torch.inf, dtype=told.dtype)
    best = best.scatter_reduce(0, cells[cells >= 0], told[cells >= 0, 0], "amin")
    filled = best.isfinite().nonzero()[:, 0]
    bins = maps.GRID.bins[1]
    fitness = (-best[filled]).numpy().round(DIGITS)
    return pd.DataFrame({"mean": filled // bins, "maximum": filled % bins, "best": fitness})


def placed(key: Key, table: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the metric and method that they belong to."""
    return table.assign(metric=key[0], method=key[1])
