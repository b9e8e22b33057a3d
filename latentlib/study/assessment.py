"""Measuring a trained model on held-out images, for its card."""

from dataclasses import asdict
from typing import Any, cast

import torch
from torch import Tensor

from latentlib import data, realism, zoo
from latentlib.models.classifier import Classifier


def assess(name: str) -> dict[str, Any]:
    """Measure a trained model on held-out images and write the result as `quality` into its card if that has none yet.

    A measurement hangs in its last digits on the machine, so that the card of untouched weights stays as it is.
    A classifier's accuracy on the official test set; a generator's realism before the judge of its data set.
    """
    plan = zoo.entry(name)
    test = data.load(plan.dataset, "test", sample=False)
    if plan.rival is None:
        quality = accuracies(cast(Classifier, zoo.load(name)), test.images, test.labels)
    else:
        real = data.training_images(plan.dataset).images
        quality = asdict(realism.measure(zoo.load(name), zoo.load_judge(plan.dataset), real, test.images))
    card = zoo.card(name)
    if "quality" not in card:
        zoo.write_card(name, card | {"quality": quality})
    return quality


def accuracies(classifier: Classifier, images: Tensor, labels: Tensor) -> dict[str, Any]:
    """Shares of images it is right about, each with its Wilson 95 % interval: of all, or of each attribute."""
    decided = classifier.decided(realism.probabilities(classifier, images))
    if classifier.exclusive:
        share, *ends = interval(decided[torch.arange(len(labels)), labels])
        return {"accuracy": share, "interval": ends, "images": len(images)}
    right = decided == labels.bool()
    each = {name: interval(column) for name, column in zip(classifier.classes, right.T, strict=True)}
    return {"accuracies": each, "images": len(images)}


def interval(right: Tensor) -> list[float]:
    """Share of trues among (n,), low and high end of its interval."""
    from latentlib.study.statistics import proportion  # late: needs scipy, which a generator's measures do without

    share = proportion(int(right.sum()), len(right))
    return [round(value, 4) for value in (share.value, share.low, share.high)]
