"""No images: a generator of levels of a game, and a player who judges them."""

from itertools import pairwise

import numpy as np
import torch
from torch import nn

from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.fitness import Scored
from latentlib.models import adapt

torch.manual_seed(0)
network = nn.Sequential(  # to the chances of 8 heights in each of 40 columns
    *(nn.Linear(16, 64), nn.Tanh()),
    *(nn.Linear(64, 320), nn.Unflatten(1, (8, 40)), nn.Softmax(dim=1)),
)


def lives_lost(heights: np.ndarray) -> int:
    """Walk to the right; a climb over one step or a fall over two costs a life."""
    lives = 0
    for here, there in pairwise(heights):
        lives += not -2 <= there - here <= 1
    return lives


def played(levels: torch.Tensor) -> list[int]:
    """Return the lives lost (n,) in levels (n, 8, 40)."""
    return [lives_lost(heights) for heights in levels.argmax(dim=1).numpy()]


generator = adapt(network, latent_size=16, output="raw")
fitness = Scored(generator, played, runs=3, minimise=True)
run = GeneticAlgorithm(population=200, mutation_rate=0.8).evolve(
    fitness, generations=40, seed=0
)
luck = RandomSearch(population=200).search(fitness, int(run.passes.max()), seed=0)
print(
    "lives lost: evolved", -run.best.fitness, "drawn at random", -luck.best.fitness
)
