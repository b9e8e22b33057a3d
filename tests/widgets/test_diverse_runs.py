"""Runs of a diverse set on an event loop: the library's searches, random sampling beside them, a judge's view."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_recogniser import NAMES, Pixels, Plain

from latentlib import zoo
from latentlib.evolution import Generational, GeneticAlgorithm, MapElites, PerGene, RandomSearch, Reset, Tournament
from latentlib.evolution.archive import Grid
from latentlib.fitness.diversity import Average, Diversity, Maximum, Similarity
from latentlib.widgets.diverse import DRAWN, METRICS, Race, Session, Trial, view
from studies.diversity.experiments.judges import Ensemble

SIZE = 8
PROBLEMS = {
    "digits": lambda: (Plain(10).eval(), Pixels("0123456789", True, 5.0).eval()),
    "faces": lambda: (Plain(4).eval(), Pixels(NAMES, False, 5.0).eval()),
}
FEW = Trial("digits", population=10, size=SIZE, mutation_rate=0.1)
RATES = {"mating_rate": 0.7, "mutation_rate": 0.1, "mutation": Reset(), "mutation_unit": PerGene()}


def run(trial, generations=5):
    """What a run of a trial drew, generation by generation, and what it complained of."""
    drawn, complaints = [], []
    session = Session(PROBLEMS, drawn.append, complaints.append, generations, redraw=0)

    async def scene():
        session.start(trial)
        await session.task

    asyncio.run(scene())
    return drawn, complaints


def mean_similarity(images, metric):
    """By a loop over pairs."""
    pixels, found = images.flatten(1).double().numpy(), []
    for i, one in enumerate(pixels):
        for other in pixels[i + 1 :]:
            product = (one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum())
            found.append(1 - np.sqrt(((one - other) ** 2).mean()) if metric == "rmse" else product)
    return np.mean(found)


@pytest.mark.parametrize("metric", METRICS)
def test_the_curve_is_the_genetic_algorithms_and_the_best_set_its_last(one_thread, metric):
    drawn, complaints = run(replace(FEW, metric=metric))
    assert complaints == []
    search = GeneticAlgorithm(10, selection=Tournament(3), survival=Generational(1), **RATES)
    similarity = Similarity({"rmse": "rmse", "ncc": "cross_correlation"}[metric])
    expected = search.evolve(Diversity(Plain(10), SIZE, similarity), 5, seed=0)
    last = drawn[-1]
    assert last.curve == (-expected.history.best[:, 0]).tolist()
    assert last.passes == int(expected.passes)
    for shown, curve in ((last.best, last.curve), (last.beside, last.rival)):
        assert mean_similarity(shown.images, metric) == pytest.approx(curve[-1], abs=1e-6)
    assert last.curve[0] == last.rival[0]
    assert last.heat is None


def test_the_map_is_that_of_map_elites(one_thread):
    drawn, _ = run(replace(FEW, algorithm="map_elites", bins=20))
    metric = Similarity("rmse")
    fitness = Diversity(Plain(10), SIZE, metric).with_measures(Average(metric), Maximum(metric))
    grid = Grid((20, 20))
    expected = MapElites(grid, 10, offspring=10, **RATES).evolve(fitness, 5, seed=0)
    assert torch.equal(drawn[-1].heat.nan_to_num(), grid.heat_map(expected.state)[0].nan_to_num())
    assert drawn[-1].curve == (-expected.history.best[:, 0]).tolist()


def test_random_sampling_judges_as_many_sets_as_the_search(one_thread):
    """Of every generation; it draws what `RandomSearch` draws from the same state of the random generator."""
    race = Race(Plain(10), FEW)
    random = torch.Generator().manual_seed(DRAWN)
    fitness, best = Diversity(Plain(10), SIZE, METRICS["rmse"]), race.best.fitness[0]
    for _ in range(4):
        before = race.passes
        race.step(replace(FEW, mating_rate=0.2, mutation_rate=0.0))
        count = (race.passes - before) // SIZE
        assert count < 10, "who did not change is not judged"
        sets = fitness.prior.draw((1, count, fitness.genes), random)
        best = max([best, *fitness(sets)[0]])
        assert race.rival.fitness[0] == best
    assert race.passes == int(race.state.passes)


def test_random_sampling_alone_has_no_rival_and_costs_what_the_librarys_costs(one_thread):
    drawn, _ = run(replace(FEW, algorithm="random"), 20)
    spent = RandomSearch(10).search(Diversity(Plain(10), SIZE), 21 * 10 * SIZE).passes
    assert drawn[-1].passes == int(spent)
    assert drawn[-1].rival == []
    assert drawn[-1].beside is None
    assert sorted(drawn[-1].curve, reverse=True) == drawn[-1].curve
    assert drawn[-1].curve[-1] < drawn[-1].curve[0]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_a_judge_without_features_sees(problem):
    generator, judge = PROBLEMS[problem]()
    race = Race(generator, replace(FEW, problem=problem))
    seen = view(race, race.best, judge)
    kinds = [tuple(row) for row in judge.predict(seen.images).tolist()]
    shares = np.array([kinds.count(kind) for kind in set(kinds)]) / SIZE
    assert seen.classes == len(shares)
    assert seen.evenness == pytest.approx(-(shares * np.log(shares)).sum() / np.log(SIZE))
    assert seen.spread is None


def test_the_judge_is_the_chapters():
    """The same numbers as by the ensemble of the experiments, if that had this judge alone."""
    judge = zoo.load("judge/mnist")
    race = Race(zoo.load_generator("restoring/mnist"), replace(FEW, size=12, population=4))
    seen = view(race, race.best, judge)
    expected = Ensemble((judge,), (1.0,)).of(seen.images).measures()
    assert seen.classes == expected["classes"]
    assert seen.evenness == pytest.approx(expected["evenness"])
    assert seen.spread == pytest.approx(expected["spread"])


def test_curves_compare_where_problem_metric_and_size_are_the_same():
    aims = [replace(FEW, **change).aim() == FEW.aim() for change in ({"seed": 3}, {"algorithm": "random"})]
    assert all(aims)
    for change in ({"metric": "ncc"}, {"size": 20}, {"problem": "faces"}):
        assert replace(FEW, **change).aim() != FEW.aim()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"algorithm": "tabu"}, "algorithm must be one of genetic, map_elites, random, got 'tabu'"),
        ({"metric": "ssim"}, "metric must be one of rmse, ncc, got 'ssim'"),
        ({"size": 1}, "size must be at least 8, got 1"),
        ({"bins": 0}, "bins must be at least 1, got 0"),
        ({"mutation_rate": 1.3}, r"mutation_rate must lie in \[0, 1\], got 1.3"),
    ],
)
def test_wrong_values_are_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        Trial.of(PROBLEMS, wrong)
