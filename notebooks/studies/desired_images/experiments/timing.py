"""LI-04, LI-05: seconds until a pool meets the wish, on one thread. Run it on a quiet machine."""

import time
from dataclasses import replace

import pandas as pd
import torch

from latentlib.pool import evolve
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

SHARE = 0.98


def timing(settings: Settings) -> pd.DataFrame:
    """Return the seconds and the generation until 98 % of the pool is wanted by the recogniser, one row per pool."""
    search, threads, rows = Search(settings), torch.get_num_threads(), []
    fitness = Search(replace(settings, repeats=1)).fitness
    torch.set_num_threads(1)
    try:
        for run, first in enumerate(search.first_pools()):
            start = time.perf_counter()
            done = evolve(fitness, SHARE, seed=search.seed(run), algorithm=search.algorithm, initial=first[None])
            taken = time.perf_counter() - start
            rows.append({"run": run, "evolving_seconds": taken, "generation": done.state.generation})
    finally:
        torch.set_num_threads(threads)
    return pd.DataFrame(rows)
