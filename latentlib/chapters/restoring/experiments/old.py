"""The experiments: each turns settings, the cell of a sweep, into rows of a table."""

from pathlib import Path

import pandas as pd
import torch
from torch import Tensor
from torch.nn.functional import cosine_similarity

from latentlib import data, zoo
from latentlib.chapters.restoring.settings import Settings
from latentlib.evolution import GeneticAlgorithm, RandomSearch, Run
from latentlib.fitness import ReconstructionMSE
from latentlib.fitness.reconstruction import Reconstruction, reconstruction
from latentlib.fitness.ssim import moments, ssim
from latentlib.gradient import GradientDescent

STEP_SIZES = (0.01, 0.03, 0.1, 0.3)  # of Adam; the best on other images is used on the targets
RESTARTS = 10


def held_out_targets(settings: Settings) -> Tensor:
    """Bundled test images (targets, 1, 28, 28), the ten classes in turn, that no training has seen."""
    return data.bundled(settings.dataset, "test").images[: settings.targets].to(settings.device)


def fitness_of(settings: Settings, targets: Tensor) -> Reconstruction:
    """The chosen reconstruction fitness with the data set's generator."""
    generator = zoo.load_generator(f"restoring/{settings.dataset}", settings.device)
    return reconstruction(settings.fitness, generator, targets)


def algorithm(settings: Settings) -> GeneticAlgorithm:
    """The genetic algorithm with the chosen population and rates."""
    return GeneticAlgorithm(settings.population, settings.mating_rate, settings.mutation_rate)


def evolve(settings: Settings, targets: Tensor) -> Run:
    """Restore every target by the genetic algorithm."""
    fitness = fitness_of(settings, targets)
    return algorithm(settings).evolve(fitness, settings.generations, settings.seed)


def descend(settings: Settings, targets: Tensor, passes: int) -> Run:
    """Restore every target by Adam with restarts, at the cost of `passes` and the best of the swept step sizes.

    A gradient step counts as three generator passes, since its backward pass costs about two. The step
    size is chosen on bundled *training* images, so that the targets have no say in it; what that choice
    costs is not counted.
    """
    steps = max(1, passes // (3 * RESTARTS))
    few = max(2, settings.targets // 8)
    tuning = data.bundled(settings.dataset, "train").images[:few].to(settings.device)
    trials = {
        size: GradientDescent("adam", size, RESTARTS).descend(
            fitness_of(settings, tuning), min(steps, 300), settings.seed
        )
        for size in STEP_SIZES
    }
    best = max(trials, key=lambda size: float(trials[size].best.fitness.mean()))
    return GradientDescent("adam", best, RESTARTS).descend(fitness_of(settings, targets), steps, settings.seed)


def baseline_images(settings: Settings, targets: Tensor) -> dict[str, Tensor]:
    """For each target the mean training image, and the training image nearest to it in MSE.

    At paper scale these come from all training images, else from the bundled sample of them.
    """
    whole = settings.scale == "paper"
    training = data.training_images(settings.dataset) if whole else data.bundled(settings.dataset, "train")
    images = training.images.to(targets.device)
    nearest = torch.cdist(targets.flatten(1), images.flatten(1)).argmin(dim=1)
    return {"nearest image": images[nearest], "mean image": images.mean(dim=0).expand_as(targets)}


def searches(settings: Settings, targets: Tensor) -> dict[str, Run]:
    """Every search on the same targets, at the cost of the generator passes that evolution used."""
    run = evolve(settings, targets)
    passes = -(-int(run.passes.max()) // settings.population) * settings.population
    chance = RandomSearch(settings.population).search(fitness_of(settings, targets), passes, settings.seed)
    descent = descend(settings, targets, passes)
    return {"genetic algorithm": run, "gradient descent": descent, "random search": chance}


def scores(images: Tensor, targets: Tensor) -> pd.DataFrame:
    """1 - MSE and SSIM of images (n, 1, 28, 28) with as many targets, one row each."""
    error = (images - targets).square().mean(dim=(1, 2, 3))
    columns = {"one_minus_mse": (1 - error).cpu().numpy(), "ssim": ssim(images, moments(targets)).cpu().numpy()}
    return pd.DataFrame({"target": range(len(images)), **columns})


def compare(settings: Settings, targets: Tensor, runs: dict[str, Run]) -> pd.DataFrame:
    """1 - MSE, SSIM and generator passes of every target, one row a target and method."""
    generator = zoo.load_generator(f"restoring/{settings.dataset}", settings.device)
    frames = [
        scores(generator(run.best.latents), targets).assign(method=name, passes=run.passes.cpu().numpy())
        for name, run in runs.items()
    ]
    frames += [
        scores(images, targets).assign(method=name, passes=0)
        for name, images in baseline_images(settings, targets).items()
    ]
    return pd.concat(frames, ignore_index=True)


def restoration(settings: Settings) -> pd.DataFrame:
    """JK-01: every method on every target."""
    targets = held_out_targets(settings)
    return compare(settings, targets, searches(settings, targets))


def known_latents(settings: Settings) -> pd.DataFrame:
    """JK-02: targets G(z0) whose latents are known; how near the restored image and the restored latent come."""
    generator = zoo.load_generator(f"restoring/{settings.dataset}", settings.device)
    size = int(generator.latent_size)  # type: ignore[arg-type]
    random = torch.Generator().manual_seed(10_000 + settings.seed)
    known, others = torch.randn(2, settings.targets, size, generator=random).to(settings.device)
    targets = generator(known)
    found = algorithm(settings).evolve(ReconstructionMSE(generator, targets), settings.generations, settings.seed).best
    return pd.DataFrame(
        {
            "target": range(settings.targets),
            "one_minus_mse": found.fitness.cpu().numpy(),
            "cosine": cosine_similarity(found.latents, known).cpu().numpy(),
            "null_cosine": cosine_similarity(others, known).cpu().numpy(),
            "distance": ((found.latents - known).norm(dim=1) / known.norm(dim=1)).cpu().numpy(),
        }
    )


def ranges(settings: Settings) -> pd.DataFrame:
    """JK-14 and JK-15: SSIM and MSE of all ordered pairs of 100 real images, and of each with the inverted ones."""
    images = data.bundled(settings.dataset, "test").images[:100]
    first, second = images.repeat_interleave(100, dim=0), images.repeat(100, 1, 1, 1)
    rows = []
    for kind, other in (("real", second), ("inverted", 1 - second)):
        similarity, error = ssim(first, moments(other)), (first - other).square().mean(dim=(1, 2, 3))
        rows.append(
            {
                "pairs": kind,
                "n": len(first),
                "ssim_min": float(similarity.min()),
                "ssim_max": float(similarity.max()),
                "ssim_outside": int(((similarity < -1e-6) | (similarity > 1 + 1e-6)).sum()),
                "mse_min": float(error.min()),
                "mse_max": float(error.max()),
                "mse_outside": int((error > 1).sum()),
                "tanh_mse_max": float(4 * error.max()),  # the same images in [-1, 1]: differences double
                "tanh_mse_outside": int((4 * error > 1).sum()),
            }
        )
    return pd.DataFrame(rows)


def published_averages(published: Path) -> pd.DataFrame:
    """JK-40: mean of the four data sets of Tables 3-6, minus Tables 1-2, for every overlapping cell and iteration."""
    grids, courses = (
        pd.concat([pd.read_csv(published / f"jin-ko-table{i}.csv") for i in t]) for t in ((1, 2), range(3, 7))
    )
    cell = ["fitness", "mating_rate", "mutation_rate"]
    courses = courses.drop_duplicates([*cell, "dataset", "iteration"])  # rates 0.3/0.3 stand in two tables
    means = courses.groupby([*cell, "iteration"])["score"].agg(["mean", "size"]).reset_index()
    merged = means.merge(grids[[*cell, "score"]], on=cell)
    return merged.assign(deviation=merged["mean"] - merged["score"])
