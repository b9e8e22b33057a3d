"""The map of MAP-Elites: a grid of cells by measures, each of which keeps the fittest individual that fell into it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from latentlib.checks import check_at_least
from latentlib.evolution.history import History
from latentlib.evolution.run import State

NUDGE = 1e-6  # in cells of a unit range: so far below an edge, a measure counts as on it; that of `ribs`


@dataclass(frozen=True, eq=False)
class Archive(State):
    """The state of MAP-Elites: a slot for every elite, in the order in which their cells were filled.

    `genomes` (runs, slots, genes) and `fitness` (runs, slots) are those of the elites. Slots without one, where another
    run has more, have fitness -inf, and their genomes and measures mean nothing.

    Args:
        cells: number (runs, slots) of each elite's cell in the grid, -1 for none.
        measures: of each elite (runs, slots, axes) float64.
    """

    cells: Tensor = field(kw_only=True)
    measures: Tensor = field(kw_only=True)

    @classmethod
    def without_elites(cls, state: State, axes: int) -> "Archive":
        """Return the empty archive for a state whose individuals are not judged yet."""
        runs, slots, device = *state.fitness.shape, state.fitness.device
        cells = torch.full((runs, slots), -1, device=device)
        measures = torch.zeros(runs, slots, axes, dtype=torch.float64, device=device)
        history = History.empty(runs, device, filled=torch.int64)
        return cls(**vars(state) | {"history": history}, cells=cells, measures=measures)

    @property
    def filled(self) -> Tensor:
        """Number of elites (runs,)."""
        return (self.cells >= 0).sum(dim=1)

    def quality_diversity(self, offset: float = 0.0) -> Tensor:
        """Return the QD score (runs,) float64: the sum of all elites' fitness above an offset, the least possible."""
        above = self.fitness.double() - offset
        return above.where(self.cells >= 0, 0.0).sum(dim=1)

    def with_candidates(
        self, run: Tensor, genomes: Tensor, fitness: Tensor, cells: Tensor, measures: Tensor
    ) -> "Archive":
        """Return the archive with the candidates that win a cell: the fittest there, and fitter than its elite.

        Of equally fit candidates for a cell the first wins, and none against an elite that is as fit.

        Args:
            run: which run each candidate belongs to (n,).
            genomes: (n, genes).
            fitness: (n,), all feasible.
            cells: (n,).
            measures: (n, axes).
        """
        first = fittest_of_each(run, cells, fitness)
        at_home = self.cells[run[first]] == cells[first, None]  # (n, slots)
        known, slot = at_home.any(dim=1), at_home.int().argmax(dim=1)
        wins = ~known | (fitness[first] > self.fitness[run[first], slot])
        if not bool(wins.any()):
            return self
        won, known, slot = first[wins], known[wins], slot[wins]
        fresh = run[won[~known]]  # the run of each cell filled for the first time, in ascending order
        added = fresh.bincount(minlength=len(self.cells))
        nth = torch.arange(len(fresh), device=fresh.device) - (added.cumsum(0) - added)[fresh]  # of its run
        slot[~known] = self.filled[fresh] + nth
        slots, where = int((self.filled + added).max()), (run[won], slot)
        return replace(
            self,
            genomes=put(self.genomes, slots, where, genomes[won], 0),
            fitness=put(self.fitness, slots, where, fitness[won], -torch.inf),
            cells=put(self.cells, slots, where, cells[won], -1),
            measures=put(self.measures, slots, where, measures[won], 0),
        )


def fittest_of_each(run: Tensor, cells: Tensor, fitness: Tensor) -> Tensor:
    """Return the index of the fittest candidate for each cell of each run, the first of equals; by run and cell.

    Args:
        run: (n,).
        cells: (n,).
        fitness: (n,).
    """
    order = fitness.argsort(descending=True, stable=True)
    for key in (cells, run):
        order = order[key[order].argsort(stable=True)]
    place = torch.stack([run, cells])[:, order]
    leads = torch.ones_like(order, dtype=torch.bool)
    leads[1:] = (place[:, 1:] != place[:, :-1]).any(dim=0)
    return order[leads]


def put(values: Tensor, slots: int, where: tuple[Tensor, Tensor], new: Tensor, empty: float) -> Tensor:
    """Return values (runs, slots, ...) with as many slots as said, and new ones (n, ...) at runs and slots."""
    missing = max(0, slots - values.shape[1])
    room = values.new_full((len(values), missing, *values.shape[2:]), empty)
    grown = torch.cat([values[:, :slots], room], dim=1)  # a copy: the archive before stays as it is
    grown[where] = new
    return grown


@dataclass(frozen=True)
class Grid:
    """The cells of a map: the range of each measure, cut into equally wide parts.

    Cells are numbered by row, the last axis fastest. Edges are settled as the library `ribs` does: a measure on an edge
    belongs to the cell above, and one outside the range to the outermost cell.

    Args:
        bins: number of parts of each axis, at least 1.
        ranges: least and greatest value of each measure.

    Raises:
        ValueError: for an axis without cells, a range that is empty or not finite, or not one range an axis.
    """

    bins: tuple[int, ...] = (100, 100)
    ranges: tuple[tuple[float, float], ...] = ((0.0, 1.0), (0.0, 1.0))

    def __post_init__(self) -> None:
        told = (self.bins, self.ranges)
        if not all(isinstance(each, Sequence) and each for each in told) or len(self.bins) != len(self.ranges):
            raise ValueError(f"a map needs bins and a range for each axis, got {self.bins} and {self.ranges}")
        for number in self.bins:
            check_at_least("bins", number, 1)
        for ends in self.ranges:
            if not isinstance(ends, Sequence) or len(ends) != 2 or not -math.inf < ends[0] < ends[1] < math.inf:
                raise ValueError(f"range must be finite, from low to high, got {ends}")

    @property
    def cells(self) -> int:
        """Number of cells."""
        return math.prod(self.bins)

    def cells_of(self, measures: Tensor) -> Tensor:
        """Return the number of the cell (n,) of measures (n, axes).

        Raises:
            ValueError: for one that is not finite, or another number of axes.
        """
        if measures.ndim != 2 or measures.shape[1] != len(self.bins):
            raise ValueError(f"measures must be (n, {len(self.bins)}), one for each axis, got {tuple(measures.shape)}")
        bad = ~measures.isfinite().flatten()
        if bool(bad.any()):
            row, axis = divmod(int(bad.nonzero()[0]), len(self.bins))
            raise ValueError(f"measures must be finite, got {float(measures[row, axis])} on axis {axis}")
        place = measures.new_tensor
        low, high = place(self.ranges, dtype=torch.float64).unbind(dim=1)
        bins = place(self.bins, dtype=torch.float64)
        part = ((bins * (measures.double() - low) + NUDGE) / (high - low)).clamp(torch.zeros_like(bins), bins - 1)
        strides = [math.prod(self.bins[axis + 1 :]) for axis in range(len(self.bins))]
        return (part.long() * place(strides, dtype=torch.int64)).sum(dim=1)

    def coverage(self, archive: Archive) -> Tensor:
        """Return the share of cells that hold an elite (runs,) float64."""
        return archive.filled.double() / self.cells

    def heat_map(self, archive: Archive) -> Tensor:
        """Return the fitness of the elite in every cell, a dimension for each axis after the runs; NaN for none."""
        image = archive.fitness.new_full((len(archive.cells), self.cells), torch.nan)
        run, slot = (archive.cells >= 0).nonzero(as_tuple=True)
        image[run, archive.cells[run, slot]] = archive.fitness[run, slot]
        return image.view(-1, *self.bins)
