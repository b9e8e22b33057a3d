"""What is timed: variants of one workload, each a function that does it and says how many evaluations it did.

The generator has 24.5 MFLOP an image (random weights), 16 bundled targets, population 200, both rates 0.3.
"""

import random
from collections.abc import Callable
from itertools import combinations

import numpy as np
import torch
from deap import algorithms, base, tools
from skimage.metrics import structural_similarity
from torch import Tensor

from latentlib import data
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness import Average, ReconstructionMSE, Similarity
from latentlib.fitness.ssim import moments, ssim
from latentlib.models import jin_ko
from latentlib.models.inference import folded

Work = Callable[[], int]
RUNS, POPULATION, GENERATIONS = 16, 200, 3


def targets(runs: int = RUNS) -> Tensor:
    images = data.bundled("fashion_mnist").images
    return images.repeat(-(-runs // len(images)), 1, 1, 1)[:runs]


def network() -> jin_ko.Generator:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return jin_ko.Generator(hidden=1024, channels=(128, 64)).eval().requires_grad_(False)


class Free:
    """A fitness that costs nothing, so that what remains is the algorithm's own time."""

    runs, genes = RUNS, 100

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        return latents[:, 0]


def forward(batch: int = POPULATION) -> Work:
    """The bare forward pass and 1 - MSE."""
    generator, target = network(), targets(1)
    latents = torch.randn(batch, 100, generator=torch.Generator().manual_seed(0))

    def work() -> int:
        with torch.no_grad():
            return len(1 - (generator(latents) - target).square().mean(dim=(1, 2, 3)))

    return work


def genetic(population: int = POPULATION, runs: int = RUNS, chunk: int = 200, form: str = "plain") -> Work:
    """Our genetic algorithm, some generations on from its first population; the generator `plain` or `folded`."""
    generator = folded(network()) if form == "folded" else network()
    fitness = Free() if form == "free" else ReconstructionMSE(generator, targets(runs))
    algorithm = GeneticAlgorithm(population, chunk=chunk)
    start = algorithm.start(fitness)

    def work() -> int:
        run = algorithm.evolve(fitness, GENERATIONS, state=start)
        return run.state.generation * run.state.fitness.numel()

    return work


class Maximised(base.Fitness):
    weights = (1.0,)


class Individual(list):
    def __init__(self, genes: list[float]) -> None:
        super().__init__(genes)
        self.fitness = Maximised()


def deap_one_by_one() -> Work:
    """One generation of DEAP's eaSimple that asks torch for one individual at a time, as the papers did."""
    generator, target = network(), targets(1)

    def evaluate(individual: Individual) -> tuple[float]:
        with torch.no_grad():
            return (1 - float((generator(torch.tensor([individual])) - target).square().mean()),)

    toolbox = base.Toolbox()
    toolbox.register("evaluate", evaluate)
    toolbox.register("select", tools.selTournament, tournsize=3)
    toolbox.register("mate", tools.cxUniform, indpb=0.5)
    toolbox.register("mutate", tools.mutGaussian, mu=0.0, sigma=0.5, indpb=0.1)
    source = random.Random(0)
    population = [Individual([source.gauss(0, 1) for _ in range(100)]) for _ in range(POPULATION)]
    for individual in population:
        individual.fitness.values = evaluate(individual)

    def work() -> int:
        random.seed(0)
        return len(algorithms.eaSimple(list(population), toolbox, 0.3, 0.3, 1, verbose=False)[0])

    return work


def similarity(library: str) -> Work:
    """SSIM of 200 generated-like images with a target each, by us or by scikit-image in a loop."""
    images, others = data.bundled("fashion_mnist").images[:200], data.bundled("mnist").images[:200]
    known, pairs = moments(others), list(zip(images[:, 0].numpy(), others[:, 0].numpy(), strict=True))

    def work() -> int:
        if library == "ours":
            return len(ssim(images, known))
        return len([structural_similarity(a, b, win_size=7, data_range=1) for a, b in pairs])

    return work


PAIRS: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "rmse": lambda a, b: 1 - np.sqrt(((a - b) ** 2).mean()),
    "ncc": lambda a, b: ((a - b) ** 2).sum() / np.sqrt((a**2).sum() * (b**2).sum()),
}


def diversity(kind: str, looped: bool = False) -> Work:
    """The average similarity of the pairs in 4 sets of 50 images, by us or by a loop over the pairs."""
    images = data.bundled("fashion_mnist").images[:200].view(4, 50, 1, 28, 28)
    arrays, average = images.double().numpy(), Average(Similarity(kind))

    def work() -> int:
        if looped:
            return len([np.mean([PAIRS[kind](a, b) for a, b in combinations(one, 2)]) for one in arrays])
        return len(average(images))

    return work


VARIANTS: dict[str, Callable[[], Work]] = {
    "bare forward, batch 200": forward,
    "genetic algorithm": genetic,
    "genetic algorithm, folded generator": lambda: genetic(form="folded"),
    "genetic algorithm, free fitness": lambda: genetic(form="free"),
    "DEAP, one by one": deap_one_by_one,
    "SSIM": lambda: similarity("ours"),
    "SSIM, scikit-image loop": lambda: similarity("scikit-image"),
    "RMSE of a set": lambda: diversity("rmse"),
    "RMSE of a set, loop over pairs": lambda: diversity("rmse", looped=True),
    "NCC of a set": lambda: diversity("ncc"),
    "NCC of a set, loop over pairs": lambda: diversity("ncc", looped=True),
}
