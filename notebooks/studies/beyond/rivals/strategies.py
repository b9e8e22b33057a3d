"""Evolution strategies by the libraries `cma` and `ribs`."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from latentlib.checks import check_at_least, check_positive, check_rate
from studies.beyond.rivals.asking import Asked, Problem, Rival, Told, library

WORST = -1e9  # in place of the -inf of what is infeasible, with which no strategy can reckon
QUIET = {"verbose": -9, "seed": np.nan}  # nothing is printed, and nobody else's random numbers are touched
BINS, RANGES = (20, 20), ((0.0, 1.0), (0.0, 0.5))  # of the map: mean and deviation of the pixels


class CMA(Rival):
    """Adapt the covariance of a normal distribution, by the library `cma` (Hansen & Ostermeier 2001).

    A run begins at the middle of the prior and, where its distribution has shrunk or is flat, once more at a draw.

    Args:
        problem: what to search.
        step: first standard deviation, above 0, in standard deviations of the prior.
        population: samples a generation, at least 2; by default what the library takes for the number of genes.
        separable: whether only the diagonal is adapted (Ros & Hansen 2008).
    """

    def __init__(
        self, problem: Problem, step: float = 0.5, population: int | None = None, *, separable: bool = False
    ) -> None:
        check_positive("step", step)
        self.library, self.problem = library("cma"), problem
        self.middle, spread = problem.moments()
        self.step = step * spread
        self.options: dict[str, Any] = {**QUIET, "CMA_diagonal": separable}
        if population is not None:
            check_at_least("population", population, 2)
            self.options["popsize"] = population
        self.random = [np.random.default_rng((problem.seed, run)) for run in range(problem.runs)]
        self.restarts = problem.random(purpose=1)
        self.strategies = [self.strategy(run, self.middle) for run in range(problem.runs)]
        self.asked: list[list[np.ndarray]] = []

    def strategy(self, run: int, start: Tensor) -> Any:
        """Return a fresh strategy of a run from a start (genes,)."""
        draw = self.random[run].standard_normal
        options = self.options | {"randn": lambda *shape: draw(shape)}
        return self.library.CMAEvolutionStrategy(start.double().cpu().numpy(), self.step, options)

    def ask(self) -> Asked:
        """Return a sample of every run's distribution."""
        self.asked = [strategy.ask() for strategy in self.strategies]
        latents = torch.tensor(np.array(self.asked), dtype=torch.float32, device=self.problem.device)
        return Asked.of(latents)

    def tell(self, told: Told) -> None:
        """Move every distribution, and begin anew where one has come to its end."""
        values = reckoned(told.values).view(self.problem.runs, -1)
        for run, (asked, losses) in enumerate(zip(self.asked, -values, strict=True)):
            self.strategies[run].tell(asked, losses.tolist())
            if self.strategies[run].stop():
                start = self.problem.prior.draw((self.problem.genes,), self.restarts)
                self.strategies[run] = self.strategy(run, start)


class Illumination(Rival):
    """Fill a map by an evolution strategy, by the library `ribs`; the best of the map counts.

    CMA-ME (Fontaine et al. 2020) seeks what is new or better than the elite of its cell. CMA-MAE (Fontaine &
    Nikolaidis 2023) lets the bar of a cell rise slowly, so that it lies between that and plain improvement.

    Args:
        problem: what to search; its fitness measures along two axes, within `RANGES`.
        step: first standard deviation, above 0, in standard deviations of the prior.
        population: samples a generation, at least 2.
        learning: how fast the bar rises, in [0, 1]; 1 for CMA-ME.
    """

    def __init__(self, problem: Problem, step: float = 0.5, population: int = 36, learning: float = 1.0) -> None:
        check_positive("step", step)
        check_at_least("population", population, 2)
        check_rate("learning", learning)
        self.archives, self.emitters = library("ribs.archives"), library("ribs.emitters")
        self.problem, self.population, self.learning = problem, population, learning
        self.step = step * problem.moments()[1]
        self.maps: list[tuple[Any, Any]] = []  # of each run: archive and emitter
        self.asked = problem.draw(population, problem.random()).cpu().numpy()

    def ask(self) -> Asked:
        """Return draws from the prior, then samples of every run's distribution."""
        if self.maps:
            self.asked = np.stack([emitter.ask() for _, emitter in self.maps])
        latents = torch.tensor(self.asked, dtype=torch.float32, device=self.problem.device)
        return Asked.of(latents, measured=True)

    def tell(self, told: Told) -> None:
        """Enter what was found into the maps."""
        assert told.measures is not None
        runs = self.problem.runs
        values = reckoned(told.values).view(runs, -1).numpy()
        measures = told.measures.double().cpu().view(runs, self.population, -1).numpy()
        if not self.maps:
            self.maps = [self.opened(run, values[run], measures[run]) for run in range(runs)]
            return
        for run, (archive, emitter) in enumerate(self.maps):
            added = archive.add(self.asked[run], values[run], measures[run])
            emitter.tell(self.asked[run], values[run], measures[run], added)

    def opened(self, run: int, values: np.ndarray, measures: np.ndarray) -> tuple[Any, Any]:
        """Return the map and emitter of a run that begins at the best of its first draws."""
        slow = self.learning < 1
        bar = {"learning_rate": self.learning, "threshold_min": float(values.min())} if slow else {}
        archive = self.archives.GridArchive(
            solution_dim=self.problem.genes, dims=BINS, ranges=RANGES, dtype="float32", **bar
        )
        archive.add(self.asked[run], values, measures)
        emitter = self.emitters.EvolutionStrategyEmitter(
            archive,
            x0=self.asked[run][int(values.argmax())],
            sigma0=self.step,
            ranker="imp" if slow else "2imp",
            selection_rule="mu" if slow else "filter",
            restart_rule="basic" if slow else "no_improvement",
            es="sep_cma_es",  # a full one adapts 5,050 numbers for 100 genes
            batch_size=self.population,
            seed=self.problem.seed * self.problem.runs + run,
        )
        return archive, emitter


def reckoned(values: Tensor) -> Tensor:
    """Return values (rows,) float64 on the CPU with a number in place of -inf."""
    return values.double().cpu().clamp_min(WORST)
