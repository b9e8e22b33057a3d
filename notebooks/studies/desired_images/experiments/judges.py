"""What networks that are never a fitness make of generated images: an ensemble of judges, beside the recogniser."""

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from latentlib import zoo
from latentlib.chunks import in_chunks
from latentlib.models.judge import Judge
from studies.desired_images.experiments.search import Search


@dataclass(frozen=True)
class Opinions:
    """Opinions on n images.

    Args:
        features: of the first judge (n, size).
        votes: probabilities of each judge (judges, n, classes).
        recognised: which classes the recogniser predicts, bool (n, classes).
    """

    features: Tensor
    votes: Tensor
    recognised: Tensor

    @property
    def mean(self) -> Tensor:
        """Return the mean of the judges' probabilities (n, classes), by which the ensemble decides."""
        return self.votes.mean(dim=0)


@cache
def judges_of(dataset: str, device: str) -> tuple[Judge, ...]:
    """Return the judges of a data set: networks of one architecture that began with other weights."""
    first = f"judge/{dataset}"
    names = [first, *(zoo.replicate(first, seed) for seed in zoo.REPLICATES.get(first, ()))]
    return tuple(zoo.load(name, device) for name in names)  # type: ignore[misc]


@torch.no_grad()
def opinions(search: Search, latents: Tensor) -> Opinions:
    """Return the opinions on the images of latents (n, genes)."""
    judges = judges_of(search.settings.dataset, search.settings.device)

    def look(some: Tensor) -> Tensor:
        images = search.generator(some)
        votes = [judge.probabilities(images) for judge in judges]
        return torch.cat([*votes, search.recogniser.predict(images), judges[0].features(images)], dim=1)

    classes, size = len(judges[0].classes), judges[0].num_features
    parts = torch.split(in_chunks(look, latents), [classes] * (len(judges) + 1) + [size], dim=1)
    return Opinions(parts[-1], torch.stack(parts[:-2]), parts[-2].bool())
