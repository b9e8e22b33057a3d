"""How good a classifier is on a test set."""

import torch
from torch import Tensor

from latentlib.models.classifier import Classifier
from latentlib.study.realism import probabilities

SCORES = ("accuracy", "precision", "recall", "f1")


def scores(network: Classifier, images: Tensor, labels: Tensor) -> dict[str, float]:
    """Return accuracy, and macro precision, recall and F1, on images (n, channels, side, side) with labels (n,).

    A class that is never predicted has precision 0, as in scikit-learn; a class without images has no part in a mean.
    """
    return of_predictions(probabilities(network, images).argmax(dim=1), labels, len(network.classes))


def of_predictions(predicted: Tensor, labels: Tensor, classes: int) -> dict[str, float]:
    """Return the scores of predicted classes (n,), given the true ones (n,)."""
    table = torch.zeros(classes, classes, dtype=torch.float64)
    table.index_put_((labels.cpu(), predicted.cpu()), torch.ones(len(labels), dtype=torch.float64), accumulate=True)
    right, there, named = table.diagonal(), table.sum(dim=1), table.sum(dim=0)
    some = there > 0
    recall, precision = right / there.clamp_min(1), right / named.clamp_min(1)
    f1 = 2 * right / (there + named).clamp_min(1)
    means = {"precision": precision, "recall": recall, "f1": f1}
    return {"accuracy": float(right.sum() / there.sum())} | {
        name: float(values[some].mean()) for name, values in means.items()
    }
