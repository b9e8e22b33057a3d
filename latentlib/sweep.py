"""Sweeps that survive a kill: every finished cell is a file of its own, and a re-run does only the rest."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import pandas as pd
from tqdm.auto import tqdm

from latentlib import files
from latentlib.provenance import provenance


class Cell(Protocol):
    """A frozen dataclass that says all about one piece of work, with at least a seed and a device."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def seed(self) -> int:
        """Of everything random."""

    @property
    def device(self) -> str:
        """A torch device."""


@dataclass(frozen=True)
class Sweep:
    """A named experiment over cells.

    Args:
        name: of the table.
        work: turns a cell into its rows.
        folder: the table goes to `folder/name.csv`, finished cells to `folder/.cells/name/`.
    """

    name: str
    work: Callable[[Any], pd.DataFrame]
    folder: Path

    def path(self, cell: Cell) -> Path:
        """Where the rows of a finished cell lie."""
        return self.folder / ".cells" / self.name / f"{files.digest(repr(cell))}.csv"

    def run(self, cells: Sequence[Cell]) -> pd.DataFrame:
        """The rows of all cells, each with the cell's own values and its provenance."""
        for cell in tqdm(cells, self.name):
            if not self.path(cell).exists():
                self.finish(cell)
        table = pd.concat([pd.read_csv(self.path(cell)) for cell in cells], ignore_index=True)
        with files.replacing(self.folder / f"{self.name}.csv") as partial:
            table.to_csv(partial, index=False, float_format="%.6g")
        return table

    def finish(self, cell: Cell) -> None:
        """Do one cell and write its rows."""
        facts, start = provenance(cell.seed, cell.device), time.monotonic()
        rows = self.work(cell)
        facts = asdict(cell) | facts | {"seconds": round(time.monotonic() - start, 1)}
        with files.replacing(self.path(cell)) as partial:
            rows.assign(**facts).to_csv(partial, index=False)
