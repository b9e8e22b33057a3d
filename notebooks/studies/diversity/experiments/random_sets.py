"""Random sets: what metrics, brightness and judges say of them, without any search."""

from collections.abc import Iterator

import pandas as pd
import torch
from torch import Tensor

from latentlib.fitness.diversity import Similarity
from latentlib.randomness import seeded
from studies.diversity.experiments.contest import Contest
from studies.diversity.experiments.evaluator import AXES, METRICS, described
from studies.diversity.experiments.judges import ensemble
from studies.diversity.experiments.measures import of_pixels
from studies.diversity.experiments.searches import measured_images
from studies.diversity.settings import Sets

READINGS = {  # of the metrics, with the rules' own two first
    **METRICS,
    "ncc_signed": Similarity("cross_correlation", signed=True),
    "one_minus_printed": Similarity("one_minus_ncc"),
    "one_minus_printed_signed": Similarity("one_minus_ncc", signed=True),
    "pearson": Similarity("pearson"),
}
TOGETHER = 10  # sets of images in memory at once
DRAWN, CONTROLS = 200_000, 300_000  # added to the seed, so that no set is one of another experiment
KEPT = ("brightness", "overlap", "border")


def random_sets(settings: Sets) -> pd.DataFrame:
    """Return, one row per random `set`, its mean and maximum similarity by every reading, and its measures.

    Columns: `rmse_mean`, `rmse_maximum` and so on, see `READINGS`; those of `measures.of_pixels` and of the judges.
    """
    contest = Contest(settings)
    rows: list[dict[str, object]] = []
    jury = ensemble(settings.dataset, settings.device)
    for sets, images in drawn(contest, settings, DRAWN):
        said = {name: described(reading, images) for name, reading in READINGS.items()}
        for place, found in enumerate(measured_images(images, sets, jury)):
            values = {
                f"{name}_{axis}": float(value)
                for name, pair in said.items()
                for axis, value in zip(AXES, pair[place], strict=True)
            }
            rows.append({"set": len(rows), **values, **found})
    return pd.DataFrame(rows)


def controls(settings: Sets) -> pd.DataFrame:
    """Return, one row per random `set`, what evolved sets of equal brightness are compared in."""
    found = [of_pixels(images) for _, images in drawn(Contest(settings), settings, CONTROLS)]
    table = {name: torch.cat([values[name] for values in found]).cpu().numpy() for name in KEPT}
    return pd.DataFrame({"set": range(settings.sets)} | table)


def drawn(contest: Contest, settings: Sets, offset: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield random sets of latents (some, size, latent_size) with their images, some at a time."""
    blank = contest.evaluator("rmse")
    random = seeded(offset + settings.seed, settings.device)
    for some in torch.split(blank.prior.draw((settings.sets, blank.genes), random), TOGETHER):
        sets = contest.sets_of(some)
        yield sets, contest.images_of(sets)
