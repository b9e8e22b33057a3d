"""As in StyleGAN: a mapping to styles w, a synthesis with noise; styles evolve."""

import torch
from torch import nn
from torch.nn import functional

from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.fitness import ReconstructionMSE
from latentlib.models import adapt
from latentlib.priors import Normal


class Synthesis(nn.Module):
    """Styles (n, 32) to images (n, 3, 16, 16); draws noise at each call."""

    def __init__(self):
        super().__init__()
        self.start, self.scale = (
            nn.Parameter(torch.randn(24, 16, 16)),
            nn.Linear(32, 24),
        )
        self.image = nn.Conv2d(24, 3, 3, padding=1)

    def forward(self, styles):
        maps = self.start * (1 + 3 * self.scale(styles))[:, :, None, None]
        noise = torch.randn(len(maps), 1, 16, 16, device=maps.device)
        return 0.7 * self.image(functional.leaky_relu(maps + 0.3 * noise, 0.2))


torch.manual_seed(0)
mapping, synthesis = (
    nn.Sequential(nn.Linear(32, 32), nn.LeakyReLU(0.2), nn.Linear(32, 32)),
    Synthesis(),
)
with torch.no_grad():
    styles = mapping(torch.randn(10_000, 32))
prior = Normal(styles.mean(dim=0), styles.std(dim=0))
generator = adapt(synthesis, latent_size=32, noise="fixed", clamp=True, prior=prior)
targets = generator(styles[:2])
fitness = ReconstructionMSE(generator, targets)
run = GeneticAlgorithm(population=50).evolve(fitness, generations=20, seed=0)
luck = RandomSearch(population=50).search(fitness, int(run.passes.max()), seed=0)
print("evolved", run.best.fitness, "drawn at random", luck.best.fitness)
