"""Searches by functions of SciPy that call the fitness themselves, turned round into ask and tell.

Each of them runs in a thread of its own, which waits at every call until all of them have called. So they share dense
forward passes, and SciPy's own code decides each step.
"""

from collections.abc import Callable
from queue import Queue
from threading import Thread
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latentlib.checks import check_at_least
from studies.beyond.rivals.asking import Asked, Problem, Rival, Told
from studies.beyond.rivals.strategies import reckoned

WIDE = 4.0  # standard deviations of the prior on either side of its mean, where differential evolution searches
EVER = 10**9  # iterations: the budget ends the search


class EndedError(Exception):
    """The search is closed."""


class Turned:
    """A function that calls another over and over, in a thread that waits at each call for an answer.

    Args:
        work: calls its argument, a function from an array to an answer.
    """

    def __init__(self, work: Callable[[Callable[[np.ndarray], Any]], None]) -> None:
        self.asked: Queue[Any] = Queue()
        self.answers: Queue[Any] = Queue()
        self.work = work
        self.thread = Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        """Work until the end; an error goes to whoever asks next."""
        try:
            self.work(self.call)
            raise RuntimeError("the search ended by itself")
        except EndedError:
            return
        except BaseException as error:
            self.asked.put(error)

    def call(self, x: np.ndarray) -> Any:
        """Return the answer to an array, when it comes."""
        self.asked.put(np.array(x, dtype=np.float64))
        answer = self.answers.get()
        if answer is None:
            raise EndedError
        return answer

    def ask(self) -> np.ndarray:
        """Return the array that waits for an answer."""
        asked = self.asked.get()
        if isinstance(asked, BaseException):
            raise asked
        found: np.ndarray = asked
        return found

    def close(self) -> None:
        """End the thread."""
        self.answers.put(None)
        self.thread.join()


class Threaded(Rival):
    """The base of searches with threads: several in a run, each of which asks for as many rows at a time."""

    problem: Problem
    turned: list[Turned]
    gradient = False

    def ask(self) -> Asked:
        """Return the rows at which all threads wait."""
        asked = np.stack([one.ask() for one in self.turned]).reshape(self.problem.runs, -1, self.problem.genes)
        return Asked.of(torch.tensor(asked, dtype=torch.float32, device=self.problem.device), gradient=self.gradient)

    def close(self) -> None:
        """End all threads."""
        for one in self.turned:
            one.close()


class DifferentialEvolution(Threaded):
    """Evolve by differences of individuals (Storn & Price 1997), within a box around the prior.

    Args:
        problem: what to search.
        population: at least 5.
        strategy: as in `scipy.optimize.differential_evolution`.
        weight: of a difference, in [0, 2).
        crossover: probability that a gene comes from the mutant, in [0, 1].
    """

    def __init__(
        self,
        problem: Problem,
        population: int = 100,
        strategy: str = "best1bin",
        weight: float = 0.5,
        crossover: float = 0.7,
    ) -> None:
        from scipy import optimize  # late: what sweeps import does without it

        check_at_least("population", population, 5)
        self.problem = problem
        middle, spread = problem.moments()
        box = optimize.Bounds((middle - WIDE * spread).cpu().numpy(), (middle + WIDE * spread).cpu().numpy())
        first = problem.draw(population, problem.random()).cpu().numpy()

        def work(run: int) -> Callable[[Callable[[np.ndarray], Any]], None]:
            return lambda call: optimize.differential_evolution(
                lambda columns: call(columns.T),
                box,
                strategy=strategy,
                maxiter=EVER,
                tol=0,
                mutation=weight,
                recombination=crossover,
                rng=np.random.default_rng((problem.seed, run)),
                polish=False,
                init=first[run],
                updating="deferred",
                vectorized=True,
            )

        self.turned = [Turned(work(run)) for run in range(problem.runs)]

    def tell(self, told: Told) -> None:
        """Let every run take the better of parent and child."""
        for one, losses in zip(self.turned, -reckoned(told.values).view(self.problem.runs, -1), strict=True):
            one.answers.put(losses.numpy())


class LBFGS(Threaded):
    """Climb by L-BFGS with a line search (Liu & Nocedal 1989), from a fresh draw whenever a climb has ended.

    Args:
        problem: what to search.
        starts: climbs of a run at a time, at least 1.
        memory: steps from which the curvature is told, at least 1.
    """

    gradient = True

    def __init__(self, problem: Problem, starts: int = 4, memory: int = 10) -> None:
        from scipy import optimize  # late: what sweeps import does without it

        check_at_least("starts", starts, 1)
        check_at_least("memory", memory, 1)
        self.problem = problem
        options = {"maxcor": memory, "maxiter": EVER, "maxfun": EVER}

        def work(place: int) -> Callable[[Callable[[np.ndarray], Any]], None]:
            random = problem.random(purpose=10 + place)

            def climb(call: Callable[[np.ndarray], Any]) -> None:
                while True:
                    start = problem.prior.draw((problem.genes,), random).double().cpu().numpy()
                    optimize.minimize(call, start, jac=True, method="L-BFGS-B", options=options)

            return climb

        self.turned = [Turned(work(place)) for place in range(problem.runs * starts)]

    def tell(self, told: Told) -> None:
        """Let every climb go on."""
        assert told.gradient is not None
        slopes: Tensor = told.gradient.double().cpu()
        for one, loss, slope in zip(self.turned, -reckoned(told.values), -slopes, strict=True):
            one.answers.put((float(loss), slope.numpy()))
