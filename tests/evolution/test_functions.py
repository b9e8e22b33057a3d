"""Plain functions as fitness: of populations, and of one individual at a time."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from toys import Sphere, plain

from latentlib.evolution import GeneticAlgorithm, RandomSearch, from_function
from latentlib.priors import Uniform

CENTRE = np.array([1.0, -1.0, 0.5], dtype=np.float32)


def loss(genome):
    return float(np.square(genome - CENTRE).sum())


def test_a_loss_of_one_individual_is_minimised():
    run = GeneticAlgorithm(40).evolve(from_function(loss, genes=3, runs=2, minimise=True), 40)
    assert np.abs(run.best.latents.numpy() - CENTRE).max() < 0.15
    assert torch.allclose(run.best.fitness, torch.tensor([-loss(one) for one in run.best.latents.numpy()]), atol=1e-5)


def test_it_is_called_once_for_each_individual_that_changed():
    calls = []
    run = GeneticAlgorithm(100).evolve(from_function(lambda genome: calls.append(1) or genome.sum(), 5), 50)
    assert len(calls) == int(run.passes) < 100 * 51


@pytest.mark.parametrize("runs", [1, 3])
def test_a_function_of_populations_sees_only_what_changed_and_what_fills_up_the_runs(runs):
    seen = []

    def fitness(latents):
        seen.append(latents.shape[1])
        return latents.sum(dim=2)

    run = GeneticAlgorithm(100).evolve(fitness, 50, initial=torch.randn(runs, 100, 5))
    assert run.passes.tolist() == [sum(seen)] * runs
    assert sum(seen) < (0.75 if runs == 1 else 0.85) * 5100


def test_a_pool_of_workers_gives_what_one_gives():
    with ThreadPoolExecutor(3) as executor:
        parallel = GeneticAlgorithm(20).evolve(from_function(loss, 3, executor=executor), 10)
    assert parallel == GeneticAlgorithm(20).evolve(from_function(loss, 3), 10)


@pytest.mark.parametrize("value", [1, np.float64(1), np.array(1.0), torch.tensor(1.0), True])
def test_every_kind_of_number_will_do(value):
    assert RandomSearch(4).search(from_function(lambda genome: value, 3), 8).best.fitness.tolist() == [1.0]


@pytest.mark.parametrize(("value", "said"), [(None, "NoneType"), ([1, 2], r"shape \(\), got \(2,\)"), ("x", "str")])
def test_what_is_no_number_is_named(value, said):
    with pytest.raises(ValueError, match=f"fitness must return .*{said}"):
        GeneticAlgorithm(4).evolve(from_function(lambda genome: value, 3), 2)


def test_an_infinite_loss_is_infeasible():
    fitness = from_function(lambda genome: np.inf if genome[0] < 0 else loss(genome), 3, minimise=True)
    run = GeneticAlgorithm(20).evolve(fitness, 20)
    assert run.best.latents[0, 0] >= 0
    assert run.best.fitness.isfinite().all()


def test_its_prior_is_the_searches_prior():
    fitness = from_function(np.sum, 3, prior=Uniform(0.0, 2.0))
    for run in (GeneticAlgorithm(20).evolve(fitness, 30), RandomSearch(20).search(fitness, 60)):
        assert 0 <= float(run.state.genomes.min()) <= float(run.state.genomes.max()) <= 2
    assert GeneticAlgorithm(20).evolve(fitness, 60).best.fitness > 5.5


def zeroing(fitness):
    """The fitness, whose caller finds nothing but noughts where its latents were."""

    def judged(latents):
        values = fitness(latents).clone()
        latents.zero_()
        return values

    return judged


@pytest.mark.parametrize("kind", ["function", "rows", "of one individual"])
def test_a_fitness_that_writes_into_its_input_does_no_harm(kind):
    centres = torch.from_numpy(CENTRE)[None]
    initial = torch.randn(1, 20, 3, generator=torch.Generator().manual_seed(3))
    kept = initial.clone()
    search, fitness = GeneticAlgorithm(20), Sphere(centres)
    expected = search.evolve(Sphere(centres), 10, initial=initial)
    if kind == "function":
        fitness = zeroing(plain(fitness))
    elif kind == "rows":
        honest = Sphere.rows
        fitness.rows = lambda latents, run: zeroing(lambda some: honest(fitness, some, run))(latents)
    else:
        fitness = from_function(lambda genome: (-loss(genome), genome.fill(0))[0], 3)
    run = search.evolve(fitness, 10, initial=initial)
    assert torch.equal(initial, kept)
    assert torch.equal(run.state.genomes, expected.state.genomes)


def test_an_attribute_named_rows_that_is_no_method_is_no_row_fitness():
    class TileMap:
        rows, genes, runs = 14, 5, 1

        def __call__(self, latents):
            return latents.sum(dim=2)

    assert GeneticAlgorithm(10).evolve(TileMap(), 10).best.fitness > 2


def test_a_fitness_of_sets_counts_images_and_keeps_chunks_to_them():
    class Sets(Sphere):
        cost = 50

    fitness = Sets(torch.zeros(2, 6))
    run = GeneticAlgorithm(20, chunk=200).evolve(fitness, 5)
    assert max(fitness.batches) <= 4
    assert torch.equal(run.passes, 50 * fitness.asked)
    assert RandomSearch(20).search(Sets(torch.zeros(2, 6)), 3500).passes.tolist() == [3000, 3000]
    with pytest.raises(ValueError, match="passes must be at least 1000, got 999"):
        RandomSearch(20).search(fitness, 999)
