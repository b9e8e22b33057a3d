"""The genetic algorithm of all chapters: selection, crossover, mutation, survival on a batch of runs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm.auto import tqdm

from latentlib.checks import Rate, check_at_least, check_operator
from latentlib.chunks import CHUNK
from latentlib.evolution.crossover import Crossover, Uniform
from latentlib.evolution.evaluation import Fitness, as_tensor, check_size, checked, cost, initial_population, reevaluate
from latentlib.evolution.mutation import Gaussian, Mutation, PerIndividual, Unit
from latentlib.evolution.resuming import check_judged_by, horizon
from latentlib.evolution.run import Run, State, Stop
from latentlib.evolution.selection import Selection, Tournament, select
from latentlib.evolution.survival import Generational, Survival
from latentlib.evolution.variation import Variation
from latentlib.priors import Prior, prior_of
from latentlib.randomness import seeded
from latentlib.values import ByValue, fingerprint

Callback = Callable[[State], Any]  # a callback that returns True ends the search
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


@dataclass(frozen=True, eq=False)
class GeneticAlgorithm(ByValue):
    """Evolve populations (runs, population, genes); a run is a target, a seed or a cell of a grid.

    A generation draws parents, mates each pair with probability `mating_rate`, mutates the children with
    `mutation_rate`, judges those that changed, and applies `survival`. Children that neither mated nor
    mutated keep their fitness.

    `evolve` runs the whole search. `begin`, `ask` and `tell` are its parts, for a loop of your own. They know no
    fitness, so a prior other than N(0, 1) is an argument of the algorithm::

        state = search.begin(genes=100, seed=0)
        for _ in range(200):
            asked = search.ask(state)
            state = search.tell(state, asked, judge(asked.latents))

    The defaults follow Jin & Ko 2020, IV-C (population 200, both rates 0.3). The paper does not name its
    operators; the defaults are the usual ones for a real-valued genome (parameters.md, JK, not stated 6-8).

    Args:
        population: individuals per run, at least 2 and at least the tournament's size.
        mating_rate: probability that a pair exchanges genes, in [0, 1]; a number or (runs,).
        mutation_rate: probability that a `mutation_unit` changes, in [0, 1]; a number or (runs,).
        selection: chooses the parents.
        crossover: makes two children of a mating pair.
        mutation: proposes new values for the genes that change.
        mutation_unit: what the mutation rate refers to: individuals, genes or blocks.
        survival: chooses the next generation from parents and children.
        immigrants: share of the children replaced by fresh draws from the prior, in [0, 1].
        target: a run stops when its best fitness reaches this value.
        patience: a run stops after this many generations without improvement, at least 1.
        stop: maps the state of each generation to the runs that stop, bool (runs,).
        chunk: largest number of images per forward pass, at least 1.
        offspring: children per generation, at least 1; by default as many as the population.
        prior: distribution of the latents; by default the prior of the fitness, or N(0, 1) if it has none.

    Raises:
        ValueError: for an argument out of range, by name.
    """

    population: int = 200
    mating_rate: Rate = 0.3
    mutation_rate: Rate = 0.3
    selection: Selection = Tournament(3)
    crossover: Crossover = Uniform()
    mutation: Mutation = Gaussian(0.5)
    mutation_unit: Unit = PerIndividual(0.1)
    survival: Survival = Generational(1)
    immigrants: float = 0.0
    target: float | None = None
    patience: int | None = None
    stop: Stop | None = None
    chunk: int = CHUNK
    offspring: int | None = None
    prior: Prior | None = None

    def __post_init__(self) -> None:
        check_at_least("population", self.population, 2)
        for rival in (getattr(self.selection, "size", 0), getattr(self.survival, "elites", 0)):
            if rival > self.population:
                raise ValueError(f"population must hold a tournament and its elites ({rival}), got {self.population}")
        if self.target is not None and self.target != self.target:
            raise ValueError("target must be a number, got nan")
        _ = self.variation  # checks its operators and rates
        for name in ("selection", "survival"):
            check_operator(name, getattr(self, name))
        check_at_least("chunk", self.chunk, 1)
        for name in ("patience", "offspring"):
            if getattr(self, name) is not None:
                check_at_least(name, getattr(self, name), 1)

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
        state: State | None = None,
        progress: bool = False,
        callback: Callback | None = None,
    ) -> Run:
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
        return fingerprint(replace(self, prior=self.variation.prior), *ENDINGS)

    def begin(
        self,
        genes: int | None = None,
        runs: int | None = 1,
        seed: int = 0,
        *,
        initial: Tensor | None = None,
        device: str | torch.device = "cpu",
    ) -> State:
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
        return State.unjudged(genomes, random, self.fingerprint)

    def ask(self, state: State) -> Candidates:
        """Return the individuals to judge next: the first population, then children.

        The same state always gives the same individuals, so they can be judged elsewhere and asked for again.
        """
        random = state.randomness()
        if state.generation < 0:
            everyone = torch.ones_like(state.fitness, dtype=torch.bool)
            return Candidates(state.genomes.clone(), everyone, state.fitness, state.random)
        count = self.population if self.offspring is None else self.offspring
        check_size(len(state.genomes), count, state.genomes.shape[2])
        parents = select(self.selection, state.fitness, count + count % 2, random)  # (runs, count), even: for pairs
        rows = torch.arange(len(parents), device=parents.device)[:, None]
        children, changed = self.variation(state.genomes[rows, parents], random)
        children, changed, parents = children[:, :count], changed[:, :count], parents[:, :count]
        childless = state.fitness.amax(dim=1) == -torch.inf  # (runs,): no individual is feasible
        if bool(childless.any()):
            children[childless] = self.variation.prior.draw(tuple(children[childless].shape), random)
            changed[childless] = True
        inherited = state.fitness.gather(1, parents)
        return Candidates(children, changed & state.active[:, None], inherited, random.get_state())

    def tell(self, state: State, candidates: Candidates, fitness: Any, passes: Tensor | None = None) -> State:
        """Return the next state.

        Args:
            state: the state given to `ask`.
            candidates: the individuals that `ask` returned.
            fitness: (runs, count) of their latents, a tensor or what becomes one; values for unchanged individuals
                are ignored.
            passes: images generated (runs,); by default one per changed individual.

        Raises:
            ValueError: for a fitness of another shape, or that is NaN or +inf.
        """
        told = as_tensor(fitness, tuple(candidates.changed.shape), candidates.latents.device)
        values = checked(torch.where(candidates.changed, told, candidates.inherited))  # (runs, count)
        genomes, spent = candidates.latents, candidates.changed.sum(dim=1) if passes is None else passes
        if state.generation >= 0:
            genomes, values = self.survival((state.genomes, state.fitness), (genomes, values), self.population)
        return state.then(genomes, values, spent, candidates.random).stopped(self.target, self.patience, self.stop)

    def start(self, fitness: Fitness, seed: int = 0, initial: Tensor | None = None) -> State:
        """Return the state with the first population judged."""
        genes, runs = (getattr(fitness, name, None) for name in ("genes", "runs"))
        device, judge = getattr(fitness, "device", "cpu"), getattr(fitness, "fingerprint", "")
        begun = self.begin(genes, runs, seed, initial=initial, device=device)
        return self.step(fitness, replace(begun, judged_by=judge))

    def step(self, fitness: Fitness, state: State) -> State:
        """Return the state one generation on: ask, judge, tell."""
        candidates = self.ask(state)
        values, judged = reevaluate(fitness, candidates.latents, candidates.changed, self.chunk)
        return self.tell(state, candidates, values, judged * cost(fitness))

    def suited_to(self, fitness: Fitness) -> "GeneticAlgorithm":
        """Return the algorithm with the fitness's prior if it has none of its own."""
        return replace(self, prior=prior_of(fitness, self.prior))

    def resumed(self, fitness: Fitness, state: State) -> State:
        """Return a judged state to resume from; raise a ValueError if another algorithm or fitness made it."""
        self.check_fits(state.genomes)
        if state.fingerprint != self.fingerprint:
            raise ValueError("the state was made by another algorithm: give its genomes as initial= instead")
        if state.generation < 0:
            return self.step(fitness, replace(state, judged_by=getattr(fitness, "fingerprint", "")))
        check_judged_by(fitness, state)
        everyone = replace(state, active=torch.ones_like(state.active))  # another target may wake runs that stopped
        return everyone.stopped(self.target, self.patience, self.stop)

    def check_fits(self, genomes: Tensor) -> None:
        """Raise a ValueError unless genomes (runs, population, genes) fit the population size and per-run rates."""
        runs, population, _ = genomes.shape
        if population != self.population:
            raise ValueError(f"population is {self.population}, but the state to go on from has {population}")
        for name in ("mating_rate", "mutation_rate"):
            rate = getattr(self, name)
            if isinstance(rate, Tensor) and tuple(rate.shape) != (runs,):
                raise ValueError(f"{name} must be a number or have shape ({runs},), got shape {tuple(rate.shape)}")


def ends(callback: Callback | None, state: State) -> bool:
    """Return whether a callback ends the search: by True, be it Python's, numpy's or that of a tensor throughout."""
    answer = None if callback is None else callback(state)
    if isinstance(answer, Tensor | np.bool_) and answer.dtype in (torch.bool, np.dtype(bool)):
        return bool(answer.all())
    return answer is True
