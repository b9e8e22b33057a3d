"""-inf is infeasible: never a parent, never the best, in no mean."""

import pytest
import torch
from toys import Sphere

from latentlib.evolution import Generational, GeneticAlgorithm, RandomSearch, Rank, Roulette, Tournament, Truncation
from latentlib.evolution.selection import select
from latentlib.priors import Uniform

CENTRES = torch.zeros(2, 3)
SELECTIONS = [Tournament(1), Tournament(3), Truncation(1.0), Roulette(-100.0), Rank(1.2)]


class HalfSpace(Sphere):
    """Only where the first gene is positive is anybody feasible."""

    def rows(self, latents, run):
        return super().rows(latents, run).where(latents[:, 0] > 0, -torch.inf)


@pytest.mark.parametrize("selection", SELECTIONS, ids=repr)
def test_the_infeasible_are_never_parents_and_the_feasible_all_can_be(selection, random):
    fitness = torch.randn(3, 12, generator=random)
    fitness[0, ::2] = fitness[1, 1:] = -torch.inf
    chosen = select(selection, fitness, 4000, random)
    assert set(chosen[0].tolist()) == {1, 3, 5, 7, 9, 11}
    assert set(chosen[1].tolist()) == {0}
    assert set(chosen[2].tolist()) == set(range(12))


@pytest.mark.parametrize("selection", SELECTIONS, ids=repr)
@pytest.mark.parametrize("survival", [Generational(0), Generational(1)], ids=repr)
def test_evolution_goes_on_beside_the_infeasible(selection, survival):
    run = GeneticAlgorithm(40, selection=selection, survival=survival).evolve(HalfSpace(CENTRES), 40)
    assert (run.best.latents[:, 0] > 0).all()
    assert (run.best.fitness > -1).all()
    assert run.history.mean.isfinite().all()
    feasible = run.state.fitness > -torch.inf
    means = torch.stack([row[some].mean() for row, some in zip(run.state.fitness, feasible, strict=True)])
    assert torch.allclose(run.history.mean[-1], means)


def test_where_nobody_is_feasible_the_children_are_fresh_draws_until_somebody_is():
    class Corner(Sphere):
        def rows(self, latents, run):
            return super().rows(latents, run).where((latents > 0.6).all(dim=1), -torch.inf)

    search = GeneticAlgorithm(10, mating_rate=0.0, mutation_rate=0.0, prior=Uniform(-1.0, 1.0))
    fitness = Corner(CENTRES)
    initial = torch.full((2, 10, 3), -1.0)
    states = []
    run = search.evolve(fitness, 100, initial=initial, callback=states.append)
    assert states[0].best.fitness.tolist() == [-torch.inf] * 2
    assert states[0].history.mean[0].isnan().all()
    assert (run.best.latents > 0.6).all()
    assert torch.equal(run.passes, fitness.asked)


def test_random_search_finds_the_best_of_the_feasible():
    run = RandomSearch(50).search(HalfSpace(CENTRES), 500)
    assert (run.best.latents[:, 0] > 0).all()
    assert run.best.fitness.isfinite().all()
