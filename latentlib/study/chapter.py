"""What every chapter is: sweeps at a scale, their tables, and the verdicts drawn from them."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
from tqdm.auto import tqdm

from latentlib.study.sweep import Executor, Sweep, read, serial

if TYPE_CHECKING:
    from latentlib.study.claims import Verdict

SCALES = ("smoke", "quick", "paper")


@dataclass(frozen=True)
class Planned:
    """A sweep to be run.

    Args:
        name: of its table.
        work: turns a cell into rows.
        cells: each with a `dataset`.
        batch: the executor of its cells on a GPU, where they evolve together.
        timed: whether it measures time, and so runs alone.
    """

    name: str
    work: Callable[[Any], pd.DataFrame]
    cells: Sequence[Any]
    batch: Executor | None = None
    timed: bool = False

    def executor(self, device: str, usual: Executor) -> Executor:
        """Return the executor of the cells: one by one if timed, one batch on a GPU, else the usual one."""
        if self.timed:
            return serial
        return self.batch if self.batch and device != "cpu" else usual

    def run(self, folder: Path, device: str = "cpu", usual: Executor = serial) -> None:
        """Run, or take up again, all cells; the table lies in `folder`."""
        Sweep(self.name, self.work, folder).run(self.cells, self.executor(device, usual))

    def run_possible(self, folder: Path, device: str = "cpu", usual: Executor = serial) -> dict[str, str]:
        """Run the cells whose data set is here, and return by data set why the others cannot be run."""
        lacking: dict[str, str] = {}
        for dataset in dict.fromkeys(cell.dataset for cell in self.cells):
            try:
                replace(self, cells=[cell for cell in self.cells if cell.dataset == dataset]).run(folder, device, usual)
            except FileNotFoundError as error:
                lacking[dataset] = str(error)
        if there := [cell for cell in self.cells if cell.dataset not in lacking]:
            replace(self, cells=there).run(folder, device, usual)
        return lacking


@dataclass(frozen=True)
class Chapter:
    """A chapter as a whole.

    Args:
        name: of its package, `studies.NAME`, whose module `verdicts` enters the rules.
        paper: with what the ids of its claims begin, such as `JK`.
        plan: every sweep at a scale, on a device.
        given: the tables that no sweep makes, from the folder of published ones.
    """

    name: str
    paper: str
    plan: Callable[[str, str], Sequence[Planned]]
    given: Callable[[Path], dict[str, pd.DataFrame]]

    def run(
        self,
        scale: str,
        results: Path,
        device: str = "cpu",
        executor: Executor = serial,
        only: str | None = None,
        keep: bool = False,
    ) -> None:
        """Run, or take up again, the sweeps of the chapter; their tables lie in `results`.

        Below `paper` scale, cells whose data set is not here are left out, and said.

        Args:
            scale: one of `SCALES`.
            results: the folder of the tables.
            device: a torch device.
            executor: of the cells, over processes or machines.
            only: the one sweep to run.
            keep: whether cells of a stored table count as finished, those of another machine too.

        Raises:
            ValueError: for a sweep that is not planned.
        """
        planned = self.plan(scale, device)
        names = [item.name for item in planned]
        if only is not None and only not in names:
            raise ValueError(f"sweep must be one of {', '.join(names)}, got {only!r}")
        for item in planned:
            if only not in (None, item.name):
                continue
            if keep:
                Sweep(item.name, item.work, results).unpack(item.cells)
            if scale == "paper":
                item.run(results, device, executor)
            else:
                for dataset, why in item.run_possible(results, device, executor).items():
                    tqdm.write(f"left out of table {item.name}: {dataset}, for {why}", file=sys.stderr)

    def tables(self, scale: str, results: Path, published: Path, device: str = "cpu") -> dict[str, pd.DataFrame]:
        """The tables that lie in `results`, and those that no sweep makes."""
        names = [item.name for item in self.plan(scale, device)]
        made = {name: read(results, name) for name in names if (results / f"{name}.csv").exists()}
        return made | self.given(published)

    def reproduce(
        self,
        scale: str,
        results: Path,
        published: Path,
        device: str = "cpu",
        executor: Executor = serial,
        only: str | None = None,
        keep: bool = False,
    ) -> list["Verdict"]:
        """The sweeps, as `run`, then every verdict that their tables allow, written to `results/verdicts`."""
        from latentlib.study.findings import decide  # late: needs scipy, which the sweeps do without

        self.run(scale, results, device, executor, only, keep)
        import_module(f"studies.{self.name}.verdicts")
        found = decide(self.paper, self.tables(scale, results, published, device), scale)
        for verdict in found:
            verdict.save(results)
        return found


def load(name: str) -> Chapter:
    """Return the chapter of that name, one of `repository.CHAPTERS`.

    Raises:
        ValueError: where the package `studies` is not installed.
    """
    if find_spec("studies") is None:
        raise ValueError("package studies is not installed: run `pip install --editable notebooks` in the book's clone")
    return cast(Chapter, import_module(f"studies.{name}.chapter").CHAPTER)
