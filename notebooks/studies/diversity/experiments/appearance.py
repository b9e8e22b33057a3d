"""What sets of images show, by which a map can be spanned: classes, brightness, stroke width, a judge's features."""

import copy

import torch
from torch import Tensor

from latentlib.models.judge import Judge
from studies.diversity.experiments.measures import BRIGHT


def brightness(images: Tensor) -> Tensor:
    """Return the mean brightness (sets,) of sets of images (sets, n, channels, height, width)."""
    return images.double().flatten(1).mean(dim=1)


def stroke_width(images: Tensor) -> Tensor:
    """Return the mean width in pixels (sets,) of the objects of sets of images, 0 for an image without one.

    An object is what is brighter than half, in any channel; its width twice its area over its circumference, as it is
    of a long stroke.
    """
    objects = torch.nn.functional.pad((images.amax(dim=2) > BRIGHT).double(), (1, 1, 1, 1))  # (sets, n, rows, columns)
    around = sum(objects.diff(dim=dim).abs().sum(dim=(2, 3)) for dim in (2, 3))
    widths = 2 * objects.sum(dim=(2, 3)) / torch.as_tensor(around).clamp_min(1)
    return widths.mean(dim=1)


class Seeing:
    """A judge that looks at sets of images once, for several measures.

    Args:
        judge: not part of any fitness.
    """

    def __init__(self, judge: Judge) -> None:
        self.judge = copy.deepcopy(judge).to(memory_format=torch.channels_last)  # a fifth of the time
        self._images: Tensor | None = None

    @torch.no_grad()
    def features(self, images: Tensor) -> Tensor:
        """Return the features (sets, n, size) of sets of images (sets, n, channels, height, width)."""
        if images is not self._images:
            each = images.flatten(0, 1).contiguous(memory_format=torch.channels_last)
            self._images, self._features = images, self.judge.features(each)
        return self._features.view(*images.shape[:2], -1)

    @torch.no_grad()
    def entropy(self, images: Tensor) -> Tensor:
        """Return the entropy (sets,) of the judge's mean answer over a set, of 1 at most.

        For attributes, it is the mean of their binary entropies.
        """
        logits = self.judge.classify(self.features(images)).double()
        if self.judge.exclusive:
            return entropy(logits.softmax(dim=2).mean(dim=1))
        shares = logits.sigmoid().mean(dim=1)  # (sets, attributes)
        return entropy(torch.stack([shares, 1 - shares], dim=2)).mean(dim=1)


def entropy(shares: Tensor) -> Tensor:
    """Return the entropy (...) of shares (..., classes) that add up to 1, relative to that of equal ones."""
    found: Tensor = torch.special.entr(shares).sum(dim=-1) / torch.tensor(shares.shape[-1]).double().log()
    return found


def main_directions(features: Tensor, count: int) -> Tensor:
    """Return the directions (count, size) in which features (n, size) vary most."""
    centred = features.double() - features.double().mean(dim=0)
    directions: Tensor = torch.linalg.svd(centred, full_matrices=False).Vh[:count]
    sign = torch.sign(directions.gather(1, directions.abs().argmax(dim=1, keepdim=True)))
    return directions * sign  # of either, the one whose largest entry is positive
