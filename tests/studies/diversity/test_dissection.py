"""What the dissection of MAP-Elites runs, and what is told of it."""

from dataclasses import replace
from functools import cache

import pytest
import torch

from latentlib.evolution import MapElites, Tournament
from studies.diversity.experiments.contest import ELITES, GENETIC, RANDOM, VARIATION, Contest
from studies.diversity.experiments.dissection import Arm, cells_on, checkpoints, dissection, quality, search
from studies.diversity.plan import GENERATORS
from studies.diversity.varied import arms

TINY = Arm(scale="smoke", size=8, population=4, generations=5, repeats=2)
ARMS = [
    TINY,
    replace(TINY, bins=10, tournament=3),
    replace(TINY, offspring=3),
    replace(TINY, method=GENETIC, tournament=3),
    replace(TINY, method=GENETIC),
    replace(TINY, method=RANDOM),
]


@cache
def table(arm):
    return dissection(arm)


@pytest.mark.parametrize("arm", ARMS[:2])
def test_the_map_is_that_of_the_library(arm):
    contest = Contest(arm)
    elites = MapElites(arm.grid, 4, selection=Tournament(arm.tournament), offspring=1, **VARIATION)
    run = elites.evolve(contest.evaluator("rmse"), 16, arm.seed, initial=contest.first_sets)
    last = table(arm)[table(arm)["evaluated"] == 20]
    assert last["filled"].tolist() == run.state.filled.tolist()
    assert last["best"].to_numpy() == pytest.approx(run.best.fitness.numpy(), abs=1e-6)
    if arm.bins == 100:
        assert last["quality"].to_numpy() == pytest.approx(run.state.quality_diversity(-1.0).numpy(), abs=1e-5)


def test_cells_keep_their_fittest_set_and_undefined_sets_have_none():
    cells = cells_on(TINY.grid, torch.tensor([[0.5, 0.5], [torch.nan, 0.5], [0.999, 0.999], [0.5, 0.5]]))
    assert cells.tolist() == [5050, -1, 9999, 5050]
    assert quality(cells, torch.tensor([-0.5, -torch.inf, -0.9, -0.25])) == pytest.approx(0.75 + 0.1)
    assert quality(cells[1:2], torch.tensor([-torch.inf])) == 0


@pytest.mark.parametrize("arm", ARMS)
def test_every_arm_begins_with_the_same_sets_and_judges_as_many(arm):
    contest = Contest(arm)
    search(arm, contest, evaluator := contest.evaluator("rmse"))
    assert evaluator.told("rmse").shape[1] in (20, 22), "the last three children may be two too many"
    first, expected = (table(some).query("evaluated == 4")["best"].tolist() for some in (arm, TINY))
    assert first == pytest.approx(expected, abs=1e-6)


def test_arms_differ():
    assert len({table(arm).round(6).to_csv() for arm in ARMS}) == len(ARMS)


@pytest.mark.parametrize("arm", ARMS)
def test_a_course_rises(arm):
    assert table(arm)["evaluated"].tolist() == 2 * checkpoints(arm) == 2 * [4, 8, 12, 16, 20]
    for _, rows in table(arm).groupby("run"):
        assert all(rows[name].is_monotonic_increasing for name in ("best", "filled", "visited", "quality"))


def test_a_map_of_one_cell_with_a_tournament_has_one_elite():
    assert (table(replace(TINY, bins=1, tournament=3))["filled"] == 1).all()


def test_the_setting_is_chosen_on_other_runs_than_it_is_judged_on():
    cells = [
        arm for arm in arms(replace(TINY, scale="paper"), GENERATORS) if arm.method == ELITES and arm.offspring == 1
    ]
    of_faces = {(arm.bins, arm.tournament, arm.seed): arm.repeats for arm in cells if arm.dataset == "celeba"}
    assert len(of_faces) == 28
    assert {(seed, repeats) for (_, _, seed), repeats in of_faces.items()} == {(0, 2), (1, 5)}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"metric": "ssim"}, "metric must be one of"),
        ({"method": "gradient"}, "method must be one of"),
        ({"bins": 0}, "bins must be"),
        ({"tournament": 0}, "tournament must be"),
        ({"offspring": 1.5}, "offspring must be"),
    ],
)
def test_an_arm_out_of_range_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Arm(**wrong)
