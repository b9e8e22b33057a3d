"""How long the similarity of a set takes, beside decoding its images (FE-21). Run it on a quiet machine."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from latentlib.fitness.diversity import Average
from latentlib.fitness.ssim import moments, ssim
from studies.diversity.experiments.contest import Contest
from studies.diversity.experiments.evaluator import METRICS
from studies.diversity.experiments.judges import ensemble
from studies.diversity.settings import Settings
from studies.restoring.experiments.timing import now

REPEATS = 20
LOOP, GRAM = "plain loop, ", "Gram matrix, "  # before the name of a metric
SSIM, FEATURES, DECODING = "SSIM", "judge features", "decoding"


def timing(settings: Settings) -> pd.DataFrame:
    """Return the seconds that each `work` on one set `took`, one row per `repeat` and work, on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return pd.DataFrame(measured(settings))
    finally:
        torch.set_num_threads(threads)


@torch.no_grad()
def measured(settings: Settings) -> list[dict[str, object]]:
    """Return the rows; the works take turns, and the first turn is not counted."""
    contest = Contest(settings)
    latents = contest.sets_of(contest.first_sets[0, 0])
    todo = works(contest, latents, settings)
    rows: list[dict[str, object]] = []
    for repeat in range(-1, REPEATS):
        for name, work in todo.items():
            start = now(settings.device)
            work()
            rows.append({"repeat": repeat, "work": name, "took": now(settings.device) - start})
    return [row for row in rows if row["repeat"] != -1]


def works(contest: Contest, latents: Tensor, settings: Settings) -> dict[str, Callable[[], object]]:
    """Return what is timed on a set of latents (size, latent_size)."""
    images = contest.generator(latents)
    plain, judge = images.cpu().numpy(), ensemble(settings.dataset, settings.device).judges[0]
    found: dict[str, Callable[[], object]] = {DECODING: lambda: contest.generator(latents)}
    for name, metric in METRICS.items():
        found[LOOP + name] = lambda name=name: looped(plain, PLAIN[name])  # type: ignore[misc]
        found[GRAM + name] = lambda metric=metric: Average(metric)(images[None])  # type: ignore[misc]
    found[SSIM] = lambda: structural(images)
    found[FEATURES] = lambda: torch.pdist(judge.features(images)).mean()
    return found


def looped(images: np.ndarray, similarity: Callable[[np.ndarray, np.ndarray], float]) -> float:
    """Return the mean similarity of the pairs of images (n, ...), as one would write it first."""
    total, pairs = 0.0, 0
    for i in range(len(images)):
        for j in range(i + 1, len(images)):
            total += similarity(images[i], images[j])
            pairs += 1
    return total / pairs


def by_rmse(a: np.ndarray, b: np.ndarray) -> float:
    """Return the similarity of two images by equation 1."""
    return float(1 - np.sqrt(np.mean((a - b) ** 2)))


def by_ncc(a: np.ndarray, b: np.ndarray) -> float:
    """Return the normalised cross-correlation of two images."""
    return float(np.sum(a * b) / np.sqrt(np.sum(a * a) * np.sum(b * b)))


PLAIN = {"rmse": by_rmse, "ncc": by_ncc}


def structural(images: Tensor) -> Tensor:
    """Return the mean SSIM of the pairs of images (n, channels, height, width)."""
    one, other = torch.triu_indices(len(images), len(images), offset=1)
    return ssim(images[one], moments(images[other])).mean()
