"""Rivals on the same images: evolution, random search, descent, and images that need no search."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product

import pandas as pd
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from latentlib import data
from latentlib.evolution import Best, RandomSearch, State
from latentlib.gradient import GradientDescent
from latentlib.study.budget import PASSES_PER_STEP, gradient_steps
from studies.restoring.experiments.colour import colour_error
from studies.restoring.experiments.contest import SPLITS, Contest
from studies.restoring.experiments.measures import measures
from studies.restoring.experiments.rates import LOGGED
from studies.restoring.experiments.tuning import STEP_SIZES, step_size
from studies.restoring.settings import SCALES, Settings

RESTARTS = 10
STEPS = (100, 200, 500, 1000, 2000, 3000, 5000, 7000, 10_000, 15_000, 20_000)  # steps of a long descent to log


@dataclass(frozen=True)
class Found:
    """What a method had found for every target after an iteration: images, and the generator passes spent."""

    method: str
    images: Tensor
    iteration: int = 0
    passes: Tensor | int = 0


def rivals(settings: Settings) -> pd.DataFrame:
    """Return the measures of every method on every target, one row per method, target and logged iteration."""
    contest = Contest(settings, SPLITS)
    found = [found for method in METHODS[settings.fitness] for found in method(contest)]
    return pd.concat([rows(contest, item) for item in found], ignore_index=True)


def rows(contest: Contest, found: Found) -> pd.DataFrame:
    """Return the measures of what a method found, with split, correlations and (in colour) the colour error."""
    settings, images, targets = contest.settings, found.images, contest.targets
    table = measures(settings.dataset, images, targets)
    table["split"] = [split for split in contest.splits for _ in range(settings.targets)]
    table["target"] %= settings.targets
    table["correlation"] = correlation(images, targets).cpu().numpy()
    table["outline"] = correlation(adaptive_avg_pool2d(images, 8), adaptive_avg_pool2d(targets, 8)).cpu().numpy()
    if images.shape[1] == 3:
        table["colour_error"] = colour_error(images, targets).cpu().numpy()
    passes = found.passes.cpu().numpy() if isinstance(found.passes, Tensor) else found.passes
    return table.assign(method=found.method, iteration=found.iteration, passes=passes)


def correlation(first: Tensor, second: Tensor) -> Tensor:
    """Return the correlation (n,) of the pixels of images and as many others."""
    a, b = (pictures.flatten(1) - pictures.flatten(1).mean(dim=1, keepdim=True) for pictures in (first, second))
    return torch.cosine_similarity(a, b, dim=1)


def evolution(contest: Contest) -> list[Found]:
    """Run the genetic algorithm and return what it found at the logged iterations."""
    settings, found = contest.settings, []

    def log(state: State) -> None:
        if state.generation in (*LOGGED, settings.generations):
            images = contest.generator(state.best.latents)
            found.append(Found("genetic algorithm", images, state.generation, state.history.passes[-1]))

    contest.evolution.evolve(contest.fitness, settings.generations, settings.seed, callback=log)
    return found


def chance(contest: Contest) -> list[Found]:
    """Run random search with the budget of evolution."""
    run = RandomSearch(contest.settings.population).search(contest.fitness, contest.budget, contest.settings.seed)
    return [Found("random search", contest.generator(run.best.latents), len(run.history), run.passes)]


def restart(contest: Contest, optimiser: str, starts: int) -> Found:
    """Run gradient descent from `starts` starts with the budget of evolution."""
    steps = gradient_steps(contest.budget, starts)
    descent = GradientDescent(optimiser, step_size(contest.settings, optimiser), starts)
    best = descent.descend(contest.fitness, steps, contest.settings.seed).best
    return Found(
        f"{optimiser}, starts {starts}", contest.generator(best.latents), steps, PASSES_PER_STEP * starts * steps
    )


def restarts(contest: Contest) -> list[Found]:
    """Run Adam and SGD from one and from ten starts."""
    return [restart(contest, optimiser, starts) for optimiser, starts in product(STEP_SIZES, (1, RESTARTS))]


def long_descent(contest: Contest) -> list[Found]:
    """Run the paper's 20,000 steps from one start, with Adam and with SGD."""
    steps = SCALES[contest.settings.scale].steps
    found = []

    def log(name: str, step: int, best: Best) -> None:
        if step in (*STEPS, steps // 20, steps):
            found.append(Found(f"long descent, {name}", contest.generator(best.latents), step, PASSES_PER_STEP * step))

    for optimiser in STEP_SIZES:
        descent = GradientDescent(optimiser, step_size(contest.settings, optimiser))
        descent.descend(contest.fitness, steps, contest.settings.seed, callback=partial(log, optimiser))
    return found


def hybrid(contest: Contest) -> list[Found]:
    """Spend half the budget on evolution, the other half on Adam from the ten fittest of different genomes."""
    settings = contest.settings
    first = contest.evolution.evolve(contest.fitness, max(1, settings.generations // 2), settings.seed)
    start = torch.stack([fittest(*run, RESTARTS) for run in zip(first.state.genomes, first.state.fitness, strict=True)])
    steps = gradient_steps(contest.budget - int(first.passes.max()), RESTARTS)
    descent = GradientDescent("adam", step_size(settings, "adam"), RESTARTS)
    best = descent.descend(contest.fitness, steps, settings.seed, initial=start).best
    passes = first.passes + PASSES_PER_STEP * RESTARTS * steps
    return [Found("evolution, then adam", contest.generator(best.latents), steps, passes)]


def fittest(genomes: Tensor, fitness: Tensor, count: int) -> Tensor:
    """Return the best `count` different genomes (population, genes) in any order, repeated if there are fewer.

    A late population is full of copies, from which a descent would only repeat itself.
    """
    different, copies = torch.unique(genomes, dim=0, return_inverse=True)
    values = fitness.new_full((len(different),), -torch.inf).scatter_reduce(0, copies, fitness, "amax")
    places = values.topk(min(count, len(different))).indices
    chosen: Tensor = different[places[torch.arange(count, device=places.device) % len(places)]]
    return chosen


def no_search(contest: Contest) -> list[Found]:
    """Return the training image nearest to each target in MSE, and the mean training image.

    They are taken from all training images at paper scale, otherwise from the bundled sample or, without one, from the
    targets themselves. A training image is its own nearest.
    """
    settings, targets = contest.settings, contest.targets
    if settings.scale == "paper":
        training = data.training_images(settings.dataset).images.to(targets.device)
    elif data.card(settings.dataset).sample:
        training = data.bundled(settings.dataset, "train").images.to(targets.device)
    else:
        training = targets
    nearest = torch.cdist(targets.flatten(1), training.flatten(1)).argmin(dim=1)
    mean = training.mean(dim=0).expand_as(targets)
    return [Found("nearest image", training[nearest]), Found("mean image", mean)]


METHODS: dict[str, tuple[Callable[[Contest], list[Found]], ...]] = {
    "mse": (evolution, chance, restarts, hybrid, no_search, long_descent),
    "ssim": (evolution, restarts),  # to test whether the choice of fitness affects the contest
}
