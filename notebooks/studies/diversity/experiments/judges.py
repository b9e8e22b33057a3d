"""What classifiers that are never a fitness make of a set of images: an ensemble, whose statements are averaged."""

from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from latentlib import data, zoo
from latentlib.models.judge import Judge
from latentlib.study import realism

REAL = 500  # real images among which the mean distance of two is what 50 of them have on average
NEAR = 0.1  # of that distance: images no farther apart are near-duplicates


@dataclass(frozen=True)
class Ensemble:
    """Judges of a data set, with the mean distance of two held-out real images in the features of each.

    Args:
        judges: at least one.
        real: one number per judge.
    """

    judges: tuple[Judge, ...]
    real: tuple[float, ...]

    @torch.no_grad()
    def of(self, images: Tensor) -> "View":
        """Return the view of a set of images (n, channels, height, width)."""
        features = tuple(judge.features(images) / real for judge, real in zip(self.judges, self.real, strict=True))
        votes = torch.stack([judge.probabilities(images) for judge in self.judges])
        sure = torch.stack([realism.sure(judge, likely) for judge, likely in zip(self.judges, votes, strict=True)])
        return View(features, self.judges[0].decided(votes.mean(dim=0)), sure, self.judges[0].exclusive)


@dataclass(frozen=True)
class View:
    """How the judges see a set of n images.

    Args:
        features: (n, size) of each judge, scaled so that two real images are 1 apart on average.
        decided: the classes, by the mean of their votes, bool (n, classes).
        sure: bool (judges, n).
        exclusive: whether an image has exactly one class.
    """

    features: tuple[Tensor, ...]
    decided: Tensor
    sure: Tensor
    exclusive: bool

    @property
    def spread(self) -> float:
        """Mean distance of two images, relative to that of real ones."""
        return mean_of([float(torch.pdist(features).mean()) for features in self.features])

    def measures(self) -> dict[str, float]:
        """Return what the judges say of the set.

        `spread`; `vendi`, see there; `classes`, the number of different classes, for attributes of their combinations;
        `evenness`, the entropy of these relative to the largest possible; `sure`, the share of images that a judge is
        sure of; `unsure`, that none is sure of; `near`, the share with a near-duplicate.
        """
        _, counts = torch.unique(self.decided, dim=0, return_counts=True)
        shares, (n, names) = counts.double() / counts.sum(), self.decided.shape
        most = min(n, names if self.exclusive else 2**names)
        distances = torch.stack([torch.cdist(features, features) for features in self.features]).mean(dim=0)
        distances.fill_diagonal_(torch.inf)
        return {
            "spread": self.spread,
            "vendi": mean_of([vendi(features) for features in self.features]),
            "classes": len(counts),
            "evenness": -float((shares * shares.log()).sum()) / float(np.log(most)),
            "sure": float(self.sure.double().mean()),
            "unsure": float((~self.sure).all(dim=0).double().mean()),
            "near": float((distances.amin(dim=1) <= NEAR).double().mean()),
        }

    def distance(self, other: "View") -> float:
        """Return the mean distance of the matched images of two sets of equal size, matched for the least distance."""
        from scipy.optimize import linear_sum_assignment  # late: the plan of a sweep does without scipy

        found = []
        for mine, theirs in zip(self.features, other.features, strict=True):
            distances = torch.cdist(mine, theirs).cpu().numpy()
            found.append(float(distances[linear_sum_assignment(distances)].mean()))
        return mean_of(found)


def vendi(features: Tensor) -> float:
    """Return the Vendi score (Friedman & Dieng 2023) of features (n, size) by their cosine: 1 if alike, n if apart."""
    directions = functional.normalize(features.double(), dim=1)
    values = torch.linalg.eigvalsh(directions @ directions.T / len(features)).clamp_min(1e-300)
    return float((-(values * values.log()).sum()).exp())


def mean_of(values: list[float]) -> float:
    """Return the mean of the judges' statements."""
    return float(np.mean(values))


@cache
@torch.no_grad()
def ensemble(dataset: str, device: str = "cpu") -> Ensemble:
    """Return all judges of a data set in the zoo; of LFW, which has no labels, they are those of CelebA's attributes.

    Raises:
        FileNotFoundError: where real images neither ship nor can be read.
    """
    judges = tuple(cast(Judge, zoo.load(name, device)) for name in zoo.judges(dataset))
    images = real_images(dataset).to(device)
    return Ensemble(judges, tuple(float(torch.pdist(judge.features(images)).mean()) for judge in judges))


def real_images(dataset: str, count: int = REAL) -> Tensor:
    """Return held-out images (count, channels, height, width): the bundled ones, where a sample ships."""
    found = data.bundled(dataset) if data.card(dataset).sample else data.load(dataset)
    return found.images[:count]
