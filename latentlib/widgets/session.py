"""The runs behind the sliders: one at a time, stepped on the event loop. Knows nothing of widgets.

A kernel handles messages from its sliders and buttons on one event loop. A run is a task on the same loop
that does one generation, draws, and then waits until what has arrived in the meantime is handled. Nothing is
computed or drawn in another thread, so whoever starts or stops a run does so between two generations.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from latentlib.checks import check_choice
from latentlib.evolution import GeneticAlgorithm, State
from latentlib.fitness.reconstruction import reconstruction

BREATH = 0.001  # seconds; a sleep of 0 gives one turn of the loop, of which ipykernel needs four a message
REDRAW = 0.2  # least seconds between two drawings: what a browser shows with ease
KEPT = 5  # earlier runs that are remembered
MEMBERS = 24  # of the population that are shown

Problem = Callable[[], tuple[nn.Module, Tensor]]  # a generator and the targets (n, channels, height, width) it knows


@dataclass(frozen=True)
class Trial:
    """What the sliders say: all that makes a run, which is the same whenever it is run again.

    Args:
        problem: name of the generator and its targets.
        target: number of the target, from 0.
        fitness: `mse` or `ssim`.
        population: even, at least 4.
        mating_rate: in [0, 1].
        mutation_rate: in [0, 1].
        seed: of everything random.
    """

    problem: str
    target: int = 0
    fitness: str = "mse"
    population: int = 200
    mating_rate: float = 0.3
    mutation_rate: float = 0.3
    seed: int = 0

    def comparable(self, other: "Trial") -> bool:
        """Whether the fitness of both means the same: same problem, target and measure."""
        return (self.problem, self.target, self.fitness) == (other.problem, other.target, other.fitness)


@dataclass(frozen=True)
class Snapshot:
    """A run as it is drawn.

    Args:
        trial: what the run is made of.
        curve: best fitness so far, one value a generation, the first population's included.
        passes: generator passes so far.
        target: image (channels, height, width).
        best: image (channels, height, width).
        members: images (n, channels, height, width) from the fittest to the least fit.
    """

    trial: Trial
    curve: list[float]
    passes: int
    target: Tensor
    best: Tensor
    members: Tensor

    @property
    def generation(self) -> int:
        """Generations done."""
        return len(self.curve) - 1


class Session:
    """Runs trials, at most one at a time.

    Args:
        problems: what can be tried, by name; each is fetched once, when it is first chosen.
        draw: called with a snapshot of the current run now and then, and always with its last.
        complain: called with one sentence when a run fails.
        generations: of a full run, at least 1.
        redraw: least seconds between two drawings.

    The attribute `run` holds the identity of the current run. A run looks there before each generation and ends once
    it is not its own, so a stale run neither computes nor draws.
    """

    def __init__(
        self,
        problems: Mapping[str, Problem],
        draw: Callable[[Snapshot], None],
        complain: Callable[[str], None],
        generations: int = 200,
        redraw: float = REDRAW,
    ) -> None:
        self.problems, self.draw, self.complain = problems, draw, complain
        self.generations, self.redraw = generations, redraw
        self.fetched: dict[str, tuple[nn.Module, Tensor]] = {}
        self.run: object | None = None
        self.until = 0  # the generation where the current run ends
        self.latest: Snapshot | None = None
        self.earlier: list[Snapshot] = []

    @property
    def running(self) -> bool:
        """Whether a run is under way; the drawing of a first population alone is none."""
        return self.until > 0

    def start(self, trial: Trial) -> None:
        """End the current run and begin another; the ended one's curve is kept where it compares."""
        self.until = self.generations
        self.change(trial)

    def stop(self) -> None:
        """End the current run, if there is one; what was drawn stays."""
        self.run, self.until = None, 0

    def change(self, trial: Trial) -> None:
        """The same as `start` while a run is under way; else draw the first population, and wait."""
        past = [run for run in (*self.earlier, self.latest) if run and run.generation and run.trial != trial]
        self.earlier = [run for run in past if run.trial.comparable(trial)][-KEPT:]
        self.latest, self.run = None, object()
        follow = self.follow(self.run, trial, self.until)
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
        """Let the loop do what waits, then tell whether the run is still the current one."""
        await asyncio.sleep(BREATH)
        return run is self.run

    def evolution(self, trial: Trial, generations: int) -> Iterator[State]:
        """The state of every generation, each computed when it is asked for."""
        generator, targets = self.problem(trial)
        fitness = reconstruction(trial.fitness, generator, targets[trial.target : trial.target + 1])
        search = GeneticAlgorithm(trial.population, trial.mating_rate, trial.mutation_rate)
        state = search.start(fitness, trial.seed)
        yield state
        while state.generation < generations:
            state = search.step(fitness, state)
            yield state

    def problem(self, trial: Trial) -> tuple[nn.Module, Tensor]:
        """Generator and targets of a trial; ValueError where there is no such problem or target."""
        check_choice("problem", trial.problem, tuple(self.problems))
        if trial.problem not in self.fetched:
            self.fetched[trial.problem] = self.problems[trial.problem]()
        generator, targets = self.fetched[trial.problem]
        if not 0 <= trial.target < len(targets):
            raise ValueError(f"target must lie between 0 and {len(targets) - 1}, got {trial.target}")
        return generator, targets

    @torch.no_grad()
    def snapshot(self, trial: Trial, state: State) -> Snapshot:
        """What is to be drawn of a state."""
        generator, targets = self.problem(trial)
        ranking = state.fitness[0].argsort(descending=True)
        spread = ranking[torch.linspace(0, trial.population - 1, min(MEMBERS, trial.population)).long()]
        images = generator(torch.cat([state.best.latents, state.genomes[0, spread]]))
        curve, passes = state.history.best[:, 0].tolist(), int(state.history.passes[-1])
        return Snapshot(trial, curve, passes, targets[trial.target], images[0], images[1:])


def sentence(error: Exception) -> str:
    """An error in one line; one that is no fault of the values says what it is."""
    words = " ".join(str(error).split())
    return words if isinstance(error, ValueError | OSError) else f"{type(error).__name__}: {words}"
