"""A loop of one's own: ask, judge, tell."""

import numpy as np
import pytest
import torch
from toys import Sphere, flat, plain

from latentlib.evolution import Generational, GeneticAlgorithm, MuPlusLambda, PerGene, Tournament, Truncation
from latentlib.priors import Uniform

CENTRES = torch.tensor([[1.0, -1.0, 0.5, 0.0], [0.0, 0.0, 0.0, 0.0]])
ALGORITHMS = [
    GeneticAlgorithm(20),
    GeneticAlgorithm(21, mating_rate=1.0, offspring=5),
    GeneticAlgorithm(20, immigrants=0.3, survival=MuPlusLambda(), target=-0.2),
    GeneticAlgorithm(20, mutation_unit=PerGene(), selection=Truncation(0.3), survival=Generational(0), offspring=60),
]


@pytest.mark.parametrize("search", ALGORITHMS)
def test_a_loop_of_ones_own_is_evolve_bit_by_bit(search):
    fitness = Sphere(CENTRES)
    state = search.begin(genes=4, runs=2, seed=7)
    for _ in range(16):
        asked = search.ask(state)
        state = search.tell(state, asked, fitness(asked.latents))
        if not bool(state.active.any()):
            break
    assert state == search.evolve(Sphere(CENTRES), 15, seed=7).state


def test_asking_twice_asks_for_the_same():
    search = GeneticAlgorithm(20)
    state = search.start(Sphere(CENTRES))
    first, again = search.ask(state), search.ask(state)
    assert torch.equal(first.latents, again.latents)
    assert torch.equal(first.changed, again.changed)


def test_what_is_told_of_copies_is_not_read():
    search = GeneticAlgorithm(20, mating_rate=0.1, mutation_rate=0.1)
    state = search.start(Sphere(CENTRES))
    asked = search.ask(state)
    values = Sphere(CENTRES)(asked.latents)
    assert (~asked.changed).sum() > 10
    assert search.tell(state, asked, values.where(asked.changed, 1000.0)) == search.tell(state, asked, values)


def test_a_person_judges_a_grid_of_nine():
    """Three by three pictures, of which somebody likes one; nine is odd, so one child of a generation never mates."""
    search = GeneticAlgorithm(9, mating_rate=1.0, mutation_rate=1.0)
    state = search.begin(genes=4, seed=1)
    for _ in range(40):
        asked = search.ask(state)
        likes = (asked.latents - CENTRES[0]).square().sum(dim=2).argmin(dim=1)
        state = search.tell(state, asked, torch.nn.functional.one_hot(likes, 9).float())
    assert (state.genomes[0] - CENTRES[0]).square().sum(dim=1).min() < 0.3


@pytest.mark.parametrize("population", [2, 3, 9, 33])
@pytest.mark.parametrize("offspring", [1, 2, 7])
@pytest.mark.parametrize("survival", [Generational(1), MuPlusLambda()])
def test_any_number_of_offspring_keeps_the_population_and_counts_its_passes(population, offspring, survival):
    fitness = Sphere(CENTRES)
    search = GeneticAlgorithm(
        population, 1.0, 1.0, Tournament(2), survival=survival, offspring=offspring, mutation_unit=PerGene()
    )
    run = search.evolve(fitness, 30)
    assert run.state.genomes.shape == (2, population, 4)
    assert torch.equal(run.passes, fitness.asked)
    assert torch.equal(run.passes, torch.full((2,), population + 30 * offspring))


def test_a_steady_state_with_one_child_replaces_the_worst_and_finds_the_optimum():
    search = GeneticAlgorithm(30, mating_rate=1.0, mutation_rate=1.0, offspring=1)
    states = []
    run = search.evolve(Sphere(CENTRES), 1500, seed=2, callback=states.append)
    assert (run.best.fitness > -0.02).all()
    before, after = states[10], states[11]
    kept = (after.genomes[:, :, None] == before.genomes[:, None]).all(dim=3).any(dim=2).sum(dim=1)
    assert (kept >= 29).all()


def test_one_child_has_two_parents():
    search = GeneticAlgorithm(2, mating_rate=1.0, mutation_rate=0.0, selection=Tournament(1), offspring=1)
    state = search.start(flat(runs=1, genes=40), initial=torch.stack([torch.zeros(40), torch.ones(40)])[None])
    mixed = []
    for _ in range(20):
        mixed.append(search.ask(state).latents[0, 0].unique().numel())
        state = search.tell(state, search.ask(state), torch.full((1, 1), -1.0))
    assert 2 in mixed


def test_a_callback_that_returns_true_ends_the_search():
    run = GeneticAlgorithm(20).evolve(Sphere(CENTRES), 30, callback=lambda state: state.generation == 4)
    assert run.state.generation == 4
    assert GeneticAlgorithm(20).evolve(Sphere(CENTRES), 30, callback=lambda state: True).state.generation == 0
    assert GeneticAlgorithm(20).evolve(Sphere(CENTRES), 5, callback=lambda state: 1).state.generation == 5


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError("broken"), ValueError("wrong")])
def test_an_interruption_leaves_the_outcome_so_far_and_the_search_goes_on_from_it(error):
    search, calls = GeneticAlgorithm(20), []

    def interrupted(latents):
        calls.append(1)
        if len(calls) == 9:
            raise error
        return Sphere(CENTRES)(latents)

    initial = torch.randn(2, 20, 4, generator=torch.Generator().manual_seed(0))
    with pytest.raises(type(error) if isinstance(error, Exception) else error) as caught:
        search.evolve(interrupted, 20, initial=initial)
    run = caught.value.run
    assert run.state.generation == 7
    assert caught.value.__notes__ == ["the outcome after generation 7 is this exception's `run`"]
    resumed = search.evolve(plain(Sphere(CENTRES)), 20, state=run.state)
    assert resumed == search.evolve(plain(Sphere(CENTRES)), 20, initial=initial)


@pytest.mark.parametrize(
    "answer", [torch.tensor(True), np.True_, torch.tensor([True, True])], ids=["0-d", "numpy", "runs"]
)
def test_a_callback_ends_the_search_by_a_comparison_of_tensors_too(answer):
    assert GeneticAlgorithm(20).evolve(Sphere(CENTRES), 5, callback=lambda state: answer).state.generation == 0
    assert GeneticAlgorithm(20).evolve(Sphere(CENTRES), 5, callback=lambda state: ~answer).state.generation == 5


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (torch.full((2, 20), torch.nan), "fitness must be finite or -inf, got nan for individual 0 of run 0"),
        (torch.full((2, 20), torch.inf), "fitness must be finite or -inf, got inf"),
        (torch.zeros(1, 1), r"fitness must return shape \(2, 20\), got \(1, 1\)"),
        (torch.zeros(20), r"fitness must return shape \(2, 20\), got \(20,\)"),
        ("no numbers", r"fitness must return a tensor of shape \(2, 20\), got str"),
    ],
)
def test_what_is_told_is_checked(told, message):
    search = GeneticAlgorithm(20)
    state = search.begin(genes=4, runs=2)
    with pytest.raises(ValueError, match=message):
        search.tell(state, search.ask(state), told)
    with pytest.raises(ValueError, match=message):
        search.start(Sphere(CENTRES)).reassessed(told)


def test_arrays_and_numbers_of_other_kinds_are_told_as_float32():
    search = GeneticAlgorithm(20)
    state = search.begin(genes=4, runs=2)
    asked = search.ask(state)
    values = Sphere(CENTRES)(asked.latents)
    expected = search.tell(state, asked, values)
    for other in (values.numpy(), values.double(), values.tolist(), values.clone().requires_grad_()):
        found = search.tell(state, asked, other)
        assert found == expected
        assert not found.fitness.requires_grad


def test_a_judge_that_writes_into_the_first_population_does_no_harm():
    search = GeneticAlgorithm(20)
    state = search.begin(genes=4, runs=2)
    before = state.genomes.clone()
    search.ask(state).latents.zero_()
    assert torch.equal(state.genomes, before)
    assert search.ask(state) == search.ask(state)


def test_the_loop_of_ones_own_keeps_to_the_prior_of_its_algorithm():
    search, fitness = GeneticAlgorithm(20, prior=Uniform(-1.0, 1.0)), Sphere(CENTRES)
    state = search.begin(genes=4, runs=2, seed=7)
    for _ in range(9):
        asked = search.ask(state)
        state = search.tell(state, asked, fitness(asked.latents))
    assert state == search.evolve(Sphere(CENTRES), 8, seed=7).state
    assert float(state.genomes.abs().max()) <= 1


def test_an_interruption_by_the_first_callback_leaves_the_first_population():
    def interrupt(state):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        GeneticAlgorithm(20).evolve(Sphere(CENTRES), 5, callback=interrupt)
    assert caught.value.run.state.generation == 0
