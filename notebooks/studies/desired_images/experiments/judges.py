"""What networks that are never a fitness make of generated images: an ensemble of judges, beside the recogniser."""

from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.chunks import in_chunks
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


@torch.no_grad()
def opinions(search: Search, latents: Tensor) -> Opinions:
    """Return the opinions on the images of latents (n, genes)."""
    judges = search.judges

    def look(some: Tensor) -> Tensor:
        images = search.generator(some)
        votes = [judge.probabilities(images) for judge in judges]
        return torch.cat([*votes, search.recogniser.predict(images), judges[0].features(images)], dim=1)

    columns, classes = in_chunks(look, latents), len(search.judge.classes)
    rest = columns.shape[1] - classes * (len(judges) + 1)  # the features
    parts = torch.split(columns, [classes] * (len(judges) + 1) + [rest], dim=1)
    return Opinions(parts[-1], torch.stack(parts[:-2]), parts[-2].bool())
