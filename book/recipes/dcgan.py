"""A DCGAN: latents (n, 100, 1, 1) to colour images from a tanh."""

import torch
from torch import nn

from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.fitness import ReconstructionMSE
from latentlib.models import adapt

torch.manual_seed(0)
network = nn.Sequential(
    nn.ConvTranspose2d(100, 64, 4, bias=False),  # (n, 64, 4, 4)
    nn.BatchNorm2d(64),
    nn.ReLU(),
    nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False),  # (n, 32, 8, 8)
    nn.BatchNorm2d(32),
    nn.ReLU(),
    nn.ConvTranspose2d(32, 3, 4, 2, 1, bias=False),  # (n, 3, 16, 16)
    nn.Tanh(),
)
nn.init.normal_(network[6].weight, std=1.0)  # a toy: load your own weights here
network(torch.randn(256, 100, 1, 1))  # its batch norms must have seen images

generator = adapt(network, latent_size=100)
print(generator)
targets = generator(torch.randn(2, 100))
fitness = ReconstructionMSE(generator, targets)
run = GeneticAlgorithm(population=100).evolve(fitness, generations=30, seed=0)
luck = RandomSearch(population=100).search(fitness, int(run.passes.max()), seed=0)
print("evolved", run.best.fitness, "drawn at random", luck.best.fitness)
