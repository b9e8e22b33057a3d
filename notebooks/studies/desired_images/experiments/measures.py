"""Measures of pools: by the recogniser, by a judge that is not the fitness, and of the latents themselves."""

import math
from functools import cache, partial

import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional

from latentlib import data, zoo
from latentlib.chunks import in_chunks
from latentlib.fitness.wishes import Wish
from studies.desired_images.experiments.judges import opinions
from studies.desired_images.experiments.search import Search

REAL = 1000  # most images for which distances are averaged
ORDER = ("first", "second")  # of the classes that a wish names


@torch.no_grad()
def measures(search: Search, pools: Tensor, fitness: Tensor | None = None) -> pd.DataFrame:
    """Measure pools of latents (runs, n, genes), one row per run, with their fitness (runs, n) if it is known.

    Columns: run; accuracy and judged (share wanted by recogniser or judges, whose mean probability decides);
    judged_low and judged_high (least and most by a single judge); agreed (share wanted by the judges, of those wanted
    by the recogniser); likeliest (the judges' mean largest probability, for attributes the mean of the likelier
    answer); diversity (mean distance of two wanted images in the first judge's features, relative to that of two real
    ones; NaN for fewer than two, and if there are no real ones); first_judged and second_judged (share of each of the
    wish's first two classes by the judges), first and second (the same by the recogniser); cosine (mean over two
    latents); length (mean, relative to that of N(0, 1)); mean and variance of the genes; repeated (share of latents
    that equal another).
    """
    wanted = search.fitness.satisfied(pools, fitness)
    real = real_distance(search.settings.dataset, search.wish)
    rows = [
        {"run": run, **of_images(search, *pair, real), **of_latents(pair[0])}
        for run, pair in enumerate(zip(pools, wanted, strict=True))
    ]
    return pd.DataFrame(rows)


def of_images(search: Search, latents: Tensor, wanted: Tensor, real: float) -> dict[str, float]:
    """Return what judges and recogniser make of the images of latents (n, genes), and how diverse the `wanted` are."""
    found, judge = opinions(search, latents), search.judge
    decided = judge.decided(found.mean)
    met = partial(search.wish.met, judge.classes)
    judged, each = met(decided), [share(met(judge.decided(votes))) for votes in found.votes]
    likelier = found.mean if judge.exclusive else torch.maximum(found.mean, 1 - found.mean)
    largest = likelier.amax(dim=1) if judge.exclusive else likelier.mean(dim=1)
    return {
        "accuracy": share(wanted),
        "judged": share(judged),
        "judged_low": min(each),
        "judged_high": max(each),
        "agreed": share(judged[wanted]),
        "likeliest": float(largest.mean()),
        "diversity": mean_distance(found.features[wanted]) / real,
        **{f"{order}_judged": share(column) for order, column in zip(ORDER, named(search, decided), strict=False)},
        **{order: share(column) for order, column in zip(ORDER, named(search, found.recognised), strict=False)},
    }


def embedded(search: Search, latents: Tensor) -> Tensor:
    """Return the judge's features (n, size) of the images of latents (n, genes)."""
    return in_chunks(lambda some: search.judge.features(search.generator(some)), latents)


def of_latents(latents: Tensor) -> dict[str, float]:
    """Return measures of the position of latents (n, genes)."""
    count, genes = latents.shape
    directions = functional.normalize(latents, dim=1)
    twice_all_pairs = float(directions.sum(dim=0).square().sum()) - count
    _, counts = torch.unique(latents, dim=0, return_counts=True)
    prior = math.sqrt(2) * math.exp(math.lgamma((genes + 1) / 2) - math.lgamma(genes / 2))  # mean of a chi distribution
    return {
        "cosine": twice_all_pairs / (count * (count - 1)),
        "length": float(latents.norm(dim=1).mean()) / prior,
        "mean": float(latents.mean()),
        "variance": float(latents.var()),
        "repeated": float(counts[counts > 1].sum()) / count,
    }


def named(search: Search, answers: Tensor) -> list[Tensor]:
    """Return the columns (n,) of answers (n, classes) for the classes in the wish, in the recogniser's order."""
    return [column for name, column in zip(search.judge.classes, answers.T, strict=True) if name in search.wish.names()]


def share(hits: Tensor) -> float:
    """Return the share of trues among (n,), NaN for none."""
    return float(hits.double().mean())


def mean_distance(features: Tensor) -> float:
    """Return the mean distance of two of (n, size), NaN for fewer than two."""
    return float(torch.pdist(features).mean())


@cache
@torch.no_grad()
def real_distance(dataset: str, wish: Wish) -> float:
    """Return the mean distance of two held-out images that meet the wish, in the judge's features; NaN without two."""
    try:
        return mean_distance(zoo.load_judge(dataset).features(real(dataset, wish)[:REAL]))
    except FileNotFoundError:
        return math.nan


def real(dataset: str, wish: Wish) -> Tensor:
    """Return the held-out images (n, channels, height, width) that meet the wish by their labels."""
    found = data.load(dataset, "test")
    labels = functional.one_hot(found.labels, len(found.card.classes)) if found.card.exclusive else found.labels
    return found.images[wish.met(found.card.classes, labels)]
