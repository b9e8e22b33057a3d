"""Evolution against its baselines: what each step spends and finds, and what counts at which budget."""

from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tiny_recogniser import Pixels, Smooth

from latentlib.fitness import wishes
from latentlib.fitness.recognition import Recognition
from latentlib.pool import ALGORITHM1
from studies.desired_images import baselines
from studies.desired_images.experiments import contest
from studies.desired_images.experiments.contest import Step
from studies.desired_images.settings import Settings

pytestmark = pytest.mark.usefixtures("one_thread")
TINY = Settings("mnist", "smoke", population=20, generations=2, repeats=2)


@pytest.fixture
def search():
    """Ten genes, each the brightness of a pixel; the recogniser is sure of a three where it alone is bright."""
    wish, generator, recogniser = wishes.Digit(3), Smooth(10).eval(), Pixels("0123456789", True, 30.0).eval()
    return SimpleNamespace(
        wish=wish,
        generator=generator,
        recogniser=recogniser,
        fitness=Recognition(generator, recogniser, wish),
        algorithm=replace(ALGORITHM1, population=20),
    )


def probability(latents):
    """R of latents (n, 10) by hand, in double precision."""
    return (30 * (latents.double().sigmoid() - 0.5)).softmax(dim=1)[:, 3]


def first_pool():
    return torch.randn(20, 10, generator=torch.Generator().manual_seed(0))


def test_evolution_ends_when_all_of_the_pool_is_sure(search):
    steps = list(contest.evolution(search, search.algorithm, first_pool(), seed=1))
    assert [step.passes for step in steps] == [20 * number for number in range(1, len(steps) + 1)]
    assert [len(step.found) == 20 for step in steps] == [False] * (len(steps) - 1) + [True]
    assert all((probability(step.found) > 0.98).all() for step in steps)


def test_copies_spend_nothing_after_the_first_pool_and_find_nothing_new(search):
    steps = list(contest.evolution(search, baselines.copying(search.algorithm), first_pool(), seed=1))
    assert {step.passes for step in steps} == {20}
    assert torch.equal(torch.unique(steps[-1].found, dim=0), torch.unique(steps[0].found, dim=0))


def test_rejection_keeps_those_of_all_draws_that_are_sure(search):
    steps = [step for step, _ in zip(contest.rejection(search, seed=5), range(3), strict=False)]
    random = torch.Generator().manual_seed(5)
    drawn = torch.cat([torch.randn(200, 10, generator=random) for _ in range(3)])
    assert [step.passes for step in steps] == [200, 400, 600]
    assert torch.equal(steps[-1].found, drawn[probability(drawn) > 0.98])
    assert len(steps[-1].found) > 0


def climb(latent, step_size, steps):
    """One latent by itself with torch's Adam: where it is sure, or None, and the passes that it took."""
    latent = latent.clone().requires_grad_()
    adam = torch.optim.Adam([latent], lr=step_size)
    for step in range(steps):
        if probability(latent[None]) > 0.98:
            return latent.detach(), 3 * step + 1
        adam.zero_grad()
        (-probability(latent[None]).log().sum()).backward()
        adam.step()
    return None, 3 * steps


def test_ascent_finds_and_spends_what_each_latent_by_itself_would(search, monkeypatch):
    monkeypatch.setattr(contest, "STEPS", 12)
    course, steps = contest.ascent(search, seed=7, step_size=0.1), []
    while len(steps) < 12:
        steps.append(next(course))
    first = torch.randn(1, contest.CLIMBERS, 10, generator=torch.Generator().manual_seed(7))[0]
    alone = [climb(latent, 0.1, 12) for latent in first]
    arrived = torch.stack([latent for latent, _ in alone if latent is not None])
    assert 0 < len(arrived) < contest.CLIMBERS
    assert steps[-1].passes == sum(passes for _, passes in alone)
    assert torch.unique(steps[-1].found, dim=0).numpy() == pytest.approx(torch.unique(arrived, dim=0).numpy(), abs=1e-4)
    weights = [step.weight for step in steps]
    assert weights[0] == 1
    assert weights == sorted(weights, reverse=True)
    assert next(course).passes > steps[-1].passes, "then others climb"


def ticking(monkeypatch, seconds):
    """A clock that goes on by so many seconds whenever it is read."""
    readings = count(0, seconds)
    monkeypatch.setattr(contest.time, "perf_counter", lambda: next(readings))


def test_a_course_is_followed_until_both_budgets_are_spent_and_waiting_costs_nothing(monkeypatch):
    ticking(monkeypatch, 1.0)
    nothing = torch.empty(0, 10)
    endless = (Step(100 * number, nothing, 1.0 if number < 3 else 0.5) for number in count(1))
    steps = contest.clocked(endless, passes=300, seconds=3.25)
    assert [step.passes for step, _ in steps] == [100, 200, 300, 400, 500]
    assert [taken for _, taken in steps] == [1, 2, 2.5, 3, 3.5]
    ended = contest.clocked(iter([Step(100, nothing)]), passes=300, seconds=9)
    assert [step.passes for step, _ in ended] == [100]


def test_each_method_is_told_by_what_it_had_when_a_budget_was_spent(search, monkeypatch):
    ticking(monkeypatch, 1.0)
    monkeypatch.setattr(contest, "appraised", lambda search, found: {"found": len(found)})

    def course(passes, *found):
        return (Step(passes * (number + 1), torch.zeros(some, 10)) for number, some in enumerate(found))

    courses = {"as printed": course(50, 1, 9), "copies": course(10, 1, 1, 1)}
    kind = {id(search.algorithm): "as printed"}
    monkeypatch.setattr(contest, "evolution", lambda search, algorithm, *_: courses[kind.get(id(algorithm), "copies")])
    monkeypatch.setattr(contest, "rejection", lambda *_: course(20, 2, 3, 4, 5, 6, 7, 8))
    monkeypatch.setattr(contest, "ascent", lambda *_: course(60, 3, 5, 6, 8))
    rows = contest.one(search, first_pool(), 0, 0.1)
    found = {(row["method"], row["budget"]): row["found"] for row in rows}
    assert found == {
        **{("evolution", budget): 9 for budget in ("equal passes", "equal time")},  # 100 passes, 2 seconds
        **{("copies", budget): 1 for budget in ("equal passes", "equal time")},
        ("rejection", "equal passes"): 6,
        ("rejection", "equal time"): 3,
        ("gradient ascent", "equal passes"): 3,
        ("gradient ascent", "equal time"): 5,
    }


def test_a_table_has_a_row_a_run_method_and_budget(monkeypatch):
    monkeypatch.setattr(contest, "best_step_size", lambda settings: 0.3)
    monkeypatch.setattr(contest, "LONGEST", 2)
    monkeypatch.setattr(contest, "STEPS", 2)
    torch.set_num_threads(2)
    found = contest.contest(TINY)
    assert torch.get_num_threads() == 2
    assert list(found) == ["run", "method", "budget", "found", "judged", "diversity", "step_size"]
    assert found.groupby(["method", "budget"]).size().to_dict() == {
        (method, budget): 2
        for method in ("evolution", "copies", "rejection", "gradient ascent")
        for budget in ("equal passes", "equal time")
    }
    assert not found["run"].isna().any()
    few = found["found"] < 2
    assert found.loc[few, "judged"].isna().all()
    assert np.isfinite(found.loc[~few, ["judged", "diversity"]]).all(axis=None)
