"""No images: a generator of levels of a game, and a player who says how good they are."""

from itertools import pairwise

import numpy as np
import torch
from torch import nn

from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.fitness import Scored
from latentlib.models import adapt

torch.manual_seed(0)
network = nn.Sequential(  # latents (n, 16) to chances of 8 heights in each of 40 columns (n, 8, 40)
    *(nn.Linear(16, 64), nn.Tanh()),
    *(nn.Linear(64, 320), nn.Unflatten(1, (8, 40)), nn.Softmax(dim=1)),
)


def lives_lost(heights: np.ndarray) -> int:
    """Let a player walk to the right; a climb of more than one step or a fall of more than two costs a life."""
    lives = 0
    for here, there in pairwise(heights):
        lives += not -2 <= there - here <= 1
    return lives


def played(levels: torch.Tensor) -> list[int]:
    """Return the lives lost (n,) in levels (n, 8, 40)."""
    return [lives_lost(heights) for heights in levels.argmax(dim=1).numpy()]


generator = adapt(network, latent_size=16, output="raw")
fitness = Scored(generator, played, runs=3, minimise=True)
run = GeneticAlgorithm(population=200, mutation_rate=0.8).evolve(fitness, generations=40, seed=0)
luck = RandomSearch(population=200).search(fitness, int(run.passes.max()), seed=0)
print("lives lost: evolved", -run.best.fitness, "drawn at random", -luck.best.fitness)
