from collections import defaultdict

import pytest
import torch
from torch import nn
from toys import Serial, Sphere, flat, plain

from latentlib.evolution import Blend, Generational, GeneticAlgorithm, MuPlusLambda, Rank, Tournament
from latentlib.fitness import ReconstructionMSE

CENTRES = torch.tensor([[1.0, -1.0, 0.5, 0.0], [0.0, 0.0, 0.0, 0.0], [-1.0, 1.0, 1.0, -0.5]])
SMALL = GeneticAlgorithm(population=20)


def rows_in(genomes, known):
    """Whether each genome (n, genes) is one of the known (m, genes), bit by bit."""
    return (genomes[:, None] == known[None]).all(dim=2).any(dim=1)


@pytest.mark.parametrize(
    "algorithm",
    [
        GeneticAlgorithm(population=100),
        GeneticAlgorithm(population=100, crossover=Blend(), selection=Rank(2.0)),
        GeneticAlgorithm(population=100, survival=MuPlusLambda()),
    ],
    ids=["default", "blend and rank", "mu plus lambda"],
)
def test_finds_a_known_optimum(algorithm):
    run = algorithm.evolve(Sphere(CENTRES), generations=60, seed=1)
    assert (run.history.best[0] < -0.05).all()
    assert (run.best.fitness > -0.01).all()
    assert (run.best.latents - CENTRES).abs().max() < 0.1


def test_same_seed_same_result_other_seed_other_result():
    first, again, other = (SMALL.evolve(Sphere(CENTRES), 15, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(first.state.genomes, again.state.genomes)
    assert torch.equal(first.history.mean, again.history.mean)
    assert not torch.equal(first.state.genomes, other.state.genomes)


def test_global_randomness_is_neither_used_nor_moved():
    torch.manual_seed(0)
    before = torch.random.get_rng_state()
    first = SMALL.evolve(Sphere(CENTRES), 5)
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.manual_seed(1)
    assert torch.equal(SMALL.evolve(Sphere(CENTRES), 5).state.genomes, first.state.genomes)


@pytest.mark.parametrize("survival", [Generational(0), Generational(2), MuPlusLambda()], ids=repr)
def test_every_evaluation_is_a_pass_and_no_other_fitness_is_ever_seen(survival):
    given = defaultdict(set)

    class Remembering(Serial):
        def rows(self, latents, run):
            values = super().rows(latents, run)
            for genome, value in zip(latents, values.tolist(), strict=True):
                given[genome.numpy().tobytes()].add(value)
            return values

    fitness = Remembering(CENTRES)
    run = GeneticAlgorithm(population=20, survival=survival).evolve(fitness, 12)
    assert torch.equal(run.passes, fitness.asked)
    assert (run.passes < 20 * 13).all()
    for genome, value in zip(run.state.genomes.flatten(0, 1), run.state.fitness.flatten().tolist(), strict=True):
        assert value in given[genome.numpy().tobytes()]


@pytest.mark.parametrize("kind", ["rows", "function"])
def test_individuals_that_did_not_change_keep_a_fitness_that_would_be_another_now(kind):
    fitness = Serial(CENTRES) if kind == "rows" else plain(Serial(CENTRES))
    algorithm = GeneticAlgorithm(population=20, mating_rate=0.0, mutation_rate=0.1)
    run = algorithm.evolve(fitness, 1, initial=torch.randn(3, 20, 4, generator=torch.Generator().manual_seed(6)))
    changed = int(run.passes.sum()) - 60
    assert 0 < changed < 20
    assert (run.state.fitness < 60).sum() >= 60 - changed  # given to the 60 of the initial population


def test_of_equally_good_individuals_the_first_stays_the_best():
    states = []
    run = SMALL.evolve(flat(), 10, callback=states.append)
    assert torch.equal(run.best.latents, states[0].best.latents)


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_chunks_are_dense_and_never_larger_than_said(chunk):
    fitness = Sphere(CENTRES)
    GeneticAlgorithm(population=50, mating_rate=1.0, chunk=chunk).evolve(fitness, 2)
    assert sum(fitness.batches) == 3 * 3 * 50
    assert max(fitness.batches) <= chunk
    assert len(fitness.batches) == 3 * -(-150 // chunk)
    assert max(fitness.batches) - min(fitness.batches) <= 1


def test_the_size_of_chunks_changes_no_result():
    small, large = (GeneticAlgorithm(population=20, chunk=chunk).evolve(Sphere(CENTRES), 10) for chunk in (3, 500))
    assert torch.equal(small.state.genomes, large.state.genomes)


def test_the_largest_forward_pass_is_bounded_by_the_chunk_whatever_population_and_runs():
    class Fake(nn.Module):
        latent_size, largest = 6, 0

        def forward(self, latents):
            self.largest = max(self.largest, len(latents))
            return latents[:, :4].sigmoid().view(-1, 1, 2, 2)

    fake = Fake().eval()
    fitness = ReconstructionMSE(fake, torch.rand(8, 1, 2, 2, generator=torch.Generator().manual_seed(0)))
    GeneticAlgorithm(population=100, chunk=64).evolve(fitness, 3)
    assert 32 < fake.largest <= 64


def test_one_run_alone():
    run = SMALL.evolve(Sphere(CENTRES[:1]), 30)
    assert run.best.latents.shape == (1, 4)
    assert run.best.fitness.shape == run.passes.shape == (1,)
    assert run.best.fitness > run.history.best[0] + 0.1


def test_a_plain_function_and_its_row_form_evolve_alike():
    initial = torch.randn(3, 20, 4, generator=torch.Generator().manual_seed(2))
    by_rows = SMALL.evolve(Sphere(CENTRES), 10, initial=initial)
    as_function = SMALL.evolve(plain(Sphere(CENTRES)), 10, initial=initial)
    assert torch.equal(by_rows.state.genomes, as_function.state.genomes)
    assert torch.equal(by_rows.history.best, as_function.history.best)


def test_a_given_initial_population_is_where_evolution_starts_and_stays_as_it_is():
    initial = 5 + torch.randn(3, 20, 4, generator=torch.Generator().manual_seed(2))
    kept, states = initial.clone(), []
    SMALL.evolve(Sphere(CENTRES), 3, initial=initial, callback=states.append)
    assert torch.equal(states[0].genomes, kept)
    assert torch.equal(initial, kept)


def test_the_callback_sees_every_generation_once():
    states = []
    run = SMALL.evolve(Sphere(CENTRES), 7, callback=states.append)
    assert [state.generation for state in states] == list(range(8))
    means = torch.stack([state.fitness.mean(dim=1) for state in states])
    assert torch.equal(run.history.mean, means)
    assert torch.equal(run.history.generation_best, torch.stack([state.fitness.amax(dim=1) for state in states]))


def test_the_history_is_a_tidy_table_of_every_generation_and_run():
    run = SMALL.evolve(Sphere(CENTRES), 7)
    frame = run.history.frame()
    assert list(frame.columns) == ["generation", "run", "best", "generation_best", "mean", "passes"]
    assert len(frame) == 8 * 3
    row = frame[(frame["generation"] == 4) & (frame["run"] == 2)].iloc[0]
    assert row["best"] == pytest.approx(float(run.history.best[4, 2]))
    assert row["passes"] == int(run.history.passes[4, 2])


@pytest.mark.parametrize("elites", [0, 1, 5])
def test_the_best_so_far_never_falls_and_belongs_to_its_latents(elites):
    fitness = Sphere(CENTRES)
    run = GeneticAlgorithm(population=20, survival=Generational(elites)).evolve(fitness, 25)
    assert (run.history.best.diff(dim=0) >= 0).all()
    assert torch.equal(run.history.best, run.history.generation_best.cummax(dim=0).values)
    assert torch.equal(run.best.fitness, run.history.best[-1])
    assert torch.allclose(fitness(run.best.latents[:, None])[:, 0], run.best.fitness, atol=1e-6)
    assert (run.history.passes.diff(dim=0) >= 0).all()


def test_elites_keep_the_best_of_a_generation_and_their_lack_loses_it():
    drops = {}
    for elites in (0, 1):
        algorithm = GeneticAlgorithm(population=20, mutation_rate=1.0, survival=Generational(elites))
        drops[elites] = (algorithm.evolve(Sphere(CENTRES), 25).history.generation_best.diff(dim=0) < 0).sum()
    assert drops[1] == 0 < drops[0]


def test_selection_without_variation_fills_the_population_with_the_best():
    algorithm = GeneticAlgorithm(population=20, mating_rate=0.0, mutation_rate=0.0, selection=Tournament(5))
    run = algorithm.evolve(Sphere(CENTRES), 15)
    assert torch.equal(run.state.genomes, run.best.latents[:, None].expand(3, 20, 4))
    assert torch.equal(run.passes, torch.full((3,), 20))


@pytest.mark.parametrize(("share", "fresh"), [(0.1, 2), (0.5, 10), (1.0, 20)])
def test_immigrants_are_their_share_of_fresh_draws_from_the_prior(share, fresh):
    initial = torch.full((3, 20, 4), 50.0) + torch.arange(20)[None, :, None]
    algorithm = GeneticAlgorithm(20, 0.0, 0.0, survival=Generational(0), immigrants=share)
    run = algorithm.evolve(Sphere(CENTRES), 1, initial=initial)
    new = ~rows_in(run.state.genomes.flatten(0, 1), initial[0])
    assert torch.equal(new.view(3, 20).sum(dim=1), torch.full((3,), fresh))
    assert torch.equal(run.passes, torch.full((3,), 20 + fresh))
    drawn = run.state.genomes.flatten(0, 1)[new]
    assert abs(drawn.mean()) < 0.4
    assert 0.7 < drawn.std() < 1.3


def test_nothing_but_immigrants_is_a_new_population_every_generation():
    algorithm = GeneticAlgorithm(20, immigrants=1.0, survival=Generational(0))
    states = []
    run = algorithm.evolve(Sphere(CENTRES), 4, callback=states.append)
    assert torch.equal(run.passes, torch.full((3,), 5 * 20))
    assert not rows_in(states[-1].genomes.flatten(0, 1), states[-2].genomes.flatten(0, 1)).any()
