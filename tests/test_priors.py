import math

import pytest
import torch
from scipy import stats

from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.fitness import ReconstructionMSE
from latentlib.gradient import GradientDescent
from latentlib.priors import Bounded, Normal, Sphere, Uniform

MEANS, DEVIATIONS = torch.tensor([-2.0, 0.0, 5.0]), torch.tensor([0.1, 1.0, 3.0])
NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        (Normal(), [stats.norm()] * 3),
        (Normal(MEANS, DEVIATIONS), [stats.norm(*pair) for pair in zip(MEANS, DEVIATIONS, strict=True)]),
        (Uniform(), [stats.uniform(-1, 2)] * 3),
        (Uniform(MEANS, MEANS + DEVIATIONS), [stats.uniform(*p) for p in zip(MEANS, DEVIATIONS, strict=True)]),
    ],
    ids=["N(0, 1)", "around given values", "U[-1, 1]", "intervals"],
)
def test_every_gene_has_its_distribution(prior, expected, random):
    drawn = prior.draw((40, 100, 3), random)
    assert drawn.shape == (40, 100, 3)
    assert drawn.dtype == torch.float32
    for column, distribution in zip(drawn.flatten(0, 1).T.numpy(), expected, strict=True):
        assert stats.kstest(column, distribution.cdf).pvalue > 1e-3


def test_a_sphere_has_its_radius_and_no_favourite_direction(random):
    drawn = Sphere(2.0).draw((5000, 3), random)
    assert torch.allclose(drawn.norm(dim=1), torch.tensor(2.0), atol=1e-5)
    for axis in range(3):  # Archimedes: a coordinate on a sphere is uniform
        assert stats.kstest(drawn[:, axis].numpy(), stats.uniform(-2, 4).cdf).pvalue > 1e-3
    assert torch.allclose(Sphere().draw((10, 16), random).norm(dim=1), torch.tensor(4.0), atol=1e-5)


@pytest.mark.parametrize(
    ("prior", "repaired"),
    [
        (Normal(), [3.0, -4.0]),
        (Uniform(-1.0, 1.0), [1.0, -1.0]),
        (Uniform(torch.tensor([0.0, -9.0]), 2.0), [2.0, -4.0]),
        (Sphere(1.0), [0.6, -0.8]),
        (Sphere(), [0.6 * math.sqrt(2), -0.8 * math.sqrt(2)]),
        (Bounded(Normal(), -2.0, 5.0), [3.0, -2.0]),
    ],
    ids=repr,
)
def test_what_leaves_a_prior_goes_to_the_nearest_place_in_it(prior, repaired):
    assert prior.repair(torch.tensor([3.0, -4.0])).tolist() == pytest.approx(repaired)
    inside = prior.repair(torch.tensor([3.0, -4.0]))
    assert torch.allclose(prior.repair(inside), inside)


def test_priors_are_compared_by_content():
    assert Normal(MEANS) == Normal(MEANS.clone()) != Normal(MEANS + 1)
    assert Normal() != Normal(torch.zeros(3))
    assert Bounded(Normal(MEANS), 0, 1) == Bounded(Normal(MEANS.clone()), 0, 1) != Bounded(Normal(), 0, 1)
    assert len({Uniform(), Uniform(), Uniform(0.0, 1.0)}) == 2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Normal(0.0, -1.0), "deviation must be at least 0 and finite, got -1.0"),
        (lambda: Normal(0.0, torch.tensor([1.0, NAN])), "deviation must be at least 0 and finite, got nan"),
        (lambda: Normal(NAN), "mean must be finite, got nan"),
        (lambda: Uniform(1.0, 1.0), "high must be above low and both finite, got 1.0 and 1.0"),
        (lambda: Uniform(0.0, INF), "high must be above low"),
        (lambda: Bounded(Normal(), 0.0, NAN), "high must be above low"),
        (lambda: Sphere(0.0), "radius must be above 0 and finite, got 0.0"),
        (lambda: Sphere(NAN), "radius must be above 0 and finite, got nan"),
    ],
)
def test_what_is_no_prior_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


class Climb:
    """The higher every gene, the better, without end."""

    runs, genes = 2, 5

    def __init__(self, prior):
        self.prior = prior

    def __call__(self, latents):
        return latents.sum(dim=2)


SEARCHES = {
    "evolution": lambda f: GeneticAlgorithm(20, immigrants=0.1).evolve(f, 40),
    "random search": lambda f: RandomSearch(20).search(f, 100),
    "descent": lambda f: GradientDescent("sgd", 0.5, 4).descend(f, 20),
}


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
@pytest.mark.parametrize("prior", [Uniform(0.2, 0.7), Bounded(Normal(0.5, 0.1), 0.2, 0.7)])
def test_every_search_draws_from_the_fitness_s_prior_and_stays_in_it(search, prior):
    run = search(Climb(prior))
    for latents in (run.state.genomes, run.best.latents):
        assert 0.2 <= float(latents.min()) <= float(latents.max()) <= 0.7 + 1e-6


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_without_a_prior_the_first_latents_are_from_the_normal_distribution(search):
    class Plain(Climb):
        prior = Normal()

    expected = search(Plain(Normal()))
    bare = Plain(Normal())
    del bare.prior  # the class's remains: the same thing said once
    assert search(bare).best == expected.best


def test_a_prior_of_the_algorithm_s_own_comes_before_the_fitness_s():
    run = GeneticAlgorithm(20, prior=Uniform(0.0, 1.0)).evolve(Climb(Uniform(5.0, 6.0)), 5)
    assert float(run.state.genomes.max()) <= 1


def test_a_bounded_restoration_finds_targets_that_the_generator_makes_of_its_interval(generator, random):
    prior = Uniform(-1.0, 1.0)
    targets = generator(prior.draw((3, 20), random))
    free, kept = (
        GeneticAlgorithm(60, prior=p).evolve(ReconstructionMSE(generator, targets), 40) for p in (Normal(), prior)
    )
    assert float(kept.state.genomes.abs().max()) <= 1
    assert float(free.state.genomes.abs().max()) > 1
    assert (kept.best.fitness > kept.history.best[0]).all()
