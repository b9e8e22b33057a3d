"""What networks that are no fitness make of what was found."""

import torch
from torch import Tensor

from latentlib import zoo
from latentlib.fitness.generated import Generated
from latentlib.fitness.reconstruction import ReconstructionMSE
from latentlib.fitness.wishes import read
from latentlib.models.classifier import Classifier
from studies.beyond.goals import AnotherLabel
from studies.beyond.settings import RESTORING, WISHES, Settings


@torch.no_grad()
def judged(settings: Settings, fitness: Generated, latents: Tensor) -> Tensor:
    """Return what judges say of the images of latents (runs, genes), a number for each run.

    Restored images: the distance to the target in the first judge's features. Wishes and labels: 1 where the judges,
    whose mean probability decides, see what was wanted, else 0. Other goals: NaN.
    """
    images = fitness.outputs(latents, torch.arange(len(latents), device=latents.device))
    if isinstance(fitness, ReconstructionMSE) and settings.goal == RESTORING:
        judge = zoo.load_judge(settings.dataset).to(images.device)
        return distances(judge.features(images), judge.features(fitness.targets))
    if settings.goal in WISHES:
        judges = judges_of(settings)
        decided = judges[0].decided(opinion(judges, images))
        met: Tensor = read(WISHES[settings.goal]).met(judges[0].classes, decided)
        return met.float()
    if isinstance(fitness, AnotherLabel):
        right: Tensor = opinion(judges_of(settings), images).argmax(dim=1) == fitness.wanted
        return right.float()
    return torch.full((len(latents),), torch.nan)


def distances(one: Tensor, other: Tensor) -> Tensor:
    """Return the distance (n,) of features (n, size) to others."""
    found: Tensor = (one - other).norm(dim=1)
    return found


def judges_of(settings: Settings) -> list[Classifier]:
    """Return all judges of a data set."""
    first = f"judge/{settings.dataset}"
    names = [first, *(zoo.replicate(first, seed) for seed in zoo.REPLICATES.get(first, ()))]
    return [zoo.load_classifier(name, settings.device) for name in names]


def opinion(judges: list[Classifier], images: Tensor) -> Tensor:
    """Return the mean of the judges' probabilities (n, classes) for images (n, channels, height, width)."""
    return torch.stack([judge.probabilities(images) for judge in judges]).mean(dim=0)
