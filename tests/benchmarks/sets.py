"""What is timed of sets of images: our searches, and MAP-Elites as one would write it first."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import torch
from workload import PAIRS, Free, Work

from latentlib import zoo
from latentlib.evolution import Generational, GeneticAlgorithm, MapElites, PerGene, Reset, Uniform
from latentlib.fitness import Average, Diversity, Maximum, Similarity

SIZE, POPULATION, GENES, BINS = 50, 50, 100, 100
CHILDREN = 3  # of the loop, in a round
BATCH = 50


def fitness(size: int = SIZE) -> Diversity:
    """The diversity of sets by RMSE, placed by their mean and maximum similarity."""
    found = Diversity(zoo.load_generator("restoring/mnist"), size)
    return found.with_measures(Average(Similarity("rmse")), Maximum(Similarity("rmse")))


class FreeSets(Free):
    """Genomes as long as those of sets, that cost nothing to judge."""

    runs, genes = 1, SIZE * GENES


def genetic(free: bool = False, size: int = SIZE) -> Work:
    """The paper's genetic algorithm, some generations on from its first sets."""
    search = GeneticAlgorithm(
        POPULATION,
        mating_rate=0.7,
        mutation_rate=0.02,
        crossover=Uniform(),
        mutation=Reset(),
        mutation_unit=PerGene(),
        survival=Generational(1),
    )
    judge = FreeSets() if free else fitness(size)
    start = search.suited_to(judge).start(judge)

    def work() -> int:
        return search.evolve(judge, 2, state=start).state.generation * POPULATION

    return work


def elites(offspring: int = BATCH) -> Work:
    """Our MAP-Elites, some children at a time."""
    search, judge = MapElites(population=POPULATION, offspring=offspring), fitness()
    start = search.suited_to(judge).start(judge)

    def work() -> int:
        search.evolve(judge, BATCH // offspring, state=start)
        return BATCH

    return work


def judged(generator: torch.nn.Module, genome: np.ndarray) -> tuple[float, float]:
    """Mean and maximum similarity of a set, decoded image by image and compared pair by pair."""
    with torch.no_grad():
        latents = torch.from_numpy(genome).view(-1, 1, GENES)
        images = [generator(latent)[0].double().numpy() for latent in latents]
    found = [PAIRS["rmse"](one, other) for one, other in combinations(images, 2)]
    return float(np.mean(found)), max(found)


def loop() -> Work:
    """MAP-Elites as the paper describes it: a dictionary of cells, one child at a time."""
    generator, random = zoo.load_generator("restoring/mnist"), np.random.default_rng(0)
    first = random.standard_normal((POPULATION, SIZE * GENES)).astype(np.float32)
    begun = {(place, 0): (-1.0, genome) for place, genome in enumerate(first)}

    def work() -> int:
        archive = dict(begun)
        for _ in range(CHILDREN):
            known = list(archive.values())
            one, other = (known[place][1] for place in random.integers(len(known), size=2))
            swapped = (random.random(one.shape) < 0.5) & (random.random() < 0.7)
            child = np.where(swapped, other, one)
            reset = random.random(child.shape) < 0.02
            child = np.where(reset, random.standard_normal(child.shape), child).astype(np.float32)
            mean, most = judged(generator, child)
            cell = (int(BINS * mean), int(BINS * most))
            if cell not in archive or archive[cell][0] < -mean:
                archive[cell] = -mean, child
        return CHILDREN

    return work


VARIANTS: dict[str, Callable[[], Work]] = {
    "sets: genetic algorithm": genetic,
    "sets: genetic algorithm, free fitness": lambda: genetic(free=True),
    "sets: MAP-Elites, 50 children at a time": elites,
    "sets: MAP-Elites, one child at a time": lambda: elites(1),
    "sets: MAP-Elites, loop": loop,
}
