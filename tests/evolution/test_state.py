import pytest
import torch
from toys import Sphere, flat, plain

from latentlib.evolution import GeneticAlgorithm, State

CENTRES = torch.tensor([[1.0, -1.0, 0.5], [6.0, 6.0, 6.0]])


def assert_same(first, second):
    for name, values in vars(first).items():
        if name in ("best", "history"):
            assert_same(values, getattr(second, name))
        else:
            assert torch.equal(values, getattr(second, name)), name


@pytest.mark.parametrize(
    ("algorithm", "stopped"),
    [(GeneticAlgorithm(20), [False, False]), (GeneticAlgorithm(20, target=-0.3), [True, False])],
    ids=["nobody stops", "one run stops before"],
)
def test_saved_after_ten_generations_and_resumed_is_twenty_straight(algorithm, stopped, tmp_path):
    halfway = algorithm.evolve(Sphere(CENTRES), 10, seed=5).state
    halfway.save(tmp_path / "state.safetensors")
    resumed = algorithm.evolve(Sphere(CENTRES), 20, state=State.load(tmp_path / "state.safetensors"))
    straight = algorithm.evolve(Sphere(CENTRES), 20, seed=5)
    assert (~halfway.active).tolist() == stopped
    assert straight.state.generation == 20
    assert_same(resumed.state, straight.state)


def test_a_loaded_state_is_the_saved_one(tmp_path):
    state = GeneticAlgorithm(20, target=-0.5).evolve(Sphere(CENTRES), 10).state
    state.save(tmp_path / "state.safetensors")
    assert_same(State.load(tmp_path / "state.safetensors"), state)
    assert [path.name for path in tmp_path.iterdir()] == ["state.safetensors"]


def test_resuming_judges_nobody_twice():
    halfway = GeneticAlgorithm(20).evolve(Sphere(CENTRES), 10)
    fitness = Sphere(CENTRES)
    resumed = GeneticAlgorithm(20).evolve(fitness, 20, state=halfway.state)
    assert torch.equal(halfway.passes + fitness.asked, resumed.passes)


def test_a_state_that_has_its_generations_is_returned_as_it_is():
    state = GeneticAlgorithm(20).evolve(Sphere(CENTRES), 10).state
    asked = []
    run = GeneticAlgorithm(20).evolve(plain(Sphere(CENTRES)), 4, state=state, callback=asked.append)
    assert run.state is state
    assert asked == [state]


def test_a_state_of_another_population_is_refused():
    state = GeneticAlgorithm(6).start(flat())
    with pytest.raises(ValueError, match="population is 8, but the state to go on from has 6"):
        GeneticAlgorithm(8).evolve(flat(), 3, state=state)


def test_a_damaged_state_is_named(tmp_path):
    (tmp_path / "state").write_bytes(b"not a state")
    with pytest.raises(ValueError, match="state is damaged"):
        State.load(tmp_path / "state")
