"""The chapter as a whole."""

from pathlib import Path

import pandas as pd

from latentlib.study.chapter import Chapter
from studies.evolving_weights.plan import plan


def given(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables that no sweep makes: none, since the thesis prints no table of results."""
    return {}


CHAPTER = Chapter("evolving_weights", plan, given)
