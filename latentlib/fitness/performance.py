"""A fitness of networks: how good is what they make of given inputs?"""

from collections.abc import Callable

import torch
from torch import Tensor

from latentlib.models.weights import Weights
from latentlib.priors import Normal, Prior


class Performance:
    """Judge networks by a function of their outputs; a genome holds the weights of a network.

    Args:
        weights: how genomes are read.
        inputs: what every network takes (n, ...), such as latents or images.
        goal: a function from outputs (networks, n, ...) to numbers (networks,), of which more is better.
        runs: number of independent evolutions.
    """

    noisy = False
    prior: Prior = Normal()

    def __init__(self, weights: Weights, inputs: Tensor, goal: Callable[[Tensor], Tensor], runs: int = 1) -> None:
        self.weights, self.inputs, self.goal, self.runs = weights, inputs, goal, runs
        self.genes, self.device, self.cost = weights.genes, weights.device, len(inputs)

    def __call__(self, latents: Tensor) -> Tensor:
        """Return the fitness (runs, population) of genomes (runs, population, genes)."""
        run = torch.arange(len(latents), device=latents.device).repeat_interleave(latents.shape[1])
        return self.rows(latents.flatten(0, 1), run).view(latents.shape[:2])

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of genomes (n, genes); the runs (n,) are repetitions and do not matter."""
        return self.goal(self.weights.outputs(latents, self.inputs))
