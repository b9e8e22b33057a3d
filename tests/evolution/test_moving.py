"""A goal that moves: everyone who can survive is judged by the goal of the day."""

import pytest
import torch
from toys import Sphere

from latentlib.evolution import (
    Generational,
    GeneticAlgorithm,
    MuPlusLambda,
    RandomSearch,
    State,
    Tournament,
    Uniform,
    moved,
)

CENTRES = torch.tensor([[1.0, -1.0, 0.5, 0.0], [0.0, 0.0, 0.0, 0.0]])
NEAR, FAR = Sphere(CENTRES), Sphere(CENTRES + 3)


@pytest.mark.parametrize(
    ("survival", "offspring", "staying"),
    [
        (Generational(0), None, 0),
        (Generational(2), None, 2),
        (Generational(1), 5, 15),
        (Generational(0), 60, 0),
        (MuPlusLambda(), None, 20),
        (MuPlusLambda(), 60, 20),
    ],
)
def test_whoever_survives_has_the_fitness_of_the_day(survival, offspring, staying):
    search = GeneticAlgorithm(20, mating_rate=0.2, mutation_rate=0.2, survival=survival, offspring=offspring)
    state = moved(search, NEAR, search.begin(genes=4, runs=2, seed=1))
    assert torch.allclose(state.fitness, Sphere(CENTRES)(state.genomes))
    for goal in (FAR, NEAR, FAR):
        before, goal.batches = state, []
        state = moved(search, goal, state)
        assert torch.allclose(state.fitness, Sphere(goal.centres)(state.genomes))
        assert torch.equal(state.best.fitness, state.fitness.amax(dim=1))
        judged = (offspring or 20) + staying
        assert sum(goal.batches) == 2 * judged
        assert (state.passes - before.passes).tolist() == [judged] * 2
        assert state.generation == before.generation + 1


def test_elites_that_were_lucky_go():
    """Under a goal that is far away, the best by the goal before are not kept by a plus strategy."""
    search = GeneticAlgorithm(20, survival=MuPlusLambda())
    state = moved(search, NEAR, search.begin(genes=4, runs=2, seed=1))
    for _ in range(60):
        state = moved(search, FAR, state)
    assert bool((state.best.fitness > -2).all())
    for _ in range(60):
        state = moved(search, NEAR, state)
    assert bool((state.best.fitness > -2).all())


def test_under_a_goal_that_stays_it_is_evolution_without_inheritance():
    """With every child changed, nothing is inherited: the same run as `evolve`, whose elites keep their fitness."""
    search = GeneticAlgorithm(20, mating_rate=1.0, mutation_rate=1.0, survival=Generational(2))
    state = search.begin(genes=4, runs=2, seed=5)
    for _ in range(10):
        state = moved(search, NEAR, state)
    expected = search.evolve(Sphere(CENTRES), 9, seed=5).state
    assert torch.allclose(state.genomes, expected.genomes)
    assert torch.allclose(state.fitness, expected.fitness)


def test_only_immigrants_are_random_search_that_keeps_its_best():
    search = GeneticAlgorithm(
        20, immigrants=1.0, survival=Generational(1), selection=Tournament(1), crossover=Uniform()
    )
    state = search.begin(genes=4, runs=2, seed=5)
    best = []
    for _ in range(30):
        state = moved(search, NEAR, state)
        best.append(state.best.fitness)
    best = torch.stack(best)
    assert bool((best.diff(dim=0) >= 0).all()), "it keeps its best"
    found = RandomSearch(20).search(Sphere(CENTRES), 600, seed=5).best.fitness
    assert torch.allclose(best[-1], found, atol=1.0), "and is no better than luck"


def test_a_saved_state_goes_on_the_same_way(tmp_path):
    search = GeneticAlgorithm(20)
    state = moved(search, NEAR, search.begin(genes=4, runs=2, seed=1))
    state = moved(search, FAR, state)
    state.save(tmp_path / "state.safetensors")
    assert moved(search, NEAR, State.load(tmp_path / "state.safetensors")) == moved(search, NEAR, state)
