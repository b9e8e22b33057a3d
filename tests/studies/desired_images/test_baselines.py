"""Baselines of an evolved pool, on a recogniser that can be computed by hand."""

from dataclasses import replace

import pytest
import torch
from tiny_recogniser import Pixels, Smooth

from latentlib.fitness.recognition import LogRecognition, Recognition
from latentlib.fitness.wishes import Digit
from latentlib.pool import ALGORITHM1, evolve
from studies.desired_images import baselines

SMALL = replace(ALGORITHM1, population=100)


def search_for(kind=Recognition, runs=1):
    return kind(Smooth(10).eval(), Pixels("0123456789", True, 5.0).eval(), Digit(3), runs)


def watched(search):
    """The rows of latents the generator is asked for, as they come."""
    asked, forward = [], search.generator.forward
    search.generator.forward = lambda latents, run=None: asked.append(latents.clone()) or forward(latents)
    return asked


def rows_of(tensor):
    return {tuple(row) for row in tensor.tolist()}


def test_copying_makes_nothing_new_and_asks_the_generator_nothing_more():
    search, states = search_for(runs=2), []
    initial = torch.rand(2, 100, 10, generator=torch.Generator().manual_seed(0))
    run = evolve(search, 1.0, 30, initial=initial, algorithm=baselines.copying(SMALL), callback=states.append)
    assert run.passes.tolist() == [100, 100]
    for one in range(2):
        assert rows_of(run.state.genomes[one]) <= rows_of(initial[one])
    assert run.state.fitness.mean() > states[0].fitness.mean()


def test_copies_of_parents_drawn_evenly_about_double_what_is_wanted():
    initial = torch.zeros(50, 100, 10)
    initial[:, :, 8] = 1
    initial[:, :10, 3], initial[:, :10, 8] = 1, 0
    states = []
    evolve(search_for(runs=50), 1.0, 1, initial=initial, algorithm=baselines.copying(SMALL), callback=states.append)
    wanted = (states[1].genomes.argmax(dim=2) == 3).sum(dim=1).double()
    assert float(wanted.mean()) == pytest.approx(20, abs=1.3)  # 10 old and 100 tenths new, +- three deviations


def test_fresh_draws_keep_the_best_of_all_that_was_drawn():
    search = search_for()
    asked = watched(search)
    run = baselines.fresh(SMALL).evolve(search, 5, seed=1)
    drawn = torch.cat(asked)
    assert run.passes.tolist() == [600] == [len(drawn)]
    assert abs(float(drawn.mean())) < 0.05
    assert float(drawn.std()) == pytest.approx(1, abs=0.05)
    best = search(drawn[None])[0].topk(100).values
    assert torch.equal(run.state.fitness[0].sort().values, best.sort().values)


def test_rejection_keeps_what_is_wanted_and_counts_every_draw():
    search = search_for()
    asked = watched(search)
    kept, spent = baselines.accepted(search, 30, 10_000, seed=2)
    drawn = torch.cat(asked)
    wanted = drawn[drawn.argmax(dim=1) == 3]
    assert torch.equal(kept, wanted[:30])
    assert torch.equal(drawn[spent - 1], kept[-1])
    assert 150 < spent < 600, "a draw in ten is wanted"


def test_rejection_ends_with_its_passes():
    kept, spent = baselines.accepted(search_for(), 1000, 250, seed=2)
    assert spent == 250
    assert 5 < len(kept) < 100
    nothing, spent = baselines.accepted(search_for(), 1, 1, seed=0)
    assert spent == 1
    assert nothing.shape in [(0, 10), (1, 10)]


@pytest.mark.parametrize(("count", "passes", "name"), [(0, 10, "count"), (1, 0, "passes")])
def test_rejection_needs_a_count_and_passes(count, passes, name):
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
        baselines.accepted(search_for(), count, passes)


def test_ascent_leads_every_latent_on_until_the_recogniser_is_sure_of_it():
    search = search_for(kind=LogRecognition, runs=2)
    initial = torch.randn(2, 20, 10, generator=torch.Generator().manual_seed(3))
    steps = list(baselines.ascent(search, initial, 0.1, sure=0.9))
    assert torch.equal(steps[0][0], initial)
    assert steps[0][1].all()
    probable = torch.stack([search(latents).exp() for latents, _, _ in steps]) > 0.9
    first = probable.int().argmax(dim=0)  # the step (runs, n) before which each is sure for the first time
    assert probable.any(dim=0).all()
    for number, (_, climbing, arrived) in enumerate(steps):
        assert torch.equal(climbing, first >= number)
        assert torch.equal(arrived, first == number)
    assert len(steps) == int(first.max()) + 1 > 2
