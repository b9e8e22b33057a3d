"""The chapter as a whole."""

from pathlib import Path

import pandas as pd

from latentlib.study.chapter import Chapter
from studies.beyond.plan import plan


def given(folder: Path) -> dict[str, pd.DataFrame]:
    """Return what no sweep makes: nothing."""
    return {}


CHAPTER = Chapter("beyond", plan, given)
