"""LI-28: ways to join two wishes other than the minimum."""

from dataclasses import replace
from functools import cache

import pandas as pd
import torch
from torch import Tensor, nn

from latentlib.fitness import wishes
from latentlib.fitness.recognition import Recognition
from latentlib.models.gagan import AttributeRecogniser
from latentlib.pool import Enough
from latentlib.study import training
from latentlib.study.training import checkpoints, shortened, training_images
from studies.desired_images.experiments.measures import measures
from studies.desired_images.experiments.pools import ENOUGH
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

WISHES = ("Smiling & ~Male", "Eyeglasses & ~Male", "Male & Mouth_Slightly_Open", "Male & ~Smiling")  # of Fig. 6
RARER = tuple(f"{WISHES[1]} & {third}" for third in ("Smiling", "~Smiling", "Mouth_Slightly_Open"))
JOINED = WISHES + RARER
NAMES = tuple(str(wishes.read(wish)) for wish in JOINED)


class Joined(Recognition):
    """The product or mean of the R of all sides of an AND, instead of their minimum."""

    def __init__(self, search: Search, how: str) -> None:
        super().__init__(search.generator, search.recogniser, search.wish, search.settings.repeats)
        self.how = how

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return the joined R (n,) of images (n, channels, height, width)."""
        columns = self.recogniser.log_odds(images).T
        odds = dict(zip(self.recogniser.classes, columns, strict=True))
        each = torch.stack([side.score(odds) for side in sides(self.wish)]).sigmoid()
        return each.prod(dim=0) if self.how == "product" else each.mean(dim=0)


def sides(wish: wishes.Wish) -> list[wishes.Wish]:
    """Return the wishes that an AND joins, or the one wish."""
    return [*sides(wish.first), *sides(wish.second)] if isinstance(wish, wishes.And) else [wish]


def joining(settings: Settings) -> pd.DataFrame:
    """Return the measures of the pools where Algorithm 1 stops, one row per run and way to join.

    The ways: minimum, product and mean of the single R, and a joint recogniser of the zoo's architecture and recipe,
    whose classes are all the wishes in `JOINED`; its training took `training_seconds`. Each stops at 98 % by its own
    fitness.
    """
    search = Search(settings)
    recogniser, seconds = joint(settings.dataset, settings.scale, settings.seed, settings.device)
    name = wishes.Shows(str(search.wish))
    fitnesses: dict[str, Recognition] = {"minimum": search.fitness}
    fitnesses |= {how: Joined(search, how) for how in ("product", "mean")}
    fitnesses["joint recogniser"] = Recognition(search.generator, recogniser, name, settings.repeats)
    rows = []
    for method, fitness in fitnesses.items():
        algorithm, first = replace(search.algorithm, stop=Enough(fitness, ENOUGH)), search.first_pools()
        run = algorithm.evolve(fitness, settings.generations, settings.seed, initial=first)
        rows.append(measures(search, run.state.genomes).assign(method=method, training_seconds=seconds))
    return pd.concat(rows, ignore_index=True)


@cache
def joint(dataset: str, scale: str, seed: int, device: str) -> tuple[AttributeRecogniser, float]:
    """Return a recogniser trained for the wishes in `JOINED`, and the seconds of all its epochs, whenever they ran."""
    images, recipe = training_images(dataset, scale), shortened(training.plan_of(f"recogniser/{dataset}").recipe, scale)
    labels = torch.stack([wishes.read(wish).met(images.card.classes, images.labels) for wish in JOINED], dim=1)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        networks = nn.ModuleDict({name: AttributeRecogniser(NAMES) for name in ("average", "classifier")})
    networks["average"].load_state_dict(networks["classifier"].state_dict())
    networks = networks.to(device).to(memory_format=torch.channels_last)
    pixels, labels = images.images.to(device), labels.to(device)
    known = training.identity(recipe, networks, pixels, labels, seed)
    history = training.run(recipe, networks, pixels, labels, checkpoints.path_of("joint", recipe.epochs, known), seed)
    network = networks["average"].eval().requires_grad_(False)
    assert isinstance(network, AttributeRecogniser)
    return network, sum(epoch["seconds"] for epoch in history)
