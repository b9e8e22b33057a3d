"""Many children at a time: the map that they fill is distributed as that of one child at a time."""

from functools import cache

import pytest
import torch
from scipy.stats import ks_2samp
from toys import Sphere

from latentlib.evolution import Grid, MapElites, Tournament

RUNS, GENES, FIRST, SETS = 100, 6, 50, 450
GRID = Grid((20, 20), ((-2.0, 2.0), (-2.0, 2.0)))
TOLD = ("best", "filled", "quality")
SURE = 0.01  # of the two-sample test of Kolmogorov and Smirnov


class Placed(Sphere):
    """A sphere whose individuals are placed by their first two genes."""

    def measured(self, latents, run):
        return self.rows(latents, run), latents[:, :2].double()


@cache
def ends(offspring=1, rivals=1, sets=SETS, seed=0):
    """Best fitness, filled cells and quality-diversity score in the end of every run."""
    search = MapElites(GRID, FIRST, mutation_rate=0.2, selection=Tournament(rivals), offspring=offspring)
    run = search.evolve(Placed(torch.ones(RUNS, GENES)), (sets - FIRST) // offspring, seed)
    assert (run.state.passes <= sets).all()
    ended = (run.best.fitness, run.state.filled, run.state.quality_diversity(-100.0))
    return dict(zip(TOLD, (values.double().numpy() for values in ended), strict=True))


def chance(told, **other):
    """How likely two samples differ as much as these, if they are of one distribution."""
    return ks_2samp(ends()[told], ends(**other)[told]).pvalue


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("offspring", [16, 50])
def test_a_map_filled_in_batches_is_distributed_as_one_filled_child_by_child(told, offspring):
    assert chance(told, offspring=offspring, seed=1) > SURE


def test_the_same_test_tells_other_parents_and_fewer_children_apart():
    assert min(chance(told, rivals=8, seed=1) for told in TOLD) < SURE
    assert chance("filled", offspring=50, sets=SETS - 100, seed=1) < SURE
