"""Measurements of a trained model on held-out images, for its card."""

from dataclasses import asdict
from typing import Any, cast

import torch
from torch import Tensor

from latentlib import data, zoo
from latentlib.models.classifier import Classifier
from latentlib.study import realism


def assess(name: str) -> dict[str, Any]:
    """Measure a trained model on held-out images and write the result into its card as `quality` if it has none yet.

    The last digits of a measurement depend on the machine, so the card of unchanged weights is left as it is. A
    classifier is measured by its accuracy on the official test set, a generator by its realism to the judge of its
    data set.
    """
    plan = zoo.entry(name)
    test = data.load(plan.dataset, "test", sample=False)
    if plan.generates:
        real = data.training_images(plan.dataset).images
        quality = asdict(realism.measure(zoo.load(name), zoo.load_judge(plan.dataset), real, test.images))
    else:
        quality = accuracies(cast(Classifier, zoo.load(name)), test.images, test.labels)
    card = zoo.card(name)
    if "quality" not in card:
        zoo.write_card(name, card | {"quality": quality})
    return quality


def accuracies(classifier: Classifier, images: Tensor, labels: Tensor) -> dict[str, Any]:
    """Return the accuracy with its Wilson 95 % interval: one of all images, or one of each attribute."""
    decided = classifier.decided(realism.probabilities(classifier, images))
    if classifier.exclusive:
        share, *ends = interval(decided[torch.arange(len(labels)), labels])
        return {"accuracy": share, "interval": ends, "images": len(images)}
    right = decided == labels.bool()
    each = {name: interval(column) for name, column in zip(classifier.classes, right.T, strict=True)}
    return {"accuracies": each, "images": len(images)}


def interval(right: Tensor) -> list[float]:
    """Return the share of trues among (n,), and the low and high end of its interval."""
    from latentlib.study.statistics import proportion  # late: it needs scipy, which measuring a generator does not

    share = proportion(int(right.sum()), len(right))
    return [round(value, 4) for value in (share.value, share.low, share.high)]
