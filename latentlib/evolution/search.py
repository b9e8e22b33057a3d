"""What all evolutionary searches share: ask, judge, tell, in a loop that stops, resumes and can be watched."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar

import numpy as np
import torch
from torch import Tensor
from tqdm.auto import tqdm

from latentlib.checks import Rate
from latentlib.evolution.crossover import Crossover
from latentlib.evolution.evaluation import Fitness, check_size, initial_population
from latentlib.evolution.mutation import Mutation, Unit
from latentlib.evolution.resuming import check_judged_by, horizon
from latentlib.evolution.run import Run, State
from latentlib.evolution.selection import Selection, select
from latentlib.evolution.variation import Variation
from latentlib.priors import Prior, prior_of
from latentlib.randomness import seeded
from latentlib.values import ByValue, fingerprint

S = TypeVar("S", bound=State)
Callback = Callable[[S], Any]  # a callback that returns True ends the search
ENDINGS = ("target", "patience", "stop", "chunk")  # may differ when a search is resumed: they affect no generation


@dataclass(frozen=True, eq=False)
class Candidates(ByValue):
    """Individuals to be judged.

    Args:
        latents: (runs, count, genes).
        changed: bool (runs, count); the others are copies of a parent and keep its fitness.
        inherited: fitness (runs, count) of the parents.
        random: state of the random generator after drawing them.
    """

    latents: Tensor
    changed: Tensor
    inherited: Tensor
    random: Tensor


class Search(ByValue, ABC, Generic[S]):
    """Evolve by steps: children of the individuals in a state are judged and make the next state.

    It is the base of `GeneticAlgorithm` and `MapElites`, which are dataclasses with the settings below and say what
    becomes of children (`tell`, `step`).
    """

    population: int
    mating_rate: Rate
    mutation_rate: Rate
    selection: Selection
    crossover: Crossover
    mutation: Mutation
    mutation_unit: Unit
    chunk: int
    offspring: int | None
    prior: Prior | None
    immigrants: float = 0.0

    @abstractmethod
    def opened(self, state: State) -> S:
        """Return the state of this search from one whose individuals are not judged yet."""

    @abstractmethod
    def step(self, fitness: Any, state: S) -> S:
        """Return the state one generation on: ask, judge, tell."""

    def parents(self, state: S, count: int, random: torch.Generator) -> Tensor:
        """Return indices of parents (runs, count)."""
        return select(self.selection, state.fitness, count, random)

    def awake(self, state: S) -> S:
        """Return a state to resume from."""
        return state

    @property
    def variation(self) -> Variation:
        """Crossover and mutation as one value."""
        return Variation(
            self.mating_rate,
            self.mutation_rate,
            self.crossover,
            self.mutation,
            self.mutation_unit,
            prior_of(None, self.prior),
            self.immigrants,
        )

    def evolve(  # noqa: PLR0913  # the main entry point of the library
        self,
        fitness: Fitness,
        generations: int | None = None,
        seed: int = 0,
        *,
        more: int | None = None,
        initial: Tensor | None = None,
        state: S | None = None,
        progress: bool = False,
        callback: Callback[S] | None = None,
    ) -> Run[S]:
        """Evolve until the generations are done, every run has stopped, or the callback ends it.

        An exception after the first population is judged, Ctrl-C included, carries the outcome so far as its
        attribute `run`.

        Args:
            fitness: maximised; with `runs` and `genes`, or give `initial`.
            generations: total number of generations, including those of `state`; at least 1. Give this or `more`.
            seed: seed of all random draws, in [0, 2^32).
            more: number of generations after those of `state`, at least 1.
            initial: first population (runs, population, genes) float32; by default drawn from the prior.
            state: state to resume from, instead of seed and initial. The best of each run is judged once more.
            progress: whether to show a progress bar.
            callback: called with the state of every generation, the first included; returns True to end the search.

        Raises:
            ValueError: for an argument out of range; for a state made by another algorithm or fitness.
        """
        last = horizon(generations, more, state)
        search = self.suited_to(fitness)
        state = search.start(fitness, seed, initial) if state is None else search.resumed(fitness, state)
        with tqdm(total=last, initial=state.generation, disable=not progress, desc="generations") as bar:
            try:
                ended = ends(callback, state)
                while not ended and state.generation < last and bool(state.active.any()):
                    state = search.step(fitness, state)
                    bar.update()
                    bar.set_postfix(best=f"{float(state.best.fitness.mean()):.4f}", refresh=False)
                    ended = ends(callback, state)
            except BaseException as error:
                error.run = Run.of(state)  # type: ignore[attr-defined]
                error.add_note(f"the outcome after generation {state.generation} is this exception's `run`")
                raise
        return Run.of(state)

    @property
    def fingerprint(self) -> str:
        """Digest of all settings that affect a generation; identifies the algorithm that made a state."""
        return fingerprint(self.within(self.variation.prior), *ENDINGS)

    def begin(
        self,
        genes: int | None = None,
        runs: int | None = 1,
        seed: int = 0,
        *,
        initial: Tensor | None = None,
        device: str | torch.device = "cpu",
    ) -> S:
        """Return the state before any individual is judged; call `ask` for its population next.

        Args:
            genes: number of genes of a latent vector; None to take it from the initial population.
            runs: number of independent evolutions; None to take it from the initial population.
            seed: seed of all random draws, in [0, 2^32).
            initial: first population (runs, population, genes) float32; by default drawn from the prior.
            device: device on which latents are drawn.
        """
        random = seeded(seed, device if initial is None else torch.as_tensor(initial).device)
        genomes = initial_population((runs, self.population, genes), random, self.variation.prior, initial)
        self.check_fits(genomes)
        return self.opened(State.unjudged(genomes, random, self.fingerprint))

    def ask(self, state: S) -> Candidates:
        """Return the individuals to judge next: the first population, then children.

        The same state always gives the same individuals, so they can be judged elsewhere and asked for again.
        """
        random = state.randomness()
        if state.generation < 0:
            everyone = torch.ones_like(state.fitness, dtype=torch.bool)
            return Candidates(state.genomes.clone(), everyone, state.fitness, state.random)
        count = self.population if self.offspring is None else self.offspring
        check_size(len(state.genomes), count, state.genomes.shape[2])
        parents = self.parents(state, count + count % 2, random)  # (runs, count), even: for pairs
        rows = torch.arange(len(parents), device=parents.device)[:, None]
        children, changed = self.variation(state.genomes[rows, parents], random)
        children, changed, parents = children[:, :count], changed[:, :count], parents[:, :count]
        childless = state.fitness.amax(dim=1) == -torch.inf  # (runs,): no individual is feasible
        if bool(childless.any()):
            children[childless] = self.variation.prior.draw(tuple(children[childless].shape), random)
            changed[childless] = True
        inherited = state.fitness.gather(1, parents)
        return Candidates(children, changed & state.active[:, None], inherited, random.get_state())

    def start(self, fitness: Fitness, seed: int = 0, initial: Tensor | None = None) -> S:
        """Return the state with the first population judged."""
        genes, runs = (getattr(fitness, name, None) for name in ("genes", "runs"))
        device, judge = getattr(fitness, "device", "cpu"), getattr(fitness, "fingerprint", "")
        begun = self.begin(genes, runs, seed, initial=initial, device=device)
        return self.step(fitness, replace(begun, judged_by=judge))

    def suited_to(self, fitness: Any) -> Self:
        """Return the algorithm with the fitness's prior if it has none of its own."""
        return self.within(prior_of(fitness, self.prior))

    def within(self, prior: Prior) -> Self:
        """Return the algorithm with another prior."""
        return replace(self, prior=prior)  # type: ignore[type-var]  # every search is a dataclass

    def resumed(self, fitness: Fitness, state: S) -> S:
        """Return a judged state to resume from; raise a ValueError if another algorithm or fitness made it."""
        self.check_fits(state.genomes)
        if state.fingerprint != self.fingerprint:
            raise ValueError("the state was made by another algorithm: give its genomes as initial= instead")
        if state.generation < 0:
            return self.step(fitness, replace(state, judged_by=getattr(fitness, "fingerprint", "")))
        check_judged_by(fitness, state)
        return self.awake(state)

    def check_fits(self, genomes: Tensor) -> None:
        """Raise a ValueError unless rates that differ between runs are as many as those of genomes (runs, n, genes)."""
        for name in ("mating_rate", "mutation_rate"):
            rate = getattr(self, name)
            if isinstance(rate, Tensor) and tuple(rate.shape) != (len(genomes),):
                raise ValueError(
                    f"{name} must be a number or have shape ({len(genomes)},), got shape {tuple(rate.shape)}"
                )


def ends(callback: Callback[S] | None, state: S) -> bool:
    """Return whether a callback ends the search: by True, be it Python's, numpy's or that of a tensor throughout."""
    answer = None if callback is None else callback(state)
    if isinstance(answer, Tensor | np.bool_) and answer.dtype in (torch.bool, np.dtype(bool)):
        return bool(answer.all())
    return answer is True
