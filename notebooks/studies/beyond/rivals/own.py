"""The searches of the other chapters by one ask/tell: the genetic algorithm, random search, and descent by Adam."""

import torch

from latentlib.checks import check_at_least, check_positive
from latentlib.evolution import GeneticAlgorithm
from studies.beyond.rivals.asking import Asked, Problem, Rival, Told


class Genetic(Rival):
    """Evolve by the genetic algorithm of the chapters.

    Args:
        problem: what to search.
        search: with its settings, but for the prior.
    """

    def __init__(self, problem: Problem, search: GeneticAlgorithm) -> None:
        self.search = search.within(problem.prior)
        self.state = self.search.begin(problem.genes, problem.runs, problem.seed, device=problem.device)
        self.candidates = self.search.ask(self.state)

    def ask(self) -> Asked:
        """Return the first population, then children that differ from their parents."""
        self.candidates = self.search.ask(self.state)
        changed = self.candidates.changed
        return Asked(self.candidates.latents[changed], changed.nonzero()[:, 0])

    def tell(self, told: Told) -> None:
        """Let the fittest survive."""
        values = torch.full_like(self.candidates.inherited, torch.nan)
        values[self.candidates.changed] = told.values
        self.state = self.search.tell(self.state, self.candidates, values)


class Chance(Rival):
    """Draw from the prior.

    Args:
        problem: what to search.
        population: draws of a run at a time, at least 1.
    """

    def __init__(self, problem: Problem, population: int = 50) -> None:
        check_at_least("population", population, 1)
        self.problem, self.population, self.random = problem, population, problem.random()

    def ask(self) -> Asked:
        """Return fresh draws."""
        return Asked.of(self.problem.draw(self.population, self.random))

    def tell(self, told: Told) -> None:
        """Learn nothing."""


class Adam(Rival):
    """Climb by Adam from several starts at once (Kingma & Ba 2015); the prior repairs each step.

    Args:
        problem: what to search.
        step_size: learning rate, above 0.
        starts: drawn from the prior for each run, at least 1.
        initial: starts (runs, starts, genes) in place of drawn ones.
    """

    def __init__(
        self, problem: Problem, step_size: float = 0.1, starts: int = 4, initial: torch.Tensor | None = None
    ) -> None:
        check_at_least("starts", starts, 1)
        check_positive("step_size", step_size)
        self.prior = problem.prior
        drawn = problem.draw(starts, problem.random()) if initial is None else initial
        self.latents = drawn.clone()
        self.optimiser = torch.optim.Adam([self.latents], lr=step_size)

    def ask(self) -> Asked:
        """Return where the climbers stand."""
        return Asked.of(self.latents.clone(), gradient=True)

    def tell(self, told: Told) -> None:
        """Take a step along the gradient; a climber without a finite one stays where it is."""
        assert told.gradient is not None
        self.latents.grad = -told.gradient.nan_to_num(0.0, 0.0, 0.0).view_as(self.latents)
        self.optimiser.step()
        self.latents.copy_(self.prior.repair(self.latents))
