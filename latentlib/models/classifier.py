"""The base of recognisers and judges: named classes, and their probabilities and predictions."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

DIGITS = tuple("0123456789")


class Classifier(nn.Module):
    """Map images (n, channels, height, width) in [0, 1] to logits (n, classes).

    Args:
        classes: names of the classes, in order; at least two if they are exclusive.
        exclusive: whether exactly one class holds (softmax: digits) or each is independent (sigmoid: attributes).
    """

    def __init__(self, classes: Sequence[str] = DIGITS, exclusive: bool = True) -> None:
        super().__init__()
        self.classes, self.exclusive = tuple(classes), exclusive

    def probabilities(self, images: Tensor) -> Tensor:
        """Return the probability (n, classes) of each class for images (n, channels, height, width)."""
        logits: Tensor = self(images)
        return logits.softmax(dim=1) if self.exclusive else logits.sigmoid()

    def log_odds(self, images: Tensor) -> Tensor:
        """Return the log-odds `log(p / (1 - p))` (n, classes), exact also where p rounds to 0 or 1."""
        logits: Tensor = self(images)
        if not self.exclusive:
            return logits
        itself = torch.eye(logits.shape[1], dtype=torch.bool, device=logits.device)
        others = logits[:, None, :].masked_fill(itself, -torch.inf)  # (n, classes, classes)
        return logits - others.logsumexp(dim=2)

    def decided(self, probabilities: Tensor) -> Tensor:
        """Return which classes are predicted, bool (n, classes): the likeliest if exclusive, else each above 1/2."""
        if not self.exclusive:
            return probabilities > 0.5
        likeliest = probabilities.argmax(dim=1)
        return functional.one_hot(likeliest, probabilities.shape[1]).bool()

    def predict(self, images: Tensor) -> Tensor:
        """Return which classes are predicted for images, bool (n, classes); see `decided`."""
        return self.decided(self.probabilities(images))

    def loss(self, images: Tensor, labels: Tensor) -> Tensor:
        """Return the mean cross entropy with labels: (n,) for exclusive classes, else (n, classes) of 0 and 1."""
        if self.exclusive:
            return functional.cross_entropy(self(images), labels)
        return functional.binary_cross_entropy_with_logits(self(images), labels.float())


class Recogniser(Classifier):
    """Wrap your own classifier with the names of its classes.

    Args:
        network: a module or function from images (n, channels, height, width) in [0, 1] to logits (n, classes).
        classes: names of the classes, in order; at least two if they are exclusive.
        exclusive: as in `Classifier`.
    """

    def __init__(self, network: Callable[[Tensor], Tensor], classes: Sequence[str], exclusive: bool = True) -> None:
        if isinstance(classes, str):
            raise TypeError(f"classes must be a list of names, got the text {classes!r}")
        super().__init__(classes, exclusive)
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits (n, classes) of images (n, channels, height, width)."""
        return self.network(images)
