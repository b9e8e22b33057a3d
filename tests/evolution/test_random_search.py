import pytest
import torch
from scipy import stats
from toys import Sphere

from latentlib.evolution import GeneticAlgorithm, RandomSearch

CENTRES = torch.tensor([[1.0, -1.0, 0.5], [0.0, 0.0, 0.0]])


class Recording(Sphere):
    """Keeps everything it was asked."""

    def __init__(self, centres):
        super().__init__(centres)
        self.seen = []

    def rows(self, latents, run):
        values = super().rows(latents, run)
        self.seen += zip(run.tolist(), values.tolist(), map(tuple, latents.tolist()), strict=True)
        return values


@pytest.mark.parametrize(("passes", "spent"), [(20, 20), (59, 40), (60, 60)])
def test_passes_are_spent_in_whole_populations(passes, spent):
    fitness = Sphere(CENTRES)
    run = RandomSearch(population=20).search(fitness, passes)
    assert fitness.asked.tolist() == run.passes.tolist() == [spent, spent]
    assert run.history.passes[:, 0].tolist() == list(range(20, spent + 1, 20))


def test_the_best_is_the_best_of_all_draws():
    fitness = Recording(CENTRES)
    run = RandomSearch(population=20).search(fitness, 100)
    for number in range(2):
        value, latents = max((value, latents) for r, value, latents in fitness.seen if r == number)
        assert float(run.best.fitness[number]) == value
        assert tuple(run.best.latents[number].tolist()) == latents
    assert len({latents for _, _, latents in fitness.seen}) == 200


def test_draws_come_from_the_prior():
    fitness = Recording(CENTRES)
    RandomSearch(population=100).search(fitness, 2000)
    genes = torch.tensor([latents for _, _, latents in fitness.seen]).flatten()
    assert stats.kstest(genes.numpy(), stats.norm.cdf).pvalue > 1e-3


def test_the_best_of_n_is_distributed_as_the_largest_of_n():
    fitness = Sphere(torch.zeros(800, 1))  # chi-square with one degree of freedom, negated
    best = RandomSearch(population=5).search(fitness, 20).best.fitness
    share = stats.chi2(1).sf(-best.numpy())  # uniform for one draw, Beta(20, 1) for the best of 20
    assert stats.kstest(share, stats.beta(20, 1).cdf).pvalue > 1e-3


def test_the_seed_decides_and_the_chunk_does_not():
    first, again, other = (
        RandomSearch(20, chunk).search(Sphere(CENTRES), 60, s) for chunk, s in ((7, 0), (200, 0), (7, 1))
    )
    assert torch.equal(first.best.latents, again.best.latents)
    assert not torch.equal(first.best.latents, other.best.latents)


def test_evolution_beats_it_at_equal_passes():
    centres = torch.full((4, 12), 1.0)
    evolved = GeneticAlgorithm(50).evolve(Sphere(centres), 40)
    drawn = RandomSearch(50).search(Sphere(centres), int(evolved.passes.max()))
    assert (evolved.best.fitness > drawn.best.fitness + 1).all()
    assert (drawn.history.best.diff(dim=0) >= 0).all()
