"""The tables and verdicts that a notebook shows: stored ones, or others computed in their place."""

import re
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from importlib import import_module
from typing import Any

import pandas as pd

from latentlib.checks import check_choice
from latentlib.study import claims, repository
from latentlib.study.chapter import SCALES, load, own
from latentlib.study.findings import RULES, TooSmallError, decide
from latentlib.study.sweep import read

STORED = "stored"


class Results:
    """The tables of a chapter by name, each read or computed when first asked for.

    Args:
        name: of the chapter.
        tables: `stored` for those of the book; a scale for others, computed in `_runs`, where finished cells of an
            earlier run or of `latentlib reproduce` are reused.
        device: a torch device for the computation.

    Raises:
        ValueError: for any other `tables`, naming the accepted values.
    """

    def __init__(self, name: str, tables: str = STORED, device: str = "cpu") -> None:
        check_choice("tables", tables, (STORED, *SCALES))
        self.chapter, self.scale, self.device = load(name), tables, device
        self.stored = tables == STORED
        self.folder = repository.results(name) if self.stored else repository.runs(name, tables)
        self.made: dict[str, pd.DataFrame] = {}
        self.lacking: dict[str, str] = {}  # by table: why it is missing

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table.

        Raises:
            TooSmallError: if no data set that it needs is available.
        """
        if name in self.lacking:
            raise TooSmallError(self.lacking[name])
        if name not in self.made:
            self.made[name] = read(self.folder, name) if self.stored else self.computed(name)
        return self.made[name].copy()

    def computed(self, name: str) -> pd.DataFrame:
        """Return a table of the cells whose data set is available, and report which are left out."""
        item = {item.name: item for item in self.chapter.plan(self.scale, self.device)}[name]
        with redirect_stdout(sys.stderr):  # progress messages of a training are not output of the notebook
            own(self.folder, self.chapter.name)
            lacking = item.run_possible(self.folder, self.device)
        if all(cell.dataset in lacking for cell in item.cells):
            self.lacking[name] = f"table {name}, for {'; '.join(lacking.values())}"
            raise TooSmallError(self.lacking[name])
        for dataset, why in lacking.items():
            print(f"Left out of table {name}: {dataset}, for {why}.")
        return read(self.folder, name)

    def show(self, draw: Callable[..., Any], *names: str) -> Any:
        """Return what a function makes of the named tables, or print in a sentence why it is left out."""
        try:
            return draw(*(self[name] for name in names))
        except TooSmallError as error:
            return print(f"Left out at {self.scale} scale: {error}.")

    def told(self, text: str) -> Any:
        """Return Markdown in which `{JK-01}` is the measurement and verdict of that claim, as `verdicts` has them."""
        from IPython.display import Markdown  # late: only a notebook shows it

        ids = list(dict.fromkeys(re.findall(r"\{([A-Z]{2}-\d{2})\}", text)))
        for id, row in self.verdicts(ids).iterrows():
            text = text.replace(f"{{{id}}}", f"{row['measured']} ({id}, {row['verdict']})".strip())
        return Markdown(text)  # type: ignore[no-untyped-call]

    def verdicts(self, ids: Sequence[str]) -> pd.DataFrame:
        """Return statement, verdict and measurement of claims: as stored, or by their rules from new tables."""
        rules = self.chapter.claims()
        if self.stored:
            return claims.summary(rules, claims.load_verdicts(self.folder), ids)
        import_module(f"studies.{self.chapter.name}.verdicts")  # registers the rules
        tables = self.chapter.given(repository.published())
        for name in {name for claim in ids for name in RULES[claim][1]} - set(tables):
            with suppress(TooSmallError):
                tables[name] = self[name]
        found = {verdict.claim: verdict for verdict in decide([rules[id] for id in ids], tables, self.scale)}
        return claims.summary(rules, found, ids, "not decided at this scale").assign(scale=self.scale)
