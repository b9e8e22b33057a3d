"""Smaller trainings, for experiments below `paper` scale that train networks of their own."""

from dataclasses import replace

from latentlib import data
from latentlib.study.training.recipes import Recipe

IMAGES = {"smoke": 128, "quick": 5_000}
EPOCHS = {"smoke": 1, "quick": 2}


def training_images(dataset: str, scale: str) -> data.Images:
    """Return all training images of a data set at `paper` scale, the first of them below it.

    At `smoke` scale the bundled sample is used if there is one, and nothing is downloaded.

    Raises:
        FileNotFoundError: if the images are missing.
    """
    if scale != "smoke":
        return data.training_images(dataset)[: IMAGES.get(scale)]
    sample = bool(data.card(dataset).sample)
    return (data.bundled(dataset, "train") if sample else data.load(dataset, "train", False, False))[: IMAGES[scale]]


def shortened(recipe: Recipe, scale: str) -> Recipe:
    """Return a recipe unchanged at `paper` scale, with few epochs below it."""
    return replace(recipe, epochs=EPOCHS.get(scale, recipe.epochs))
