"""The genetic algorithm with other settings, operators and readings of the metrics."""

from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
import torch

from latentlib.fitness import Diversity
from latentlib.fitness.diversity import Average, Similarity
from studies.diversity.experiments.contest import FIRST, GENETIC, Contest
from studies.diversity.experiments.readings import OPERATORS, SIMILARITIES, Reading, operators, readings
from studies.diversity.experiments.searches import measured_sets
from studies.diversity.experiments.tuning import Tuned, tuning
from studies.diversity.settings import Settings
from studies.diversity.varied import read, settings, tuned

SMALL = {"scale": "smoke", "size": 8, "population": 8, "generations": 5, "repeats": 2}


@cache
def told(reading):
    return readings(reading)


@pytest.mark.parametrize("metric", ["rmse", "ncc"])
def test_the_papers_settings_are_those_of_the_contest(metric):
    contest = Contest(Settings(**SMALL))
    contest.genetic(evaluator := contest.evaluator(metric))
    expected = evaluator.best[metric].fitness.numpy()
    for table in (tuning(Tuned(**SMALL, metric=metric)), told(Reading(**SMALL, fitness=metric))):
        last = table[(table["evaluated"] == 40) & (table["method"] == GENETIC)]
        assert last["best"].to_numpy() == pytest.approx(expected, abs=1e-6)
        assert (last["passes"] == 40 * 8).all()


@pytest.mark.parametrize("changed", settings()[1:])
def test_every_setting_is_another_search_from_the_same_sets(changed):
    papers, other = (tuning(Tuned(**SMALL, **some)) for some in ({}, changed))
    assert other["evaluated"].tolist() == papers["evaluated"].tolist()
    first = other["evaluated"] == 8
    assert other[first]["best"].tolist() == papers[first]["best"].tolist()
    assert other["best"].tolist() != papers["best"].tolist()


def test_one_factor_changes_at_a_time_and_is_chosen_on_other_runs():
    papers, *others = settings()
    assert [sum(papers[name] != some[name] for name in papers) for some in others] == [1] * 8
    cells = list(tuned(Tuned(scale="paper")))
    assert {(cell.seed, cell.repeats) for cell in cells} == {(0, 2), (1, 5)}
    assert {cell.dataset for cell in cells} == {"mnist"}


@pytest.mark.parametrize("name", OPERATORS[1:])
def test_operators_read_otherwise_are_another_search(name):
    papers, other = (told(Reading(**SMALL, operators=some)) for some in ("paper", name))
    assert other["best"].tolist() != papers["best"].tolist()


@pytest.mark.parametrize(
    ("name", "whole"), [("paper", False), ("images exchanged", True), ("images reset", True), ("creep", False)]
)
def test_images_are_exchanged_or_reset_as_a_whole(name, whole):
    changed, random = operators(name, 100), torch.Generator().manual_seed(0)
    if "crossover" in changed:
        moved = changed["crossover"](torch.zeros(1, 800), torch.ones(1, 800), random)[0]
    else:
        unit = changed.get("mutation_unit", lambda rate, genomes, random: torch.rand(genomes.shape) < rate)
        moved = unit(0.5, torch.zeros(1, 1, 800), random)[0].float()
    shares = moved.view(8, 100).mean(dim=1)
    assert all(share in (0.0, 1.0) for share in shares.tolist()) == whole
    assert 0 < moved.mean() < 1


@pytest.mark.parametrize("name", SIMILARITIES)
def test_the_best_set_has_the_fitness_of_the_reading(name):
    table, contest = told(Reading(**SMALL, fitness=name)), Contest(Settings(**SMALL))
    fitness = Diversity(contest.generator, 8, SIMILARITIES[name], 2)
    with torch.no_grad():
        first = fitness(contest.first_sets).amax(dim=1)
    assert table[(table["evaluated"] == 8) & (table["method"] == GENETIC)]["best"].to_numpy() == pytest.approx(
        first.numpy(), abs=1e-6
    )
    assert (table[table["evaluated"] == 40]["best"].to_numpy() > first.numpy()).all()


def test_best_and_first_sets_are_measured():
    table = told(Reading(**SMALL, fitness="ncc"))
    last, first = table[table["evaluated"] == 40], table[table["method"] == FIRST]
    assert last["by_ncc"].to_numpy() == pytest.approx(last["best"].to_numpy(), abs=1e-6)
    contest = Contest(Settings(**SMALL))
    brightness = [[m["brightness"] for m in measured_sets(contest, contest.sets_of(s))] for s in contest.first_sets]
    assert first["brightness"].to_numpy() == pytest.approx(np.mean(brightness, axis=1))


def test_pairs_of_an_image_with_itself_change_no_rank():
    images = torch.rand(20, 6, 1, 4, 4, generator=torch.Generator().manual_seed(0)) + 0.1
    for kind, alike in {
        "rmse": 1.0,
        "cross_correlation": 1.0,
        "pearson": 1.0,
        "one_minus_ncc": 1.0,
        "ncc": 0.0,
    }.items():
        without, together = (Average(Similarity(kind, itself=some))(images) for some in (False, True))
        pairs = [[Similarity(kind)(images)[s, a, b] for a, b in combinations(range(6), 2)] for s in range(20)]
        assert without.numpy() == pytest.approx(np.mean(pairs, axis=1))
        assert together.numpy() == pytest.approx((5 * without.numpy() + alike) / 6, abs=1e-9)
        assert without.argsort().tolist() == together.argsort().tolist()


def test_the_plan_reads_ncc_in_four_ways_and_the_range_on_two_data_sets():
    cells = list(read(Reading(scale="paper")))
    assert {cell.fitness for cell in cells if cell.dataset == "mnist"} == set(SIMILARITIES)
    assert {cell.fitness for cell in cells if cell.dataset == "fashion_mnist"} == {"ncc", "ncc_signed"}
    assert {(cell.seed, cell.repeats) for cell in cells} == {(1, 5)}


@pytest.mark.parametrize(
    ("settings", "wrong", "words"),
    [
        (Reading, {"fitness": "ssim"}, "fitness must be one of"),
        (Reading, {"operators": "none"}, "operators must be one of"),
        (Tuned, {"metric": "pearson"}, "metric must be one of"),
        (Tuned, {"elites": -1}, "elites must be"),
        (Tuned, {"tournament": 0}, "tournament must be"),
        (Tuned, {"mating_rate": 1.5}, "mating_rate must lie"),
        (Tuned, {"mutation_rate": "high"}, "mutation_rate must be a number"),
    ],
)
def test_settings_out_of_range_are_refused(settings, wrong, words):
    with pytest.raises(ValueError, match=words):
        replace(settings(**SMALL), **wrong)
