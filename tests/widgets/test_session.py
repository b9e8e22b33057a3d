"""Runs on an event loop: one at a time, stopped and changed between two generations, errors told."""

import asyncio

import pytest
import torch

from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.reconstruction import ReconstructionMSE
from latentlib.widgets.restoring import Session, Trial
from latentlib.widgets.session import KEPT

TRIAL = Trial("real", population=20)


class Watched(Session):
    """A session that keeps what it would show."""

    def __init__(self, problems, generations=6, redraw=0.0):
        self.drawn, self.complaints = [], []
        super().__init__(problems, self.drawn.append, self.complaints.append, generations, redraw)


async def until(condition):
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0)


@pytest.fixture
def problems(generator, targets):
    return {"real": lambda: (generator, targets)}


def generations(snapshots):
    return [(shown.trial.mutation_rate, shown.generation) for shown in snapshots]


def test_a_run_is_the_genetic_algorithm_generation_by_generation(problems, generator, targets, one_thread):
    session = Watched(problems)

    async def scene():
        session.start(TRIAL)
        assert session.running
        await session.task

    asyncio.run(scene())
    evolved = GeneticAlgorithm(20).evolve(ReconstructionMSE(generator, targets[:1]), 6)
    assert [shown.generation for shown in session.drawn] == list(range(7))
    last = session.drawn[-1]
    assert last.curve == pytest.approx(evolved.history.best[:, 0].tolist())
    assert last.passes == int(evolved.passes)
    assert torch.equal(last.target, targets[0])
    assert torch.allclose(last.best, generator(evolved.best.latents)[0], atol=1e-6)
    assert not session.running
    assert session.complaints == []


def test_members_are_shown_from_the_fittest_to_the_least_fit(problems, targets):
    session = Watched(problems)

    async def scene():
        session.change(Trial("real", population=100))
        await session.task

    asyncio.run(scene())
    errors = (session.drawn[0].members - targets[0]).square().mean(dim=(1, 2, 3))
    assert len(errors) == 24
    assert torch.equal(errors, errors.sort().values)


def test_a_stopped_run_draws_no_more(problems):
    session = Watched(problems, generations=10_000)

    async def scene():
        session.start(TRIAL)
        await until(lambda: len(session.drawn) == 3)
        session.stop()
        assert not session.running
        await session.task

    asyncio.run(scene())
    assert len(session.drawn) == 3


def test_a_change_during_a_run_starts_another_and_nothing_of_the_first_follows(problems):
    session = Watched(problems, generations=10_000)

    async def scene():
        session.start(TRIAL)
        first = session.task
        await until(lambda: len(session.drawn) == 4)
        session.change(Trial("real", population=20, mutation_rate=0.9))
        await until(lambda: len(session.drawn) == 9)
        assert session.running
        assert first.done()
        session.stop()
        await session.task

    asyncio.run(scene())
    assert generations(session.drawn) == [(0.3, g) for g in range(4)] + [(0.9, g) for g in range(5)]
    assert generations(session.earlier) == [(0.3, 3)]


def test_of_many_changes_at_once_only_the_last_is_computed(problems):
    session = Watched(problems, generations=2)

    async def scene():
        session.start(TRIAL)
        for step in range(10):
            session.change(Trial("real", population=20, mutation_rate=step / 10))
        await session.task

    asyncio.run(scene())
    assert generations(session.drawn) == [(0.9, 0), (0.9, 1), (0.9, 2)]


def test_a_change_while_nothing_runs_shows_the_first_population_and_waits(problems):
    session = Watched(problems)

    async def scene():
        session.change(TRIAL)
        session.change(Trial("real", population=20, mutation_rate=0.9))  # before the first was drawn
        await session.task

    asyncio.run(scene())
    assert generations(session.drawn) == [(0.9, 0)]
    assert not session.running
    assert session.earlier == []


def test_earlier_runs_are_kept_where_they_compare(problems):
    session = Watched(problems, generations=1)

    async def scene():
        async def run(trial):
            session.start(trial)
            await session.task

        for step in range(KEPT + 3):
            await run(Trial("real", population=20, mutation_rate=step / 10))
        assert generations(session.earlier) == [(step / 10, 1) for step in range(2, KEPT + 2)]
        await run(Trial("real", population=20, mutation_rate=0.3))  # once more: not beside itself
        assert 0.3 not in [shown.trial.mutation_rate for shown in session.earlier]
        for other in (Trial("real", target=1, population=20), Trial("real", fitness="ssim", population=20)):
            await run(other)
            assert session.earlier == []

    asyncio.run(scene())


def test_drawing_is_no_more_frequent_than_asked_but_the_last_generation_is_drawn(problems):
    session = Watched(problems, redraw=3600)

    async def scene():
        session.start(TRIAL)
        await session.task

    asyncio.run(scene())
    assert [shown.generation for shown in session.drawn] == [0, 6]


@pytest.mark.parametrize(
    ("trial", "sentence"),
    [
        (Trial("real", population=1), "population must be at least 2, got 1"),
        (Trial("real", mutation_rate=1.3), "mutation_rate must lie in [0, 1], got 1.3"),
        (Trial("real", target=3), "target must lie between 0 and 2, got 3"),
        (Trial("real", fitness="psnr"), "fitness must be one of mse, ssim, got 'psnr'"),
        (Trial("unreal"), "problem must be one of real, absent, broken, got 'unreal'"),
        (Trial("absent"), "no weights here"),
        (Trial("broken"), "ZeroDivisionError: division by zero"),
    ],
)
def test_an_error_is_told_in_one_sentence_and_the_next_run_works(problems, trial, sentence):
    def absent():
        raise FileNotFoundError("no weights\nhere")

    session = Watched({**problems, "absent": absent, "broken": lambda: 1 / 0}, generations=1)

    async def scene():
        session.start(trial)
        await session.task
        assert session.complaints == [sentence]
        assert session.drawn == []
        assert not session.running
        session.start(TRIAL)
        await session.task

    asyncio.run(scene())
    assert generations(session.drawn) == [(0.3, 0), (0.3, 1)]


def test_an_error_while_drawing_is_told(problems):
    session = Watched(problems)
    session.draw = lambda shown: shown.nothing

    async def scene():
        session.start(TRIAL)
        await session.task

    asyncio.run(scene())
    assert session.complaints == ["AttributeError: 'Snapshot' object has no attribute 'nothing'"]
