"""The genetic algorithm of all chapters: selection, crossover, mutation, survival on a batch of runs."""

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from latentlib.checks import Rate, check_at_least, check_operator
from latentlib.chunks import CHUNK
from latentlib.evolution.crossover import Crossover, Uniform
from latentlib.evolution.evaluation import Fitness, as_tensor, checked, cost, reevaluate
from latentlib.evolution.mutation import Gaussian, Mutation, PerIndividual, Unit
from latentlib.evolution.run import State, Stop
from latentlib.evolution.search import Candidates, Search
from latentlib.evolution.selection import Selection, Tournament
from latentlib.evolution.survival import Generational, Survival
from latentlib.priors import Prior


@dataclass(frozen=True, eq=False)
class GeneticAlgorithm(Search[State]):
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

    def step(self, fitness: Fitness, state: State) -> State:
        """Return the state one generation on: ask, judge, tell."""
        candidates = self.ask(state)
        values, judged = reevaluate(fitness, candidates.latents, candidates.changed, self.chunk)
        return self.tell(state, candidates, values, judged * cost(fitness))

    def opened(self, state: State) -> State:
        """Return the state as it is: the first population is judged like any other."""
        return state

    def awake(self, state: State) -> State:
        """Return a state to resume from with every run active but those that have stopped; another target may wake."""
        everyone = replace(state, active=torch.ones_like(state.active))
        return everyone.stopped(self.target, self.patience, self.stop)

    def check_fits(self, genomes: Tensor) -> None:
        """Raise a ValueError unless genomes (runs, population, genes) fit the population size and per-run rates."""
        super().check_fits(genomes)
        if genomes.shape[1] != self.population:
            raise ValueError(f"population is {self.population}, but the state to go on from has {genomes.shape[1]}")
