"""Latent optimisation by gradient: the rival of Jin & Ko 2020, section IV-E (parameters.md, JK, not stated 10)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from tqdm.auto import tqdm

from latentlib.checks import check_at_least, check_choice, check_positive
from latentlib.evolution import Best, Run, State
from latentlib.evolution.evaluation import Fitness, cost
from latentlib.evolution.run import begun
from latentlib.priors import Normal, Prior, prior_of

Callback = Callable[[int, Best], Any]
OPTIMISERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


def judged(fitness: Fitness, latents: Tensor) -> Tensor:
    """Return the fitness (runs, restarts); raise a ValueError unless it is finite and has a gradient."""
    values = fitness(latents)
    if tuple(values.shape) != tuple(latents.shape[:2]):
        raise ValueError(f"fitness must return shape {tuple(latents.shape[:2])}, got {tuple(values.shape)}")
    if not values.requires_grad:
        raise ValueError("gradient descent needs a fitness that is differentiable in the latents")
    if not bool(values.isfinite().all()):
        raise ValueError(f"fitness must be finite, got {float(values.detach()[~values.isfinite()][0])}")
    return values


@dataclass(frozen=True)
class GradientDescent:
    """Climb the fitness (descend the error) by gradient from `restarts` random latents per run at once.

    Args:
        optimiser: `adam` or `sgd` (plain, without momentum).
        step_size: learning rate, above 0.
        restarts: starting points per run, at least 1; the best counts.
        prior: repairs the latents after each step; by default the prior of the fitness, or N(0, 1) if it has none.
    """

    optimiser: str = "adam"
    step_size: float = 0.1
    restarts: int = 1
    prior: Prior | None = None

    def __post_init__(self) -> None:
        check_choice("optimiser", self.optimiser, tuple(OPTIMISERS))
        check_positive("step_size", self.step_size)
        check_at_least("restarts", self.restarts, 1)

    def descend(
        self,
        fitness: Fitness,
        steps: int,
        seed: int = 0,
        *,
        initial: Tensor | None = None,
        progress: bool = False,
        callback: Callback | None = None,
    ) -> Run[State]:
        """Take `steps` gradient steps on every restart of every run.

        The summed error is differentiated, so targets and restarts do not influence each other. A step counts as one
        generator pass per restart; its backward pass costs about two more, which count at equal time but not at
        equal passes.

        Args:
            fitness: differentiable, maximised, with `runs` and `genes`.
            steps: at least 1.
            seed: seed of the starting points, in [0, 2^32).
            initial: starting points (runs, restarts, genes) float32; by default drawn from the prior.
            progress: whether to show a bar.
            callback: called with the number of steps done, from 0, and the best so far.

        Returns:
            The best latents found, with a row of history for the starting points and for each step.
        """
        check_at_least("steps", steps, 1)
        prior = prior_of(fitness, self.prior)
        state = begun(fitness, self.restarts, seed, prior, initial)
        spent = torch.full_like(state.passes, self.restarts * cost(fitness))
        for step, (genomes, scores) in zip(
            tqdm(range(steps + 1), "gradient steps", disable=not progress),
            self.course(fitness, state.genomes, prior),
            strict=False,
        ):
            state = state.then(genomes, scores, spent, state.random)
            if callback:
                callback(step, state.best)
        return Run.of(state)

    def course(self, fitness: Fitness, initial: Tensor, prior: Prior | None = None) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield latents (runs, restarts, genes) and their fitness (runs, restarts) before each step, endlessly.

        Args:
            fitness: differentiable, maximised.
            initial: starting points (runs, restarts, genes) float32.
            prior: repairs the latents after each step; by default N(0, 1), which repairs nothing.
        """
        latents, prior = initial.clone().requires_grad_(), Normal() if prior is None else prior
        optimiser = OPTIMISERS[self.optimiser]([latents], lr=self.step_size)
        while True:
            values = judged(fitness, latents)
            yield latents.detach().clone(), values.detach()
            (latents.grad,) = torch.autograd.grad(
                -values.sum(), [latents]
            )  # of the latents only: networks gather no gradients
            optimiser.step()
            latents.data = prior.repair(latents.data)
