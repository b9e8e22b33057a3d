"""The genetic algorithm of all chapters: selection, crossover, mutation, survival on a batch of runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from tqdm.auto import tqdm

from latentlib.checks import Rate, check_at_least, check_rate
from latentlib.chunks import CHUNK
from latentlib.evolution.crossover import Crossover, Uniform
from latentlib.evolution.evaluation import Fitness, evaluate, initial_population, reevaluate
from latentlib.evolution.mutation import Gaussian, Mutation, PerIndividual, Unit, chance
from latentlib.evolution.run import Best, History, Run, State, Stop
from latentlib.evolution.selection import Selection, Tournament
from latentlib.evolution.survival import Generational, Survival

Callback = Callable[[State], Any]


@dataclass(frozen=True)
class GeneticAlgorithm:
    """Evolves populations (runs, population, genes), one run a target, a seed or a cell of a grid.

    A generation draws as many parents as the population has members, mates each pair with probability
    `mating_rate`, mutates with `mutation_rate`, evaluates the children that changed, and lets `survival`
    choose. Children that neither mated nor mutated keep their fitness.

    The defaults follow Jin & Ko 2020, IV-C (population 200, both rates 0.3); the operators, which the
    paper does not name, are the usual ones of a real-valued genome (parameters.md, JK, not stated 6-8).

    Args:
        population: individuals a run, even, at least 2 and at least the tournament's size.
        mating_rate: chance of a pair to exchange genes, in [0, 1]; a number or (runs,).
        mutation_rate: chance of a `mutation_unit` to change, in [0, 1]; a number or (runs,).
        selection: who becomes a parent.
        crossover: what a mating pair's children are.
        mutation: what a changed gene becomes.
        mutation_unit: what the mutation rate counts, individuals or genes.
        survival: who of parents and children lives on.
        immigrants: share of the children replaced by fresh draws from the prior, in [0, 1].
        target: a run stops when its best fitness reaches this.
        patience: a run stops after so many generations without improvement.
        stop: which runs end, bool (runs,), from the state of each generation.
        chunk: most rows of one forward pass.

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

    def __post_init__(self) -> None:
        check_at_least("population", self.population, 2)
        if self.population % 2:
            raise ValueError(f"population must be even, since parents mate in pairs, got {self.population}")
        for rival in (getattr(self.selection, "size", 0), getattr(self.survival, "elites", 0)):
            if rival > self.population:
                raise ValueError(f"population must hold a tournament and its elites ({rival}), got {self.population}")
        for name in ("mating_rate", "mutation_rate", "immigrants"):
            check_rate(name, getattr(self, name))
        check_at_least("chunk", self.chunk, 1)
        if self.patience is not None:
            check_at_least("patience", self.patience, 1)

    def evolve(
        self,
        fitness: Fitness,
        generations: int,
        seed: int = 0,
        *,
        initial: Tensor | None = None,
        state: State | None = None,
        progress: bool = False,
        callback: Callback | None = None,
    ) -> Run:
        """Evolve until the generations are done or every run has stopped.

        Args:
            fitness: maximised; with `runs` and `genes`, or give `initial`.
            generations: to do in all, those of `state` counted in; at least 1.
            seed: of everything random.
            initial: first population (runs, population, genes) float32; else drawn from N(0, 1).
            state: to go on from, instead of seed and initial.
            progress: whether to show a bar.
            callback: called with the state of every generation, the first included.
        """
        check_at_least("generations", generations, 1)
        if state is None:
            state = self.start(fitness, seed, initial)
        else:
            self.check_fits(state.genomes)
        if callback:
            callback(state)
        with tqdm(total=generations, initial=state.generation, disable=not progress, desc="generations") as bar:
            while state.generation < generations and bool(state.active.any()):
                state = self.step(fitness, state)
                bar.update()
                bar.set_postfix(best=f"{float(state.best.fitness.mean()):.4f}", refresh=False)
                if callback:
                    callback(state)
        return Run(state.best, state.history, state)

    def start(self, fitness: Fitness, seed: int = 0, initial: Tensor | None = None) -> State:
        """The evaluated initial population."""
        device = getattr(fitness, "device", "cpu") if initial is None else initial.device
        random = torch.Generator(device=device).manual_seed(seed)
        genomes = initial_population(fitness, self.population, random, initial)
        self.check_fits(genomes)
        values = evaluate(fitness, genomes, self.chunk)
        best = Best.nobody(genomes).better_of(genomes, values)
        everyone = torch.ones(len(genomes), dtype=torch.bool, device=genomes.device)
        history = History.row(best.fitness, values, everyone * self.population)
        state = State(genomes, values, best, history, everyone, random.get_state())
        return state.stopped(self.target, self.patience, self.stop)

    def step(self, fitness: Fitness, state: State) -> State:
        """One generation of all active runs; where all are, the population before may have had another size."""
        random = state.randomness()
        children, changed, inherited = self.vary(state.genomes, state.fitness, random)
        changed &= state.active[:, None]
        values = reevaluate(fitness, children, inherited, changed, self.chunk)
        genomes, survived = self.survival((state.genomes, state.fitness), (children, values))
        if not bool(state.active.all()):
            genomes = torch.where(state.active[:, None, None], genomes, state.genomes)
            survived = torch.where(state.active[:, None], survived, state.fitness)
        best = state.best.better_of(genomes, survived)
        passes = state.history.passes[-1] + changed.sum(dim=1)
        history = state.history.then(History.row(best.fitness, survived, passes))
        state = State(genomes, survived, best, history, state.active, random.get_state())
        return state.stopped(self.target, self.patience, self.stop)

    def vary(self, genomes: Tensor, fitness: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Children of selected parents.

        Returns:
            Children (runs, population, genes); which of them changed, bool (runs, population); and the
            fitness (runs, population) of the parent of each, which holds for those that did not.
        """
        parents = self.selection(fitness, self.population, random)
        rows = torch.arange(len(genomes), device=genomes.device)[:, None]
        children, inherited = genomes[rows, parents], fitness[rows, parents]

        first, second = children[:, 0::2], children[:, 1::2]  # views: what is written to them stands in children
        mated = chance(self.mating_rate, tuple(first.shape[:2]), random)
        first[mated], second[mated] = self.crossover(first[mated], second[mated], random)

        mask = self.mutation_unit(self.mutation_rate, children, random)
        mutated = mask.any(dim=2)
        some = children[mutated]
        children[mutated] = torch.where(mask[mutated], self.mutation(some, random), some)

        changed = mutated | mated.repeat_interleave(2, dim=1)
        if self.immigrants:
            fresh = round(self.immigrants * self.population)
            children[:, :fresh] = torch.randn(children[:, :fresh].shape, generator=random, device=children.device)
            changed[:, :fresh] = True
        return children, changed, inherited

    def check_fits(self, genomes: Tensor) -> None:
        """ValueError unless genomes (runs, population, genes) are as many as the population and the per-run rates."""
        runs, population, _ = genomes.shape
        if population != self.population:
            raise ValueError(f"population is {self.population}, but the state to go on from has {population}")
        for name in ("mating_rate", "mutation_rate"):
            rate = getattr(self, name)
            if isinstance(rate, Tensor) and tuple(rate.shape) != (runs,):
                raise ValueError(f"{name} must be a number or have shape ({runs},), got shape {tuple(rate.shape)}")
