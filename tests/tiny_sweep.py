"""Sweeps of a second. What works on a cell lies in a module, so that another process can import it.

Each call of a work leaves a file `SEED.ID` in the cell's folder of calls, with the number of its process.
"""

import os
import signal
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ODD_ONE = 2  # the seed of the cell that is killed, or fails


@dataclass(frozen=True)
class Trial:
    seed: int
    calls: str
    device: str = "cpu"
    rate: float = 1.0
    careful: bool = True
    note: str = "two words, and a comma"


def trials(calls: Path, count: int = 6) -> list[Trial]:
    calls.mkdir(exist_ok=True)
    return [Trial(seed, str(calls)) for seed in range(count)]


def calls_by_seed(calls: Path) -> dict[int, int]:
    return dict(sorted(Counter(int(path.name.split(".")[0]) for path in calls.iterdir()).items()))


def numbers(cell: Trial) -> pd.DataFrame:
    """Three rows; `always` is measured, and the same everywhere."""
    Path(cell.calls, f"{cell.seed}.{uuid.uuid4().hex}").write_text(str(os.getpid()))
    drawn = np.random.default_rng(cell.seed).normal(size=3)
    return pd.DataFrame({"target": range(3), "score": drawn, "good": drawn > 0, "always": 1})


def waiting_to_be_killed(cell: Trial) -> pd.DataFrame:
    """The odd one takes two minutes when it is done for the first time."""
    rows = numbers(cell)
    if cell.seed == ODD_ONE and calls_by_seed(Path(cell.calls))[ODD_ONE] == 1:
        time.sleep(120)
    return rows


def failing(cell: Trial) -> pd.DataFrame:
    if cell.seed == ODD_ONE:
        raise ValueError("this rate cannot be")
    return numbers(cell)


def deadly(cell: Trial) -> pd.DataFrame:
    if cell.seed == ODD_ONE:
        os.kill(os.getpid(), signal.SIGKILL)
    return numbers(cell)
