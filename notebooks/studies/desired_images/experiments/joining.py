"""LI-28: ways to join two wishes other than the minimum."""

from functools import cache

import pandas as pd
import torch
from torch import Tensor, nn

from latentlib.fitness import wishes
from latentlib.fitness.recognition import Recognition
from latentlib.models.gagan import AttributeRecogniser
from latentlib.study import training
from latentlib.study.training import checkpoints, shortened, training_images
from studies.desired_images.experiments.measures import measures
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

WISHES = ("Smiling & ~Male", "Eyeglasses & ~Male", "Male & Mouth_Slightly_Open", "Male & ~Smiling")  # of Fig. 6


class Joined(Recognition):
    """The product or mean of the R of both sides of an AND, instead of their minimum."""

    def __init__(self, search: Search, how: str) -> None:
        super().__init__(search.generator, search.recogniser, search.wish, search.settings.repeats)
        self.how = how

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return the joined R (n,) of images (n, channels, height, width)."""
        assert isinstance(self.wish, wishes.And)
        columns = self.recogniser.log_odds(images).T
        odds = dict(zip(self.recogniser.classes, columns, strict=True))
        both = torch.stack([self.wish.first.score(odds), self.wish.second.score(odds)]).sigmoid()
        return both.prod(dim=0) if self.how == "product" else both.mean(dim=0)


def joining(settings: Settings) -> pd.DataFrame:
    """Return the measures of the last pools, one row per run and method: product, mean, joint recogniser.

    The joint recogniser has the zoo's architecture and recipe, with the four wishes of Fig. 6 as its classes.
    `training_seconds` is its cost; it is 0.02 s in the stored table where the training was found done. The minimum is
    what `pools` uses.
    """
    search = Search(settings)
    recogniser, seconds = joint(settings.dataset, settings.scale, settings.seed, settings.device)
    name = wishes.Shows(str(search.wish))
    fitnesses: dict[str, Recognition] = {how: Joined(search, how) for how in ("product", "mean")}
    fitnesses["joint recogniser"] = Recognition(search.generator, recogniser, name, settings.repeats)
    rows = []
    for method, fitness in fitnesses.items():
        first = search.first_pools()
        run = search.algorithm.evolve(fitness, settings.generations, settings.seed, initial=first)
        rows.append(measures(search, run.state.genomes).assign(method=method, training_seconds=seconds))
    return pd.concat(rows, ignore_index=True)


@cache
def joint(dataset: str, scale: str, seed: int, device: str) -> tuple[AttributeRecogniser, float]:
    """Return a recogniser trained for the four combinations, and the seconds of all its epochs, whenever they ran."""
    images, recipe = training_images(dataset, scale), shortened(training.plan_of(f"recogniser/{dataset}").recipe, scale)
    labels = torch.stack([wishes.read(wish).met(images.card.classes, images.labels) for wish in WISHES], dim=1)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        networks = nn.ModuleDict({name: AttributeRecogniser(WISHES) for name in ("average", "classifier")})
    networks["average"].load_state_dict(networks["classifier"].state_dict())
    networks = networks.to(device).to(memory_format=torch.channels_last)
    pixels, labels = images.images.to(device), labels.to(device)
    known = training.identity(recipe, networks, pixels, labels, seed)
    history = training.run(recipe, networks, pixels, labels, checkpoints.path_of("joint", recipe.epochs, known), seed)
    network = networks["average"].eval().requires_grad_(False)
    assert isinstance(network, AttributeRecogniser)
    return network, sum(epoch["seconds"] for epoch in history)
