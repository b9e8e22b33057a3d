"""Arithmetic on the paper's own tables."""

from pathlib import Path

import pandas as pd

CELL = ["fitness", "mating_rate", "mutation_rate"]


def grids(folder: Path) -> pd.DataFrame:
    """Return Tables 1 and 2: score by fitness, mating_rate and mutation_rate, the mean of four data sets."""
    return pd.concat([pd.read_csv(folder / f"jin-ko-table{number}.csv") for number in (1, 2)])


def courses(folder: Path) -> pd.DataFrame:
    """Return Tables 3 to 6: score by fitness, data set, rates and iteration, without duplicates."""
    tables = pd.concat([pd.read_csv(folder / f"jin-ko-table{number}.csv") for number in range(3, 7)])
    return tables.drop_duplicates([*CELL, "dataset", "iteration"])


def averages(folder: Path) -> pd.DataFrame:
    """Return the data sets' mean in Tables 3-6 minus Tables 1-2, for every common cell and iteration (JK-40)."""
    means = courses(folder).groupby([*CELL, "iteration"])["score"].agg(["mean", "size"]).reset_index()
    merged = means.merge(grids(folder)[[*CELL, "score"]], on=CELL)
    return merged.assign(deviation=merged["mean"] - merged["score"])
