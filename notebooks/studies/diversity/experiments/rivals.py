"""Is evolution the tool? Other ways to a diverse set, with their decodes and their time."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd
import torch
from torch import Tensor

from latentlib.chunks import CHUNK
from latentlib.fitness.diversity import Diversity
from latentlib.gradient import GradientDescent
from latentlib.priors import Repeated, Sphere
from latentlib.randomness import seeded
from studies.diversity.experiments import choosing
from studies.diversity.experiments.contest import GENETIC, RANDOM, Contest
from studies.diversity.experiments.evaluator import METRICS
from studies.diversity.experiments.illumination import by_cma_mae
from studies.diversity.experiments.maps import GRID
from studies.diversity.experiments.searches import measured_sets
from studies.diversity.settings import Settings
from studies.restoring.experiments.timing import now

FEW = {"smoke": 40, "quick": 2_500, "paper": 2_500}  # images in a pool
MANY = {"smoke": 120, "quick": 20_000, "paper": 20_000}
STEPS = {"smoke": (5,), "quick": (100,), "paper": (100, 1_000)}  # of gradient ascent
TIMES = 50  # as many sets as a search judges: the literal reading of random sampling in Table 2
LARGE = 100_000  # images above which a pool is kept in half precision
DRAWN = 600_000  # added to the seed, so that no image is one of another experiment

Found = tuple[Tensor, int]  # latents (size, latent_size) of a set, and how many images were decoded to find it
Method = Callable[[Contest, str], Found]


def rivals(settings: Settings) -> pd.DataFrame:
    """Return the sets that other methods than the paper's find, and the genetic algorithm, one run of each.

    One row per metric and method: images decoded (`decodes`), seconds that it `took`, fitness of the `best` set by the
    metric, and the measures of the set as in `searches`. None decodes more images than the genetic algorithm.
    """
    warm_up(settings)
    return table(Contest(settings), methods(settings))


def warm_up(settings: Settings) -> None:
    """Load what the methods need from libraries, which is no part of a search."""
    short = Contest(replace(settings, population=4, generations=4))
    for method in (evolved, illuminated, partial(ascended, steps=1)):
        method(short, "rmse")


def generous(settings: Settings) -> pd.DataFrame:
    """Return the same rows for what costs most.

    That is random sampling with 50 times the sets that a search judges, and a greedy choice and gradient ascent with as
    many decodes as the genetic algorithm has.
    """
    contest = Contest(settings)
    longer = Contest(replace(settings, generations=TIMES * settings.generations))
    start, evaluator = now(settings.device), longer.evaluator("rmse", tuple(METRICS))
    longer.random(evaluator)
    took, name = now(settings.device) - start, f"{RANDOM}, {TIMES} times"
    rows = [
        row(contest, metric, name, (contest.sets_of(evaluator.best[metric].latents)[0], int(evaluator.images)), took)
        for metric in METRICS
    ]
    count = settings.evaluations * settings.size
    equal: dict[str, Method] = {
        f"greedy of {count:,}": partial(picked, choose=choosing.greedy, count=count),
        f"gradient ascent, {settings.evaluations - 1:,} steps": partial(ascended, steps=settings.evaluations - 1),
    }
    return pd.concat([pd.DataFrame(rows), table(contest, equal)], ignore_index=True)


def methods(settings: Settings) -> dict[str, Method]:
    """Return all methods by name."""
    few, many = FEW[settings.scale], MANY[settings.scale]
    return {
        GENETIC: evolved,
        f"greedy of {few:,}": partial(picked, choose=choosing.greedy, count=few),
        f"greedy of {many:,}": partial(picked, choose=choosing.greedy, count=many),
        f"farthest point of {many:,}": partial(picked, choose=choosing.farthest_point, count=many),
        f"k-medoids of {few:,}": partial(picked, choose=choosing.medoids, count=few),
        **{f"gradient ascent, {steps:,} steps": partial(ascended, steps=steps) for steps in STEPS[settings.scale]},
        "CMA-MAE": illuminated,
    }


def table(contest: Contest, methods: dict[str, Method]) -> pd.DataFrame:
    """Return the rows of methods by either metric."""
    rows = []
    for metric in METRICS:
        for name, method in methods.items():
            start = now(contest.settings.device)
            found = method(contest, metric)
            rows.append(row(contest, metric, name, found, now(contest.settings.device) - start))
    return pd.DataFrame(rows)


def row(contest: Contest, metric: str, method: str, found: Found, took: float) -> dict[str, object]:
    """Return the row of a set that a method found."""
    latents, decodes = found
    measures = measured_sets(contest, latents[None])[0]
    place = {"metric": metric, "method": method, "run": 0, "decodes": decodes, "took": took}
    return place | {"best": measures[f"by_{metric}"]} | measures


def illuminated(contest: Contest, metric: str) -> Found:
    """Fill the paper's map by CMA-MAE."""
    by_cma_mae(contest, evaluator := contest.evaluator(metric), GRID)
    return contest.sets_of(evaluator.best[metric].latents)[0], int(evaluator.images)


def evolved(contest: Contest, metric: str) -> Found:
    """Evolve by the paper's genetic algorithm."""
    contest.genetic(evaluator := contest.evaluator(metric))
    return contest.sets_of(evaluator.best[metric].latents)[0], int(evaluator.images)


@torch.no_grad()
def picked(contest: Contest, metric: str, choose: Callable[[choosing.Pool, int], list[int]], count: int) -> Found:
    """Choose from a pool of `count` random images."""
    settings, blank = contest.settings, contest.evaluator(metric)
    random = seeded(DRAWN + settings.seed, settings.device)
    genomes = blank.prior.draw((-(-count // settings.size), blank.genes), random)
    latents = contest.sets_of(genomes).flatten(0, 1)[:count]
    chosen = choose(choosing.Pool(decoded(contest, latents), metric), settings.size)
    return latents[chosen], count


def decoded(contest: Contest, latents: Tensor) -> Tensor:
    """Return the images (n, channels, height, width) of latents (n, latent_size); many are in half precision."""
    one = contest.generator(latents[:1])
    precision = torch.float16 if len(latents) > LARGE else torch.float32
    images: Tensor = one.new_empty((len(latents), *one.shape[1:]), dtype=precision)
    for some, place in zip(torch.split(latents, CHUNK), torch.split(images, CHUNK), strict=True):
        place.copy_(contest.generator(some))
    return images


def ascended(contest: Contest, metric: str, steps: int) -> Found:
    """Climb by Adam from the first of the first sets, each latent on the sphere where N(0, 1) concentrates."""
    fitness = Diversity(contest.generator, contest.settings.size, METRICS[metric])
    sphere = Repeated(Sphere(), fitness.generator.latent_size)
    first = sphere.repair(contest.first_sets[:1, :1])
    run = GradientDescent("adam", prior=sphere).descend(fitness, steps, initial=first)
    return contest.sets_of(run.best.latents)[0], int(run.passes)
