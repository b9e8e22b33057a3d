"""Chapters: sweeps at a scale, their tables, and the verdicts drawn from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from latentlib import files
from latentlib.study import repository, source
from latentlib.study.sweep import Executor, Stale, Sweep, read, report_stale, say, serial
from latentlib.study.tables import stamped

if TYPE_CHECKING:
    from latentlib.study.claims import Claim, Verdict

SCALES = ("smoke", "quick", "paper")
OWNER = ".chapter"  # in a results folder: the chapter whose tables lie there, since two have tables of the same names


@dataclass(frozen=True)
class Planned:
    """A sweep to be run.

    Args:
        name: of its table.
        work: turns a cell into the rows of the table.
        cells: each with a `dataset`.
        batch: the executor of its cells on a GPU, where they evolve together.
        timed: whether it measures time, and so must run alone.
    """

    name: str
    work: Callable[[Any], pd.DataFrame]
    cells: Sequence[Any]
    batch: Executor | None = None
    timed: bool = False

    def executor(self, device: str, usual: Executor) -> Executor:
        """Return the executor of the cells: one by one if timed, one batch on a GPU, otherwise the usual one."""
        if self.timed:
            return serial
        return self.batch if self.batch and device != "cpu" else usual

    def run(self, folder: Path, device: str = "cpu", usual: Executor = serial, stale: Stale = "keep") -> None:
        """Run or resume all cells and write the table into `folder`."""
        Sweep(self.name, self.work, folder).run(self.cells, self.executor(device, usual), stale)

    def run_possible(
        self, folder: Path, device: str = "cpu", usual: Executor = serial, stale: Stale = "keep"
    ) -> dict[str, str]:
        """Run the cells whose data set is available, and return by data set why the others cannot be run."""
        lacking: dict[str, str] = {}
        datasets = dict.fromkeys(cell.dataset for cell in self.cells)
        for dataset in datasets:
            try:
                some = replace(self, cells=[cell for cell in self.cells if cell.dataset == dataset])
                some.run(folder, device, usual, stale)
            except FileNotFoundError as error:
                lacking[dataset] = str(error)
        there = [cell for cell in self.cells if cell.dataset not in lacking]
        if there and len(datasets) > 1:  # so far, the table holds one data set
            replace(self, cells=there).run(folder, device, usual)
        return lacking


@dataclass(frozen=True)
class Chapter:
    """A chapter as a whole.

    Args:
        name: of its package, `studies.NAME`, whose module `verdicts` registers the rules.
        plan: every sweep at a scale, on a device.
        given: returns the tables that no sweep makes, from the folder of published tables.
        also: names of other studies, of whose claims the chapter decides some.
    """

    name: str
    plan: Callable[[str, str], Sequence[Planned]]
    given: Callable[[Path], dict[str, pd.DataFrame]]
    also: tuple[str, ...] = ()

    def claims(self) -> dict[str, "Claim"]:
        """Return the claims of the chapter's study, and of those of which it decides some, by id."""
        from latentlib.study.claims import load_claims  # late: it needs scipy, which the sweeps do not

        files_of = map(repository.claims, (self.name, *self.also))
        return {id: claim for path in files_of for id, claim in load_claims(path).items()}

    def run(
        self,
        scale: str,
        results: Path,
        device: str = "cpu",
        executor: Executor = serial,
        only: str | None = None,
        keep: bool = False,
        stale: Stale = "keep",
    ) -> None:
        """Run or resume the sweeps of the chapter and write their tables into `results`.

        Below `paper` scale, cells whose data set is not available are left out, with a message.

        Args:
            scale: one of `SCALES`.
            results: the folder of the tables.
            device: a torch device.
            executor: of the cells, over processes or machines.
            only: the one sweep to run.
            keep: whether cells of a stored table count as finished, even those from another machine.
            stale: whether to `keep` or `recompute` finished cells whose code has changed since.

        Raises:
            ValueError: for a sweep that is not planned, or a folder that holds tables of another chapter or scale.
            BlockingIOError: while another process writes into the folder.
        """
        planned = self.plan(scale, device)
        names = [item.name for item in planned]
        if only is not None and only not in names:
            raise ValueError(f"sweep must be one of {', '.join(names)}, got {only!r}")
        with files.locked(results):
            stored = check_scale(scale, results, names)
            own(results, self.name)
            for item in planned:
                if item.cells and only in (None, item.name):
                    if keep:
                        Sweep(item.name, item.work, results).unpack(item.cells)
                    carry_out(item, scale == "paper", results, device, executor, stale)
                elif item.name in stored:
                    report(item, stored[item.name])

    def tables(self, scale: str, results: Path, published: Path, device: str = "cpu") -> dict[str, pd.DataFrame]:
        """Return the tables in `results` and those that no sweep makes.

        Raises:
            ValueError: for a folder that holds tables of another chapter or scale.
        """
        check_owner(results, self.name)
        return check_scale(scale, results, [item.name for item in self.plan(scale, device)]) | self.given(published)

    def reproduce(  # noqa: PLR0913 (one for each option of the command)
        self,
        scale: str,
        results: Path,
        published: Path,
        device: str = "cpu",
        executor: Executor = serial,
        only: str | None = None,
        keep: bool = False,
        stale: Stale = "keep",
    ) -> list["Verdict"]:
        """Run the sweeps as `run` does, then write every verdict that their tables allow into `results/verdicts`."""
        from latentlib.study.findings import decide  # late: it needs scipy, which the sweeps do not

        self.run(scale, results, device, executor, only, keep, stale)
        import_module(f"studies.{self.name}.verdicts")
        found = decide(self.claims().values(), self.tables(scale, results, published, device), scale)
        for verdict in found:
            verdict.save(results)
        return found


def carry_out(item: Planned, whole: bool, results: Path, device: str, executor: Executor, stale: Stale) -> None:
    """Run a sweep, in full or as far as its data sets are available, and report what is left out."""
    if whole:
        item.run(results, device, executor, stale)
        return
    for dataset, why in item.run_possible(results, device, executor, stale).items():
        say(f"left out of table {item.name}: {dataset}, for {why}")


def own(results: Path, name: str) -> None:
    """Note in a results folder that it belongs to a chapter; raise a ValueError if it is another's."""
    check_owner(results, name)
    if not (results / OWNER).exists():
        with files.replacing(results / OWNER) as part:
            part.write_text(f"{name}\n", encoding="utf-8")


def check_owner(results: Path, name: str) -> None:
    """Raise a ValueError if a results folder belongs to another chapter."""
    if (owner := owner_of(results)) not in (None, name):
        raise ValueError(f"{results} holds tables of chapter {owner}, and so none of {name} can go there")


def owner_of(results: Path) -> str | None:
    """Return the chapter that a results folder belongs to, if it is known: by its note, or else by its verdicts."""
    if (results / OWNER).exists():
        return (results / OWNER).read_text(encoding="utf-8", errors="replace").strip()
    if not (drawn := {path.stem for path in (results / "verdicts").glob("*.json")}):
        return None
    from latentlib.study.claims import load_claims  # late: it needs scipy, which the sweeps do not

    rules = ((chapter, load_claims(repository.claims(chapter))) for chapter in repository.CHAPTERS)
    return next((chapter for chapter, known in rules if drawn & set(known)), None)


def check_scale(scale: str, results: Path, names: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return the tables of these names in a folder; raise a ValueError if any of their rows is of another scale."""
    found = {name: read(results, name) for name in names if (results / f"{name}.csv").exists()}
    for name, table in found.items():
        other = set(table["scale"].unique()) - {scale} if "scale" in table else {"unknown"}
        if other:
            kind = ", ".join(sorted(other))
            raise ValueError(
                f"{results} holds a table of {kind} scale, {name}, and so none of {scale} scale can go there"
            )
    return found


def report(item: Planned, table: pd.DataFrame) -> None:
    """Report a stored table that is kept although its code has changed since."""
    table = stamped(table)
    old = table[table["code"] != source.digest_of(item.work)]
    report_stale(item.name, old.drop_duplicates(["code", "commit", "seconds"]) if len(old) else None, "keep")


def load(name: str) -> Chapter:
    """Return the chapter of a name, one of `repository.CHAPTERS`.

    Raises:
        ValueError: where the package `studies` is not installed.
    """
    if find_spec("studies") is None:
        raise ValueError("package studies is not installed: run `pip install --editable notebooks` in the book's clone")
    return cast(Chapter, import_module(f"studies.{name}.chapter").CHAPTER)
