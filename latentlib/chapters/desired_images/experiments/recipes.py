"""No claim, but a deviation: the paper's step size and batches for faces beside those that the zoo's generator had."""

from dataclasses import replace
from typing import Any

import pandas as pd

from latentlib import data, zoo
from latentlib.chapters.desired_images.experiments.trained import trained
from latentlib.chapters.desired_images.settings import Settings
from latentlib.fitness import realism

EPOCHS = 8
RECIPES: dict[str, dict[str, Any]] = {"ours": {}, "the paper's": {"learning_rate": 5e-4, "batch_size": 128}}


def recipes(settings: Settings) -> pd.DataFrame:
    """FID of two generators after eight epochs from the same first weights."""
    plan, real = zoo.entry(f"desired_images/{settings.dataset}"), data.training_images(settings.dataset)
    judge, held_out = zoo.load_judge(settings.dataset), data.load(settings.dataset, "test").images
    rows = []
    for name, changes in RECIPES.items():
        recipe = replace(plan.recipe, epochs=EPOCHS, **changes)
        generator = trained(replace(plan, recipe=recipe), real.images, real.labels, settings.seed)
        drawn = realism.sample(generator, len(held_out), settings.seed)
        rows.append({"recipe": name, "epochs": EPOCHS, "fid": realism.fid(judge, held_out, drawn)})
    return pd.DataFrame(rows)
