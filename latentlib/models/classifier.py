"""What recognisers and judges have in common: named classes, and what their logits say of them."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

DIGITS = tuple("0123456789")


class Classifier(nn.Module):
    """A network from images (n, channels, height, width) in [0, 1] to logits (n, classes).

    Args:
        classes: their names, in order; at least two where they are exclusive.
        exclusive: whether exactly one holds (softmax: digits), or each by itself (sigmoid: attributes).
    """

    def __init__(self, classes: Sequence[str] = DIGITS, exclusive: bool = True) -> None:
        super().__init__()
        self.classes, self.exclusive = tuple(classes), exclusive

    def probabilities(self, images: Tensor) -> Tensor:
        """The probability (n, classes) of each class."""
        logits: Tensor = self(images)
        return logits.softmax(dim=1) if self.exclusive else logits.sigmoid()

    def log_odds(self, images: Tensor) -> Tensor:
        """`log(p / (1 - p))` (n, classes) of the same probabilities, exact also where p rounds to 0 or 1."""
        logits: Tensor = self(images)
        if not self.exclusive:
            return logits
        itself = torch.eye(logits.shape[1], dtype=torch.bool, device=logits.device)
        others = logits[:, None, :].masked_fill(itself, -torch.inf)
        return logits - others.logsumexp(dim=2)

    def decided(self, probabilities: Tensor) -> Tensor:
        """Which classes it predicts, bool (n, classes): the likeliest if they are exclusive, else each above 1/2."""
        if not self.exclusive:
            return probabilities > 0.5
        likeliest = probabilities.argmax(dim=1)
        return functional.one_hot(likeliest, probabilities.shape[1]).bool()

    def predict(self, images: Tensor) -> Tensor:
        """Which classes it predicts of images (n, channels, height, width), bool (n, classes); see `decided`."""
        return self.decided(self.probabilities(images))

    def loss(self, images: Tensor, labels: Tensor) -> Tensor:
        """Mean cross entropy with labels: (n,) of exclusive classes, (n, classes) of 0 and 1 of others."""
        if self.exclusive:
            return functional.cross_entropy(self(images), labels)
        return functional.binary_cross_entropy_with_logits(self(images), labels.float())


class Recogniser(Classifier):
    """A classifier of your own with the names of its classes.

    Args:
        network: a module or function from images (n, channels, height, width) in [0, 1] to logits (n, classes).
        classes: their names, in order; at least two where they are exclusive.
        exclusive: as in `Classifier`.
    """

    def __init__(self, network: Callable[[Tensor], Tensor], classes: Sequence[str], exclusive: bool = True) -> None:
        super().__init__(classes, exclusive)
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits (n, classes) of images (n, channels, height, width)."""
        return self.network(images)
