"""Realism: how a classifier that was trained on real images responds to generated ones.

It serves the model cards, as a measure that evolution did not optimise.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from latentlib.models.classifier import Classifier
from latentlib.models.judge import Judge
from latentlib.priors import prior_of
from latentlib.randomness import seeded

SURE = 0.9  # probability of the likeliest class above which the judge counts as sure


@dataclass(frozen=True)
class Realism:
    """The realism of generated images, as measured by the judge.

    Args:
        fid: Frechet distance to held-out real images in the judge's feature space (Heusel et al. 2017).
        fid_real: the same between training and held-out real images, as a floor.
        confident_share: share of images whose class, or whose every attribute, the judge is sure of.
        confident_share_real: the same for held-out real images.
        classes: share of generated images that the judge assigns to each class, in order.
        images: number of images of each kind that were compared.
    """

    fid: float
    fid_real: float
    confident_share: float
    confident_share_real: float
    classes: list[float]
    images: int


@torch.no_grad()
def fid(judge: Judge, first: Tensor, second: Tensor, batch: int = 500) -> float:
    """Return the Frechet distance of two sets of images (n, channels, height, width) in the judge's feature space."""
    sets = (first, second)
    return frechet(*(torch.cat([judge.features(part) for part in torch.split(images, batch)]) for images in sets))


def frechet(first: Tensor, second: Tensor) -> float:
    """Return the Frechet distance of two samples (n, size), each taken as normal (Heusel et al. 2017, eq. 6).

    Raises:
        ValueError: for fewer than two images in a sample, features of different sizes, or NaN.
    """
    first, second = first.double(), second.double()
    for sample_of in (first, second):
        if sample_of.ndim != 2 or len(sample_of) < 2:
            raise ValueError(
                f"a covariance needs at least 2 images of each kind, got {tuple(sample_of.shape)} features"
            )
        if not sample_of.isfinite().all():
            raise ValueError("features must be finite, got NaN or inf")
    if first.shape[1] != second.shape[1]:
        raise ValueError(f"features must be of one size, got {first.shape[1]} and {second.shape[1]}")
    product = first.T.cov() @ second.T.cov()
    roots = torch.linalg.eigvals(product).sqrt().real.sum()  # the trace of the product's square root
    apart = (first.mean(dim=0) - second.mean(dim=0)).square().sum()
    return float(apart + first.var(dim=0).sum() + second.var(dim=0).sum() - 2 * roots)


def kid(made: Tensor, real: Tensor) -> float:
    """Return the squared kernel distance of two samples (n, size) of features, without bias (Binkowski et al. 2018).

    The kernel is (x y / size + 1)^3, of features divided by the root mean square of the real ones, so that judges of
    other scales can be compared.

    Raises:
        ValueError: for fewer than two images in a sample.
    """
    if min(len(made), len(real)) < 2:
        raise ValueError(f"a kernel distance needs at least 2 images of each kind, got {len(made)} and {len(real)}")
    scale = real.double().square().mean().sqrt().clamp_min(1e-12)
    first, second = made.double() / scale, real.double() / scale

    def kernel(rows: Tensor, columns: Tensor) -> Tensor:
        values: Tensor = (rows @ columns.T / rows.shape[1] + 1) ** 3
        return values

    def within(rows: Tensor) -> Tensor:
        values = kernel(rows, rows)
        return (values.sum() - values.trace()) / (len(rows) * (len(rows) - 1))

    return float(within(first) + within(second) - 2 * kernel(first, second).mean())


@torch.no_grad()
def probabilities(classifier: Classifier, images: Tensor, batch: int = 500) -> Tensor:
    """Return the class probabilities (n, classes) of images (n, channels, height, width)."""
    return torch.cat([classifier.probabilities(part) for part in torch.split(images, batch)])


def sure(judge: Classifier, likely: Tensor) -> Tensor:
    """Return whether the judge is sure of each image, bool (n,): of its likeliest class, or of every attribute."""
    if judge.exclusive:
        return likely.amax(dim=1) > SURE
    return torch.maximum(likely, 1 - likely).amin(dim=1) > SURE


@torch.no_grad()
def sample(generator: nn.Module, count: int, seed: int, batch: int = 500) -> Tensor:
    """Return images (count, channels, height, width) of latents drawn from the generator's prior."""
    size = int(generator.latent_size)  # type: ignore[arg-type]
    latents = prior_of(generator).draw((count, size), seeded(seed))
    return torch.cat([generator(part) for part in torch.split(latents, batch)])


def measure(generator: nn.Module, judge: Judge, training: Tensor, held_out: Tensor, seed: int = 0) -> Realism:
    """Measure the realism of a generator's images against as many held-out ones.

    Args:
        generator: from latents to images, with `latent_size`.
        judge: trained on real images.
        training: real images that the generator was trained on, at least as many as held out.
        held_out: real images (n, channels, height, width) that it was not trained on.
        seed: of the latents.
    """
    count = len(held_out)
    made = sample(generator, count, seed)
    likely = probabilities(judge, made)
    shares = judge.decided(likely).float().mean(dim=0)
    return Realism(
        fid=round(fid(judge, held_out, made), 3),
        fid_real=round(fid(judge, held_out, training[:count]), 3),
        confident_share=round(float(sure(judge, likely).float().mean()), 4),
        confident_share_real=round(float(sure(judge, probabilities(judge, held_out)).float().mean()), 4),
        classes=[round(float(share), 4) for share in shares],
        images=count,
    )
