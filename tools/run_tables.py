"""Tables of what was run: every stored table of a chapter with its size, as stated in the book."""

from html import escape
from pathlib import Path

import pandas as pd

from latentlib.study import sweep

HEADER = ("Table", "Data sets", "Size", "Cells", "Computed")
CELL = ("dataset", "fitness", "wish", "population", "mating_rate", "mutation_rate", "operators", "repeats", "seed")
COUNTED = {"targets": "targets", "repeats": "pools", "population": "latents each", "generations": "generations"}


def run_rows(results: Path) -> list[tuple[str, ...]]:
    """Return one row per stored table: name, data sets, size of a run, cells, hours and dates, as HTML."""
    tables = ((path.stem, sweep.read(results, path.stem)) for path in sorted(results.glob("*.csv")))
    return [tuple(map(escape, row(name, table))) for name, table in tables]


def row(name: str, table: pd.DataFrame) -> tuple[str, ...]:
    """Return the facts about one table."""
    cells = table.drop_duplicates([column for column in (*CELL, "seconds") if column in table])
    sizes = [f"{span(table[column])} {word}" for column, word in COUNTED.items() if column in table]
    if "fitness" in table:
        sizes.append(f"fitness {' and '.join(sorted(table['fitness'].unique()))}")
    dates = ", ".join(sorted(table["date"].unique()))
    seconds = cells["seconds"].sum()
    spent = f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.1f} min"
    made = f"{spent} on {', '.join(sorted(table['device'].unique()))}, {dates}"
    return name.replace("_", " "), ", ".join(table["dataset"].unique()), ", ".join(sizes), str(len(cells)), made


def span(sizes: pd.Series) -> str:
    """Return one number, or the least and the greatest of several."""
    least, most = sizes.min(), sizes.max()
    return f"{most}" if least == most else f"{least} to {most}"
