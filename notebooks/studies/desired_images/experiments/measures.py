"""What is measured of pools: by the recogniser, by a judge that is no fitness, and of the latents themselves."""

import math
from functools import cache

import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional

from latentlib import data, zoo
from latentlib.chunks import in_chunks
from latentlib.fitness.wishes import Wish
from studies.desired_images.experiments.search import Search

REAL = 1000  # images whose distances are averaged, at most
ORDER = ("first", "second")  # of the classes that a wish names


@torch.no_grad()
def measures(search: Search, pools: Tensor, fitness: Tensor | None = None) -> pd.DataFrame:
    """One row a run, for pools of latents (runs, n, genes) and, where it is known, their fitness (runs, n).

    Columns: run; accuracy, judged (share that recogniser or judge counts as wanted); agreed (of those the recogniser
    counts as wanted, the share of which the judge says so too); likeliest (the judge's mean largest probability, of
    attributes the mean of the likelier answer); diversity (mean distance of two images counted as wanted, in
    the judge's features, relative to that of two real ones; NaN below two, and where there is no real one);
    first_judged, second_judged (share of each of the wish's first two classes by the judge); cosine (mean of two
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
    """What the judge says of the images of latents (n, genes), and how far those `wanted` (n,) differ."""
    judge = search.judge
    features = embedded(search, latents)
    logits = judge.classify(features)
    probabilities = logits.softmax(dim=1) if judge.exclusive else logits.sigmoid()
    decided = judge.decided(probabilities)
    judged = search.wish.met(judge.classes, decided)
    either = probabilities if judge.exclusive else torch.stack([probabilities, 1 - probabilities], dim=-1)
    return {
        "accuracy": share(wanted),
        "judged": share(judged),
        "agreed": share(judged[wanted]),
        "likeliest": float(either.amax(dim=-1).mean()),
        "diversity": mean_distance(features[wanted]) / real,
        **{f"{order}_judged": share(column) for order, column in zip(ORDER, named(search, decided), strict=False)},
    }


def embedded(search: Search, latents: Tensor) -> Tensor:
    """The judge's features (n, size) of the images of latents (n, genes)."""
    return in_chunks(lambda some: search.judge.features(search.generator(some)), latents)


def of_latents(latents: Tensor) -> dict[str, float]:
    """Where latents (n, genes) lie."""
    count, genes = latents.shape
    directions = functional.normalize(latents, dim=1)
    twice_all_pairs = float(directions.sum(dim=0).square().sum()) - count
    _, counts = torch.unique(latents, dim=0, return_counts=True)
    prior = math.sqrt(2) * math.exp(math.lgamma((genes + 1) / 2) - math.lgamma(genes / 2))  # mean of a chi
    return {
        "cosine": twice_all_pairs / (count * (count - 1)),
        "length": float(latents.norm(dim=1).mean()) / prior,
        "mean": float(latents.mean()),
        "variance": float(latents.var()),
        "repeated": float(counts[counts > 1].sum()) / count,
    }


@torch.no_grad()
def recognised(search: Search, pools: Tensor) -> pd.DataFrame:
    """One row a run: the share of each of the wish's first two classes by the recogniser, `first` and `second`."""
    rows = []
    for pool in pools:
        decided = in_chunks(lambda some: search.recogniser.predict(search.generator(some)), pool)
        rows.append({order: share(hits) for order, hits in zip(ORDER, named(search, decided), strict=False)})
    return pd.DataFrame(rows)


def named(search: Search, answers: Tensor) -> list[Tensor]:
    """The columns (n,) of answers (n, classes) to the classes that the wish names, in the recogniser's order."""
    return [column for name, column in zip(search.judge.classes, answers.T, strict=True) if name in search.wish.names()]


def share(hits: Tensor) -> float:
    """The share of trues among (n,); NaN of none."""
    return float(hits.double().mean())


def mean_distance(features: Tensor) -> float:
    """Mean distance of two of (n, size); NaN below two."""
    return float(torch.pdist(features).mean())


@cache
@torch.no_grad()
def real_distance(dataset: str, wish: Wish) -> float:
    """Mean distance of two held-out images that meet the wish, in the judge's features; NaN where there are not two."""
    try:
        return mean_distance(zoo.load_judge(dataset).features(real(dataset, wish)[:REAL]))
    except FileNotFoundError:
        return math.nan


def real(dataset: str, wish: Wish) -> Tensor:
    """Held-out images (n, channels, height, width) that meet the wish by their labels."""
    found = data.load(dataset, "test")
    labels = functional.one_hot(found.labels, len(found.card.classes)) if found.card.exclusive else found.labels
    return found.images[wish.met(found.card.classes, labels)]
