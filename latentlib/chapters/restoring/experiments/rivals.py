"""Everyone restores the same images: evolution, chance, descent, and images that need no search."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from latentlib import data, zoo
from latentlib.chapters.restoring.experiments.colour import colour_error
from latentlib.chapters.restoring.experiments.measures import measures
from latentlib.chapters.restoring.experiments.rates import LOGGED
from latentlib.chapters.restoring.experiments.targets import targets_of
from latentlib.chapters.restoring.experiments.tuning import STEP_SIZES, better_optimiser, step_size
from latentlib.chapters.restoring.settings import SCALES, Settings
from latentlib.evolution import Best, GeneticAlgorithm, RandomSearch, Run, State
from latentlib.fitness.reconstruction import Reconstruction, reconstruction
from latentlib.gradient import GradientDescent

COST = 3  # generator passes that a gradient step counts as: one forward, and backward about two
RESTARTS = 10
STEPS = (100, 200, 500, 1000, 2000, 3000, 5000, 7000, 10_000, 15_000, 20_000)  # logged of a long descent


@dataclass(frozen=True)
class Contest:
    """The targets of a cell, held-out ones first and then as many training images, and what every rival needs."""

    settings: Settings

    @cached_property
    def generator(self) -> nn.Module:
        """The data set's generator."""
        return zoo.load_generator(f"restoring/{self.settings.dataset}", self.settings.device)

    @cached_property
    def targets(self) -> Tensor:
        """Images (2 targets, channels, height, width)."""
        return torch.cat([targets_of(replace(self.settings, split=split)) for split in ("test", "train")])

    @cached_property
    def fitness(self) -> Reconstruction:
        """The chosen reconstruction fitness."""
        return reconstruction(self.settings.fitness, self.generator, self.targets)

    @cached_property
    def evolution(self) -> GeneticAlgorithm:
        """The genetic algorithm with the chosen population and rates."""
        return GeneticAlgorithm(self.settings.population, self.settings.mating_rate, self.settings.mutation_rate)

    @cached_property
    def budget(self) -> int:
        """Generator passes a target: as many as evolution takes at most, in whole populations."""
        settings = self.settings
        changed = 1 - (1 - settings.mating_rate) * (1 - settings.mutation_rate)
        return settings.population * max(1, round(1 + settings.generations * changed))

    def rows(self, best: Best, method: str, iteration: int, passes: Tensor | int) -> pd.DataFrame:
        """The measures of what a search has found."""
        return self.measured(self.generator(best.latents), method).assign(
            iteration=iteration, passes=passes.cpu().numpy() if isinstance(passes, Tensor) else passes
        )

    def measured(self, images: Tensor, method: str) -> pd.DataFrame:
        """The measures of images, one a target, with split, correlations and (in colour) the colour error."""
        table = measures(self.settings.dataset, images, self.targets)
        table["split"] = ["test"] * self.settings.targets + ["train"] * self.settings.targets
        table["target"] %= self.settings.targets
        table["correlation"] = correlation(images, self.targets).cpu().numpy()
        pooled = (adaptive_avg_pool2d(pictures, 8) for pictures in (images, self.targets))
        table["outline"] = correlation(*pooled).cpu().numpy()
        if images.shape[1] == 3:
            table["colour_error"] = colour_error(images, self.targets).cpu().numpy()
        return table.assign(method=method, iteration=0, passes=0)


def correlation(first: Tensor, second: Tensor) -> Tensor:
    """Correlation (n,) of the pixels of images and as many others."""
    a, b = (pictures.flatten(1) - pictures.flatten(1).mean(dim=1, keepdim=True) for pictures in (first, second))
    return torch.cosine_similarity(a, b, dim=1)


def rivals(settings: Settings) -> pd.DataFrame:
    """The measures of every method on every target, one row a method, target and logged iteration."""
    contest = Contest(settings)
    return pd.concat([method(contest) for method in METHODS[settings.fitness]], ignore_index=True)


def evolution(contest: Contest) -> pd.DataFrame:
    """The genetic algorithm, at the logged iterations."""
    frames: list[pd.DataFrame] = []

    def log(state: State) -> None:
        if state.generation in (*LOGGED, contest.settings.generations):
            frames.append(contest.rows(state.best, "genetic algorithm", state.generation, state.history.passes[-1]))

    contest.evolution.evolve(contest.fitness, contest.settings.generations, contest.settings.seed, callback=log)
    return pd.concat(frames)


def chance(contest: Contest) -> pd.DataFrame:
    """Random search with the budget of evolution."""
    run = RandomSearch(contest.settings.population).search(contest.fitness, contest.budget, contest.settings.seed)
    return contest.rows(run.best, "random search", len(run.history), run.passes)


def restarts(contest: Contest) -> pd.DataFrame:
    """Adam and SGD from one and from ten starts, each with the budget of evolution."""
    frames = []
    for optimiser, count in product(STEP_SIZES, (1, RESTARTS)):
        steps = max(1, contest.budget // (COST * count))
        descent = GradientDescent(optimiser, step_size(contest.settings, optimiser), count)
        run = descent.descend(contest.fitness, steps, contest.settings.seed)
        frames.append(contest.rows(run.best, f"{optimiser}, starts {count}", steps, COST * count * steps))
    return pd.concat(frames)


def long_descent(contest: Contest) -> pd.DataFrame:
    """The paper's 20,000 steps from one start, by the optimiser that is better on the trial images."""
    optimiser = better_optimiser(contest.settings)
    frames: list[pd.DataFrame] = []

    steps = SCALES[contest.settings.scale].steps

    def log(step: int, best: Best) -> None:
        if step in (*STEPS, steps):
            frames.append(contest.rows(best, f"long descent, {optimiser}", step, COST * step))

    descent = GradientDescent(optimiser, step_size(contest.settings, optimiser))
    descent.descend(contest.fitness, steps, contest.settings.seed, callback=log)
    return pd.concat(frames)


def hybrid(contest: Contest) -> pd.DataFrame:
    """Half the budget for evolution, the other half for Adam from the ten fittest."""
    settings = contest.settings
    first: Run = contest.evolution.evolve(contest.fitness, max(1, settings.generations // 2), settings.seed)
    places = first.state.fitness.topk(RESTARTS, dim=1).indices
    start = first.state.genomes.gather(1, places[..., None].expand(-1, -1, first.state.genomes.shape[2]))
    steps = max(1, (contest.budget - int(first.passes.max())) // (COST * RESTARTS))
    descent = GradientDescent("adam", step_size(settings, "adam"), RESTARTS)
    run = descent.descend(contest.fitness, steps, settings.seed, initial=start)
    return contest.rows(run.best, "evolution, then adam", steps, first.passes + COST * RESTARTS * steps)


def no_search(contest: Contest) -> pd.DataFrame:
    """The mean training image, and for each held-out target the training image nearest to it in MSE.

    At paper scale from all training images, else from the bundled sample where there is one.
    """
    settings, targets = contest.settings, contest.targets
    if settings.scale == "paper":
        training = data.training_images(settings.dataset).images
    elif data.card(settings.dataset).sample:
        training = data.bundled(settings.dataset, "train").images
    else:
        return contest.measured(targets.mean(dim=0).expand_as(targets), "mean image")
    pictures = training.to(targets.device)
    nearest = torch.cdist(targets.flatten(1), pictures.flatten(1)).argmin(dim=1)
    near = contest.measured(pictures[nearest], "nearest image")
    mean = contest.measured(pictures.mean(dim=0).expand_as(targets), "mean image")
    return pd.concat([near[near["split"] == "test"], mean])  # a training image is its own nearest


METHODS: dict[str, tuple[Callable[[Contest], pd.DataFrame], ...]] = {
    "mse": (evolution, chance, restarts, hybrid, no_search, long_descent),
    "ssim": (evolution, restarts),  # for the question whether the choice of fitness matters to the contest
}
