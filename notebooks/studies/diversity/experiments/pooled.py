"""Final sets pooled over the runs: how far their images lie from real ones, beside as many random and real images."""

from dataclasses import dataclass, fields
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from latentlib import data
from latentlib.models.judge import Judge
from latentlib.priors import prior_of
from latentlib.randomness import seeded
from latentlib.study import realism
from latentlib.study.parameters import check_counts
from studies.diversity.experiments.contest import Contest, Key
from studies.diversity.experiments.judges import ensemble, mean_of
from studies.diversity.settings import Settings

NO_METRIC, RANDOM_IMAGES, REAL_IMAGES = "none", "random images", "real images"
WHOLE = -1  # in place of a run that is left out
BATCH = 500  # images that a network sees together
DRAWN, SPLIT = 400_000, 500_000  # added to the seed, so that no image is one of another experiment

Features = list[Tensor]  # of each judge, (images, size)


@dataclass(frozen=True)
class Pools(Settings):
    """Settings of pools of the final sets of all runs.

    Args:
        seeds: seeds of the searches, from 0, whose runs are pooled; at least 1. The setting `seed` is that of the
            random images.
        draws: pools of random images, at least 1.
    """

    seeds: int = 2
    draws: int = 50

    def __post_init__(self) -> None:
        super().__post_init__()
        check_counts(self, {"seeds": 1, "draws": 1})


def pooled(settings: Pools) -> pd.DataFrame:
    """Return the FID of pooled images to held-out real ones, in the features of the judges and averaged over these.

    One row per metric, method and pool, of so many `images`. Of the final sets there is the pool of all runs, whose
    `left_out` is -1, and one without each run. Of the methods `random images` and `real images`, with the metric
    `none`, there are several draws of as many images as the sets have; the real ones are disjoint, and none is among
    those that the FID compares with.
    """
    judges = ensemble(settings.dataset, settings.device).judges
    reference, held_back = (seen(judges, images) for images in halves(settings))
    sets = final_sets(settings)
    rows = [row for key, some in sets.items() for row in set_rows(key, some, settings, judges, reference)]
    count = rows[0]["images"]
    draws = {RANDOM_IMAGES: random_draws(settings, judges, count), REAL_IMAGES: parts(held_back, count)}
    for method, found in draws.items():
        for draw, features in enumerate(found):
            place = {"metric": NO_METRIC, "method": method, "left_out": WHOLE, "draw": draw}
            rows.append(place | {"images": len(features[0]), "fid": fid(features, reference)})
    return pd.DataFrame(rows)


def halves(settings: Settings) -> tuple[Tensor, ...]:
    """Return held-out real images in two halves at random: their file may have an order."""
    images = data.load(settings.dataset).images.to(settings.device)
    order = torch.randperm(len(images), generator=seeded(SPLIT + settings.seed))
    return images[order].chunk(2)


def final_sets(settings: Pools) -> dict[Key, Tensor]:
    """Return images (runs, size, channels, height, width) of the best sets of all seeds' runs by metric and method."""
    known = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    found: dict[Key, list[Tensor]] = {}
    for seed in range(settings.seeds):
        contest = Contest(Settings(**known | {"seed": seed}))
        for key, outcome in contest.outcomes().items():
            found.setdefault(key, []).append(contest.images_of(outcome.best))
    return {key: torch.cat(some) for key, some in found.items()}


def set_rows(
    key: Key, sets: Tensor, settings: Pools, judges: tuple[Judge, ...], reference: Features
) -> list[dict[str, Any]]:
    """Return the rows of a search's final sets of images (runs, size, ...), all of them and without each run."""
    features, rows = seen(judges, sets.flatten(0, 1)), []
    run = torch.arange(len(sets)).repeat_interleave(settings.size)
    for left in range(WHOLE, len(sets)):
        some = [values[run != left] for values in features]
        place = {"metric": key[0], "method": key[1], "left_out": left, "draw": 0}
        rows.append(place | {"images": len(some[0]), "fid": fid(some, reference)})
    return rows


def random_draws(settings: Pools, judges: tuple[Judge, ...], count: int) -> list[Features]:
    """Return the features of several pools of `count` images of latents from the prior."""
    contest = Contest(settings)
    random, size = seeded(DRAWN + settings.seed, settings.device), contest.evaluator("rmse").genes // settings.size
    latents = prior_of(contest.generator).draw((settings.draws, count, size), random)
    return [seen(judges, contest.images_of(some[None])[0]) for some in latents]


def parts(features: Features, count: int) -> list[Features]:
    """Return features in disjoint parts of `count` images, or all of them where there are fewer."""
    split = [list(some) for some in zip(*(torch.split(values, count) for values in features), strict=True)]
    return [some for some in split if len(some[0]) == count] or [features]


@torch.no_grad()
def seen(judges: tuple[Judge, ...], images: Tensor) -> Features:
    """Return what each judge makes of images (n, channels, height, width)."""
    return [torch.cat([judge.features(some) for some in torch.split(images, BATCH)]) for judge in judges]


def fid(one: Features, other: Features) -> float:
    """Return the Frechet distance of two pools, averaged over the judges."""
    return mean_of([realism.frechet(*both) for both in zip(one, other, strict=True)])
