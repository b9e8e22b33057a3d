"""Fig. 6b: do images restored at different mating rates differ more than those from different seeds?"""

from dataclasses import replace

import pandas as pd
import torch
from torch import Tensor

from latentlib import zoo
from studies.restoring.experiments.contest import Contest
from studies.restoring.experiments.targets import drawn
from studies.restoring.settings import Settings

MATING = (0.2, 0.3, 0.4, 0.5)


def details(settings: Settings) -> pd.DataFrame:
    """Return the mean distance, in the judge's features, between four mating rates and between four seeds, per target.

    Every run has its own seed, so that equal first populations do not make different rates look alike.
    """
    first = settings.seed
    by_rate = [restored(settings, mating, first + number) for number, mating in enumerate(MATING)]
    by_seed = [restored(settings, settings.mating_rate, first + len(MATING) + number) for number in range(len(MATING))]
    columns = {"between_rates": mean_distance(settings, by_rate), "between_seeds": mean_distance(settings, by_seed)}
    return pd.DataFrame({"target": range(settings.targets), **{k: v.cpu().numpy() for k, v in columns.items()}})


def restored(settings: Settings, mating: float, seed: int) -> Tensor:
    """Return the images restored at a mating rate."""
    contest = Contest(replace(settings, mating_rate=mating), choice=drawn)
    run = contest.evolution.evolve(contest.fitness, settings.generations, seed)
    images: Tensor = contest.generator(run.best.latents)
    return images


@torch.no_grad()
def mean_distance(settings: Settings, sets: list[Tensor]) -> Tensor:
    """Return the mean distance (targets,) over all pairs of sets, each (targets, channels, height, width)."""
    judge = zoo.load_judge(settings.dataset).to(settings.device)
    features = torch.stack([judge.features(images) for images in sets], dim=1)
    count = len(sets)
    return torch.cdist(features, features).sum(dim=(1, 2)) / (count * (count - 1))
