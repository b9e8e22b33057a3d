"""What generated sets are like: to the fitness, to judges that are no fitness, and beside the originals."""

from functools import cache
from typing import cast

import numpy as np
import torch
from torch import Tensor

from latentlib import zoo
from latentlib.fitness.centroid import NCC, towards_centroid
from latentlib.models.judge import Judge
from studies.augmentation.draws import Draw

JUDGES = {"fashion_lookalikes": ("fashion_mnist", (0, 2, 4, 6))}  # data set of the judges, and their classes for ours
MOST = 200  # real test images of a class with which distances are compared


def described(dataset: str, added: tuple[Tensor, ...], drawn: Draw) -> dict[str, float]:
    """Return what generated images are like, as means over the classes; NaN where there are none, or no judges.

    `likeness` to the centroid, which the supervisor minimises; `nearest`, the mean distance of an image to the nearest
    original relative to that of a real test image, so that 0 is a copy and 1 what a new image has; and by the judges
    `agreement`, the share of images seen as their class among ours, and `spread`, the mean distance of two images in
    their features relative to that of two real test images.
    """
    names = ("likeness", "nearest", "agreement", "spread")
    if not len(added[0]):
        return dict.fromkeys(names, np.nan)
    found = [one(dataset, label, images, drawn) for label, images in enumerate(added)]
    return {name: float(np.mean([values[name] for values in found])) for name in names}


@torch.no_grad()
def one(dataset: str, label: int, images: Tensor, drawn: Draw) -> dict[str, float]:
    """Return the measures of the images of one class."""
    originals, real = drawn.training[label], drawn.test[drawn.labels == label][:MOST]
    facts = {
        "likeness": float(towards_centroid(images[None], originals, NCC).mean()),
        "nearest": nearness(images, originals, real),
    }
    panel = judges(dataset)
    seen = [agreement(judge, images, dataset, label) for judge in panel]
    wide = [
        float(torch.pdist(judge.features(images)).mean() / torch.pdist(judge.features(real)).mean()) for judge in panel
    ]
    return facts | {"agreement": float(np.mean(seen or [np.nan])), "spread": float(np.mean(wide or [np.nan]))}


def nearness(images: Tensor, known: Tensor, real: Tensor) -> float:
    """Return the mean distance of images to the nearest known one, relative to that of real images nobody has seen."""
    made, new = (torch.cdist(some.flatten(1), known.flatten(1)).amin(dim=1).mean() for some in (images, real))
    return float(made / new)


def agreement(judge: Judge, images: Tensor, dataset: str, label: int) -> float:
    """Return the share of images that a judge sees as a class, when it may only choose among ours."""
    _, places = JUDGES[dataset]
    chosen = judge(images)[:, list(places)].argmax(dim=1)
    return float((chosen == label).float().mean())


@cache
def judges(dataset: str) -> tuple[Judge, ...]:
    """Return the judges of a data set, which have seen all of its training images; none if the zoo has none."""
    if dataset not in JUDGES:
        return ()
    return tuple(cast(Judge, zoo.load(name)) for name in zoo.judges(JUDGES[dataset][0]))
