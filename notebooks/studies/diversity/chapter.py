"""The chapter as a whole."""

from pathlib import Path

import pandas as pd

from latentlib.study.chapter import Chapter
from studies.diversity.experiments.equations import listed
from studies.diversity.plan import plan


def given(folder: Path) -> dict[str, pd.DataFrame]:
    """Return what no sweep makes: the sizes of the images of the listed networks."""
    return {"listed": listed()}


CHAPTER = Chapter("diversity", plan, given, also=("augmentation",))
