"""A fitness from a plain function of one individual."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latentlib.checks import check_at_least
from latentlib.evolution.evaluation import as_tensor
from latentlib.priors import Normal, Prior


class FunctionFitness:
    """Judge each individual by a function of one genome; see `from_function`."""

    noisy = False
    prior: Prior = Normal()

    def __init__(
        self, function: Callable[[np.ndarray], Any], genes: int, runs: int, minimise: bool, executor: Executor | None
    ) -> None:
        self.function, self.genes, self.runs, self.executor = function, genes, runs, executor
        self.sign = -1 if minimise else 1

    def __call__(self, latents: Tensor) -> Tensor:
        """Return the fitness (runs, population) of latents (runs, population, genes)."""
        run = torch.arange(len(latents), device=latents.device).repeat_interleave(latents.shape[1])
        return self.rows(latents.flatten(0, 1), run).view(latents.shape[:2])

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of latents (n, genes); the runs (n,) are repetitions and do not matter."""
        genomes = list(latents.detach().cpu().numpy().copy())  # a copy, since the function may write into it
        each = map if self.executor is None else self.executor.map
        values = [as_tensor(value, (), latents.device) for value in each(self.function, genomes)]
        return self.sign * torch.stack(values)


def from_function(
    function: Callable[[np.ndarray], Any],
    genes: int,
    *,
    runs: int = 1,
    minimise: bool = False,
    prior: Prior | None = None,
    noisy: bool = False,
    executor: Executor | None = None,
) -> FunctionFitness:
    """Return a fitness that calls a function once for each individual that changed.

    Args:
        function: from a genome, a numpy array (genes,) float32, to a number; -inf (inf if it is minimised) is
            infeasible.
        genes: number of genes of a genome, at least 1.
        runs: number of independent repetitions, at least 1.
        minimise: whether the function is a loss; the history then shows minus the loss.
        prior: distribution of the genomes; by default N(0, 1).
        noisy: whether the same genome gets a different value each time.
        executor: calls the function in parallel, such as a `ProcessPoolExecutor(4)`.
    """
    check_at_least("genes", genes, 1)
    check_at_least("runs", runs, 1)
    fitness = FunctionFitness(function, genes, runs, minimise, executor)
    fitness.noisy, fitness.prior = noisy, prior or fitness.prior
    return fitness
