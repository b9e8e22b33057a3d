"""Runs that restore an image: the trials set by the controls of `explorer`, and the snapshots it draws."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from latentlib.evolution import GeneticAlgorithm, State
from latentlib.fitness.reconstruction import reconstruction
from latentlib.widgets import session

Problem = Callable[[], tuple[nn.Module, Tensor]]  # a generator and its targets (n, channels, height, width)


@dataclass(frozen=True)
class Trial(session.Trial):
    """The values of the sliders.

    Args:
        target: number of the target, from 0.
        fitness: `mse` or `ssim`.
        mating_rate: in [0, 1].
    """

    target: int = 0
    fitness: str = "mse"
    mating_rate: float = 0.3

    def aim(self) -> tuple[str, int, str]:
        """Return problem, target and measure."""
        return self.problem, self.target, self.fitness


@dataclass(frozen=True)
class Snapshot(session.Snapshot):
    """A run as it is drawn, whose curve is the best fitness so far.

    Args:
        target: image (channels, height, width).
        best: image (channels, height, width).
        members: images (n, channels, height, width) from the fittest to the least fit.
    """

    trial: Trial
    target: Tensor
    best: Tensor
    members: Tensor


class Session(session.Session):
    """Runs of restoring an image; see `session.Session`."""

    def evolution(self, trial: Trial, generations: int) -> Iterator[State]:
        """Yield the state of every generation, each computed when it is requested."""
        generator, targets = self.problem(trial)
        fitness = reconstruction(trial.fitness, generator, targets[trial.target : trial.target + 1])
        search = GeneticAlgorithm(trial.population, trial.mating_rate, trial.mutation_rate)
        state = search.start(fitness, trial.seed)
        yield state
        while state.generation < generations:
            state = search.step(fitness, state)
            yield state

    def problem(self, trial: Trial) -> tuple[nn.Module, Tensor]:
        """Return generator and targets of a trial; raise a ValueError if there is no such problem or target."""
        generator, targets = self.fetch(trial.problem)
        check_target(trial.target, len(targets))
        return generator, targets

    @torch.no_grad()
    def snapshot(self, trial: Trial, state: State) -> Snapshot:
        """Return what to draw of a state."""
        generator, targets = self.problem(trial)
        shown = session.shown_members(state.fitness[0])
        images = generator(torch.cat([state.best.latents, state.genomes[0, shown]]))
        curve, passes = state.history.best[:, 0].tolist(), int(state.history.passes[-1])
        return Snapshot(trial, curve, passes, targets[trial.target], images[0], images[1:])


def check_target(target: int, count: int) -> None:
    """Raise a ValueError unless a target is one of `count`, counted from 0."""
    if target not in range(count):
        raise ValueError(f"target must lie between 0 and {count - 1}, got {target}")
