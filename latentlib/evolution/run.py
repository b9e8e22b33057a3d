"""What a search carries from step to step, and what it leaves behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from latentlib import files


@dataclass(frozen=True)
class Best:
    """The best of each run: latents (runs, genes) and fitness (runs,)."""

    latents: Tensor
    fitness: Tensor

    @classmethod
    def nobody(cls, genomes: Tensor) -> "Best":
        """The best before anyone of genomes (runs, population, genes) was judged: worse than all."""
        return cls(genomes[:, 0], torch.full((len(genomes),), -torch.inf, device=genomes.device))

    def better_of(self, genomes: Tensor, fitness: Tensor) -> "Best":
        """This best, or a population's where that is better."""
        value, index = fitness.max(dim=1)
        latents = genomes[torch.arange(len(index), device=index.device), index]
        better = value > self.fitness
        return Best(torch.where(better[:, None], latents, self.latents), torch.where(better, value, self.fitness))


@dataclass(frozen=True)
class History:
    """One row a generation, the initial population first; every tensor is (generations + 1, runs).

    Args:
        best: best fitness so far.
        generation_best: best fitness in the population.
        mean: mean fitness of the population.
        passes: generator passes so far: individuals that had to be evaluated (a fitness without `rows` sees all).
    """

    best: Tensor
    generation_best: Tensor
    mean: Tensor
    passes: Tensor

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.best)

    @classmethod
    def empty(cls, runs: int, device: str | torch.device) -> "History":
        """A history without rows."""
        nothing = torch.empty(0, runs, device=device)
        return cls(nothing, nothing, nothing, nothing.long())

    @classmethod
    def row(cls, best: Tensor, fitness: Tensor, passes: Tensor) -> "History":
        """The history of one generation: best so far (runs,), fitness (runs, population), passes (runs,)."""
        return cls(best[None], fitness.max(dim=1).values[None], fitness.mean(dim=1)[None], passes[None])

    @classmethod
    def joined(cls, rows: Sequence["History"]) -> "History":
        """Histories one behind the other."""
        return cls(*(torch.cat(parts) for parts in zip(*(vars(row).values() for row in rows), strict=True)))

    def then(self, row: "History") -> "History":
        """This history with another's rows behind it."""
        return History.joined([self, row])

    def frame(self) -> pd.DataFrame:
        """A tidy table with the columns generation, run, best, generation_best, mean, passes."""
        rows, runs = self.best.shape
        index = pd.MultiIndex.from_product([range(rows), range(runs)], names=["generation", "run"])
        columns = {name: values.cpu().flatten().numpy() for name, values in vars(self).items()}
        return pd.DataFrame(columns, index=index).reset_index()


@dataclass(frozen=True)
class State:
    """Everything a search needs to go on, as if it had not been interrupted.

    Args:
        genomes: (runs, population, genes).
        fitness: (runs, population).
        best: the best of each run so far.
        history: up to this generation.
        active: (runs,) bool; a run that met its target or lost its patience no longer changes.
        random: the random generator's state.
    """

    genomes: Tensor
    fitness: Tensor
    best: Best
    history: History
    active: Tensor
    random: Tensor

    @property
    def generation(self) -> int:
        """Generations done; 0 is the initial population."""
        return len(self.history) - 1

    def randomness(self) -> torch.Generator:
        """A generator that draws what comes next."""
        random = torch.Generator(device=self.genomes.device)
        random.set_state(self.random)
        return random

    def stopped(self, target: float | None, patience: int | None, stop: "Stop | None" = None) -> "State":
        """The state with the runs made inactive that reached the target, did not improve for `patience`, or `stop`."""
        active = self.active
        if target is not None:
            active = active & (self.best.fitness < target)
        if patience is not None and self.generation >= patience:
            active = active & (self.history.best[-1] > self.history.best[-1 - patience])
        if stop is not None:
            active = active & ~stop(self)
        return replace(self, active=active)

    def save(self, path: Path) -> None:
        """Write the state as safetensors."""
        tensors = {
            "genomes": self.genomes,
            "fitness": self.fitness,
            "active": self.active,
            "random": self.random,
            **{f"best.{name}": value for name, value in vars(self.best).items()},
            **{f"history.{name}": value for name, value in vars(self.history).items()},
        }
        with files.replacing(path) as partial:
            partial.write_bytes(safetensors.torch.save({name: value.contiguous() for name, value in tensors.items()}))

    @classmethod
    def load(cls, path: Path, device: str | torch.device = "cpu") -> "State":
        """Read a state that `save` wrote; ValueError for a damaged file."""
        try:
            tensors = safetensors.torch.load_file(path)
        except SafetensorError as error:
            raise ValueError(f"{path} is damaged: {error}") from error
        random = tensors.pop("random")  # a generator's state stays on the CPU
        tensors = {name: value.to(device) for name, value in tensors.items()}
        best, history = (
            {name.removeprefix(f"{part}."): value for name, value in tensors.items() if name.startswith(f"{part}.")}
            for part in ("best", "history")
        )
        return cls(tensors["genomes"], tensors["fitness"], Best(**best), History(**history), tensors["active"], random)


Stop = Callable[[State], Tensor]  # which runs have come to their end, bool (runs,)


@dataclass(frozen=True)
class Run:
    """The outcome of a search.

    Args:
        best: the best of each run.
        history: how it came about.
        state: to go on from.
    """

    best: Best
    history: History
    state: State

    @property
    def passes(self) -> Tensor:
        """Generator passes (runs,) that the search took."""
        return self.history.passes[-1]
