"""Sweeps that survive a kill: every finished cell is a file of its own, and a re-run computes only the rest."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, get_args

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from latentlib import data, files
from latentlib.checks import check_choice
from latentlib.provenance import provenance
from latentlib.study import source, tables
from latentlib.study.tables import read

__all__ = ["Cell", "Executor", "Stale", "Sweep", "Work", "alone", "measured", "read", "serial"]
EXTENTS = ("nothing", "sample", "subset", "whole")  # of a data set that a cell could see
Stale = Literal["keep", "recompute"]


class Cell(Protocol):
    """A frozen dataclass that describes one piece of work completely, with at least a seed and a device."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def seed(self) -> int:
        """Seed of everything random."""

    @property
    def device(self) -> str:
        """Name of a torch device."""


Work = Callable[[Any], pd.DataFrame]
Executor = Callable[[Work, Sequence[Cell]], Iterable[tuple[Cell, pd.DataFrame]]]  # cells as they finish, in any order


def serial(work: Work, cells: Sequence[Cell]) -> Iterator[tuple[Cell, pd.DataFrame]]:
    """Yield each cell and its rows, one after the other in this process; `executors` offers other ways."""
    for cell in cells:
        try:
            yield cell, work(cell)
        except Exception as error:
            error.add_note(f"in the cell {cell}")
            raise


def measured(
    work: Callable[[Sequence[Any]], Sequence[pd.DataFrame]], cells: Sequence[Cell], code: str | None = None
) -> list[pd.DataFrame]:
    """Work on cells of the same seed and device together, and return the rows of each with its values and provenance.

    The seconds are divided evenly among the cells; they are those of this call, without earlier work found done.

    Args:
        work: turns the cells into one table each.
        cells: at least one.
        code: digest of the code that the rows rest on; by default that of the code of `work`.

    Raises:
        ValueError: for a cell without rows, or rows with a column named like a value of the cell or a fact about it,
            which would be overwritten.
    """
    facts, start = provenance(cells[0].seed, cells[0].device), time.monotonic()
    facts |= {"code": source.digest_of(work) if code is None else code}
    made = work(cells)
    facts |= {"seconds": round((time.monotonic() - start) / len(cells), 1)}
    for cell, rows in zip(cells, made, strict=True):
        if not isinstance(rows, pd.DataFrame) or rows.empty:
            raise ValueError(f"work must return a table with rows, got {described(rows)} for the cell {cell}")
        if taken := [name for name in (*asdict(cell), *facts, "data") if name in rows]:
            raise ValueError(f"rows must not have columns of the cell's own, got {', '.join(taken)}")
    return [
        rows.assign(**asdict(cell) | facts | {"data": extent(cell)}) for cell, rows in zip(cells, made, strict=True)
    ]


def extent(cell: Cell) -> str:
    """Return what there is of a cell's data set, one of `EXTENTS`; `nothing` for a cell without one."""
    name = getattr(cell, "dataset", None)
    return data.extent(name) if name in data.CARDS else EXTENTS[0]


def described(rows: Any) -> str:
    """Return in words what `work` returned in place of rows."""
    return "an empty table" if isinstance(rows, pd.DataFrame) else repr(rows)


def alone(work: Work, cell: Cell) -> pd.DataFrame:
    """Return the rows of a cell worked on by itself, as in `measured`."""
    return measured(lambda cells: [work(one) for one in cells], [cell], source.digest_of(work))[0]


@dataclass(frozen=True)
class Sweep:
    """A named experiment over cells.

    Args:
        name: of the table.
        work: turns a cell into its rows.
        folder: where the table goes, as `name.csv` and `name.json`, and finished cells, in `.cells/name/`.
    """

    name: str
    work: Work
    folder: Path

    def path(self, cell: Cell) -> Path:
        """Return the path of a finished cell's rows."""
        return self.folder / ".cells" / self.name / f"{files.digest(repr(cell))}.csv"

    def run(self, cells: Sequence[Cell], executor: Executor = serial, stale: Stale = "keep") -> pd.DataFrame:
        """Return the rows of all cells, each with the cell's values and its provenance, and write them for `read`.

        Args:
            cells: what to do; finished cells are not computed again, damaged ones are.
            executor: of the cells.
            stale: whether to `keep` or `recompute` finished cells that rest on code which has changed since. They are
                reported in either case.

        Raises:
            BlockingIOError: while another process runs the same sweep in the same folder.
            ValueError: for no cells, or a cell without rows.
        """
        check_choice("stale", stale, get_args(Stale))
        if not cells:
            raise ValueError(f"sweep {self.name} needs at least one cell, got none")
        with files.locked(self.folder / ".cells" / self.name):
            done = self.current(self.complete(self.finished(cells)), stale)
            left = {path: cell for cell in cells if (path := self.path(cell)) not in done}
            working = executor(partial(alone, self.work), list(left.values()))
            for cell, rows in tqdm(working, self.name, total=len(cells), initial=len(cells) - len(left)):
                done[self.path(cell)] = tables.write_cell(self.path(cell), rows)
            table = pd.concat([done[self.path(cell)] for cell in cells], ignore_index=True)
            facts = {*asdict(cells[0]), *provenance(0, "cpu"), "seconds", *tables.STAMPS}
            tables.write(self.folder, self.name, table, facts)
        return table

    def finished(self, cells: Sequence[Cell]) -> dict[Path, tuple[Cell, pd.DataFrame]]:
        """Return finished cells and their rows, by path, and report those whose files are damaged."""
        paths = {path: cell for cell in cells if (path := self.path(cell)).exists()}
        found = {path: tables.read_cell(path) for path in paths}
        if broken := sum(rows is None for rows in found.values()):
            say(f"{self.name}: {count(broken, 'cell')} cut short or without a checksum, done again")
        return {path: (paths[path], tables.stamped(rows)) for path, rows in found.items() if rows is not None}

    def complete(self, done: dict[Path, tuple[Cell, pd.DataFrame]]) -> dict[Path, pd.DataFrame]:
        """Return the rows of cells that saw as much of their data set as there is now, and report the others."""
        less = {path for path, (cell, rows) in done.items() if less_than(extent(cell), rows["data"].iloc[0])}
        if less:
            say(f"{self.name}: {count(len(less), 'cell')} that saw less of a data set than there is now, done again")
        return {path: rows for path, (_, rows) in done.items() if path not in less}

    def current(self, done: dict[Path, pd.DataFrame], stale: Stale) -> dict[Path, pd.DataFrame]:
        """Return the finished cells that count, by path, and report those that rest on code which has changed since."""
        now = source.digest_of(self.work)
        old = {path for path, rows in done.items() if rows["code"].iloc[0] != now or now == tables.UNKNOWN}
        report_stale(self.name, pd.concat([done[path].head(1) for path in old]) if old else None, stale)
        return {path: rows for path, rows in done.items() if stale == "keep" or path not in old}

    def unpack(self, cells: Sequence[Cell]) -> None:
        """Resume from the stored table: cells found in it count as finished, and `run` computes the rest.

        A cell is found by all of its values but the device. A value that an older table lacks counts as the default.

        Raises:
            ValueError: for a table that was not written by a sweep.
        """
        if not (self.folder / f"{self.name}.csv").exists():
            return
        table = read(self.folder, self.name)
        if lacking := {"seed", "commit", "seconds"} - set(table):
            raise ValueError(
                f"{self.folder / self.name}.csv is no table of a sweep: it lacks {', '.join(sorted(lacking))}"
            )
        with files.locked(self.folder / ".cells" / self.name):
            for cell in cells:
                rows, path = rows_of(cell, table), self.path(cell)
                if len(rows) and not (path.exists() and tables.read_cell(path) is not None):
                    tables.write_cell(path, rows)


def rows_of(cell: Cell, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a stored table that belong to a cell, with all of the cell's values and every stamp."""
    own = {field.name: getattr(cell, field.name) for field in fields(cell) if field.name != "device"}
    defaults = {field.name: field.default for field in fields(cell)}
    chosen = np.ones(len(table), dtype=bool)
    for name, value in own.items():
        if name in table:
            chosen &= equal(table[name], value, in_full="code" in table)
        else:
            chosen &= defaults[name] is not MISSING and value == defaults[name]
    return tables.stamped(table[chosen].assign(**own))


def less_than(there: str, seen: str) -> bool:
    """Return whether what was seen of a data set is known to be less than what is there, both of `EXTENTS`."""
    return seen in EXTENTS and EXTENTS.index(seen) < EXTENTS.index(there)


def equal(column: pd.Series, value: Any, in_full: bool) -> np.ndarray:
    """Return which entries of a column equal a value; old tables have six digits, and empty entries mean None."""
    if value is None or value == "":
        return column.isna().to_numpy()
    rounded = value if in_full or not isinstance(value, float) else float(f"{value:.6g}")
    return np.asarray((column == value) | (column == rounded), dtype=bool)


def report_stale(name: str, old: pd.DataFrame | None, stale: Stale) -> None:
    """Report, once, finished rows that rest on code which has changed since, and what happens to them."""
    if old is None:
        return
    known = old[old["code"] != tables.UNKNOWN]
    fate = "kept; `--stale recompute` does them again" if stale == "keep" else "done again"
    if len(known) < len(old):
        say_once(f"stored rows that do not say on which code they rest: {fate}")
    if len(known):
        commits = ", ".join(sorted(known["commit"].unique()))
        say_once(f"{name}: finished cells of code that has changed since (commit {commits}): {fate}")


def count(number: int, what: str) -> str:
    """Return a number and a noun, in the plural unless the number is 1."""
    return f"{number} {what}{'s' * (number != 1)}"


def say(line: str) -> None:
    """Write a line to standard error without breaking a progress bar."""
    tqdm.write(line, file=sys.stderr)


@cache
def say_once(line: str) -> None:
    """Write a line to standard error, the first time only."""
    say(line)
