"""What is timed of populations of networks: their passes, beside a plain loop, and their variation."""

import copy
from collections.abc import Callable
from functools import partial

import torch
from torch import nn
from workload import Work

from latentlib.evolution import BlockCrossover, Gaussian, PerBlock, Uniform, Variation
from latentlib.models import kumar
from latentlib.models.weights import Weights

POPULATION, BATCH = 32, 64
PAIRS: dict[str, Callable[[], tuple[nn.Module, nn.Module]]] = {
    "MLP pair": kumar.dense_pair,
    "small convolutions": kumar.small_pair,
    "listed": lambda: (kumar.Generator(), kumar.Discriminator()),
}
FEW = {"listed": 4}  # networks of 3.8 million weights


class Pair:
    """Populations of the generators and the discriminators of a pair, with what they take in."""

    def __init__(self, name: str) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            networks = PAIRS[name]()
            self.count = FEW.get(name, POPULATION)
            self.sides = [Weights(network) for network in networks]
            self.genomes = [torch.randn(self.count, side.genes) for side in self.sides]
            latents = torch.randn(BATCH, networks[0].latent_size)
        self.inputs = [latents, self.sides[0].outputs(self.genomes[0][:1], latents)[0]]

    def passes(self) -> Work:
        """Every network passes a batch, as `Weights` does it."""
        return self.each(lambda side, genomes, inputs: side.outputs(genomes, inputs))

    def loop(self) -> Work:
        """The same with networks made beforehand, channels last, one after the other."""
        made = {
            side: [copy.deepcopy(side.network(genome)).to(memory_format=torch.channels_last) for genome in genomes]
            for side, genomes in zip(self.sides, self.genomes, strict=True)
        }
        return self.each(lambda side, genomes, inputs: torch.stack([network(inputs) for network in made[side]]))

    def variation(self) -> Work:
        """Every network becomes a child: half of the pairs cross by filter, and all weights mutate."""
        random, vary = torch.Generator().manual_seed(0), {}
        for side in self.sides:
            crossover, whole = BlockCrossover(Uniform(), side.filters), PerBlock((side.genes,))
            vary[side] = Variation(0.5, 1.0, crossover, Gaussian(0.03), whole)
        return self.each(lambda side, genomes, inputs: vary[side](genomes[None], random))

    @torch.no_grad()
    def work(self, done: Callable[[Weights, torch.Tensor, torch.Tensor], object]) -> int:
        """Do something with every population, and return how many images would pass."""
        for side, genomes, inputs in zip(self.sides, self.genomes, self.inputs, strict=True):
            done(side, genomes, inputs)
        return 2 * self.count * BATCH

    def each(self, done: Callable[[Weights, torch.Tensor, torch.Tensor], object]) -> Work:
        """Return that work."""
        return partial(self.work, done)


def variants(name: str) -> dict[str, Work]:
    """Return the passes of a pair, ours and in a loop, and its variation."""
    pair = Pair(name)
    return {
        f"{name}: passes": pair.passes(),
        f"{name}: loop": pair.loop(),
        f"{name}: variation": pair.variation(),
    }
