"""The chapter as a whole."""

from pathlib import Path

import pandas as pd

from latentlib.study.chapter import Chapter
from studies.augmentation.plan import plan


def given(folder: Path) -> dict[str, pd.DataFrame]:
    """Return what no sweep makes: the counts of HuSHeM's classes, as the page gives them."""
    return {"counts": pd.read_csv(folder / "fernandes-hushem.csv")}


CHAPTER = Chapter("augmentation", plan, given)
