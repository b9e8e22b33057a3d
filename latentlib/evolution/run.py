"""The state that a search carries from step to step, and its outcome."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import safetensors
import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from latentlib import files
from latentlib.evolution.evaluation import as_tensor, checked, initial_population
from latentlib.evolution.history import History
from latentlib.priors import Prior
from latentlib.randomness import seeded
from latentlib.values import ByValue

NAMES = ("fingerprint", "judged_by")


@dataclass(frozen=True, eq=False)
class Best(ByValue):
    """The best of each run: latents (runs, genes) and fitness (runs,)."""

    latents: Tensor
    fitness: Tensor

    @classmethod
    def nobody(cls, genomes: Tensor) -> "Best":
        """Return the best before any of genomes (runs, population, genes) is judged, with fitness -inf."""
        return cls(genomes[:, 0], torch.full((len(genomes),), -torch.inf, device=genomes.device))

    def better_of(self, genomes: Tensor, fitness: Tensor) -> "Best":
        """Return the better of this best and that of a population, for each run."""
        value, index = fitness.max(dim=1)
        latents = genomes[torch.arange(len(index), device=index.device), index]
        better = value > self.fitness
        return Best(torch.where(better[:, None], latents, self.latents), torch.where(better, value, self.fitness))


@dataclass(frozen=True, eq=False)
class State(ByValue):
    """Everything a search needs to resume as if it had never been interrupted.

    Args:
        genomes: (runs, population, genes).
        fitness: (runs, population); -inf is infeasible, or not judged yet.
        best: the best of each run so far.
        history: up to this generation; empty before the first population is judged.
        active: bool (runs,); a run that has stopped no longer changes.
        passes: images generated so far (runs,).
        random: state of the random generator.
        fingerprint: identifies the algorithm that made it; see `latentlib.values.fingerprint`.
    """

    genomes: Tensor
    fitness: Tensor
    best: Best
    history: History
    active: Tensor
    passes: Tensor
    random: Tensor
    fingerprint: str = ""
    judged_by: str = ""

    @classmethod
    def unjudged(cls, genomes: Tensor, random: torch.Generator, fingerprint: str = "") -> Self:
        """Return the state before any of genomes (runs, population, genes) is judged."""
        runs, device = len(genomes), genomes.device
        return cls(
            genomes,
            torch.full(genomes.shape[:2], -torch.inf, device=device),
            Best.nobody(genomes),
            History.empty(runs, device),
            torch.ones(runs, dtype=torch.bool, device=device),
            torch.zeros(runs, dtype=torch.int64, device=device),
            random.get_state(),
            fingerprint,
        )

    @property
    def generation(self) -> int:
        """Generations done; 0 is the initial population, -1 before it is judged."""
        return len(self.history) - 1

    def randomness(self) -> torch.Generator:
        """Return a random generator that continues where this state stopped."""
        random = torch.Generator(device=self.genomes.device)
        random.set_state(self.random)
        return random

    def then(self, genomes: Tensor, fitness: Tensor, passes: Tensor, random: Tensor, **more: Tensor) -> Self:
        """Return the state one generation on; runs that are not active stay as they are.

        Args:
            genomes: the next generation (runs, population, genes).
            fitness: its fitness (runs, population).
            passes: images generated for them (runs,).
            random: state of the random generator.
            more: further columns of the history (runs,), if it has any.
        """
        if not bool(self.active.all()):
            genomes = torch.where(self.active[:, None, None], genomes, self.genomes)
            fitness = torch.where(self.active[:, None], fitness, self.fitness)
        best, passes = self.best.better_of(genomes, fitness), self.passes + passes
        history = self.history.then(best.fitness, fitness, passes, **more)
        return replace(self, genomes=genomes, fitness=fitness, best=best, history=history, passes=passes, random=random)

    def reassessed(self, fitness: Tensor, cost: int = 1) -> Self:
        """Return the state with its individuals judged anew, for a fitness that has changed or is noisy.

        The best so far becomes that of the present population: earlier finds under the old fitness are dropped. Runs
        that had stopped go on.

        Args:
            fitness: (runs, population) of `genomes`.
            cost: images generated per individual.
        """
        fitness = checked(as_tensor(fitness, tuple(self.fitness.shape), self.genomes.device))
        best = Best.nobody(self.genomes).better_of(self.genomes, fitness)
        passes, everyone = self.passes + cost * self.fitness.shape[1], torch.ones_like(self.active)
        return replace(self, fitness=fitness, best=best, passes=passes, active=everyone, judged_by="")

    def stopped(self, target: float | None, patience: int | None, stop: "Stop | None" = None) -> Self:
        """Return the state with runs inactive that reached the target, exhausted the patience, or meet `stop`."""
        active = self.active
        if target is not None:
            active = active & (self.best.fitness < target)
        if patience is not None and self.generation >= patience:
            active = active & (self.history.best[-1] > self.history.best[-1 - patience])
        if stop is not None:
            active = active & ~stop(self)
        return replace(self, active=active)

    def save(self, path: str | Path) -> None:
        """Write the state as safetensors."""
        parts: dict[str, Any] = {"best": vars(self.best), "history": self.history.columns()}
        tensors = {name: value for name, value in vars(self).items() if isinstance(value, Tensor)}
        tensors |= {f"{part}.{name}": value for part, values in parts.items() for name, value in values.items()}
        own = {name: value.clone().contiguous() for name, value in tensors.items()}  # safetensors refuses shared memory
        with files.replacing(Path(path)) as partial:
            partial.write_bytes(safetensors.torch.save(own, {name: getattr(self, name) for name in NAMES}))

    @classmethod
    def load(cls, path: str | Path, device: str | torch.device = "cpu") -> Self:
        """Read a state that `save` wrote; raise a ValueError for any other file."""
        try:
            with safetensors.safe_open(path, framework="pt") as opened:
                tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
                names = {name: (opened.metadata() or {})[name] for name in NAMES}
            random = tensors.pop("random")  # a generator's state stays on the CPU
            tensors = {name: value.to(device) for name, value in tensors.items()}
            best = Best(tensors.pop("best.latents"), tensors.pop("best.fitness"))
            columns = [name for name in tensors if name.startswith("history.")]
            history = History.of({name.removeprefix("history."): tensors.pop(name) for name in columns})
            return cls(best=best, history=history, random=random, **names, **tensors)
        except (SafetensorError, KeyError, TypeError) as error:
            raise ValueError(f"{path} is no state of a search, or damaged: {error}") from error


def begun(fitness: Any, population: int, seed: int, prior: Prior, initial: Tensor | None) -> State:
    """Return the first state of a search, before any individual is judged; see `initial_population`."""
    device = getattr(fitness, "device", "cpu") if initial is None else torch.as_tensor(initial).device
    random = seeded(seed, device)
    shape = (getattr(fitness, "runs", None), population, getattr(fitness, "genes", None))
    return State.unjudged(initial_population(shape, random, prior, initial), random)


Stop = Callable[[State], Tensor]  # which runs stop, bool (runs,)
S = TypeVar("S", bound=State)


@dataclass(frozen=True, eq=False)
class Run(ByValue, Generic[S]):
    """The outcome of a search.

    Args:
        best: the best of each run.
        history: one row per generation.
        state: the last state, to resume from.
    """

    best: Best
    history: History
    state: S

    @classmethod
    def of(cls, state: S) -> "Run[S]":
        """Return the outcome of a search at a state."""
        return cls(state.best, state.history, state)

    @property
    def passes(self) -> Tensor:
        """Images generated by the search, (runs,)."""
        return self.state.passes
