"""The supervisor at the page's length: generation 0 against 500, and whether anybody could tell them apart."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from latentlib.fitness.diversity import Diversity
from latentlib.randomness import seeded
from latentlib.study.parameters import check_counts
from studies.augmentation.arms import Source
from studies.augmentation.draws import Draw, draw
from studies.augmentation.experiments.bench import Bench
from studies.augmentation.experiments.measures import judges, one
from studies.augmentation.settings import Settings
from studies.augmentation.supervisor import supervise, towards

FIRST, LAST, SORTED = "first generation", "last generation", "sorted"
TELLING = 5  # folds of the test that tells images apart
RIDGE = 1.0  # of its linear discriminant, on standardised features
RANDOM_SETS = 50  # whose deviation is the unit of a likeness


@dataclass(frozen=True)
class Long(Settings):
    """Settings of a supervisor of the page's length.

    Args:
        evolved: generations that it judges, the first among them; at least 2.
    """

    evolved: int = 501

    def __post_init__(self) -> None:
        super().__post_init__()
        check_counts(self, {"evolved": 2})


def supervision(settings: Long) -> pd.DataFrame:
    """Return, one row per `name` of a class, direction (`alike`) and `stage`, what the best set is like.

    Columns: `likeness` to the centroid, `nearest`, `agreement` and `spread` as in `measures.described`; `told_apart`,
    the share of images that a two-sample test by a classifier attributes rightly to this set or to the first
    generation's, on held-out images; `decodes`, images generated until then; `spread_real` of the originals, and of
    random sets the means and deviations `likeness_random`, `likeness_deviation`, `spread_random`, `spread_deviation`.
    """
    drawn = draw(settings)
    bench = Bench(settings, drawn.training, drawn.classes)
    rows = [
        {"name": drawn.classes[source.label], "alike": alike, **row}
        for source in bench.sources
        for alike in (False, True)
        for row in stages(settings, source, drawn, alike)
    ]
    return pd.DataFrame(rows)


def stages(settings: Long, source: Source, drawn: Draw, alike: bool) -> list[dict[str, object]]:
    """Return the rows of one class and direction."""
    fitness = towards(source.gan, source.originals, settings, alike)
    first, decodes = best_of_first(fitness, source, settings), settings.population * settings.added
    evolved = supervise(fitness, settings, settings.seed_of("evolution", source.label, int(alike)), settings.evolved)
    last = source.gan.of(evolved)
    shown = {
        FIRST: (first, decodes),
        LAST: (last, decodes * settings.evolved),
        SORTED: (source.ordered(alike), settings.candidates),
    }
    rest = {
        "spread_real": one(settings.dataset, source.label, source.originals, drawn)["spread"],
        **of_random_sets(source, drawn),
    }
    return [
        {
            "stage": stage,
            **one(settings.dataset, source.label, images, drawn),
            "told_apart": told_apart(settings.dataset, first, images) if stage != FIRST else np.nan,
            "decodes": spent,
            **rest,
        }
        for stage, (images, spent) in shown.items()
    ]


@torch.no_grad()
def best_of_first(fitness: Diversity, source: Source, settings: Long) -> Tensor:
    """Return the images of the best set of a first generation, drawn apart from that of the evolution."""
    random = seeded(settings.seed_of("first generation", source.label))
    latents = fitness.prior.draw((1, settings.population, fitness.genes), random)
    place = int(fitness(latents)[0].argmax())
    return source.gan.of(latents[0, place])


def of_random_sets(source: Source, drawn: Draw) -> dict[str, float]:
    """Return mean and deviation of the likeness to the centroid, and of the judges' spread, of random sets."""
    size, found = source.settings.added, []
    for images in torch.split(source.candidates, size)[: min(RANDOM_SETS, len(source.candidates) // size)]:
        found.append(one(source.settings.dataset, source.label, images, drawn))
    return {
        f"{name}_{what}": float(measure([values[name] for values in found]))
        for name in ("likeness", "spread")
        for what, measure in (("random", np.mean), ("deviation", np.std))
    }


def told_apart(dataset: str, first: Tensor, last: Tensor) -> float:
    """Return the share of images that a linear discriminant attributes to the right set, by the mean of the judges.

    It is trained on four fifths of both sets, in a judge's features, and tried on the other fifth, five times.
    """
    truth = torch.cat([torch.zeros(len(first)), torch.ones(len(last))]).double() * 2 - 1
    found = []
    for judge in judges(dataset):
        with torch.no_grad():
            features = judge.features(torch.cat([first, last])).double()
        fold = torch.cat([torch.arange(len(some)) % TELLING for some in (first, last)])
        right = [attributed(features, truth, fold == place) for place in range(TELLING)]
        found.append(torch.cat(right).double().mean().item())
    return float(np.mean(found or [np.nan]))


def attributed(features: Tensor, truth: Tensor, held_out: Tensor) -> Tensor:
    """Return which held-out images a ridge regression attributes rightly, bool (n,)."""
    mean, scale = features[~held_out].mean(dim=0), features[~held_out].std(dim=0).clamp_min(1e-6)
    known, new = ((features[rows] - mean) / scale for rows in (~held_out, held_out))
    weights = torch.linalg.solve(
        known.T @ known + RIDGE * torch.eye(known.shape[1], dtype=known.dtype), known.T @ truth[~held_out]
    )
    right: Tensor = (new @ weights > 0) == (truth[held_out] > 0)
    return right
