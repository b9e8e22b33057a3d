"""LI-16: what evolution gets from generators that were trained for a few epochs only."""

import pandas as pd

from latentlib import zoo
from latentlib.study.small_training import training_images
from studies.desired_images.experiments.pools import harvested
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

EPOCHS = {"smoke": (1, 2), "quick": (1, 2), "paper": (1, 2, 4, 8)}


def ages(settings: Settings) -> pd.DataFrame:
    """What `harvest` finds with generators after 1 and 2, at `paper` scale also 4 and 8, epochs of the zoo's recipe."""
    name, images = f"desired_images/{settings.dataset}", training_images(settings.dataset, settings.scale)
    ages = {age: zoo.young(name, age, settings.seed, settings.device, images) for age in EPOCHS[settings.scale]}
    rows = [harvested(Search(settings, young)).assign(epochs=age) for age, young in ages.items()]
    return pd.concat(rows, ignore_index=True)
