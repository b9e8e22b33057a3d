"""LI-16: what evolution gets from generators that were trained for a few epochs only."""

import pandas as pd

from latentlib import zoo
from studies.desired_images.experiments.pools import harvested
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

EPOCHS = (1, 2, 4, 8)


def ages(settings: Settings) -> pd.DataFrame:
    """What `harvest` finds with generators after 1, 2, 4 and 8 epochs of the zoo's recipe."""
    name, seed, device = f"desired_images/{settings.dataset}", settings.seed, settings.device
    rows = [harvested(Search(settings, zoo.young(name, age, seed, device))).assign(epochs=age) for age in EPOCHS]
    return pd.concat(rows, ignore_index=True)
