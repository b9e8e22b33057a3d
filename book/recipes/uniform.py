"""Latents from a uniform prior: evolution stays where the generator was trained."""

import torch
from torch import nn

from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.fitness import ReconstructionMSE
from latentlib.models import adapt
from latentlib.priors import Uniform

torch.manual_seed(0)
network = nn.Sequential(
    *(nn.Linear(24, 64), nn.ReLU()),
    *(nn.Linear(64, 144), nn.Sigmoid(), nn.Unflatten(1, (1, 12, 12))),
)
nn.init.normal_(
    network[2].weight, std=0.5
)  # a toy: load the weights of your own here

generator = adapt(network, latent_size=24, output="unit", prior=Uniform(-1, 1))
targets = generator(torch.rand(2, 24) * 2 - 1)
fitness = ReconstructionMSE(generator, targets)
run = GeneticAlgorithm(population=100).evolve(fitness, generations=30, seed=0)
luck = RandomSearch(population=100).search(fitness, int(run.passes.max()), seed=0)
print("evolved", run.best.fitness, "drawn at random", luck.best.fitness)
print(
    "genes from", float(run.best.latents.min()), "to", float(run.best.latents.max())
)
