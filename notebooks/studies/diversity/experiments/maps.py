"""What a search does on the map of mean and maximum similarity, from the sets that it judged."""

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from latentlib.evolution import Grid

GRID = Grid()  # the paper's: 100 x 100 on [0, 1]
FILLABLE = sum(range(1, GRID.bins[0] + 1))  # cells where the maximum is not below the mean


def cells_of(told: Tensor) -> Tensor:
    """Return the cell (sets,) of mean and maximum (sets, 2) of a run, -1 where they are undefined."""
    able = told.isfinite().all(dim=1)
    cells = torch.full((len(told),), -1)
    cells[able] = GRID.cells_of(told[able])
    return cells


def firsts(cells: Tensor) -> Tensor:
    """Return which sets, bool (sets,), fall into a cell that none before filled."""
    new = np.zeros(len(cells), dtype=bool)
    new[np.unique(cells.numpy(), return_index=True)[1]] = True
    return torch.from_numpy(new) & (cells >= 0)


def largest_share(cells: Tensor) -> float:
    """Return the share of the filled cells (n,) in their largest cluster; neighbours touch at sides or corners."""
    filled = torch.zeros(GRID.cells, dtype=torch.bool)
    filled[cells[cells >= 0]] = True
    filled = filled.view(1, *GRID.bins)
    labels = torch.where(filled, torch.arange(1.0, GRID.cells + 1).view(filled.shape), 0.0)
    while True:  # every cell takes the largest number among its neighbours, until clusters have one number each
        spread = torch.where(filled, functional.max_pool2d(labels, 3, stride=1, padding=1), 0.0)
        if torch.equal(spread, labels):
            break
        labels = spread
    _, sizes = torch.unique(labels[filled], return_counts=True)
    return float(sizes.max()) / float(filled.sum()) if len(sizes) else math.nan


def less_fit_share(told: Tensor, population: int) -> float:
    """Return the share on the less fit side of the cells filled farther out than any of the first sets.

    The median mean similarity of the first sets divides the map, and farther out is what lies farther from it on the
    first axis than they do. NaN if no cell lies there.

    Args:
        told: mean and maximum (sets, 2).
        population: number of the first sets.
    """
    fresh = firsts(cells_of(told))
    fresh[:population] = False
    away = told[:, 0] - told[:population, 0].nanmedian()
    bound = away[:population].abs().nan_to_num(0.0).max()
    beyond = away[fresh & (away.abs() > bound)]
    return float((beyond > 0).double().mean())


def of_run(told: Tensor, population: int) -> dict[str, float]:
    """Return what the rules ask of the map of one run, from mean and maximum (sets, 2) of its sets.

    `cluster` and `less_fit` as above; `first_filled`, cells of the first sets; `stayed`, the share of later sets that
    fall into a cell filled before.
    """
    cells = cells_of(told)
    new = firsts(cells)
    return {
        "cluster": largest_share(cells),
        "less_fit": less_fit_share(told, population),
        "first_filled": float(new[:population].sum()),
        "stayed": 1 - float(new[population:].double().mean()),
    }
