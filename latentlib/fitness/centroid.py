"""How unlike a centroid the images of a set are: the supervisor's fitness of Fernandes et al.'s project page."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from latentlib.checks import check_at_least
from latentlib.fitness.diversity import Diversity, Similarity

NCC = Similarity("cross_correlation")


class CentroidDiversity(Diversity):
    """Score a set of images by how unlike its images are, on average, to the centroid of themselves and originals.

    The centroid is the mean image of the originals and the set together, as on the project page (Fig. 9). The page
    selects images *unlike* it; `alike` turns the fitness round (parameters.md, FW-A7 and FW-A10).

    Args:
        generator: as in `Generated`.
        originals: real images (n, channels, height, width) in [0, 1] of the set's class, at least 1.
        size: images in a set, at least 2.
        similarity: of an image and the centroid; with a `kind` that measures dissimilarity, such as `ncc` as printed,
            the fitness selects images alike.
        alike: whether images like the centroid are wanted.
        runs: number of independent evolutions.
        genes: size of one latent; required if the generator has no attribute `latent_size`.

    Raises:
        TypeError, ValueError: for no originals, or of another shape than generated images; as in `Diversity`.
    """

    def __init__(
        self,
        generator: Callable[..., Any],
        originals: Tensor,
        size: int = 40,
        similarity: Similarity = NCC,
        alike: bool = False,
        runs: int = 1,
        genes: int | None = None,
    ) -> None:
        super().__init__(generator, size, similarity, runs, genes)
        check_at_least("originals", len(originals), 1)
        self.originals, self.alike = originals.to(self.device), alike

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of sets of images (n, size, channels, height, width)."""
        found = towards_centroid(images, self.originals, self.similarity).mean(dim=1)
        return torch.where(found.isnan(), -torch.inf, found if self.alike else -found).float()


def towards_centroid(images: Tensor, originals: Tensor, similarity: Similarity) -> Tensor:
    """Return the similarity (sets, size) float64 of the images of sets to the centroids of originals and set.

    Args:
        images: (sets, size, channels, height, width).
        originals: (n, channels, height, width).
        similarity: of two images; NaN where it is undefined, such as that of a black image.

    Raises:
        ValueError: for originals of another shape than the images.
    """
    if originals.shape[1:] != images.shape[2:]:
        given, wanted = tuple(originals.shape[1:]), tuple(images.shape[2:])
        raise ValueError(f"originals must have the shape {wanted} of generated images, got {given}")
    size, count = images.shape[1], len(originals)
    centroids = (images.sum(dim=1) + originals.sum(dim=0)) / (size + count)
    pairs = torch.stack([images, centroids[:, None].expand_as(images)], dim=2)  # (sets, size, 2, ...)
    return similarity(pairs.flatten(0, 1))[:, 0, 1].view(len(images), size)
