"""Values that no control can have are refused at once, in one sentence, by the explorers and the live figures."""

import math

import pytest
import torch

pytest.importorskip("ipywidgets")
pytest.importorskip("anywidget")

import traitlets

from latentlib.widgets.explorer import explore
from latentlib.widgets.live import live, wanted
from latentlib.widgets.live.kernel import Desk
from latentlib.widgets.live.restoring import Restoring
from latentlib.widgets.live.wanted import Wanted
from latentlib.widgets.wanted_explorer import explore_wanted

ANY = [
    ({"mutation_rate": math.nan}, r"mutation_rate must lie in \[0, 1\], got nan"),
    ({"mutation_rate": "high"}, r"mutation_rate must lie in \[0, 1\], got high"),
    ({"seed": -1}, "seed must be a whole number from 0 to 4294967295, got -1"),
    ({"seed": 2**64}, "seed must be a whole number from 0"),
    ({"seed": 0.5}, "seed must be a whole number from 0"),
    ({"population": 2}, "population must be at least 4, got 2"),
    ({"population": math.inf}, "population must be a whole number, got inf"),
    ({"problem": "minst"}, "problem must be one of mnist, got 'minst'"),
    ({"mutation_rat": 0.3}, "name of a value must be one of problem, population, .*, got 'mutation_rat'"),
    ({"generations": 0}, "generations must be at least 1, got 0"),
    ({"generations": math.nan}, "generations must be a whole number, got nan"),
]


@pytest.fixture
def problems(generator, targets):
    return {"mnist": lambda: (generator, targets)}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        *ANY,
        ({"mating_rate": math.inf}, r"mating_rate must lie in \[0, 1\], got inf"),
        ({"fitness": "psnr"}, "fitness must be one of mse, ssim, got 'psnr'"),
        ({"target": 3}, "target must lie between 0 and 2, got 3"),
        ({"target": -1}, "target must lie between 0 and 2, got -1"),
        ({"targets": 0}, "targets must be at least 1, got 0"),
    ],
)
def test_an_explorer_refuses_what_no_slider_says(problems, wrong, message):
    with pytest.raises(ValueError, match=message):
        explore(problems, **{"targets": 3} | wrong)


@pytest.mark.parametrize(("wrong", "message"), [*ANY, ({"fitness": "mse"}, "got 'fitness'")])
def test_an_explorer_of_wishes_refuses_what_no_slider_says(problems, wrong, message):
    with pytest.raises(ValueError, match=message):
        explore_wanted(problems, {"mnist": "Digit(3)"}, **wrong)


def test_without_a_problem_nothing_can_be_explored():
    with pytest.raises(ValueError, match="problem must be one of"):
        explore({}, 3)


FIGURE = [
    ({"mutation_rate": math.nan}, r"mutation_rate must lie in \[0, 1\], got nan"),
    ({"mutation_rate": None}, r"mutation_rate must lie in \[0, 1\], got None"),
    ({"seed": -1}, "seed"),
    ({"seed": 2**32}, "seed"),
    ({"generations": 0}, "generations"),
    ({"mutationrate": 0.3}, "unknown name 'mutationrate'; accepted: .*mutation_rate"),
]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        *FIGURE,
        ({"mating_rate": -0.1}, r"mating_rate must lie in \[0, 1\], got -0\.1"),
        ({"population": 10**9}, "population"),
        ({"dataset": "minst"}, "dataset"),
        ({"fitness": "psnr"}, "fitness"),
        ({"wish": "Digit(3)"}, "unknown name 'wish'"),
    ],
)
def test_the_figure_of_restoring_refuses_by_name(wrong, message):
    with pytest.raises(traitlets.TraitError, match=message):
        live(**wrong)


@pytest.mark.parametrize(
    ("wrong", "message"), [*FIGURE, ({"pool": 10**9}, "pool"), ({"wish": "~" * 50_000}, "at most 2,000 characters")]
)
def test_the_figure_of_wishes_refuses_by_name(wrong, message):
    with pytest.raises(traitlets.TraitError, match=message):
        wanted(**wrong)


RATES = {"mating_rate": 0.3, "mutation_rate": 0.3}
RESTORING = {"dataset": "mnist", "fitness": "mse", "population": 20, "seed": 3, **RATES}
WANTED = {"wish": "Digit(3)", "pool": 20, "mutation_rate": 0.2, "seed": 3}


@pytest.mark.parametrize(
    ("kind", "settings", "question", "message"),
    [
        (Restoring, RESTORING, {"ask": "start", "settings": {"population": 10**9}}, "population must be at most 1000"),
        (Restoring, RESTORING, {"ask": "next", "settings": {"population": 10**9}}, "population must be at most 1000"),
        (Restoring, RESTORING, {"ask": "next", "settings": {"population": 2.5}}, "population must be a whole number"),
        (Restoring, RESTORING, {"ask": "next", "settings": {"mutation_rate": math.nan}}, "mutation_rate must lie in"),
        (Restoring, RESTORING, {"ask": "start", "settings": {"seed": -1}}, "seed must be a whole number"),
        (Restoring, RESTORING, {"ask": "start", "settings": {"dataset": "../x"}}, "model must be one of"),
        (Restoring, RESTORING, {"ask": "descend", "steps": 10**9}, "steps must be at most 1000, got 1000000000"),
        (Wanted, WANTED, {"ask": "start", "settings": {"pool": 10**9}}, "pool must be at most 1000, got 1000000000"),
        (Wanted, WANTED, {"ask": "next", "settings": {"pool": 10**9}}, "pool must be at most 1000, got 1000000000"),
        (Wanted, WANTED, {"ask": "sample", "count": 10**9, "draw": 1}, "count must be at most 1000, got 1000000000"),
        (Wanted, WANTED, {"ask": "next", "settings": {"wish": "~" * 50_000}}, "at most 2,000 characters"),
    ],
)
def test_a_kernel_refuses_what_no_figure_asks_and_goes_on(kind, settings, question, message):
    desk, pixels = Desk(kind), [torch.zeros(28, 28).numpy().tobytes()]
    desk.answer({"ask": "start", "view": "v", "settings": settings}, pixels)
    with pytest.raises(ValueError, match=message):
        desk.answer({"view": "v"} | question | {"settings": settings | question.get("settings", {})}, pixels)
    assert desk.answer({"ask": "next", "view": "v", "settings": settings}, [])
