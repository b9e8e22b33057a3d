"""Tables on disk: a CSV file beside a JSON file with what holds for every row, and checked files of single cells."""

import hashlib
import io
import json
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from latentlib import files

UNKNOWN = "unknown"
STAMPS = ("code", "data")  # what older tables do not say of their rows
TEXT = {"commit": str, "code": str, "data": str}  # one in a hundred is all digits, or reads as 12345e678
CHECKSUM = "sha256"  # of the CSV file, in the JSON file
LARGEST = 2**53  # up to which whole numbers are exact as floats


def write(folder: Path, name: str, table: pd.DataFrame, facts: set[str]) -> None:
    """Write a table as a CSV file and a JSON file.

    Args:
        folder: of the two files.
        name: of the table.
        table: its rows.
        facts: the columns that are settings or provenance, which are written in full; those with a single value go
            to the JSON file only. Measures have six digits.
    """
    same = [column for column in table if column in facts and table[column].nunique(dropna=False) == 1]
    same = [column for column in same if table[column].notna().all()]  # JSON has no NaN
    content = text(table.drop(columns=same), in_full=facts)
    values = table[same].head(1).to_dict("records")[0] if same else {}
    beside = json.dumps(values | {CHECKSUM: checksum(content)}, indent=2, sort_keys=True) + "\n"
    for path, written in ((folder / f"{name}.json", beside), (folder / f"{name}.csv", content)):
        with files.replacing(path) as part:
            part.write_text(written, encoding="utf-8", newline="\n")


def read(folder: Path, name: str) -> pd.DataFrame:
    """Return a table that `write` has written, with all its columns; measures have six digits.

    Raises:
        FileNotFoundError: if there is no such table.
        ValueError: for a damaged table, or two files that do not belong together.
    """
    path, beside = folder / f"{name}.csv", folder / f"{name}.json"
    content = path.read_text(encoding="utf-8")
    try:
        same: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    except json.JSONDecodeError as error:
        raise ValueError(f"{beside} is damaged: run the sweep again, which writes it anew") from error
    if same.pop(CHECKSUM, checksum(content)) != checksum(content):
        raise ValueError(
            f"{path} and {beside.name} do not belong together: run the sweep again, which writes both anew"
        )
    table = parsed(content).copy()  # in one piece, however many columns
    return table.assign(**{column: value for column, value in same.items() if column not in table})


def stamped(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every one of the `STAMPS`, `unknown` where it lacks one."""
    return table.assign(**{name: UNKNOWN for name in STAMPS if name not in table})


def write_cell(path: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Write the rows of a finished cell after their checksum, and return them as they will be read."""
    content = rows.to_csv(index=False)
    with files.replacing(path) as part:
        part.write_text(f"# {CHECKSUM} {checksum(content)}\n{content}", encoding="utf-8", newline="\n")
    return parsed(content)


def read_cell(path: Path) -> pd.DataFrame | None:
    """Return the rows of a finished cell, None if its file is damaged or lacks a checksum; OSError if there is none."""
    try:
        first, _, content = path.read_text(encoding="utf-8").partition("\n")
    except UnicodeDecodeError:
        return None
    return parsed(content) if first == f"# {CHECKSUM} {checksum(content)}" else None


def text(table: pd.DataFrame, in_full: set[str]) -> str:
    """Return a table as CSV, its floats with six digits except in the columns `in_full`."""
    spelled = table.copy()
    for column in table.select_dtypes("float"):
        spelled[column] = table[column].map(partial(digits, in_full=column in in_full), na_action="ignore")
    return spelled.to_csv(index=False)


def digits(number: float, in_full: bool) -> str:
    """Return a number as text; a whole number keeps all its digits, since it may be a count in a column with gaps."""
    if float(number).is_integer() and abs(number) < LARGEST:
        return f"{number:.0f}"
    return repr(float(number)) if in_full else f"{number:.6g}"


def parsed(content: str) -> pd.DataFrame:
    """Return the table in a CSV text; only empty entries are missing, and words such as None or NA stay words."""
    return pd.read_csv(io.StringIO(content), dtype=TEXT, keep_default_na=False, na_values=[""])


def checksum(content: str) -> str:
    """Return the sha256 of a text in hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()
