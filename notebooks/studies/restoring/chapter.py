"""The chapter as a whole."""

from pathlib import Path

import pandas as pd

from latentlib import zoo
from latentlib.study.chapter import Chapter
from studies.restoring.experiments import published
from studies.restoring.plan import plan
from studies.restoring.settings import EVERY


def given(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the published tables in a folder, and the quality of the generators."""
    return {
        "averages": published.averages(folder),
        "published_grids": published.grids(folder),
        "published_courses": published.courses(folder),
        "quality": quality(),
        "judges": judges(),
    }


def quality() -> pd.DataFrame:
    """Return how real each generator's images look to the judge, from its card, one row per data set."""
    cards = {name: zoo.card(f"restoring/{name}") for name in EVERY}
    return pd.DataFrame([{"dataset": name, **card["quality"]} for name, card in cards.items()])


def judges() -> pd.DataFrame:
    """Return the accuracy of each judge on real held-out images, from its card, one row per data set."""
    return pd.DataFrame([{"dataset": name, **zoo.card(f"judge/{name}")["quality"]} for name in EVERY])


CHAPTER = Chapter("restoring", plan, given)
