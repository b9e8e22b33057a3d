import pytest
import torch
from toys import Sphere, flat

from latentlib.evolution import GeneticAlgorithm, Tournament

CENTRES = torch.stack([torch.zeros(4), torch.full((4,), 6.0)])  # the second lies far outside the prior


def watched(algorithm, fitness, generations, initial=None):
    states = []
    return algorithm.evolve(fitness, generations, initial=initial, callback=states.append), states


def assert_frozen(states, run):
    """Nothing of a run changes from the first state on."""
    for state in states[1:]:
        assert torch.equal(state.genomes[run], states[0].genomes[run])
        assert torch.equal(state.fitness[run], states[0].fitness[run])
        assert torch.equal(state.best.latents[run], states[0].best.latents[run])
        assert state.history.passes[-1, run] == states[0].history.passes[-1, run]


def test_without_a_rule_all_generations_are_done():
    run, _ = watched(GeneticAlgorithm(20), Sphere(CENTRES), 9)
    assert run.state.generation == 9
    assert run.state.active.all()


def test_a_run_stops_at_the_target_and_stays_frozen_while_others_go_on():
    run, states = watched(GeneticAlgorithm(20, target=-0.3), Sphere(CENTRES), 25)
    stop = next(state.generation for state in states if not state.active[0])
    assert 0 < stop < 20
    assert states[stop].best.fitness[0] >= -0.3 > states[stop - 1].best.fitness[0]
    assert_frozen(states[stop:], run=0)
    assert run.state.generation == 25
    assert not torch.equal(run.state.genomes[1], states[stop].genomes[1])
    assert run.passes[1] > states[stop].history.passes[-1, 1]


def test_a_frozen_run_is_not_judged_again():
    fitness = Sphere(CENTRES)
    run, _ = watched(GeneticAlgorithm(20, target=-0.3), fitness, 25)
    assert torch.equal(fitness.asked, run.passes)


def test_the_search_ends_when_every_run_has_reached_the_target():
    run, states = watched(GeneticAlgorithm(20, target=-0.3), Sphere(CENTRES * 0.2), 500)
    assert run.state.generation < 100
    assert (run.best.fitness >= -0.3).all()
    assert states[-2].active.any()


def test_a_run_without_improvement_stops_after_its_patience():
    run, _ = watched(GeneticAlgorithm(20, patience=6), flat(), 50)
    assert run.state.generation == 6
    assert not run.state.active.any()


@pytest.mark.parametrize("improved", [1, 3, 6])
def test_patience_begins_anew_with_every_improvement(improved):
    asked = []

    def later_better(latents):  # than all before, from a generation on
        asked.append(len(asked))
        return torch.full(latents.shape[:2], float(asked[-1] >= improved))

    run, _ = watched(GeneticAlgorithm(20, mating_rate=1.0, patience=6), later_better, 50, torch.zeros(2, 20, 4))
    assert run.state.generation == improved + 6
    assert (run.history.best[improved:] > run.history.best[improved - 1]).all()


def test_patience_is_counted_run_by_run():
    class HalfFlat(Sphere):
        def rows(self, latents, run):
            return torch.where(run == 0, 0.0, super().rows(latents, run))

    _, states = watched(GeneticAlgorithm(20, patience=6), HalfFlat(CENTRES), 10)
    assert_frozen(states[6:], run=0)
    assert states[5].active.tolist() == [True, True]
    assert states[6].active.tolist() == [False, True]


def test_a_target_that_is_met_exactly_is_met():
    run, _ = watched(GeneticAlgorithm(20, target=0.5), flat(0.5), 50)
    assert run.state.generation <= 1
    assert not run.state.active.any()


def test_a_stopped_run_does_not_disturb_the_other():
    alone, _ = watched(GeneticAlgorithm(20), Sphere(CENTRES), 25)
    beside, _ = watched(GeneticAlgorithm(20, target=-0.3), Sphere(CENTRES), 25)
    assert not torch.equal(alone.state.genomes[0], beside.state.genomes[0])
    assert torch.equal(alone.state.genomes[1], beside.state.genomes[1])
    assert torch.equal(alone.history.passes[:, 1], beside.history.passes[:, 1])


def test_a_target_that_the_first_population_meets_costs_no_generation():
    run = GeneticAlgorithm(4, target=-1e9, selection=Tournament(2)).evolve(flat(), 5)
    assert run.state.generation == 0
    assert not run.state.active.any()


def test_a_rule_of_ones_own_stops_each_run_by_its_state():
    def spread_is_small(state):
        return state.genomes.std(dim=1).mean(dim=1) < 0.5

    run, states = watched(GeneticAlgorithm(20, stop=spread_is_small), Sphere(CENTRES * 0.2), 200)
    spreads = torch.stack([state.genomes.std(dim=1).mean(dim=1) for state in states])
    assert run.state.generation == len(states) - 1 < 200
    for one in range(2):
        first = int((spreads[:, one] < 0.5).nonzero()[0])
        assert first > 0
        assert [bool(state.active[one]) for state in states] == [place < first for place in range(len(states))]
        assert_frozen(states[first:], run=one)
