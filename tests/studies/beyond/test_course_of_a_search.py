"""What a search spends and finds is accounted for by row; hybrids ask and hand over as they should."""

import pytest
import torch
from bowls import GENES, POINTS, RUNS, STEEP, Bowl, Plain

from latentlib.priors import Uniform
from studies.beyond import course
from studies.beyond.course import judged, problem_of, search
from studies.beyond.rivals.asking import Asked, Rival, Told
from studies.beyond.rivals.hybrids import Hybrid
from studies.beyond.rivals.own import Adam, Chance


class Scripted(Rival):
    """Ask for latents at distances along the first gene, run by run, and keep what is told."""

    def __init__(self, *questions, gradient=False, measured=False):
        self.questions, self.told = list(questions), []
        self.gradient, self.measured = gradient, measured

    def ask(self):
        run = [run for run, away in enumerate(self.questions[0]) for _ in away]
        latents = POINTS[run].clone()
        latents[:, 0] += torch.tensor([value for away in self.questions.pop(0) for value in away])
        return Asked(latents, torch.tensor(run, dtype=torch.int64), self.gradient, self.measured)

    def tell(self, told):
        self.told.append(told)


class Costly(Bowl):
    cost = 4


def test_rows_count_in_the_order_of_asking_and_only_within_the_budget():
    found = search(Bowl(), Scripted([[3.0, 2.0], [5.0]], [[1.0, 0.5], [4.0, 3.0, 0.0]]), 3)
    assert found.run.tolist() == [0, 0, 1, 0, 0, 1, 1, 1]
    assert found.passes.tolist() == [1, 2, 1, 3, 4, 2, 3, 4]
    assert found.after([1, 2, 3]).tolist() == [[-9, -25], [-4, -16], [-1, -9]]
    assert found.best.fitness.tolist() == [-1, -9]
    assert (found.best.latents - POINTS)[:, 0].tolist() == [1, 3]
    assert found.first_above(-5).tolist() == [2, 4]
    assert found.first_above(-0.1).tolist() == [torch.inf, 4]


@pytest.mark.parametrize(("fitness", "gradient", "price"), [(Costly, False, 4), (Bowl, True, 3), (Costly, True, 12)])
def test_a_row_costs_what_its_fitness_says_and_three_times_with_a_gradient(fitness, gradient, price):
    found = search(fitness(), Scripted([[1.0, 2.0], [1.0, 2.0]], gradient=gradient), 2 * price)
    assert found.passes.tolist() == [price, 2 * price] * 2
    assert problem_of(fitness(), 2 * price, 0).passes == 2 * price // fitness.cost


def test_a_search_is_told_value_gradient_and_measures_of_its_rows():
    rival = Scripted([[1.0, 2.0], [3.0, 3.0]], gradient=True)
    search(Bowl(), rival, 6)
    expected = torch.zeros(4, GENES)
    expected[:, 0] = torch.tensor([-2.0, -4.0, -6.0, -6.0])
    assert rival.told[0].values.tolist() == [-1, -4, -9, -9]
    assert rival.told[0].gradient.numpy() == pytest.approx(expected.numpy())
    rival = Scripted([[1.0], [3.0]], measured=True)
    search(Bowl(), rival, 1)
    assert rival.told[0].measures.shape == (2, 2)
    assert rival.told[0].gradient is None


def test_many_rows_are_judged_in_chunks(monkeypatch):
    seen = []

    class Watched(Costly):
        def rows(self, latents, run):
            seen.append(len(latents))
            return super().rows(latents, run)

    latents = torch.randn(RUNS, 60, GENES, generator=torch.Generator().manual_seed(0))
    asked = Asked.of(latents)
    told = judged(Watched(), asked)
    assert told.values.tolist() == Bowl().rows(asked.latents, asked.run).tolist()
    assert seen == [40, 40, 40]  # of 50 at most, evenly


def test_rows_are_judged_where_the_prior_allows():
    class Bounded(Bowl):
        prior = Uniform(-0.25, 0.25)

    outside = Scripted([[9.0], [9.0]])
    assert float(search(Bounded(), outside, 1).best.latents.abs().max()) == 0.25
    found = judged(Bounded(), Asked(torch.full((1, GENES), 9.0), torch.tensor([0])))
    assert float(found.values[0]) == pytest.approx(-float(((POINTS[0] - 0.25).square() * STEEP).sum()))


def test_a_search_goes_on_until_its_time_is_over_and_tells_what_it_had_by_then(monkeypatch):
    clock = iter(range(1000))
    monkeypatch.setattr(course, "now", lambda device: float(next(clock)))
    found = search(Bowl(), Scripted([[3.0], [3.0]], [[2.0], [1.0]], [[1.0], [0.5]]), 1, seconds=7)
    assert found.seconds.tolist() == [3, 6, 9]  # a second each to ask, to judge and to tell
    assert found.sampling.tolist() == [2, 4, 6]
    assert found.within(6).tolist() == [-4, -1]
    assert found.within(2).tolist() == [-torch.inf, -torch.inf]
    assert found.best.fitness.tolist() == [-9, -9]
    assert (found.time_of(1), found.time_of(3), found.sampled_by(6.5)) == (3, 9, 4)


def test_a_budget_that_does_not_pay_for_the_first_question_is_refused():
    with pytest.raises(ValueError, match=r"passes must pay for what the search asks for at first \(50 a run\), got 49"):
        search(Bowl(), Chance(problem_of(Bowl(), 49, 0), 50), 49)
    with pytest.raises(ValueError, match=r"at first \(12 a run\), got 11"):
        search(Bowl(), Adam(problem_of(Bowl(), 11, 0), 0.1, 4), 11)


def test_a_goal_that_is_no_number_is_named_by_run_and_row():
    class Broken(Bowl):
        def rows(self, latents, run):
            return super().rows(latents, run).masked_fill(latents[:, 0] > 1, torch.nan)

    with pytest.raises(ValueError, match="must be finite or -inf, got nan for individual 1 of run 1"):
        search(Broken(), Scripted([[0.0], [0.0, 9.0]]), 2)


def test_a_search_that_never_asks_for_anything_ends(monkeypatch):
    monkeypatch.setattr(course, "IDLE", 3)
    with pytest.raises(ValueError, match="asked 3 times in a row for nothing"):
        search(Bowl(), Scripted([[1.0], [1.0]], *[[[], []]] * 4), 5)


class Noted(Scripted):
    """A scripted evolution of two individuals a run that notes its end."""

    closed = False

    def close(self):
        self.closed = True


def scripted(times):
    return Noted(*[[[2.0, 1.0], [1.0, 3.0]]] * times)


def test_a_hybrid_evolves_then_descends_from_different_leaders():
    evolution = scripted(9)
    problem = problem_of(Bowl(), 40, 0)
    rival = Hybrid(problem, lambda _: evolution, share=0.2, inner=0, starts=2, step_size=0.01)
    asked = [rival.ask()]
    while not asked[-1].gradient:
        rival.tell(judged(Bowl(), asked[-1]))
        asked.append(rival.ask())
    assert len(evolution.told) == 4  # of two passes a run each: a fifth of 40
    assert sorted((asked[-1].latents[:2] - POINTS[0])[:, 0].tolist()) == [1, 2]  # not the same one twice
    rival.tell(judged(Bowl(), asked[-1]))
    assert float((rival.ask().latents - asked[-1].latents).abs().max()) == pytest.approx(0.01, rel=1e-3)
    rival.close()
    assert evolution.closed


def test_a_hybrid_judges_individuals_by_what_a_short_descent_makes_of_them():
    evolution = scripted(9)
    problem = problem_of(Bowl(), 1000, 0)
    found = search(Bowl(), Hybrid(problem, lambda _: evolution, share=1.0, inner=3, starts=1, step_size=0.1), 60)
    assert len(found.seconds) == 3 * 4  # three steps and a judgement, each time
    assert int(found.passes.max()) == 60  # 2 individuals, 3 steps of 3 passes and 1: 20 each time
    latents = POINTS[:1].clone().repeat(2, 1)
    latents[:, 0] += torch.tensor([2.0, 1.0])
    optimiser = torch.optim.Adam([latents.requires_grad_()], lr=0.1)
    for _ in range(3):
        optimiser.zero_grad()
        (-Bowl().rows(latents, torch.zeros(2, dtype=torch.int64))).sum().backward()
        optimiser.step()
    expected = Bowl().rows(latents.detach(), torch.zeros(2, dtype=torch.int64))
    for told in evolution.told:
        assert told.values[:2].numpy() == pytest.approx(expected.numpy(), rel=1e-5)


def test_a_hybrid_descends_from_where_the_best_short_descents_ended():
    evolution = scripted(9)
    problem = problem_of(Bowl(), 40, 0)
    rival = Hybrid(problem, lambda _: evolution, share=0.5, inner=3, starts=1, step_size=0.1)
    for _ in range(4):
        asked = rival.ask()
        assert asked.gradient != (_ == 3)
        rival.tell(judged(Bowl(), asked))
    best = [asked.latents[1], asked.latents[2]]  # nearest of either run
    assert torch.equal(rival.ask().latents, torch.stack(best))
    assert len(rival.ask().latents) == RUNS


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"share": 1.5}, r"share must lie in \[0, 1\], got 1.5"),
        ({"inner": -1}, "inner must be at least 0, got -1"),
        ({"starts": 0}, "starts must be at least 1, got 0"),
    ],
)
def test_settings_of_a_hybrid_out_of_range_are_named(settings, message):
    with pytest.raises(ValueError, match=message):
        Hybrid(problem_of(Bowl(), 40, 0), lambda problem: Chance(problem, 5), **settings)


def test_told_holds_what_was_asked_for_alone():
    told = judged(Plain(), Asked.of(torch.zeros(RUNS, 3, GENES)))
    assert isinstance(told, Told)
    assert told.gradient is told.measures is None
