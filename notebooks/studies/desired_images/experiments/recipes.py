"""The paper's step size and batch size for faces beside those of the zoo's generator: no claim, but a deviation."""

from dataclasses import replace

import pandas as pd

from latentlib import data, zoo
from latentlib.study import realism, training
from latentlib.study.training import shortened, training_images
from studies.desired_images.experiments.trained import trained
from studies.desired_images.settings import Settings

LEARNING_RATE, BATCH_SIZE = 5e-4, 128  # section IV-A


def recipes(settings: Settings) -> pd.DataFrame:
    """Return the FID of the zoo's generator and of one trained as in the paper, equally long from the same weights."""
    name, real = f"desired_images/{settings.dataset}", training_images(settings.dataset, settings.scale)
    plan = training.plan_of(name)
    assert isinstance(plan.recipe, training.Adversarial)
    paper = replace(shortened(plan.recipe, settings.scale), learning_rate=LEARNING_RATE, batch_size=BATCH_SIZE)
    generators = {
        "ours": zoo.load(name),
        "the paper's": trained(replace(plan, recipe=paper), real.images, real.labels, settings.seed),
    }
    judge, held_out = zoo.load_judge(settings.dataset), data.load(settings.dataset, "test").images
    sets = {recipe: realism.sample(one, len(held_out), settings.seed) for recipe, one in generators.items()}
    return pd.DataFrame(
        {"recipe": recipe, "fid": realism.fid(judge, held_out, drawn)} for recipe, drawn in sets.items()
    )
