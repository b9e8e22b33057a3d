"""The decoder of a VAE: latents to rows of logits, trained here on real digits."""

import torch
from torch import nn
from torch.nn import functional

from latentlib import data
from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.fitness import ReconstructionMSE
from latentlib.models import adapt

torch.manual_seed(0)
digits = data.bundled("mnist").images  # (n, 1, 28, 28) in [0, 1]
targets, digits = digits[:3], digits[3:].flatten(1)
encoder = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 32))
decoder = nn.Sequential(nn.Linear(16, 128), nn.ReLU(), nn.Linear(128, 784))
optimiser = torch.optim.Adam(
    [*encoder.parameters(), *decoder.parameters()], lr=2e-3
)
for _ in range(400):
    batch = digits[torch.randint(len(digits), (128,))]
    mean, log_variance = encoder(batch).chunk(2, dim=1)
    logits = decoder(mean + torch.randn_like(mean) * (log_variance / 2).exp())
    divergence = (mean.square() + log_variance.exp() - log_variance - 1).sum() / 2
    loss = (
        functional.binary_cross_entropy_with_logits(logits, batch, reduction="sum")
        + divergence
    )
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()

generator = adapt(
    decoder,
    latent_size=16,
    output="logits",
    select=lambda made: made.unflatten(1, (1, 28, 28)),
)
fitness = ReconstructionMSE(generator, targets)
run = GeneticAlgorithm(population=100).evolve(fitness, generations=30, seed=0)
luck = RandomSearch(population=100).search(fitness, int(run.passes.max()), seed=0)
print("evolved", run.best.fitness, "drawn at random", luck.best.fitness)
