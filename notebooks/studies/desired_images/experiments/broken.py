"""Figure 3: a generator with inputs from [0, 1], in both readings of LI-A2 (LI-14, LI-15)."""

import copy

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from latentlib import data, zoo
from latentlib.models.gagan import Ranks
from latentlib.randomness import seeded
from latentlib.study import realism
from studies.desired_images.experiments.measures import embedded
from studies.desired_images.experiments.pools import through
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

IMAGES = 2000
RESAMPLES = 200


def broken(settings: Settings) -> pd.DataFrame:
    """Return the measures of every pool and generation with first pools drawn from U[0, 1].

    `learnt_from` is the input in the generator's training: N(0, 1), which makes U[0, 1] foreign to it, or U[0, 1].
    """
    searches = {"N(0, 1)": Search(settings), "U[0, 1]": Search(settings, learnt_from_uniform(settings))}
    rows = [
        through(search, uniform(search, settings.population)).assign(learnt_from=prior)
        for prior, search in searches.items()
    ]
    return pd.concat(rows, ignore_index=True)


def learnt_from_uniform(settings: Settings) -> nn.Module:
    """Return the zoo's generator that was trained on genes from U[0, 1], taking such genes."""
    return unranked(zoo.load_generator(f"desired_images/{settings.dataset}_uniform", settings.device))


def unranked(generator: nn.Module) -> nn.Module:
    """Return a copy of a `uniform` generator, folded or not, that takes genes in [0, 1] instead of latents."""
    direct = copy.deepcopy(generator)
    ranks, *layers = generator.layers  # type: ignore[misc]
    if not isinstance(ranks, Ranks):
        raise ValueError(f"generator must rank its genes first, got one that begins with {type(ranks).__name__}")
    direct.layers = nn.Sequential(*copy.deepcopy(layers))
    return direct


def uniform(search: Search, population: int) -> Tensor:
    """Draw latents (repeats, population, genes) from U[0, 1]."""
    random = seeded(search.settings.seed, search.settings.device)
    shape = (search.settings.repeats, population, search.fitness.genes)
    return torch.rand(shape, generator=random, device=search.settings.device)


@torch.no_grad()
def damage(settings: Settings) -> pd.DataFrame:
    """Return the FID to held-out images: of all images (`resample` 0), and of resampled images.

    It is given for the zoo's generator with U[0, 1] and N(0, 1) and, as `fid_learnt`, for that trained on U[0, 1].
    """
    search, learnt = Search(settings), Search(settings, learnt_from_uniform(settings))
    random = seeded(search.seed(0))
    shape = (IMAGES, search.fitness.genes)
    box, prior = (draw(shape, generator=random).to(settings.device) for draw in (torch.rand, torch.randn))
    drawn = {"uniform": (search, box), "normal": (search, prior), "learnt": (learnt, box)}
    real = search.judge.features(data.load(settings.dataset, "test").images[:IMAGES].to(settings.device))
    features = {name: embedded(source, latents) for name, (source, latents) in drawn.items()}
    rows = []
    for resample in range(RESAMPLES + 1):
        chosen = np.random.default_rng(resample).integers(IMAGES, size=IMAGES) if resample else np.arange(IMAGES)
        fids = {f"fid_{name}": realism.frechet(real, some[chosen]) for name, some in features.items()}
        rows.append({"resample": resample, **fids})
    return pd.DataFrame(rows)
