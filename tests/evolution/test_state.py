from dataclasses import replace
from pathlib import Path

import pytest
import torch
from toys import Sphere, flat, plain

from latentlib.evolution import Generational, GeneticAlgorithm, State, Tournament, crossover
from latentlib.priors import Uniform

CENTRES = torch.tensor([[1.0, -1.0, 0.5], [6.0, 6.0, 6.0]])


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
    assert resumed.state == straight.state


def test_a_loaded_state_is_the_saved_one(tmp_path):
    state = GeneticAlgorithm(20, target=-0.5).evolve(Sphere(CENTRES), 10).state
    state.save(tmp_path / "state.safetensors")
    assert State.load(tmp_path / "state.safetensors") == state
    assert [path.name for path in tmp_path.iterdir()] == ["state.safetensors"]


def test_resuming_judges_nobody_twice_but_the_best_of_each_run():
    halfway = GeneticAlgorithm(20).evolve(Sphere(CENTRES), 10)
    fitness = Sphere(CENTRES)
    resumed = GeneticAlgorithm(20).evolve(fitness, 20, state=halfway.state)
    assert torch.equal(halfway.passes + fitness.asked - 1, resumed.passes)


@pytest.mark.parametrize("kind", [str, Path])
@pytest.mark.parametrize("generations", [0, 1, 7])
def test_a_state_of_any_generation_is_saved_to_a_path_of_any_kind(generations, kind, tmp_path):
    search = GeneticAlgorithm(20)
    state = search.start(Sphere(CENTRES))
    if generations:
        state = search.evolve(Sphere(CENTRES), generations).state
    state.save(kind(tmp_path / "state"))
    assert State.load(kind(tmp_path / "state")) == state


def test_a_state_nobody_was_judged_in_is_saved_and_gone_on_from(tmp_path):
    search = GeneticAlgorithm(20)
    begun = search.begin(genes=3, runs=2, seed=4)
    begun.save(tmp_path / "state")
    run = search.evolve(Sphere(CENTRES), 5, state=State.load(tmp_path / "state"))
    assert run == search.evolve(Sphere(CENTRES), 5, seed=4)


@pytest.mark.parametrize("change", [{"mutation_rate": 0.4}, {"survival": Generational(2)}, {"prior": Uniform()}])
def test_a_state_of_another_algorithm_is_refused(change):
    state = GeneticAlgorithm(20).evolve(Sphere(CENTRES), 3).state
    with pytest.raises(ValueError, match="the state was made by another algorithm"):
        GeneticAlgorithm(20, **change).evolve(Sphere(CENTRES), 6, state=state)


@pytest.mark.parametrize("change", [{"target": -0.1}, {"patience": 3}, {"chunk": 7}])
def test_a_state_goes_on_under_another_rule_of_stopping(change):
    state = GeneticAlgorithm(20).evolve(Sphere(CENTRES), 3).state
    assert GeneticAlgorithm(20, **change).evolve(Sphere(CENTRES), 6, state=state).state.generation == 6


def test_a_state_that_another_fitness_judged_is_refused_unless_it_says_that_it_is_noisy():
    state = GeneticAlgorithm(20).evolve(Sphere(CENTRES), 10).state
    other = Sphere(CENTRES + torch.tensor([[0.0], [5.0]]))
    with pytest.raises(ValueError, match=r"judged by another fitness: it says -.* of run 1, this one says -"):
        GeneticAlgorithm(20).evolve(other, 20, state=state)
    other.noisy = True
    assert GeneticAlgorithm(20).evolve(other, 20, state=state).state.generation == 20


def test_reassessed_individuals_have_the_new_fitness_and_its_best():
    search, moved = GeneticAlgorithm(20), Sphere(CENTRES + 1)
    state = search.evolve(Sphere(CENTRES), 10).state
    again = state.reassessed(moved(state.genomes))
    run = search.evolve(moved, 30, state=again)
    assert torch.equal(again.best.fitness, moved(state.genomes).amax(dim=1))
    assert torch.equal(again.passes, state.passes + 20)
    assert torch.allclose(run.best.fitness, moved(run.best.latents[:, None])[:, 0])
    assert (run.best.fitness > again.best.fitness).all()


def test_more_generations_are_added_to_those_done():
    search = GeneticAlgorithm(20)
    halfway = search.evolve(Sphere(CENTRES), 8, seed=1)
    assert search.evolve(Sphere(CENTRES), more=5, state=halfway.state) == search.evolve(Sphere(CENTRES), 13, seed=1)
    assert search.evolve(Sphere(CENTRES), more=5).state.generation == 5


def test_states_kept_in_a_list_share_one_history_and_each_keeps_its_own_length():
    states = []
    GeneticAlgorithm(4).evolve(Sphere(CENTRES), 300, callback=states.append)
    assert [len(state.history) for state in states] == list(range(1, 302))
    assert torch.equal(states[7].history.best, states[-1].history.best[:8])
    held = {
        values.data_ptr(): values.untyped_storage().nbytes() for s in states for values in s.history.columns().values()
    }
    assert sum(held.values()) < 4 * 2 * 301 * 4 * 8  # columns, runs, rows, what doubling leaves behind, bytes


def test_two_ways_on_from_one_state_do_not_write_into_each_other():
    search = GeneticAlgorithm(20)
    start = search.evolve(Sphere(CENTRES), 5)
    first = search.evolve(Sphere(CENTRES), 9, state=start.state)
    kept = first.history.best.clone()
    other = search.step(Sphere(CENTRES), replace(start.state, random=search.start(Sphere(CENTRES), 99).random))
    assert torch.equal(first.history.best, kept)
    assert len(other.history) == 7
    assert not torch.equal(other.genomes, search.step(Sphere(CENTRES), start.state).genomes)


def test_results_are_compared_by_content():
    first, again, other = (GeneticAlgorithm(20).evolve(Sphere(CENTRES), 5, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert first.history == again.history != other.history
    assert first.best != other.best
    rates = [GeneticAlgorithm(mutation_rate=torch.tensor([0.1, rate])) for rate in (0.2, 0.2, 0.3)]
    assert rates[0] == rates[1] != rates[2]


def test_a_state_that_has_its_generations_is_returned_as_it_is():
    state = GeneticAlgorithm(20).evolve(Sphere(CENTRES), 10).state
    asked = []
    run = GeneticAlgorithm(20).evolve(plain(Sphere(CENTRES)), 4, state=state, callback=asked.append)
    assert run.state == state
    assert asked == [state]


def test_a_state_of_another_population_is_refused():
    state = GeneticAlgorithm(6).start(flat())
    with pytest.raises(ValueError, match="population is 8, but the state to go on from has 6"):
        GeneticAlgorithm(8).evolve(flat(), 3, state=state)


def test_a_damaged_state_is_named(tmp_path):
    (tmp_path / "state").write_bytes(b"not a state")
    with pytest.raises(ValueError, match="state is no state of a search, or damaged"):
        State.load(tmp_path / "state")


def test_a_run_that_had_stopped_goes_on_towards_a_farther_target():
    near = GeneticAlgorithm(20, target=-0.5).evolve(Sphere(CENTRES[:1]), 40)
    assert not near.state.active.any()
    far = GeneticAlgorithm(20, target=-0.05).evolve(Sphere(CENTRES[:1]), more=40, state=near.state)
    assert far.state.generation > near.state.generation
    assert far.best.fitness >= -0.05
    again = near.state.reassessed(near.state.fitness)
    assert again.active.all()


def test_a_small_fitness_is_not_taken_for_its_contrary():
    fitness, other = (lambda z, sign=sign: sign * 1e-3 * z.square().sum(dim=2) for sign in (-1, 1))
    state = GeneticAlgorithm(20).evolve(fitness, 5, initial=torch.randn(1, 20, 3)).state
    with pytest.raises(ValueError, match="judged by another fitness"):
        GeneticAlgorithm(20).evolve(other, 9, state=state)


def test_a_fitness_that_says_its_fingerprint_is_known_by_it_noisy_or_saturated(tmp_path):
    class Saturated(Sphere):
        noisy = True

        def __init__(self, fingerprint):
            super().__init__(CENTRES)
            self.fingerprint = fingerprint

        def rows(self, latents, run):
            return torch.ones(len(latents))

    GeneticAlgorithm(20).evolve(Saturated("one"), 3).state.save(tmp_path / "state")
    state = State.load(tmp_path / "state")
    assert GeneticAlgorithm(20).evolve(Saturated("one"), 5, state=state).state.generation == 5
    with pytest.raises(ValueError, match="judged by another fitness, of other targets, networks or settings"):
        GeneticAlgorithm(20).evolve(Saturated("other"), 5, state=state)
    assert (
        GeneticAlgorithm(20).evolve(Saturated("other"), 5, state=state.reassessed(state.fitness)).state.generation == 5
    )


def test_a_nan_for_a_target_is_named():
    with pytest.raises(ValueError, match="target must be a number, got nan"):
        GeneticAlgorithm(target=float("nan"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"selection": Tournament}, r"selection must be an operator, got .*: write Tournament\(\)"),
        ({"crossover": 3}, "crossover must be an operator, got 3"),
        ({"prior": crossover.Uniform()}, "prior must draw and repair latents"),
        ({"prior": Uniform}, "prior must draw and repair latents"),
    ],
)
def test_what_is_no_operator_is_named(arguments, message):
    with pytest.raises(TypeError, match=message):
        GeneticAlgorithm(**arguments)
