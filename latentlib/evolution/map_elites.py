"""MAP-Elites (Mouret & Clune 2015): the fittest individual of every kind, by measures that say of which kind it is."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from latentlib.checks import Rate, check_at_least, check_operator
from latentlib.chunks import CHUNK
from latentlib.evolution.archive import Archive, Grid
from latentlib.evolution.crossover import Crossover, Uniform
from latentlib.evolution.evaluation import Measured, as_tensor, checked, cost, measure
from latentlib.evolution.mutation import Mutation, PerGene, Reset, Unit
from latentlib.evolution.run import State
from latentlib.evolution.search import Candidates, Search
from latentlib.evolution.selection import Selection, Tournament, select
from latentlib.priors import Prior


@dataclass(frozen=True, eq=False)
class MapElites(Search[Archive]):
    """Fill a map whose cells each keep the fittest individual that fell into them; children have elites as parents.

    Used like `GeneticAlgorithm`, except that the fitness measures, too (`Measured`; `with_measures` of any fitness of
    images), `tell` takes the measures, and a state is an `Archive`. A generation makes `offspring` children.

    A measure outside the range of its axis counts in the outermost cell there, as in the library `ribs`.

    The defaults follow Fernandes et al. 2020, Table 2: a map of 100 x 100 on [0, 1], random parents, one child at a
    time, uniform crossover of 0.7, and 0.02 of the genes drawn anew.

    Args:
        grid: the cells.
        population: random individuals to begin with, at least 1.
        mating_rate: probability that a pair exchanges genes, in [0, 1]; a number or (runs,).
        mutation_rate: probability that a `mutation_unit` changes, in [0, 1]; a number or (runs,).
        selection: chooses the parents among the elites; a tournament of one is a random choice.
        crossover: makes two children of a mating pair.
        mutation: proposes new values for the genes that change.
        mutation_unit: what the mutation rate refers to: individuals, genes or blocks.
        offspring: children per generation, at least 1; of an odd number, the last pair's second child is dropped.
        chunk: largest number of images per forward pass, at least 1.
        prior: distribution of the latents; by default the prior of the fitness, or N(0, 1) if it has none.

    Raises:
        ValueError, TypeError: for an argument out of range or of another kind, by name.
    """

    grid: Grid = Grid()
    population: int = 50
    mating_rate: Rate = 0.7
    mutation_rate: Rate = 0.02
    selection: Selection = Tournament(1)
    crossover: Crossover = Uniform()
    mutation: Mutation = Reset()
    mutation_unit: Unit = PerGene()
    offspring: int = 1
    chunk: int = CHUNK
    prior: Prior | None = None

    def __post_init__(self) -> None:
        for name in ("population", "offspring", "chunk"):
            check_at_least(name, getattr(self, name), 1)
        _ = self.variation  # checks its operators and rates
        check_operator("selection", self.selection)
        if not isinstance(self.grid, Grid):
            raise TypeError(f"grid must be a Grid, got {self.grid!r}")

    def opened(self, state: State) -> Archive:
        """Return the empty archive, with the first individuals to be judged."""
        return Archive.without_elites(state, len(self.grid.bins))

    def parents(self, state: Archive, count: int, random: torch.Generator) -> Tensor:
        """Return indices of elites (runs, count); each run draws by itself, since one may have more than another."""
        own = zip(state.fitness[:, None], state.filled.tolist(), strict=True)  # (1, slots) each
        return torch.cat([select(self.selection, run[:, : max(1, elites)], count, random) for run, elites in own])

    def tell(
        self, state: Archive, candidates: Candidates, fitness: Any, measures: Tensor, passes: Tensor | None = None
    ) -> Archive:
        """Return the next archive.

        Args:
            state: the archive given to `ask`.
            candidates: the individuals that `ask` returned.
            fitness: (runs, count) of their latents; values for unchanged individuals are ignored.
            measures: (runs, count, axes); those of unchanged and of infeasible individuals are ignored.
            passes: images generated (runs,); by default one per changed individual.

        Raises:
            ValueError: for fitness or measures of another shape; for a fitness that is NaN or +inf, or measures that
                are not finite.
        """
        shape = tuple(candidates.changed.shape)
        told = as_tensor(fitness, shape, candidates.latents.device)
        values = checked(torch.where(candidates.changed, told, candidates.inherited))  # (runs, count)
        if tuple(measures.shape) != (wanted := (*shape, len(self.grid.bins))):
            raise ValueError(f"measures must be of shape {wanted}, got {tuple(measures.shape)}")
        able = candidates.changed & (values > -torch.inf)  # a copy wins nothing
        run, placed = able.nonzero()[:, 0], measures.to(able.device, torch.float64)[able]
        cells = self.grid.cells_of(placed)
        archive = state.with_candidates(run, candidates.latents[able], values[able], cells, placed)
        spent = candidates.changed.sum(dim=1) if passes is None else passes
        return archive.then(archive.genomes, archive.fitness, spent, candidates.random, filled=archive.filled)

    def step(self, fitness: Measured, state: Archive) -> Archive:
        """Return the archive one generation on: ask, judge, tell."""
        if not callable(getattr(fitness, "measured", None)):
            raise TypeError(f"MAP-Elites needs a fitness that measures, see with_measures; got {fitness!r}")
        candidates = self.ask(state)
        axes = len(self.grid.bins)
        values, measures = measure(fitness, candidates.latents, candidates.changed, self.chunk, axes)
        return self.tell(state, candidates, values, measures, candidates.changed.sum(dim=1) * cost(fitness))
