"""The contest: who restores what, at which cost, and the measures of it."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from skimage.color import deltaE_cie76, rgb2lab
from skimage.metrics import structural_similarity

from latentlib import data, zoo
from latentlib.evolution import RandomSearch
from latentlib.fitness.reconstruction import reconstruction
from latentlib.gradient import GradientDescent
from studies.restoring.experiments import cliff, ranges, rivals, timing, tuning
from studies.restoring.experiments.colour import colour_error, lab
from studies.restoring.experiments.contest import SPLITS, Contest
from studies.restoring.experiments.measures import measures
from studies.restoring.experiments.rivals import correlation
from studies.restoring.settings import Settings

TINY = Settings("mnist", "smoke", targets=2, population=20, generations=3)
GA, STEP = "genetic algorithm", 3  # passes that a gradient step counts as


def pictures(count, channels=3, seed=0, size=9):
    return torch.rand(count, channels, size, size, generator=torch.Generator().manual_seed(seed))


def last_axis(images):
    """Images as scikit-image has them, the colours behind."""
    return images.permute(0, 2, 3, 1).double().numpy()


def test_lab_is_that_of_scikit_image():
    images = torch.cat([pictures(4), pictures(2, seed=1) * 0.05, torch.zeros(1, 3, 9, 9), torch.ones(1, 3, 9, 9)])
    assert last_axis(lab(images)) == pytest.approx(rgb2lab(last_axis(images)), abs=2e-3)


def test_the_colour_error_is_the_mean_delta_e_of_scikit_image():
    first, second = pictures(5), pictures(5, seed=1)
    expected = deltaE_cie76(rgb2lab(last_axis(first)), rgb2lab(last_axis(second))).mean(axis=(1, 2))
    assert colour_error(first, second).numpy() == pytest.approx(expected, rel=1e-4)
    assert (colour_error(first, first) == 0).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_the_correlation_of_images_is_that_of_numpy(channels):
    first, second = pictures(5, channels), pictures(5, channels, seed=1)
    second[0] = 0.2 + 0.5 * first[0]
    expected = [np.corrcoef(a.numpy().ravel(), b.numpy().ravel())[0, 1] for a, b in zip(first, second, strict=True)]
    assert correlation(first, second).numpy() == pytest.approx(expected, abs=1e-5)
    assert expected[0] == pytest.approx(1)


def test_the_ranges_are_those_of_numpy_and_scikit_image_over_all_ordered_pairs(monkeypatch):
    monkeypatch.setattr(ranges, "IMAGES", {"smoke": 8})
    found = ranges.ranges(TINY).set_index("pairs")
    images = data.bundled("mnist").images[:8, 0].double().numpy()
    for kind, others in (("real", images), ("inverted", 1 - images)):
        errors = ((images[:, None] - others[None]) ** 2).mean(axis=(2, 3))
        similar = np.array([[structural_similarity(a, b, data_range=1) for b in others] for a in images])
        row = found.loc[kind]
        assert row["n"] == 64
        assert row[["mse_min", "mse_max"]].tolist() == pytest.approx([errors.min(), errors.max()], abs=1e-6)
        assert row[["ssim_min", "ssim_max"]].tolist() == pytest.approx([similar.min(), similar.max()], abs=1e-4)
        assert row["ssim_outside"] == ((similar < -1e-6) | (similar > 1 + 1e-6)).sum()
        assert row["mse_outside"] == 0
        in_tanh = ((2 * images[:, None] - 2 * others[None]) ** 2).mean(axis=(2, 3))
        assert row["tanh_mse_max"] == pytest.approx(in_tanh.max(), abs=1e-5)
        assert row["tanh_mse_outside"] == (in_tanh > 1).sum()
    assert found.loc["inverted", "ssim_outside"] > 0


@pytest.mark.parametrize(
    ("mating", "mutation", "generations", "populations"),
    [(0.0, 0.0, 200, 1), (1.0, 0.0, 200, 201), (0.0, 1.0, 7, 8), (0.3, 0.3, 200, 103), (0.5, 0.5, 4, 4)],
)
def test_the_budget_is_the_first_population_and_the_children_that_change(mating, mutation, generations, populations):
    settings = replace(TINY, mating_rate=mating, mutation_rate=mutation, generations=generations)
    assert Contest(settings).budget == 20 * populations


def test_the_budget_is_what_evolution_takes():
    contest = Contest(replace(TINY, population=200, generations=12))
    run = contest.evolution.evolve(contest.fitness, 12)
    assert run.passes.float().mean().item() == pytest.approx(contest.budget, abs=200)


@pytest.fixture(scope="module")
def contest():
    return Contest(TINY, SPLITS)


@pytest.fixture(scope="module")
def table():
    return rivals.rivals(TINY)


def test_every_method_restores_every_target_of_both_splits(table):
    methods = {GA, "random search", "nearest image", "mean image", "evolution, then adam"}
    methods |= {f"{optimiser}, starts {starts}" for optimiser in ("adam", "sgd") for starts in (1, 10)}
    methods |= {"long descent, adam", "long descent, sgd"}
    assert set(table["method"]) == methods
    for _, part in table.groupby(["method", "iteration"]):
        assert part[["split", "target"]].to_numpy().tolist() == [["test", 0], ["test", 1], ["train", 0], ["train", 1]]
    assert table.query("method == @GA")["iteration"].unique().tolist() == [0, 1, 3]
    assert not table.isna().any(axis=None)


def test_under_ssim_evolution_meets_adam_and_sgd():
    settings = replace(TINY, fitness="ssim", targets=1, generations=1)
    found = rivals.rivals(settings)
    assert set(found["method"]) == {GA, *(f"{name}, starts {n}" for name in ("adam", "sgd") for n in (1, 10))}


@pytest.mark.parametrize("split", ["test", "train"])
def test_the_targets_of_a_split_are_the_images_of_that_split(table, contest, split):
    images = data.bundled("mnist", split).images[:2]
    dark = (images[:, 0].numpy() < 0.05).mean(axis=(1, 2))
    for _, part in table[table["split"] == split].groupby(["method", "iteration"]):
        assert part["background"].to_numpy() == pytest.approx(dark, abs=1e-6)
    assert torch.equal(contest.targets[:2] if split == "test" else contest.targets[2:], images)


def test_the_rivals_of_evolution_have_its_cost(table, contest):
    passes = table.sort_values("iteration").groupby(["method", "split", "target"])["passes"].last().unstack("method")
    assert (passes[GA] - contest.budget).abs().max() < 20  # a population
    assert (passes["random search"] == contest.budget).all()
    for starts in (1, 10):
        for optimiser in ("adam", "sgd"):
            spent = passes[f"{optimiser}, starts {starts}"]
            assert spent.between(contest.budget - STEP * starts, contest.budget).all()
    assert (passes["evolution, then adam"] - contest.budget).abs().max() <= STEP * 10
    assert (passes[["nearest image", "mean image"]] == 0).all(axis=None)


def test_evolution_and_random_search_are_the_engines_own(table, contest, one_thread):
    evolved = contest.evolution.evolve(contest.fitness, 3, 0).best.fitness
    drawn = RandomSearch(20).search(contest.fitness, contest.budget, 0).best.fitness
    for name, best in ((GA, evolved), ("random search", drawn)):
        last = table[table["method"] == name].sort_values("iteration").tail(4).sort_values(["split", "target"])
        assert last["one_minus_mse"].to_numpy() == pytest.approx(best.numpy(), abs=1e-4)


def test_a_long_descent_is_logged_on_its_way(contest, monkeypatch):
    monkeypatch.setattr(rivals, "STEPS", (5, 10))
    found = rivals.long_descent(contest)
    logged = [(1, 3), (5, 15), (10, 30), (20, 60)]
    for name in ("adam", "sgd"):
        mine = [item for item in found if item.method == f"long descent, {name}"]
        assert [(item.iteration, item.passes) for item in mine] == logged
        errors = torch.stack([(item.images - contest.targets).square().mean(dim=(1, 2, 3)) for item in mine])
        assert (errors.diff(dim=0) <= 1e-7).all()
        assert (errors[-1] < errors[0]).any()


def test_the_nearest_image_is_the_nearest_and_the_mean_image_the_mean(contest):
    nearest, mean = rivals.no_search(contest)
    training = data.bundled("mnist", "train").images.numpy().reshape(-1, 784).astype(np.float64)
    for image, target in zip(nearest.images.numpy(), contest.targets.numpy(), strict=True):
        closest = ((training - target.ravel()) ** 2).sum(axis=1).argmin()
        assert np.array_equal(image.ravel(), training[closest].astype(np.float32))
    assert mean.images[3].numpy().ravel() == pytest.approx(training.mean(axis=0), abs=1e-5)
    assert torch.equal(nearest.images[2:], contest.targets[2:]), "a training image is its own nearest"


def test_the_hybrid_descends_from_the_ten_fittest_different_genomes_of_half_a_run(contest, monkeypatch, one_thread):
    seen = {}

    def descend(self, fitness, steps, seed, initial):
        seen.update(initial=initial, steps=steps, restarts=self.restarts)
        return GradientDescent("adam", 0.1, 10).descend(fitness, 1, initial=initial)

    monkeypatch.setattr(rivals, "GradientDescent", type("Watched", (GradientDescent,), {"descend": descend}))
    rivals.hybrid(contest)
    half = contest.evolution.evolve(contest.fitness, 1, 0)
    assert seen["restarts"] == 10
    started = contest.fitness(seen["initial"]).sort(dim=1, descending=True).values.numpy()
    for fitness, genomes, starts, values in zip(
        half.state.fitness.numpy(), half.state.genomes.numpy(), seen["initial"].numpy(), started, strict=True
    ):
        by_genome = {genome.tobytes(): value for genome, value in zip(genomes, fitness, strict=True)}
        assert len({genome.tobytes() for genome in starts}) == 10
        assert values == pytest.approx(sorted(by_genome.values(), reverse=True)[:10], abs=1e-4)


def test_where_genomes_are_few_the_fittest_stand_more_than_once():
    genomes = torch.tensor([[1.0], [2.0], [1.0], [2.0]])
    chosen = rivals.fittest(genomes, torch.tensor([0.1, 0.7, 0.1, 0.7]), 3)
    assert chosen.flatten().tolist() == [2.0, 1.0, 2.0]


@pytest.mark.parametrize("scores", [{0.01: 0.2, 0.1: 0.9, 0.3: 0.5}, {0.01: 0.9, 0.1: 0.2, 0.3: 0.5}], ids=str)
def test_the_step_size_is_the_one_that_does_best_in_the_trials(monkeypatch, scores):
    monkeypatch.setattr(tuning, "trials", lambda settings, optimiser: scores)
    assert scores[tuning.step_size(TINY, "adam")] == 0.9


def test_trials_are_on_training_images_that_are_nobodys_target(one_thread):
    found = tuning.trials(TINY, "adam")
    assert list(found) == [0.01, 0.03, 0.1, 0.3]
    images = data.bundled("mnist", "train").images[2:6]
    fitness = reconstruction("mse", zoo.load_generator("restoring/mnist"), images)
    assert found[0.1] == pytest.approx(float(GradientDescent("adam", 0.1).descend(fitness, 20).best.fitness.mean()))


def test_every_hypothesis_meets_every_pair_of_rates_once():
    base = replace(TINY, fitness="ssim", mating_rate=0.7)
    found = [(cell.operators, cell.mating_rate, cell.mutation_rate) for cell in cliff.hypotheses(base)]
    mating, mutation = (0.1, 0.5, 0.9), (0.2, 0.3, 0.4, 0.5)
    assert sorted(found) == sorted((name, a, b) for name in cliff.HYPOTHESES for a in mating for b in mutation)
    kept = {(cell.dataset, cell.fitness, cell.generations, cell.targets) for cell in cliff.hypotheses(base)}
    assert kept == {("mnist", "ssim", 3, 2)}


def test_operators_that_are_no_hypothesis_are_refused():
    with pytest.raises(ValueError, match=r"operators must be one of our default, crossover only, .*'magic'"):
        cliff.Hypothesis("mnist", "smoke", operators="magic")


@pytest.mark.parametrize("operators", cliff.HYPOTHESES)
@pytest.mark.parametrize("fitness", ["mse", "ssim"])
def test_every_hypothesis_runs_with_either_fitness(operators, fitness):
    cell = cliff.Hypothesis("mnist", "smoke", 0, 10, 1, fitness=fitness, targets=2, operators=operators)
    found = cliff.cliff(cell)
    assert found[["iteration", "target"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert set(found) == {"iteration", "target", "best", "generation_best", "mean", "passes"}
    assert (found["best"] >= found["generation_best"]).all()


@pytest.mark.parametrize(("operators", "logged"), [("patience of 10", [0, 1, 10]), ("our default", [0, 1, 10, 20, 30])])
def test_patience_stops_a_run_that_stands_still(operators, logged):
    still = {"mating_rate": 0.0, "mutation_rate": 0.0, "targets": 2, "operators": operators}
    found = cliff.cliff(cliff.Hypothesis("mnist", "smoke", 0, 10, 30, **still))
    assert found["iteration"].unique().tolist() == logged


def test_timing_has_seconds_for_every_batch_and_repeat(monkeypatch):
    for name, value in {"BATCHES": (1, 3), "REPEATS": 2, "GENERATIONS": 1, "STEPS": 1}.items():
        monkeypatch.setattr(timing, name, value)
    found = timing.timing(TINY)
    assert found[["batch", "repeat"]].to_numpy().tolist() == [[1, 0], [1, 1], [3, 0], [3, 1]]
    assert set(found) == {"batch", "repeat", "generation_seconds", "step_seconds"}
    assert (found[["generation_seconds", "step_seconds"]] > 0).all(axis=None)


def test_the_rows_of_what_was_found_hold_its_measures(contest):
    images = contest.targets.flip(0)
    found = rivals.rows(contest, rivals.Found("reversed", images, 7, torch.arange(4)))
    expected = measures("mnist", images, contest.targets)
    for column in ("one_minus_mse", "ssim", "feature_distance", "same_class"):
        assert found[column].tolist() == expected[column].tolist()
    assert found["passes"].tolist() == [0, 1, 2, 3]
    assert set(found["iteration"]) == {7}
    assert set(found["method"]) == {"reversed"}
    outlines = [
        np.corrcoef(*(shrunk(picture) for picture in pair))[0, 1] for pair in zip(images, contest.targets, strict=True)
    ]
    assert found["outline"].to_numpy() == pytest.approx(outlines, abs=1e-5)
    assert "colour_error" not in found


def shrunk(picture):
    """Means (64,) of 8x8 windows that overlap where 28 is no multiple of 8, as adaptive pooling has them."""
    edges = [(place * 28 // 8, -(-(place + 1) * 28 // 8)) for place in range(8)]
    return [float(picture[0, top:bottom, left:right].mean()) for top, bottom in edges for left, right in edges]
