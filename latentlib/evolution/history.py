"""The history of a search: one row per generation."""

from collections.abc import Mapping

import pandas as pd
import torch
from torch import Tensor

from latentlib.values import same

COLUMNS = {"best": torch.float32, "generation_best": torch.float32, "mean": torch.float32, "passes": torch.int64}


class Ledger:
    """Rows that are only appended, with spare capacity, so that all histories of a search can share them."""

    def __init__(self, columns: Mapping[str, Tensor]) -> None:
        names = [*COLUMNS, *sorted(columns.keys() - COLUMNS.keys())]
        self.columns = {name: columns[name].clone() for name in names}
        self.filled = len(self.columns["best"])

    def append(self, row: Mapping[str, Tensor]) -> None:
        """Add a row of (runs,) per column."""
        if self.filled == len(self.columns["best"]):
            self.columns = {name: torch.cat([values, room(values)]) for name, values in self.columns.items()}
        for name, values in self.columns.items():
            values[self.filled] = row[name]
        self.filled += 1


def room(values: Tensor) -> Tensor:
    """Return empty rows, as many as values (rows, runs) have and at least 16."""
    return values.new_empty(max(16, len(values)), values.shape[1])


class History:
    """One row per generation, the initial population first; every column is (generations + 1, runs).

    Attributes:
        best: best fitness so far.
        generation_best: best fitness in the population.
        mean: mean fitness of the feasible individuals in the population, NaN if there is none.
        passes: images generated so far: individuals judged, times the `cost` of the fitness.
        filled: cells of the map that hold an elite; of `MapElites` only.
    """

    best: Tensor
    generation_best: Tensor
    mean: Tensor
    passes: Tensor
    filled: Tensor

    def __init__(self, ledger: Ledger, length: int) -> None:
        self.ledger, self.length = ledger, length
        vars(self).update({name: values[:length] for name, values in ledger.columns.items()})

    @classmethod
    def empty(cls, runs: int, device: str | torch.device = "cpu", **more: torch.dtype) -> "History":
        """Return a history without rows; `more` are further columns by name."""
        columns = COLUMNS | more
        return cls.of({name: torch.empty(0, runs, dtype=dtype, device=device) for name, dtype in columns.items()})

    @classmethod
    def of(cls, columns: Mapping[str, Tensor]) -> "History":
        """Return the history with these columns (rows, runs)."""
        ledger = Ledger(columns)
        return cls(ledger, ledger.filled)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, History) and same(self.columns(), other.columns())

    __hash__ = None  # type: ignore[assignment]  # compared by content that may be long

    def columns(self) -> dict[str, Tensor]:
        """Return all columns by name."""
        return {name: getattr(self, name) for name in self.ledger.columns}

    def then(self, best: Tensor, fitness: Tensor, passes: Tensor, **more: Tensor) -> "History":
        """Return this history with one more row.

        Args:
            best: best fitness so far (runs,).
            fitness: of the population (runs, population).
            passes: images generated so far (runs,).
            more: the further columns (runs,).
        """
        branches = self.ledger.filled != self.length  # another history has grown from here
        ledger = Ledger(self.columns()) if branches else self.ledger
        row = {"best": best, "generation_best": fitness.amax(dim=1), "mean": feasible_mean(fitness), "passes": passes}
        ledger.append(row | more)
        return History(ledger, self.length + 1)

    def frame(self) -> pd.DataFrame:
        """Return a tidy table with the columns generation, run, best, generation_best, mean, passes."""
        rows, runs = self.best.shape
        index = pd.MultiIndex.from_product([range(rows), range(runs)], names=["generation", "run"])
        columns = {name: values.cpu().flatten().numpy() for name, values in self.columns().items()}
        return pd.DataFrame(columns, index=index).reset_index()


def feasible_mean(fitness: Tensor) -> Tensor:
    """Return the mean (runs,) of fitness (runs, population) over individuals above -inf."""
    feasible = fitness > -torch.inf
    if bool(feasible.all()):
        return fitness.mean(dim=1)
    return fitness.where(feasible, 0.0).sum(dim=1) / feasible.sum(dim=1)
