"""Diversity: how unlike each other the images of a set are (Fernandes, Correia & Machado 2020, section 3.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from latentlib.checks import check_at_least, check_choice
from latentlib.fitness.generated import Generated
from latentlib.priors import Repeated

KINDS = ("rmse", "ncc", "one_minus_ncc", "cross_correlation", "pearson")
NOTHING = 1e-20  # energy up to which an image is black, and Pearson's constant: what rounding leaves of zero
TINY = 1e-24  # squared difference of equal images, so that its root has a gradient


@dataclass(frozen=True)
class Similarity:
    """Compare the images of a set in pairs; symmetric, and higher for images that are more alike, except by `ncc`.

    The paper's second formula, called a normalised cross-correlation, is a squared difference over the images'
    energies: a dissimilarity, 0 for equal images (parameters.md, FE-A1). So other readings of it are here, too.

    Args:
        kind: with A and B the pixels of two images:
            `rmse`, 1 - root of the mean of (A - B)² (eq. 1);
            `ncc`, sum of (A - B)² / root of (sum of A² times sum of B²), as printed (eq. 2);
            `one_minus_ncc`, 1 - that;
            `cross_correlation`, sum of AB / the same root, in [-1, 1];
            `pearson`, the correlation coefficient, in [-1, 1].
        signed: whether images are compared in [-1, 1], as the paper's tanh makes them, and not in [0, 1] (FE, not
            stated 2). `rmse` then lies in [-1, 1] and not in [0, 1]; `pearson` stays the same.
        itself: whether the pairs include each image with itself (FE, not stated 5). As such a pair has the same value
            in every set, no average changes its rank.

    Raises:
        ValueError: for an unknown kind; when called, for sets of less than two images.
    """

    kind: str = "rmse"
    signed: bool = False
    itself: bool = False

    def __post_init__(self) -> None:
        check_choice("kind", self.kind, KINDS)

    def __call__(self, images: Tensor) -> Tensor:
        """Return the similarity (sets, n, n) float64 of all images with each other in sets (sets, n, ...).

        It is NaN where it is undefined: of a black image, of energy 0, for all kinds but `rmse` and `pearson`, and of a
        constant one for `pearson`.
        """
        check_at_least("size of a set", images.shape[1], 2)
        pixels = images.double().flatten(2)  # float32 cannot tell images apart that are nearly equal
        pixels = pixels * 2 - 1 if self.signed else pixels
        pixels = pixels - pixels.mean(dim=2, keepdim=True) if self.kind == "pearson" else pixels
        products = pixels @ pixels.mT
        energy = products.diagonal(dim1=1, dim2=2)
        if self.kind != "rmse":
            energy = energy.where(energy > NOTHING, torch.nan)
        one, other = energy[:, :, None], energy[:, None]
        if self.kind in ("cross_correlation", "pearson"):
            return products / (one * other).sqrt()
        squared = (one + other - 2 * products).clamp_min(TINY)
        if self.kind == "rmse":
            return 1 - (squared / pixels.shape[2]).sqrt()
        dissimilarity = squared / (one * other).sqrt()
        return dissimilarity if self.kind == "ncc" else 1 - dissimilarity

    def pairs(self, images: Tensor) -> Tensor:
        """Return the similarity (sets, pairs) float64 of the pairs in sets of images (sets, n, ...)."""
        found, n = self(images), images.shape[1]
        first, second = torch.triu_indices(n, n, offset=1, device=images.device)
        return found.flatten(1) if self.itself else found[:, first, second]


@dataclass(frozen=True)
class Average:
    """Measure a set by the average similarity of its pairs."""

    similarity: Similarity = Similarity()

    def __call__(self, images: Tensor) -> Tensor:
        """Return the average (sets,) float64 of sets of images (sets, n, ...); NaN if that of a pair is undefined."""
        return self.similarity.pairs(images).mean(dim=1)


@dataclass(frozen=True)
class Maximum:
    """Measure a set by the similarity of its most similar pair; with `itself` that is an image with itself."""

    similarity: Similarity = Similarity()

    def __call__(self, images: Tensor) -> Tensor:
        """Return the maximum (sets,) float64 of sets of images (sets, n, ...); NaN if that of a pair is undefined."""
        return self.similarity.pairs(images).amax(dim=1)


class Diversity(Generated):
    """Score a set of images by minus the average similarity of its pairs: the paper minimises that, this is maximised.

    A genome is a set of latents, one after the other; `BlockCrossover` and `PerBlock` treat each as one gene. A set
    with a pair whose similarity is undefined is infeasible, -inf.

    Args:
        generator: as in `Generated`.
        size: images in a set, at least 2.
        similarity: of two images.
        runs: number of independent evolutions.
        genes: size of one latent; required if the generator has no attribute `latent_size`.

    Raises:
        TypeError, ValueError: for a set of less than two images; as in `Generated`.
    """

    def __init__(
        self,
        generator: Callable[..., Any],
        size: int = 50,
        similarity: Similarity = Similarity(),
        runs: int = 1,
        genes: int | None = None,
    ) -> None:
        check_at_least("size of a set", size, 2)
        super().__init__(generator, runs, genes)
        latent = self.generator.latent_size
        self.size, self.similarity, self.average = size, similarity, Average(similarity)
        self.genes, self.cost, self.prior = size * latent, size, Repeated(self.generator.prior, latent)

    def outputs(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the sets of images (n, size, channels, height, width) of genomes (n, genes) of the runs (n,)."""
        each = latents.reshape(-1, self.generator.latent_size)
        images: Tensor = self.generator(each, run.repeat_interleave(self.size))
        return images.view(len(latents), self.size, *images.shape[1:])

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of sets of images (n, size, channels, height, width)."""
        average = self.average(images)
        return torch.where(average.isnan(), -torch.inf, -average).float()
