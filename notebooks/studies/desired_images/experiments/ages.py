"""LI-16: what evolution finds with generators that were trained for a few epochs only."""

import pandas as pd

from latentlib.study.training import training_images, young
from studies.desired_images.experiments.pools import harvested
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

EPOCHS = {"smoke": (1, 2), "quick": (1, 2), "paper": (1, 2, 4, 8)}


def ages(settings: Settings) -> pd.DataFrame:
    """Return the rows of `harvest` with generators trained for 1 and 2 epochs, at `paper` scale also for 4 and 8."""
    name, images = f"desired_images/{settings.dataset}", training_images(settings.dataset, settings.scale)
    ages = {age: young(name, age, settings.seed, settings.device, images) for age in EPOCHS[settings.scale]}
    rows = [harvested(Search(settings, generator)).assign(epochs=age) for age, generator in ages.items()]
    return pd.concat(rows, ignore_index=True)
