"""Runs of a wish on an event loop: Algorithm 1, and shares counted by hand from the latents."""

import asyncio
from dataclasses import replace

import pytest
import torch
from tiny_recogniser import NAMES, Pixels, Plain

from latentlib.fitness.recognition import Recognition
from latentlib.fitness.wishes import Digit, Male, Shows, Smiling
from latentlib.pool import ALGORITHM1
from latentlib.widgets.wanted import SAMPLES, Session, Trial

PROBLEMS = {
    "digits": lambda: (Plain(10).eval(), Pixels("0123456789", True, 5.0).eval()),
    "faces": lambda: (Plain(4).eval(), Pixels(NAMES, False, 5.0).eval()),
}
EITHER = Trial("digits", population=40, wish=Digit(4) | Digit(8))


def run(trial, generations=4):
    """What a run of a trial drew, generation by generation, and what it complained of."""
    drawn, complaints = [], []
    session = Session(PROBLEMS, drawn.append, complaints.append, generations, redraw=0)

    async def scene():
        session.start(trial)
        await session.task

    asyncio.run(scene())
    return drawn, complaints


def pools(trial, generations=4):
    """The pools of the same run by the library alone."""
    generator, recogniser = PROBLEMS[trial.problem]()
    algorithm, kept = replace(ALGORITHM1, population=trial.population, mutation_rate=trial.mutation_rate), []
    fitness = Recognition(generator, recogniser, trial.wish)
    algorithm.evolve(fitness, generations, trial.seed, callback=lambda state: kept.append(state.genomes[0]))
    return [pool.clamp(0, 1) for pool in kept]


def test_the_curves_are_the_shares_of_algorithm_1(one_thread):
    drawn, complaints = run(EITHER)
    likeliest = [pool.argmax(dim=1) for pool in pools(EITHER)]
    assert complaints == []
    assert [shown.generation for shown in drawn] == list(range(5))
    for digit in (4, 8):
        expected = [float((found == digit).double().mean()) for found in likeliest]
        assert drawn[-1].parts[str(digit)] == pytest.approx(expected)
    expected = [float(((found == 4) | (found == 8)).double().mean()) for found in likeliest]
    assert drawn[-1].curve == pytest.approx(expected)
    assert expected[0] < 0.5 < expected[-1]
    assert drawn[-1].passes == 5 * 40


def test_attributes_are_counted_each_by_itself(one_thread):
    trial = Trial("faces", population=40, wish=Smiling & ~Male)
    drawn, _ = run(trial)
    found = [pool > 0.5 for pool in pools(trial)]
    assert list(drawn[-1].parts) == ["Male", "Smiling"]
    assert drawn[-1].parts["Male"] == pytest.approx([float(some[:, 1].double().mean()) for some in found])
    assert drawn[-1].parts["Smiling"] == pytest.approx([float(some[:, 3].double().mean()) for some in found])
    expected = [float((some[:, 3] & ~some[:, 1]).double().mean()) for some in found]
    assert drawn[-1].curve == pytest.approx(expected)


def test_the_members_are_of_the_pool_and_those_as_wished_are_known():
    drawn, _ = run(EITHER, 2)
    for shown in drawn:
        pixels = shown.members.flatten(1)
        assert len(pixels) == 24
        chances = (5.0 * pixels.double()).softmax(dim=1)
        fitness = torch.maximum(chances[:, 4], chances[:, 8])
        assert (fitness.diff() <= 1e-6).all(), "from the fittest to the least fit"
        assert torch.equal(shown.hits, torch.isin(pixels.argmax(dim=1), torch.tensor([4, 8])))


def test_the_samples_are_new_and_judged(one_thread):
    drawn, _ = run(replace(EITHER, mutation_rate=0.0), 2)
    samples, pool = drawn[-1].samples, pools(replace(EITHER, mutation_rate=0.0), 2)[-1]
    pixels = samples.images.flatten(1)
    assert len(pixels) == SAMPLES
    assert (pixels[:, None] == pool).any(dim=1).all(), "crossover rearranges the pool's genes"
    assert not (pixels[:, None] == pool).all(dim=2).any(dim=1).all(), "but makes new vectors of them"
    hits = torch.isin(pixels.argmax(dim=1), torch.tensor([4, 8]))
    assert torch.equal(samples.hits, hits)
    assert samples.share == pytest.approx(float(hits.double().mean()))


def test_a_wish_for_one_class_has_no_parts():
    assert run(replace(EITHER, wish=Digit(3)), 1)[0][-1].parts == {}


def test_earlier_runs_are_kept_where_the_wish_is_the_same():
    session = Session(PROBLEMS, lambda _: None, lambda _: None, 1, redraw=0)

    async def scene():
        async def run(trial):
            session.start(trial)
            await session.task

        await run(EITHER)
        await run(replace(EITHER, mutation_rate=0.5))
        assert [shown.trial.mutation_rate for shown in session.earlier] == [0.2]
        await run(replace(EITHER, wish=Digit(4)))
        assert session.earlier == []

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"wish": None}, "nothing is wished for: tick a class, or several"),
        ({"wish": Digit(3) & ~Digit(3)}, "Digit(3) & ~Digit(3) contradicts itself, no image can meet it: "),
        ({"wish": Digit(3) & Digit(4)}, "Digit(3) & Digit(4) contradicts itself, no image can meet it: "),
        ({"problem": "faces", "wish": Smiling & ~Smiling}, "Smiling & ~Smiling contradicts itself"),
        ({"wish": Shows("Hat")}, "the recogniser knows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, but Hat names Hat"),
        ({"population": 1}, "population must be at least 2, got 1"),
        ({"mutation_rate": 1.3}, "mutation_rate must lie in [0, 1], got 1.3"),
        ({"problem": "cats"}, "problem must be one of digits, faces, got 'cats'"),
    ],
)
def test_what_cannot_run_is_told_in_a_sentence_and_nothing_is_drawn(change, sentence):
    drawn, complaints = run(replace(EITHER, **change))
    assert drawn == []
    assert len(complaints) == 1
    assert complaints[0].startswith(sentence)
