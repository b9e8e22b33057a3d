"""What an experiment that trains networks of its own does below `paper` scale: less."""

from dataclasses import replace

from latentlib import data, training

IMAGES = {"smoke": 128, "quick": 5_000}
EPOCHS = {"smoke": 1, "quick": 2}


def training_images(dataset: str, scale: str) -> data.Images:
    """Return all training images of a data set at `paper` scale, the first of them below it.

    At `smoke` scale the bundled sample does where there is one, and nothing is downloaded.

    Raises:
        FileNotFoundError: where the images are missing.
    """
    if scale != "smoke":
        return data.training_images(dataset)[: IMAGES.get(scale)]
    sample = bool(data.card(dataset).sample)
    return (data.bundled(dataset, "train") if sample else data.load(dataset, "train", False, False))[: IMAGES[scale]]


def shortened(recipe: training.Recipe, scale: str) -> training.Recipe:
    """Return a recipe as it is at `paper` scale, with few epochs below it."""
    return replace(recipe, epochs=EPOCHS.get(scale, recipe.epochs))
