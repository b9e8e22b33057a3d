"""How close restored images come, and the course of it by iteration."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from skimage.metrics import structural_similarity

from latentlib import data, zoo
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.reconstruction import reconstruction
from studies.restoring.experiments.measures import SCORES, measures
from studies.restoring.experiments.rates import CROSS, LOGGED, RATES, course, courses
from studies.restoring.experiments.targets import targets_of
from studies.restoring.settings import Settings

PUBLISHED = Path(__file__).parents[3] / "book" / "published"
GREY = pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist"])
COLUMNS = ["target", "one_minus_mse", "ssim", "background", "same_class", "feature_distance"]
SMOKE = Settings("mnist", "smoke", population=20, generations=5, targets=2)
WITHOUT, FULL = (0.0, 0.0), (1.0, 0.0)  # rates at which no child changes, and every one


def pair(dataset, count=12):
    """Real images, and others: the next ones, which are of other classes."""
    images = data.bundled(dataset).images[: count + 1]
    return images[1:], images[:-1]


def by_iteration(table, column):
    """One row an iteration, one column a target."""
    return table.pivot_table(index="iteration", columns="target", values=column)


@pytest.fixture(scope="module")
def batch():
    """Three cells evolved together: no change, all children mate, both rates 0.3."""
    cells = [
        replace(SMOKE, mating_rate=mating, mutation_rate=mutation) for mating, mutation in (WITHOUT, FULL, (0.3, 0.3))
    ]
    return courses(cells)


@GREY
def test_an_image_is_restored_fully_by_itself(dataset):
    images, _ = pair(dataset)
    table = measures(dataset, images, images.clone())
    assert list(table) == COLUMNS
    assert table["target"].tolist() == list(range(12))
    assert (table["one_minus_mse"] == 1).all()
    assert table["ssim"].to_numpy() == pytest.approx(1, abs=1e-5)
    assert table["same_class"].all()
    assert (table["feature_distance"] == 0).all()


@GREY
def test_errors_and_similarities_are_those_of_numpy_and_scikit_image(dataset):
    images, targets = pair(dataset)
    table = measures(dataset, images, targets)
    first, second = images[:, 0].double().numpy(), targets[:, 0].double().numpy()
    similarity = [structural_similarity(a, b, data_range=1) for a, b in zip(first, second, strict=True)]
    assert table["one_minus_mse"].to_numpy() == pytest.approx(1 - ((first - second) ** 2).mean(axis=(1, 2)), abs=1e-6)
    assert table["ssim"].to_numpy() == pytest.approx(similarity, abs=1e-5)
    assert table["background"].to_numpy() == pytest.approx((second < 0.05).mean(axis=(1, 2)), abs=1e-6)


@GREY
def test_the_judge_says_whether_the_class_is_that_of_the_target(dataset):
    images, targets = pair(dataset, 40)
    table = measures(dataset, images, targets)
    judge = zoo.load_judge(dataset)
    wanted = judge(images).argmax(dim=1) == judge(targets).argmax(dim=1)
    assert table["same_class"].tolist() == wanted.tolist()
    assert table["same_class"].mean() < 0.2, "neighbours are of other classes"
    assert table["feature_distance"].min() > 0


@GREY
def test_the_distance_of_features_is_symmetric_and_small_for_a_small_change(dataset):
    images, targets = pair(dataset)
    there, back = (
        measures(dataset, *two)["feature_distance"].to_numpy() for two in ((images, targets), (targets, images))
    )
    near = measures(dataset, (targets + 0.01).clamp(0, 1), targets)["feature_distance"].to_numpy()
    assert there == pytest.approx(back, rel=1e-5)
    assert (near < there).all()


def test_each_fitness_has_its_score_among_the_columns():
    images, targets = pair("mnist")
    table = measures("mnist", images, targets)
    for name, column in SCORES.items():
        fitness = reconstruction(name, zoo.load_generator("restoring/mnist"), targets)
        assert table[column].to_numpy() == pytest.approx(fitness.score(images, torch.arange(12)).numpy(), abs=1e-6)


def test_every_cell_has_a_row_for_each_target_and_logged_iteration(batch):
    assert len(batch) == 3
    for table in batch:
        assert list(table) == [*COLUMNS, "iteration", "passes"]
        assert table[["iteration", "target"]].to_numpy().tolist() == [[i, t] for i in (0, 1, 5) for t in (0, 1)]
        assert not table.isna().any(axis=None)


def test_the_score_of_a_target_never_falls(batch):
    for table in batch:
        scores = by_iteration(table, "one_minus_mse")
        assert (scores.diff().dropna() >= -1e-6).all(axis=None)
    assert batch[2].query("iteration == 5")["one_minus_mse"].mean() > batch[2]["one_minus_mse"][:2].mean() + 1e-3


def test_each_cell_evolves_at_its_own_rates(batch):
    without, full, usual = (table.groupby("iteration")["passes"].agg(["min", "max"]) for table in batch)
    assert without.to_numpy().tolist() == [[20, 20]] * 3, "nobody changed, so nobody was judged again"
    assert full.to_numpy().tolist() == [[20, 20], [40, 40], [120, 120]], "everybody was, in each generation"
    assert usual.loc[0].tolist() == [20, 20]
    assert 20 < usual.loc[5, "min"] <= usual.loc[5, "max"] < 120
    assert batch[0].groupby("target")["one_minus_mse"].nunique().tolist() == [1, 1]


@pytest.mark.parametrize("fitness", ["mse", "ssim"])
def test_the_courses_are_those_of_the_genetic_algorithm_with_each_target_at_each_pair_of_rates(fitness, one_thread):
    settings = replace(SMOKE, fitness=fitness, seed=4)
    tables = courses([replace(settings, mating_rate=mating) for mating in (0.3, 0.9)])
    generator, targets = zoo.load_generator("restoring/mnist"), targets_of(settings)
    search = GeneticAlgorithm(20, torch.tensor([0.3, 0.3, 0.9, 0.9]), torch.full((4,), 0.3))
    begin = torch.randn(2, 20, 100, generator=torch.Generator().manual_seed(4))
    goal = reconstruction(fitness, generator, torch.cat([targets, targets]))
    run = search.evolve(goal, 5, seed=4, initial=torch.cat([begin, begin]))
    for table, columns in zip(tables, (slice(0, 2), slice(2, 4)), strict=True):
        best, passes = run.history.best[[0, 1, 5], columns], run.history.passes[[0, 1, 5], columns]
        assert by_iteration(table, SCORES[fitness]).to_numpy() == pytest.approx(best.numpy(), abs=1e-4)
        assert by_iteration(table, "passes").to_numpy().tolist() == passes.tolist()


def test_all_cells_of_a_batch_begin_alike(one_thread):
    tables = courses([replace(SMOKE, mutation_rate=mutation) for mutation in (0.1, 0.9)])
    first, second = (table[table["iteration"] == 0]["one_minus_mse"].tolist() for table in tables)
    assert first == pytest.approx(second, abs=1e-6)


def test_the_course_of_one_cell_is_a_batch_of_one(one_thread):
    pd.testing.assert_frame_equal(course(SMOKE), courses([SMOKE])[0])


def test_the_same_cells_take_the_same_course(one_thread):
    settings = replace(SMOKE, mating_rate=0.3, mutation_rate=0.3)
    first, again = course(settings), course(settings)
    pd.testing.assert_frame_equal(first, again)
    assert not np.allclose(first["one_minus_mse"], course(replace(settings, seed=1))["one_minus_mse"])


@pytest.mark.parametrize(
    "change",
    [
        {"dataset": "fashion_mnist"},
        {"seed": 1},
        {"population": 40},
        {"generations": 6},
        {"fitness": "ssim"},
        {"targets": 3},
        {"scale": "quick"},
    ],
    ids=str,
)
def test_cells_that_differ_in_more_than_their_rates_do_not_make_a_batch(change):
    with pytest.raises(ValueError, match="must differ in mating_rate and mutation_rate alone"):
        courses([SMOKE, replace(SMOKE, mating_rate=0.9, **change)])


def test_the_cross_of_rates_and_the_iterations_are_those_of_the_published_tables():
    published = pd.concat([pd.read_csv(PUBLISHED / f"jin-ko-table{number}.csv") for number in range(3, 7)])
    rates = set(zip(published["mating_rate"], published["mutation_rate"], strict=True))
    assert set(CROSS) == rates
    assert len(CROSS) == len(rates) == 7
    assert set(published["iteration"]) <= set(LOGGED)


@pytest.mark.parametrize("number", [1, 2])
def test_the_grid_of_rates_is_that_of_the_published_tables(number):
    published = pd.read_csv(PUBLISHED / f"jin-ko-table{number}.csv")
    rates = set(zip(published["mating_rate"], published["mutation_rate"], strict=True))
    assert {(mating, mutation) for mating in RATES for mutation in RATES} == rates
