"""The page's own design, with cross-validation; and what a leak from validation images through the GANs would claim."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from latentlib.randomness import seeded
from studies.augmentation.arms import NONE, RANDOM, UNLIKE
from studies.augmentation.draws import Draw, draw, together
from studies.augmentation.experiments.bench import Bench, Sets
from studies.augmentation.experiments.measures import MOST, described, nearness
from studies.augmentation.settings import FOLDS, Settings

SMALL = (14, 13, 17, 12)  # test images by class on the page: 56 in all
TESTED = (NONE, RANDOM, UNLIKE)
DOSES = (0.0, 0.5, 1.0)  # shares of the validation images that the GANs have seen


def folds(settings: Settings) -> pd.DataFrame:
    """Return one row per `fold` and `arm`: the page's design on one draw, without a leak.

    Columns: accuracy and so on, see `scores.SCORES`, on the whole test set; `small_accuracy` and so on, on a test set
    of the page's size, 56 images of the look-alikes, the same for all folds and arms; `validation_accuracy`.
    """
    drawn = draw(settings)
    return pd.concat([folded(settings, drawn, place, 0.0) for place in range(FOLDS)], ignore_index=True)


@dataclass(frozen=True)
class Dosed(Settings):
    """Settings of one fold whose GANs have seen some of its validation images.

    Args:
        dose: share of the validation images of each class, in [0, 1].
    """

    dose: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.dose <= 1:
            raise ValueError(f"dose must lie in [0, 1], got {self.dose}")


def leak(settings: Dosed) -> pd.DataFrame:
    """Return the rows of one fold, see `folds`, whose place goes round with the seed."""
    return folded(settings, draw(settings), settings.seed % FOLDS, settings.dose)


def folded(settings: Settings, drawn: Draw, place: int, dose: float) -> pd.DataFrame:
    """Return one row per arm of a fold: means over its classifiers, and what was added.

    `nearest_validation` is the mean distance of an added image to the nearest validation image, relative to that of a
    test image: below 1 where the GANs give validation images away.
    """
    training, validation = drawn.fold(place)
    seen = seen_by_gans(training, validation, dose)
    bench = Bench(replace(settings, seed=settings.seed_of("fold", place=place)), training, drawn.classes, seen)
    tests = [(drawn.test, drawn.labels), small(drawn, settings.seed_of("small test set")), together(validation)]
    rows = []
    for arm in TESTED:
        added = bench.added(arm)
        found = bench.fitted(arm, added, tests)
        means = {
            f"{prefix}{name}": float(torch.tensor([scores[at][name] for scores in found]).mean())
            for at, prefix in enumerate(("", "small_", "validation_"))
            for name in found[0][at]
        }
        facts = described(settings.dataset, added, drawn) | {"nearest_validation": beside(added, validation, drawn)}
        rows.append({"fold": place, "arm": arm, **means, **facts})
    return pd.DataFrame(rows)


def seen_by_gans(training: Sets, validation: Sets, dose: float) -> Sets:
    """Return the images by class on which the GANs are trained: those of the fold, and a share of those held out."""
    leaked = (held[: round(dose * len(held))] for held in validation)
    return tuple(map(torch.cat, zip(training, leaked, strict=True)))


def small(drawn: Draw, seed: int) -> tuple[Tensor, Tensor]:
    """Return a test set of the page's size, images and labels, drawn from the whole one."""
    random, rows = seeded(seed), []
    for label in range(len(drawn.classes)):
        there = (drawn.labels == label).nonzero().flatten()
        rows.append(there[torch.randperm(len(there), generator=random)[: SMALL[label % len(SMALL)]]])
    chosen = torch.cat(rows)
    return drawn.test[chosen], drawn.labels[chosen]


def beside(added: Sets, validation: Sets, drawn: Draw) -> float:
    """Return how near added images come to validation images, relative to test images; NaN where none are added."""
    ratios = [
        nearness(images, held, drawn.test[drawn.labels == label][:MOST])
        for label, (images, held) in enumerate(zip(added, validation, strict=True))
        if len(images)
    ]
    return float(np.mean(ratios or [np.nan]))
