"""The runs behind the sliders: one at a time, stepped on the event loop, independent of widgets.

A kernel handles messages from its sliders and buttons on one event loop. A run is a task on the same loop that
computes one generation, draws, and then waits until the messages that arrived in the meantime are handled. Nothing
is computed or drawn in another thread, so runs are only started or stopped between two generations.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import torch
from torch import Tensor

from latentlib.checks import check_at_least, check_choice, check_rate, sentence
from latentlib.randomness import seeded

BREATH = 0.001  # seconds; a sleep of 0 yields one turn of the loop, and ipykernel needs four per message
REDRAW = 0.2  # least seconds between two drawings, which a browser shows with ease
KEPT = 5  # earlier runs to remember
MEMBERS = 24  # of the population to show

Problem = Callable[[], Any]  # makes what a run needs besides the controls, such as a generator


@dataclass(frozen=True)
class Trial:
    """The values of the controls: all that determines a run, which is the same whenever it is repeated.

    Args:
        problem: name of the problem.
        population: even, at least 4.
        mutation_rate: in [0, 1].
        seed: of everything random, in [0, 2^32).
    """

    problem: str
    population: int = 200
    mutation_rate: float = 0.3
    seed: int = 0

    @classmethod
    def of(cls, problems: Mapping[str, Any], values: Mapping[str, Any]) -> Self:
        """Return the trial with values by name, of the first problem unless they name another.

        Raises:
            ValueError: for an unknown name, or a value out of range.
        """
        known = tuple(field.name for field in fields(cls))
        for name in values:
            check_choice("name of a value", name, known)
        trial = cls(**{"problem": next(iter(problems), ""), **values})
        check_choice("problem", trial.problem, tuple(problems))
        check_at_least("population", trial.population, 4)
        for rate in (name for name in known if name.endswith("_rate")):
            check_rate(rate, getattr(trial, rate))
        seeded(trial.seed)
        return trial

    def aim(self) -> tuple[Any, ...]:
        """Return what two trials must have in common for their curves to be comparable."""
        raise NotImplementedError


@dataclass(frozen=True)
class Snapshot:
    """A run as it is drawn.

    Args:
        trial: what determines the run.
        curve: one value per generation, the first population included.
        passes: generator passes so far.
    """

    trial: Trial
    curve: list[float]
    passes: int

    @property
    def generation(self) -> int:
        """Return the number of generations completed."""
        return len(self.curve) - 1


class Session:
    """Runs of trials, at most one at a time; subclasses define a trial by `evolution` and `snapshot`.

    Args:
        problems: what can be tried, by name; each is fetched once, when it is first chosen.
        draw: called with a snapshot of the current run now and then, and always with its last.
        complain: called with one sentence when a run fails.
        generations: of a full run, at least 1.
        redraw: least seconds between two drawings.

    The attribute `run` holds the identity of the current run. A run checks it before each generation and ends once it
    is another's, so a stale run neither computes nor draws.
    """

    def __init__(
        self,
        problems: Mapping[str, Problem],
        draw: Callable[[Any], None],
        complain: Callable[[str], None],
        generations: int = 200,
        redraw: float = REDRAW,
    ) -> None:
        self.problems, self.draw, self.complain = problems, draw, complain
        self.generations, self.redraw = generations, redraw
        self.fetched: dict[str, Any] = {}
        self.run: object | None = None
        self.running = False  # drawing a first population alone is not a run
        self.latest: Any = None  # snapshots
        self.earlier: list[Any] = []

    def start(self, trial: Trial) -> None:
        """End the current run and start another; the curve of the former is kept if it is comparable."""
        self.running = True
        self.change(trial)

    def stop(self) -> None:
        """End the current run, if there is one; what was drawn stays."""
        self.run, self.running = None, False

    def change(self, trial: Trial) -> None:
        """Restart as `start` does while a run is under way; otherwise draw the first population and wait."""
        past = [run for run in (*self.earlier, self.latest) if run and run.generation and run.trial != trial]
        self.earlier = [run for run in past if run.trial.aim() == trial.aim()][-KEPT:]
        self.latest, self.run = None, object()
        follow = self.follow(self.run, trial, self.generations if self.running else 0)
        self.task = asyncio.get_running_loop().create_task(follow)  # kept, as the loop holds its tasks only weakly

    async def follow(self, run: object, trial: Trial, generations: int) -> None:
        """Step a run until it is done, is no longer the current one, or fails."""
        drawn = -self.redraw
        try:
            states = self.evolution(trial, generations)
            while await self.current(run) and (state := next(states, None)):
                last = state.generation == generations
                if last:
                    self.stop()
                if last or time.monotonic() - drawn >= self.redraw:
                    self.latest = self.snapshot(trial, state)
                    self.draw(self.latest)
                    drawn = time.monotonic()
        except Exception as error:  # a task's error would be lost
            self.stop()
            self.complain(sentence(error))

    async def current(self, run: object) -> bool:
        """Let the loop handle waiting messages, then return whether the run is still the current one."""
        await asyncio.sleep(BREATH)
        return run is self.run

    def evolution(self, trial: Any, generations: int) -> Iterator[Any]:
        """Yield the state of every generation with its number `generation`, each computed when it is requested."""
        raise NotImplementedError

    def snapshot(self, trial: Any, state: Any) -> Snapshot:
        """Return what to draw of a state from `evolution`."""
        raise NotImplementedError

    def fetch(self, name: str) -> Any:
        """Return a problem, fetched once; raise a ValueError for an unknown name."""
        check_choice("problem", name, tuple(self.problems))
        if name not in self.fetched:
            self.fetched[name] = self.problems[name]()
        return self.fetched[name]


def shown_members(fitness: Tensor) -> Tensor:
    """Return the indices of the members to show for a population's fitness (n,), from the fittest to the least fit."""
    ranking = fitness.argsort(descending=True)
    return ranking[torch.linspace(0, len(fitness) - 1, min(MEMBERS, len(fitness))).long()]
