"""The course of a search: ask, judge and tell until its passes and its time are spent, with both accounted for.

A row costs as many generator passes as the fitness says, and three times as many with its gradient. Rows count in the
order in which they were asked for, so that no search profits from what lies beyond its budget in a last generation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.chunks import CHUNK
from latentlib.evolution import Best
from latentlib.evolution.evaluation import as_tensor, checked, cost
from latentlib.fitness.generated import Generated
from latentlib.study.budget import PASSES_PER_STEP
from studies.beyond.rivals.asking import Asked, Problem, Rival, Told
from studies.restoring.experiments.timing import now

IDLE = 1000  # questions in a row without a row to judge: such a search would never end


@dataclass(frozen=True)
class Course:
    """What a search found, and what it spent.

    Args:
        run: of each judged row (rows,), in the order of judging.
        passes: of its run up to and with the row, (rows,).
        values: fitness (rows,).
        step: number of the question in which it was judged, (rows,).
        seconds: since the beginning, at the end of each question (questions,).
        sampling: seconds of these that the search itself took, (questions,).
        best: of each run within its passes.
    """

    run: Tensor
    passes: Tensor
    values: Tensor
    step: Tensor
    seconds: Tensor
    sampling: Tensor
    best: Best

    def after(self, passes: Sequence[int]) -> Tensor:
        """Return the best fitness (budgets, runs) of the first so many passes; -inf where no row was judged."""
        return torch.stack([self.where(self.passes <= budget) for budget in passes])

    def within(self, seconds: float) -> Tensor:
        """Return the best fitness (runs,) of the questions that were over after so many seconds."""
        return self.where(self.seconds[self.step] <= seconds)

    def first_above(self, threshold: float) -> Tensor:
        """Return the passes (runs,) until the first fitness above a threshold, inf where there is none."""
        hits = self.values > threshold
        found = torch.full((len(self.best.fitness),), torch.inf, dtype=torch.float64)
        return found.scatter_reduce(0, self.run[hits], self.passes[hits].double(), "amin")

    def time_of(self, passes: int) -> float:
        """Return the seconds after which all runs had spent so many passes."""
        over = self.passes >= passes
        last = torch.stack([self.step[over & (self.run == run)].amin() for run in range(len(self.best.fitness))])
        return float(self.seconds[last.amax()])

    def sampled_by(self, seconds: float) -> float:
        """Return how many of the first so many seconds the search itself took, up to the last question over by then."""
        return float(self.sampling[self.seconds <= seconds].amax())

    def where(self, counted: Tensor) -> Tensor:
        """Return the best fitness (runs,) of some rows, bool (rows,)."""
        least = torch.full((len(self.best.fitness),), -torch.inf)
        return least.scatter_reduce(0, self.run[counted], self.values[counted], "amax")


def search(fitness: Generated, rival: Rival, passes: int, seconds: float = 0.0) -> Course:
    """Let a search ask until every run has spent its passes, and the seconds are over.

    Args:
        fitness: maximised; with measures, where the search asks for them.
        rival: the search; it is closed in the end.
        passes: of each run.
        seconds: that the search takes at least.

    Raises:
        ValueError: for a budget that is smaller than what the search asks for at first, or a fitness that is NaN.
    """
    recorder = Recorder(fitness, passes)
    try:
        while recorder.hungry or recorder.elapsed < seconds:
            recorder.turn(rival)
    finally:
        rival.close()
    return recorder.course()


class Recorder:
    """The account of a search.

    Args:
        fitness: that judges.
        passes: of each run within which the best counts.
    """

    def __init__(self, fitness: Generated, passes: int) -> None:
        self.fitness, self.passes, self.elapsed, self.sampled, self.idle = fitness, passes, 0.0, 0.0, 0
        self.spent = torch.zeros(fitness.runs, dtype=torch.int64, device=fitness.device)
        self.rows: list[tuple[Tensor, Tensor, Tensor, Tensor]] = []
        self.clock: list[tuple[float, float]] = []
        self.best = Best(
            torch.zeros(fitness.runs, fitness.genes, device=fitness.device),
            torch.full((fitness.runs,), -torch.inf, device=fitness.device),
        )

    @property
    def hungry(self) -> bool:
        """Whether a run has passes left."""
        return bool((self.spent < self.passes).any())

    def turn(self, rival: Rival) -> None:
        """Ask, judge, tell, and write down what it cost."""
        device = str(self.fitness.device)
        begun = now(device)
        asked = rival.ask()
        waiting = now(device)
        told = judged(self.fitness, asked)
        answered = now(device)
        rival.tell(told)
        over = now(device)
        self.elapsed += over - begun
        self.sampled += (waiting - begun) + (over - answered)
        self.clock.append((self.elapsed, self.sampled))
        self.note(asked, told)

    def note(self, asked: Asked, told: Told) -> None:
        """Write down the rows of a question."""
        counts = torch.bincount(asked.run, minlength=self.fitness.runs)
        price = cost(self.fitness) * (PASSES_PER_STEP if asked.gradient else 1)
        if not self.rows and bool((counts * price > self.passes).any()):
            raise ValueError(
                f"passes must pay for what the search asks for at first ({int(counts.max()) * price} a run), "
                f"got {self.passes}"
            )
        self.idle = 0 if len(asked.run) else self.idle + 1
        if self.idle == IDLE:
            raise ValueError(f"the search asked {IDLE} times in a row for nothing to be judged")
        paid = self.spent[asked.run] + price * (place_of(asked.run) + 1)
        self.rows.append((asked.run, paid, told.values, torch.full_like(asked.run, len(self.clock) - 1)))
        self.spent = self.spent + price * counts
        self.improve(asked, torch.where(paid <= self.passes, told.values, -torch.inf))

    def improve(self, asked: Asked, values: Tensor) -> None:
        """Take over the best row of each run where it is better than before."""
        found = torch.full_like(self.best.fitness, -torch.inf).scatter_reduce(0, asked.run, values, "amax")
        for run in (found > self.best.fitness).nonzero()[:, 0].tolist():
            row = int(torch.where(asked.run == run, values, -torch.inf).argmax())
            self.best.latents[run] = self.fitness.prior.repair(asked.latents[row : row + 1])[0]
            self.best.fitness[run] = values[row]

    def course(self) -> Course:
        """Return all that was written down."""
        run, passes, values, step = (torch.cat(parts).cpu() for parts in zip(*self.rows, strict=True))
        seconds, sampling = torch.tensor(self.clock, dtype=torch.float64).unbind(dim=1)
        return Course(run, passes, values, step, seconds, sampling, self.best)


def judged(fitness: Generated, asked: Asked) -> Told:
    """Return what a fitness makes of rows, in dense chunks; what the prior forbids is judged where it allows it."""
    if not len(asked.run):
        return Told(asked.latents.new_empty(0))
    latents = fitness.prior.repair(asked.latents)
    parts = -(-len(latents) // max(1, CHUNK // cost(fitness)))
    pairs = zip(latents.tensor_split(parts), asked.run.tensor_split(parts), strict=True)
    told = [one(fitness, some, run, asked) for some, run in pairs]
    values = checked(torch.cat([part.values for part in told]), torch.stack([asked.run, place_of(asked.run)], dim=1))
    gradient = torch.cat([part.gradient for part in told if part.gradient is not None]) if asked.gradient else None
    measures = torch.cat([part.measures for part in told if part.measures is not None]) if asked.measured else None
    return Told(values, gradient, measures)


def one(fitness: Generated, latents: Tensor, run: Tensor, asked: Asked) -> Told:
    """Return what a fitness makes of rows in one forward pass, and a backward one where a gradient is wanted."""
    if asked.gradient:
        rows = latents.detach().requires_grad_()
        values = fitness.rows(rows, run)
        if not values.requires_grad:
            raise ValueError("this search needs a fitness that is differentiable in the latents")
        (gradient,) = torch.autograd.grad(values.sum(), [rows])
        return Told(as_tensor(values, (len(rows),), rows.device), gradient)
    with torch.no_grad():
        if asked.measured:
            found, measures = fitness.measured(latents, run)
            return Told(as_tensor(found, (len(latents),), latents.device), measures=measures)
        return Told(as_tensor(fitness.rows(latents, run), (len(latents),), latents.device))


def place_of(run: Tensor) -> Tensor:
    """Return the number of each row (rows,) within its run."""
    counts = torch.bincount(run)
    return torch.arange(len(run), device=run.device) - (counts.cumsum(0) - counts)[run]


def problem_of(fitness: Generated, passes: int, seed: int) -> Problem:
    """Return what a search is told of a fitness."""
    return Problem(fitness.runs, fitness.genes, fitness.prior, passes // cost(fitness), seed, fitness.device)
