"""Measures of random images alone: their classes, their sharpness, what their latents predict (LI-17, 31, 39)."""

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional

from latentlib import data
from latentlib.chunks import in_chunks
from latentlib.randomness import seeded
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

CENSUS = {"smoke": 200, "quick": 2000, "paper": 10_000}  # images
SHARP = {"smoke": 200, "quick": 2000, "paper": 2000}
FITTED, TESTED = 5000, 2000
RESAMPLES = 200
LAPLACIAN = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]]).view(1, 1, 3, 3)


@torch.no_grad()
def drawn(search: Search, count: int, stream: int) -> tuple[Tensor, Tensor]:
    """Draw latents (count, genes) from N(0, 1) and return them with their images."""
    random = seeded(search.seed(stream))
    latents = torch.randn(count, search.fitness.genes, generator=random).to(search.settings.device)
    return latents, in_chunks(search.generator, latents)


@torch.no_grad()
def census(settings: Settings) -> pd.DataFrame:
    """Count the images of each class: random ones, 10,000 at `paper` scale, and the real ones at hand.

    One row per class and `counted` (recogniser, judge, training images, held-out images), with `hits` of `images`.
    """
    download = settings.scale != "smoke"
    real = [data.load(settings.dataset, split, download=download).labels for split in ("train", "test")]
    search = Search(settings)
    _, images = drawn(search, CENSUS[settings.scale], 0)
    answers = {}
    for name, who in (("recogniser", search.recogniser), ("judge", search.judge)):
        answers[name] = in_chunks(who.predict, images)
    for name, labels in zip(("training images", "held-out images"), real, strict=True):
        answers[name] = functional.one_hot(labels) if search.judge.exclusive else labels
    return pd.DataFrame(
        {"class": label, "counted": name, "hits": int(hits.sum()), "images": len(hits)}
        for name, table in answers.items()
        for label, hits in zip(search.judge.classes, table.T, strict=True)
    )


@torch.no_grad()
def sharpness(settings: Settings) -> pd.DataFrame:
    """Return the recogniser's largest probability, its class, and the variance of the Laplacian of random images."""
    search = Search(settings)
    _, images = drawn(search, SHARP[settings.scale], 1)
    probabilities = in_chunks(search.recogniser.probabilities, images)
    likeliest = probabilities.max(dim=1)
    edges = functional.conv2d(images.mean(dim=1, keepdim=True), LAPLACIAN.to(images.device))
    return pd.DataFrame(
        {
            "confidence": likeliest.values.cpu().numpy(),
            "class": likeliest.indices.cpu().numpy(),
            "sharpness": edges.var(dim=(1, 2, 3)).cpu().numpy(),
        }
    )


def linear(settings: Settings) -> pd.DataFrame:
    """Return the area under each class's ROC curve for a linear prediction of the recogniser's answer from the latent.

    It is fitted by least squares to 5,000 latents and tested on 2,000 others, in full in `resample` 0 and resampled in
    the others. Classes missing from one of the two sets are left out.
    """
    search = Search(settings)
    parts = []
    for count, stream in ((FITTED, 2), (TESTED, 3)):
        latents, images = drawn(search, count, stream)
        with torch.no_grad():
            answers = in_chunks(search.recogniser.predict, images)
        parts.append((functional.pad(latents, (0, 1), value=1.0), answers))
    (fitted, known), (tested, truth) = parts
    weights = torch.linalg.lstsq(fitted, known.float()).solution
    scores, hits = (tested @ weights).cpu().numpy(), truth.cpu().numpy()
    rows = []
    for resample in range(RESAMPLES + 1):
        chosen = np.random.default_rng(resample).integers(TESTED, size=TESTED) if resample else np.arange(TESTED)
        for label, score, hit in zip(search.recogniser.classes, scores[chosen].T, hits[chosen].T, strict=True):
            if 0 < hit.sum() < len(hit):
                rows.append({"resample": resample, "class": label, "area": area(score, hit)})
    return pd.DataFrame(rows)


def area(scores: np.ndarray, hits: np.ndarray) -> float:
    """Return the area under the ROC curve of scores (n,) for hits (n,).

    It is the chance that a hit scores above a miss, a tie counting half.
    """
    ranks = pd.Series(scores).rank().to_numpy()
    positive = int(hits.sum())
    return float((ranks[hits].sum() - positive * (positive + 1) / 2) / (positive * (len(hits) - positive)))
