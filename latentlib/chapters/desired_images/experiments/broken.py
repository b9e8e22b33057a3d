"""Figure 3: a generator that is fed from [0, 1] in place of its prior (LI-14, LI-15)."""

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from latentlib import data
from latentlib.chapters.desired_images.experiments.measures import embedded
from latentlib.chapters.desired_images.experiments.pools import through
from latentlib.chapters.desired_images.experiments.search import Search
from latentlib.chapters.desired_images.settings import Settings
from latentlib.fitness import realism

IMAGES = 2000
RESAMPLES = 200


def broken(settings: Settings) -> pd.DataFrame:
    """The measures of every pool and generation where the first pools are drawn from U[0, 1]."""
    search = Search(settings)
    return through(search, uniform(search, settings.population))


def uniform(search: Search, population: int) -> Tensor:
    """Latents (repeats, population, genes) from U[0, 1]."""
    random = torch.Generator(device=search.settings.device).manual_seed(search.settings.seed)
    shape = (search.settings.repeats, population, search.fitness.genes)
    return torch.rand(shape, generator=random, device=search.settings.device)


@torch.no_grad()
def damage(settings: Settings) -> pd.DataFrame:
    """FID of images from U[0, 1] and from N(0, 1) to held-out images: of all (`resample` 0) and of images redrawn."""
    search = Search(settings)
    random = torch.Generator().manual_seed(search.seed(0))
    shape = (IMAGES, search.fitness.genes)
    drawn = {"uniform": torch.rand(shape, generator=random), "normal": torch.randn(shape, generator=random)}
    real = search.judge.features(data.load(settings.dataset, "test").images[:IMAGES].to(settings.device))
    features = {name: embedded(search, latents.to(settings.device)) for name, latents in drawn.items()}
    rows = []
    for resample in range(RESAMPLES + 1):
        chosen = np.random.default_rng(resample).integers(IMAGES, size=IMAGES) if resample else np.arange(IMAGES)
        fids = {f"fid_{name}": realism.frechet(real, some[chosen]) for name, some in features.items()}
        rows.append({"resample": resample, **fids})
    return pd.DataFrame(rows)
