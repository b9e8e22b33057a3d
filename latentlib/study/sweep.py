"""Sweeps that survive a kill: every finished cell is a file of its own, and a re-run does only the rest."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from latentlib import files
from latentlib.provenance import provenance

TEXT = {"commit": str}  # one in a hundred is all digits, or reads as 12345e678


class Cell(Protocol):
    """A frozen dataclass that says all about one piece of work, with at least a seed and a device."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def seed(self) -> int:
        """Of everything random."""

    @property
    def device(self) -> str:
        """A torch device."""


Work = Callable[[Any], pd.DataFrame]
Executor = Callable[[Work, Sequence[Cell]], Iterable[tuple[Cell, pd.DataFrame]]]  # cells as they finish, in any order


def serial(work: Work, cells: Sequence[Cell]) -> Iterator[tuple[Cell, pd.DataFrame]]:
    """Each cell and its rows, one after the other in this process; `executors` knows other ways."""
    for cell in cells:
        try:
            yield cell, work(cell)
        except Exception as error:
            error.add_note(f"in the cell {cell}")
            raise


def measured(work: Callable[[Sequence[Any]], Sequence[pd.DataFrame]], cells: Sequence[Cell]) -> list[pd.DataFrame]:
    """Work on cells of the same seed and device at once, and return the rows of each with its values and provenance.

    The seconds are shared evenly among them.

    Raises:
        ValueError: for rows with a column that is a value of the cell, by which they would no longer be known.
    """
    facts, start = provenance(cells[0].seed, cells[0].device), time.monotonic()
    tables = work(cells)
    facts |= {"seconds": round((time.monotonic() - start) / len(cells), 1)}
    for cell, rows in zip(cells, tables, strict=True):
        if taken := [name for name in asdict(cell) if name in rows]:
            raise ValueError(f"rows must not have columns of the cell's own, got {', '.join(taken)}")
    return [rows.assign(**asdict(cell) | facts) for cell, rows in zip(cells, tables, strict=True)]


def alone(work: Work, cell: Cell) -> pd.DataFrame:
    """The rows of a cell that is worked on by itself, as `measured`."""
    return measured(lambda cells: [work(one) for one in cells], [cell])[0]


@dataclass(frozen=True)
class Sweep:
    """A named experiment over cells.

    Args:
        name: of the table.
        work: turns a cell into its rows.
        folder: the table goes to `folder/name.csv` and `folder/name.json`, finished cells to `folder/.cells/name/`.
    """

    name: str
    work: Work
    folder: Path

    def path(self, cell: Cell) -> Path:
        """Where the rows of a finished cell lie."""
        return self.folder / ".cells" / self.name / f"{files.digest(repr(cell))}.csv"

    def run(self, cells: Sequence[Cell], executor: Executor = serial) -> pd.DataFrame:
        """The rows of all cells, each with the cell's own values and its provenance; also written, for `read`."""
        left = {path: cell for cell in cells if not (path := self.path(cell)).exists()}
        finished = executor(partial(alone, self.work), list(left.values()))
        for cell, rows in tqdm(finished, self.name, total=len(cells), initial=len(cells) - len(left)):
            with files.replacing(self.path(cell)) as part:
                rows.to_csv(part, index=False)
        table = pd.concat([pd.read_csv(self.path(cell), dtype=TEXT) for cell in cells], ignore_index=True)
        write(self.folder, self.name, table, {*asdict(cells[0]), *provenance(0, "cpu"), "seconds"})
        return table

    def unpack(self, cells: Sequence[Cell]) -> None:
        """Take up the stored table: cells that stand in it count as finished, and `run` does the rest."""
        if not (self.folder / f"{self.name}.csv").exists():
            return
        table = read(self.folder, self.name)
        for cell in cells:
            own = [table[name] == value for name, value in asdict(cell).items() if name != "device" and name in table]
            rows = table[np.logical_and.reduce(own)]
            if len(rows) and not self.path(cell).exists():
                with files.replacing(self.path(cell)) as part:
                    rows.to_csv(part, index=False)


def write(folder: Path, name: str, table: pd.DataFrame, facts: set[str]) -> None:
    """Write a table; those of its columns named in `facts` that hold one value only go to a JSON file beside it."""
    same = [column for column in table if column in facts and table[column].nunique(dropna=False) == 1]
    same = [column for column in same if table[column].notna().all()]  # JSON knows no NaN
    with files.replacing(folder / f"{name}.json") as part:
        values = table[same].head(1).to_dict("records")[0] if same else {}
        part.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n")
    with files.replacing(folder / f"{name}.csv") as part:
        table.drop(columns=same).to_csv(part, index=False, float_format="%.6g")


def read(folder: Path, name: str) -> pd.DataFrame:
    """A table that a sweep has written, all its columns; numbers as measured have six digits.

    Raises:
        FileNotFoundError: where there is no such table.
    """
    table = pd.read_csv(folder / f"{name}.csv", dtype=TEXT)
    beside = folder / f"{name}.json"
    same = json.loads(beside.read_text()) if beside.exists() else {}
    return table.assign(**{column: value for column, value in same.items() if column not in table})
