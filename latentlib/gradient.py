"""Latent optimisation by gradient: the rival of Jin & Ko 2020, section IV-E (parameters.md, JK, not stated 10)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from tqdm.auto import tqdm

from latentlib.checks import check_at_least, check_positive
from latentlib.evolution import Best, History, Run, State
from latentlib.evolution.evaluation import Fitness, check_shape, checked, initial_population

Callback = Callable[[int, Best], Any]
OPTIMISERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


def judged(fitness: Fitness, latents: Tensor) -> Tensor:
    """The fitness (runs, restarts), finite and with a gradient; else a ValueError."""
    values = fitness(latents)
    check_shape(values, tuple(latents.shape[:2]))
    if not values.requires_grad:
        raise ValueError("gradient descent needs a fitness that is differentiable in the latents")
    return checked(values)


@dataclass(frozen=True)
class GradientDescent:
    """Descends the error, that is, climbs the fitness, from `restarts` random latents a run at once.

    Args:
        optimiser: `adam` or `sgd` (plain, without momentum).
        step_size: its learning rate, above 0.
        restarts: starting points a run, at least 1; the best counts.
    """

    optimiser: str = "adam"
    step_size: float = 0.1
    restarts: int = 1

    def __post_init__(self) -> None:
        if self.optimiser not in OPTIMISERS:
            raise ValueError(f"optimiser must be one of {', '.join(OPTIMISERS)}, got {self.optimiser!r}")
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
    ) -> Run:
        """Take `steps` gradient steps on every restart of every run.

        Each restart's error is its own: the sum over all is differentiated, so no target and no restart
        weighs on another. A step counts as one generator pass a restart; its backward pass costs about
        two more, which a comparison at equal time must count and one at equal passes does not.

        Args:
            fitness: differentiable, maximised, with `runs` and `genes`.
            steps: at least 1.
            seed: of the starting points.
            initial: starting points (runs, restarts, genes) float32 instead.
            progress: whether to show a bar.
            callback: called with the number of steps done and the best so far, from 0 on.

        Returns:
            The best latents met, with one row of history a step.
        """
        check_at_least("steps", steps, 1)
        random = torch.Generator(device=getattr(fitness, "device", "cpu")).manual_seed(seed)
        latents = initial_population(fitness, self.restarts, random, initial)
        best, rows = Best.nobody(latents), []
        for step, (genomes, scores) in zip(
            tqdm(range(steps + 1), "gradient steps", disable=not progress), self.course(fitness, latents), strict=False
        ):
            best = best.better_of(genomes, scores)
            passes = torch.full_like(best.fitness, (step + 1) * self.restarts).long()
            rows.append(History.row(best.fitness, scores, passes))
            if callback:
                callback(step, best)
        everyone = torch.ones(len(latents), dtype=torch.bool, device=latents.device)
        history = History.joined(rows)
        return Run(best, history, State(genomes, scores, best, history, everyone, random.get_state()))

    def course(self, fitness: Fitness, initial: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """Latents (runs, restarts, genes) and their fitness (runs, restarts) before each step, without end.

        Args:
            fitness: differentiable, maximised.
            initial: starting points (runs, restarts, genes) float32.
        """
        latents = initial.clone().requires_grad_()
        optimiser = OPTIMISERS[self.optimiser]([latents], lr=self.step_size)
        while True:
            values = judged(fitness, latents)
            yield latents.detach().clone(), values.detach()
            optimiser.zero_grad(set_to_none=True)
            (-values.sum()).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
