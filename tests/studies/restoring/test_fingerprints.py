"""The cliff in four numbers: of the paper, of runs, and what counts as a match."""

import csv
from dataclasses import astuple, replace
from itertools import product
from pathlib import Path
from statistics import mean

import pandas as pd
import pytest

from studies.restoring import fingerprints
from studies.restoring.experiments.cliff import HYPOTHESES
from studies.restoring.fingerprints import Fingerprint, matches, of_paper, of_runs
from studies.restoring.pictures import cliffs

PUBLISHED = Path(__file__).parents[3] / "book" / "published"
MATING, MUTATION = (0.1, 0.5, 0.9), (0.2, 0.3, 0.4, 0.5)
PAPER = Fingerprint(step=0.02, spread=0.008, inverted_u=0.004, late_gain=0.0)
THAWED = replace(PAPER, late_gain=0.01)


def lines(*numbers):
    """The rows of published tables."""
    return [row for n in numbers for row in csv.DictReader((PUBLISHED / f"jin-ko-table{n}.csv").open())]


def computed(grid, course):
    """The fingerprint of a grid and the table of its courses, without pandas."""
    score = {(row["mating_rate"], row["mutation_rate"]): float(row["score"]) for row in lines(grid)}
    steps = [
        (score[m, "0.3"] - score[m, "0.4"])
        - ((score[m, "0.2"] - score[m, "0.3"]) + (score[m, "0.4"] - score[m, "0.5"])) / 2
        for m in ("0.1", "0.5", "0.9")
    ]
    high = {m: mean(score[m, rate] for rate in ("0.4", "0.5")) for m in ("0.1", "0.5", "0.9")}
    at = {
        iteration: mean(
            float(row["score"])
            for row in lines(course)
            if row["iteration"] == iteration and row["mutation_rate"] in ("0.4", "0.5")
        )
        for iteration in ("50", "100")
    }
    inverted_u = high["0.5"] - (high["0.1"] + high["0.9"]) / 2
    return Fingerprint(mean(steps), max(steps) - min(steps), inverted_u, at["100"] - at["50"])


@pytest.mark.parametrize(("fitness", "grid", "course"), [("mse", 1, 3), ("ssim", 2, 4)])
def test_the_fingerprint_of_the_paper_is_that_of_its_tables(fitness, grid, course):
    assert astuple(of_paper(PUBLISHED, fitness)) == pytest.approx(astuple(computed(grid, course)), abs=1e-9)


def test_the_paper_falls_by_two_hundredths_and_is_frozen_under_mse_but_not_under_ssim():
    mse, ssim = (of_paper(PUBLISHED, fitness) for fitness in ("mse", "ssim"))
    assert mse.step == pytest.approx(0.02, abs=0.005)
    assert mse.late_gain == pytest.approx(0, abs=1e-9)
    assert ssim.late_gain > 0.005
    assert mse.inverted_u > 0
    assert ssim.inverted_u > 0


def runs(targets=2, iterations=(0, 50, 100), operators="our default"):
    """Runs that score 0.9 at rates up to 0.3 and 0.8 above, higher by 0.01 at mating 0.5 and by 0.02 after 50."""
    rows = [
        (
            operators,
            "mse",
            mating,
            mutation,
            target,
            i,
            (0.9 if mutation < 0.35 else 0.8) + 0.01 * (mating == 0.5) + 0.02 * (i > 50) + 0.05 * target,
        )
        for mating, mutation, target, i in product(MATING, MUTATION, range(targets), iterations)
    ]
    columns = ["operators", "fitness", "mating_rate", "mutation_rate", "target", "iteration", "best"]
    return pd.DataFrame(rows, columns=columns).assign(dataset="mnist")


def test_the_fingerprint_of_runs_has_the_four_numbers():
    assert astuple(of_runs(runs())) == pytest.approx((0.1, 0.0, 0.01, 0.02))
    steeper = runs().assign(best=lambda t: t["best"] - 0.1 * ((t["mating_rate"] == 0.9) & (t["mutation_rate"] > 0.35)))
    assert astuple(of_runs(steeper)) == pytest.approx((0.1 + 0.1 / 3, 0.1, 0.01 + 0.05, 0.02))


def test_a_steady_fall_is_no_step():
    steady = runs().assign(best=lambda t: 0.9 - t["mutation_rate"])
    assert of_runs(steady).step == pytest.approx(0, abs=1e-12)


def test_a_run_that_has_stopped_keeps_its_last_score():
    whole = runs()
    stopped = whole[~((whole["target"] == 0) & (whole["iteration"] > 50))]
    found = of_runs(stopped)
    assert astuple(found) == pytest.approx((0.1, 0.0, 0.01, 0.01)), "half of the runs gained nothing after 50"
    everyone = of_runs(whole[(whole["iteration"] <= 50) | ((whole["target"] == 1) & (whole["mating_rate"] == 0.1))])
    assert everyone.late_gain == pytest.approx(0.02 / 6)


def test_targets_of_two_data_sets_with_the_same_number_are_two_runs():
    other = runs().assign(dataset="fashion_mnist")
    found = of_runs(pd.concat([runs(), other[other["iteration"] <= 50]]))
    assert found.late_gain == pytest.approx(0.01), "those of one data set have stopped"


NOTHING = Fingerprint(0, 0, 0, 1)


@pytest.mark.parametrize(
    ("found", "paper", "what"),
    [
        (PAPER, PAPER, {"cliff", "at every mating rate", "inverted U", "frozen"}),
        (THAWED, THAWED, {"cliff", "at every mating rate", "inverted U", "not frozen"}),
        (NOTHING, PAPER, set()),
        (replace(NOTHING, step=0.01), PAPER, {"cliff", "at every mating rate"}),  # half of the paper's
        (replace(NOTHING, step=0.0099), PAPER, set()),
        (replace(NOTHING, step=0.03, spread=0.031), PAPER, {"cliff"}),
        (replace(NOTHING, step=-0.03, spread=0.0), PAPER, set()),
        (replace(NOTHING, inverted_u=0.002), PAPER, {"inverted U"}),
        (replace(NOTHING, inverted_u=-0.1), PAPER, set()),
        (replace(NOTHING, late_gain=0.0005), PAPER, {"frozen"}),
        (replace(NOTHING, late_gain=-0.0006), PAPER, set()),
        (replace(NOTHING, late_gain=0.005), THAWED, {"not frozen"}),
        (replace(NOTHING, late_gain=0.004), THAWED, set()),
    ],
)
def test_half_of_what_the_paper_shows_is_a_match(found, paper, what):
    fits = matches(found, paper)
    assert {feature for feature, there in fits.items() if there} == what
    assert len(fits) == 4
    assert ("frozen" in fits) == (paper is PAPER)


def test_the_table_holds_the_paper_and_every_hypothesis():
    everyone = pd.concat([runs(operators=name) for name in HYPOTHESES])
    other_fitness = everyone.assign(fitness="ssim", best=0.5)
    numbers, fits = fingerprints.table(pd.concat([everyone, other_fitness]), PUBLISHED, "mse")
    assert list(numbers.index) == ["the paper", *HYPOTHESES]
    assert list(fits.index) == list(HYPOTHESES)
    assert numbers.loc["the paper", "step"] == of_paper(PUBLISHED, "mse").step
    assert numbers.loc["no elitism"].tolist() == pytest.approx([0.1, 0.0, 0.01, 0.02])
    assert fits["cliff"].all()
    assert not fits["frozen"].any()


def test_the_cliff_of_the_paper_stands_behind_every_suspect():
    everyone = pd.concat([runs(operators=name) for name in HYPOTHESES])
    panels = cliffs(everyone, PUBLISHED, "mse", "1 - MSE").axes
    assert [place.get_title() for place in panels] == list(HYPOTHESES)
    score = {(row["mating_rate"], row["mutation_rate"]): float(row["score"]) for row in lines(1)}
    levels = [mean(score[m, f"{rate}"] for m in ("0.1", "0.5", "0.9")) for rate in MUTATION]
    for place in panels:
        paper, *targets, middle = place.lines
        assert paper.get_ydata().tolist() == pytest.approx([level - mean(levels) for level in levels])
        assert len(targets) == 2
        for line in (*targets, middle):
            assert line.get_ydata().tolist() == pytest.approx([0.05, 0.05, -0.05, -0.05])
