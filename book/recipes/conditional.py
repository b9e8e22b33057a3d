"""A conditional generator: latents and labels to images, one label per run."""

import torch
from torch import nn

from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.fitness import ReconstructionMSE
from latentlib.models import PerRun, adapt


class Conditional(nn.Module):
    """Latents (n, 32) and labels (n,) to images (n, 1, 12, 12) in [-1, 1]."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 16)
        self.layers = nn.Sequential(
            nn.Linear(48, 64), nn.LeakyReLU(0.2), nn.Linear(64, 144), nn.Tanh()
        )

    def forward(self, latents, labels):
        return self.layers(
            torch.cat([latents, self.embedding(labels)], dim=1)
        ).view(-1, 1, 12, 12)


torch.manual_seed(0)
network, labels = Conditional(), torch.tensor([1, 5, 7])
# one label for all would be {"labels": torch.tensor(3)}
generator = adapt(network, latent_size=32, inputs={"labels": PerRun(labels)})
targets = generator(torch.randn(3, 32), run=torch.arange(3))
fitness = ReconstructionMSE(generator, targets)
run = GeneticAlgorithm(population=100).evolve(fitness, generations=30, seed=0)
luck = RandomSearch(population=100).search(fitness, int(run.passes.max()), seed=0)
print("evolved", run.best.fitness, "drawn at random", luck.best.fitness)
images = generator(
    run.best.latents, run=torch.arange(3)
)  # (3, 1, 12, 12), one per label
