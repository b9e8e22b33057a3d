"""JK-28 to JK-37, JK-39, JK-40, JK-43: each verdict follows its written rule on tables whose outcome is known."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from known import COLOUR, CROSS, EVERY, FITNESSES, GREY, TARGETS, about, cliff, courses
from tables import found, outcome, put

from latentlib.study.findings import TooSmallError
from studies.restoring.experiments import published
from studies.restoring.verdicts.convergence import delays, reliability

FOLDER = Path(__file__).parents[3] / "book" / "published"
SCORE = {"mse": "one_minus_mse", "ssim": "ssim"}
BOTH = pytest.mark.parametrize("fitness", FITNESSES)
TABLES = {
    "JK-28": ("mse", "mutation_rate"),
    "JK-29": ("ssim", "mutation_rate"),
    "JK-30": ("mse", "mating_rate"),
    "JK-31": ("ssim", "mating_rate"),
}
NAMES = dict(zip(EVERY, ("MNIST", "Fashion_MNIST", "Cifar10", "CelebA"), strict=True))
CELLS = list(product(EVERY, FITNESSES, CROSS, (1, 50, 100, 150, 200, 250, 300)))
DRAWN = dict(zip(CELLS, np.random.default_rng(0).permutation(len(CELLS)) / 1000, strict=True))
LEVEL = {"mnist": 0.9, "fashion_mnist": 0.1, "cifar10": 0.6, "celeba": 0.4}
UP_AND_DOWN = about(0, 1)


def theirs():
    """Tables 3 to 6, every score another one."""
    rows = [(NAMES[n], f.upper(), *rates, i, score) for (n, f, rates, i), score in DRAWN.items()]
    return pd.DataFrame(rows, columns=["dataset", "fitness", "mating_rate", "mutation_rate", "iteration", "score"])


def ours(factor=lambda fitness, mating, mutation: 1, datasets=EVERY):
    """Our courses: those of the paper, but smaller, at other levels, and times a factor of the cell."""
    table = courses(datasets).query("iteration in (1, 50, 100, 150, 200, 250, 300)")
    keys = zip(*(table[c] for c in ("dataset", "fitness", "mating_rate", "mutation_rate", "iteration")), strict=True)
    paper = [(f, r, m, DRAWN[n, f, (r, m), i], LEVEL[n]) for n, f, r, m, i in keys]
    targets = table["target"].to_numpy()
    scores = [
        level + 0.1 * score * (np.ones(TARGETS) * factor(f, r, m))[t]
        for (f, r, m, score, level), t in zip(paper, targets, strict=True)
    ]
    return table.assign(one_minus_mse=scores, ssim=scores)


@pytest.mark.parametrize("claim", TABLES)
def test_jk_28_to_jk_31_are_supported_by_the_same_shapes_at_other_levels(claim):
    assert outcome(claim, ours(), theirs()) == "supported"
    assert outcome(claim, ours(datasets=GREY), theirs()) == "supported"


@pytest.mark.parametrize("spoilt", TABLES)
def test_jk_28_to_jk_31_each_look_at_their_own_table(spoilt):
    fitness, varied = TABLES[spoilt]

    def reversed_there(f, mating, mutation):
        rate = mutation if varied == "mutation_rate" else mating
        return -1 if f == fitness and rate != 0.3 else 1

    table = ours(reversed_there)
    outcomes = {claim: outcome(claim, table, theirs()) for claim in TABLES}
    assert outcomes == dict.fromkeys(TABLES, "supported") | {spoilt: "contradicted"}


def of_target(seed):
    """A factor for each target, on average a thirtieth of its scatter."""
    return np.random.default_rng(seed).normal(0.1, 3.0, TARGETS)


@pytest.mark.parametrize("claim", TABLES)
def test_jk_28_to_jk_31_are_open_where_every_target_has_a_shape_of_its_own(claim):
    table = ours(lambda f, mating, mutation: of_target(int(100 * mating + 10 * mutation)))
    assert outcome(claim, table, theirs()) == "inconclusive"


@pytest.mark.parametrize("claim", TABLES)
@pytest.mark.parametrize("noise", [0.0, 0.001])
def test_jk_28_to_jk_31_are_not_supported_by_a_curve_that_knows_no_rates(claim, noise):
    """Published scores that follow one curve, up to what the rates do; ours follow the curve alone."""
    table = courses().query("iteration in (1, 50, 100, 150, 200, 250, 300)")
    curve, random = 1 - np.exp(-table["iteration"] / 25), np.random.default_rng(0)
    ours_ = table.assign(one_minus_mse=curve, ssim=curve)
    rises = theirs().assign(score=lambda t: 1 - np.exp(-t["iteration"] / 25) + t["score"] / 100)
    if not noise:
        with pytest.raises(TooSmallError):
            outcome(claim, ours_, rises)
        return
    noisy = ours_.assign(**{name: curve + noise * random.normal(size=len(table)) for name in ("one_minus_mse", "ssim")})
    assert outcome(claim, noisy, rises) != "supported"
    assert "featureless curve" in found(claim, noisy, rises).reading
    assert float(found(claim, noisy, rises).reading.split(", and ")[1].split(" for a")[0]) > 0.95


@pytest.mark.parametrize("signal", [0.0, 1.0, 3.0])
def test_reliability_is_the_share_of_variance_that_is_no_noise(signal):
    random, targets = np.random.default_rng(0), 4
    pattern = random.normal(0, signal, (200, 3, 5)) if signal else np.zeros((200, 3, 5))
    samples = [cells + random.normal(0, 2, (targets, 3, 5)) for cells in pattern]
    expected = signal**2 / (signal**2 + 2**2 / targets)  # of the mean over targets
    assert reliability(samples) == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize("claim", TABLES)
def test_where_all_may_be_noise_no_table_decides(claim):
    table = ours(lambda f, mating, mutation: np.array([20.0, -20.0] * (TARGETS // 2)) - 0.5)
    decided = found(claim, table, theirs())
    assert decided.estimate.value < 0
    assert decided.outcome == "inconclusive"
    assert "is no noise over targets." in decided.reading


def gained(value, fitness, start, rates, **where):
    """Scores that stand still but for a gain after an iteration, at some mutation rates."""
    flat = put(courses(), SCORE[fitness], about(0.8, 0.1), fitness=fitness)
    after = [i for i in (50, 75, 100, 150, 200, 250, 300) if i > start]
    cells = {"mating_rate": 0.3, "mutation_rate": rates, "iteration": after, "fitness": fitness}
    return put(flat, SCORE[fitness], about(0.8, 0.1) + value, **cells | where)


@pytest.mark.parametrize(
    ("gain", "expected"),
    [
        (0.0, "supported"),
        (0.0004, "supported"),
        (0.0006, "contradicted"),
        (about(0.0005, 0.0004), "inconclusive"),
        (-0.0006, "inconclusive"),  # only an interval above contradicts
    ],
)
def test_jk_32_wants_no_gain_after_iteration_50_at_high_mutation(gain, expected):
    table = gained(gain, "mse", 50, (0.4, 0.5), dataset="celeba")
    table = put(table, "one_minus_mse", 2.0, mutation_rate=(0.2, 0.3))
    assert outcome("JK-32", put(table, "one_minus_mse", 0.0, iteration=(0, 1, 30))) == expected


@pytest.mark.parametrize(
    ("lead", "expected"),
    [(0.001, "supported"), (-0.001, "contradicted"), (about(0, 0.01), "inconclusive")],
)
def test_jk_33_wants_later_gains_of_ssim_at_low_mutation_on_every_data_set(lead, expected):
    table = gained(0.05, "ssim", 100, (0.2, 0.3))
    assert outcome("JK-33", table) == "supported"
    assert outcome("JK-33", put(table, "ssim", about(0.8, 0.1) + 0.05 - lead, **CELEBA_HIGH)) == expected


CELEBA_HIGH = {"dataset": "celeba", "fitness": "ssim", "mutation_rate": (0.4, 0.5), "iteration": (200, 300)}


def rising(grey, colour, fitness="mse"):
    """Scores at rates 0.3 that rise evenly until an iteration, one a target, and then stand still."""
    table, end = courses(), {**dict.fromkeys(GREY, grey), **dict.fromkeys(COLOUR, colour)}
    ends = np.stack([end[name] * np.ones(TARGETS) for name in EVERY])
    own = ends[table["dataset"].map(EVERY.index), table["target"]]
    usual = (table["mating_rate"] == 0.3) & (table["mutation_rate"] == 0.3) & (table["fitness"] == fitness)
    scores = np.where(usual, 0.5 + 0.2 * np.minimum(table["iteration"] / own, 1), 0.1)
    return table.assign(**{SCORE[fitness]: scores})


def test_the_delay_is_where_95_percent_of_the_gain_are_reached():
    steady = rising(np.where(np.arange(TARGETS) < 6, 100, 300), 50)
    assert delays(steady, "mse", "mnist", 0.95) == pytest.approx([95.0] * 6 + [285.0] * 6)
    assert delays(steady, "mse", "celeba", 0.95) == pytest.approx([47.5] * TARGETS)


SPEEDS = [(50, 200, "supported"), (200, 50, "contradicted"), (about(150, 60), about(150, 60)[::-1], "inconclusive")]


@pytest.mark.parametrize(("grey", "colour", "expected"), SPEEDS)
def test_jk_34_wants_colour_targets_to_converge_later(grey, colour, expected):
    assert outcome("JK-34", rising(grey, colour)) == expected


@pytest.mark.parametrize(("grey", "colour", "expected"), SPEEDS)
def test_jk_35_wants_colour_targets_later_and_lower(grey, colour, expected):
    table = rising(grey, colour, "ssim")
    higher = table.assign(ssim=table["ssim"] + 0.2 * table["dataset"].isin(GREY))
    lower = table.assign(ssim=table["ssim"] - 0.2 * table["dataset"].isin(GREY))
    assert outcome("JK-35", higher) == expected
    assert outcome("JK-35", lower) == "contradicted"
    unclear = table.assign(ssim=table["ssim"] + 0.1 * UP_AND_DOWN[table["target"]])
    assert outcome("JK-35", unclear) == ("contradicted" if expected == "contradicted" else "inconclusive")


@BOTH
@pytest.mark.parametrize(
    ("apart", "expected"),  # in units of the margin
    [(0.7, "supported"), (-0.7, "supported"), (1.3, "contradicted"), (about(1, 0.8), "inconclusive")],
)
def test_jk_36_wants_four_mating_rates_alike_at_the_end(fitness, apart, expected):
    level, margin = about(0.8, 0.1), {"mse": 0.002, "ssim": 0.02}[fitness]
    table = put(put(courses(), "one_minus_mse", level), "ssim", level)
    table = put(table, SCORE[fitness], 0.0, iteration=250, mating_rate=0.4)
    one = {"iteration": 300, "mating_rate": 0.4, "mutation_rate": 0.3, "fitness": fitness, "dataset": "cifar10"}
    assert outcome("JK-36", put(table, SCORE[fitness], level + margin * apart, **one)) == expected


def ranges(fitness, by_mutation, by_mating, table=None, datasets=EVERY):
    """Scores that differ at iteration 300 by so much at mutation 0.5, and at mating 0.5, from those of other rates."""
    level, end = about(0.8, 0.1), {"iteration": 300, "fitness": fitness, "dataset": datasets}
    table = put(courses() if table is None else table, SCORE[fitness], level, **end)
    table = put(table, SCORE[fitness], level + by_mutation, **end, mating_rate=0.3, mutation_rate=0.5)
    return put(table, SCORE[fitness], level + by_mating, **end, mating_rate=0.5, mutation_rate=0.3)


@BOTH
@pytest.mark.parametrize(
    ("by_mutation", "by_mating", "expected"),
    [
        (0.02, 0.01, "supported"),
        (-0.02, 0.01, "supported"),
        (0.01, 0.02, "contradicted"),
        (0.01, -0.02, "contradicted"),
        (0.02, about(0.02, 0.03), "inconclusive"),
    ],
)
def test_jk_37_wants_a_wider_range_over_mutation_for_both_fitnesses(fitness, by_mutation, by_mating, expected):
    usual = ranges("ssim", 0.02, 0.01, ranges("mse", 0.02, 0.01))
    assert outcome("JK-37", ranges(fitness, by_mutation, by_mating, usual)) == expected


def test_jk_37_takes_all_data_sets_together():
    usual = ranges("ssim", 0.02, 0.01, ranges("mse", 0.02, 0.01))
    assert outcome("JK-37", ranges("mse", 0.01, 0.015, usual, ("mnist",))) == "supported"


@pytest.mark.parametrize(
    ("falling", "expected"),  # one step at the rates that are named
    [
        ({}, "supported"),
        ({"mutation_rate": 0.2, "mating_rate": 0.1, "fitness": "mse", "dataset": "mnist"}, "contradicted"),
    ],
)
def test_jk_39_wants_no_step_to_fall_where_the_best_is_kept(falling, expected):
    table = put(cliff(), "generation_best", 0.4, operators="no elitism", iteration=10)
    if falling:
        table = put(table, "generation_best", 0.4, operators="our default", iteration=10, **falling)
    assert outcome("JK-39", put(table, "best", 0.0, iteration=30)) == expected
    assert "Without elitism the share is 0.250" in found("JK-39", table).reading


@pytest.mark.parametrize(
    ("deviations", "expected"),
    [
        ({100: [0.002, 0.0], 200: [0.001, -0.001]}, "supported"),
        ({100: [0.0, 0.0], 200: [0.5, 0.5]}, "supported"),
        ({100: [0.0, 0.0011], 200: [0.0011, 0.0]}, "contradicted"),  # each cell agrees somewhere, but never all
        ({100: [-0.002, 0.0], 200: [0.0, -0.003]}, "contradicted"),
    ],
)
def test_jk_40_wants_one_iteration_at_which_every_cell_agrees(deviations, expected):
    rows = [(iteration, value) for iteration, values in deviations.items() for value in values]
    assert outcome("JK-40", pd.DataFrame(rows, columns=["iteration", "deviation"])) == expected


def test_the_published_grids_are_the_averages_of_the_courses_at_iteration_200():
    tables = {number: pd.read_csv(FOLDER / f"jin-ko-table{number}.csv") for number in range(1, 7)}
    cell = ["mating_rate", "mutation_rate"]
    worst = {}
    for iteration in (150, 200, 250):
        found = []
        for grid, numbers in ((1, (3, 5)), (2, (4, 6))):
            some = pd.concat([tables[number] for number in numbers]).query("iteration == @iteration")
            means = some.groupby([*cell, "dataset"])["score"].first().groupby(cell).mean()
            found.append((means - tables[grid].set_index(cell)["score"]).dropna())
        assert sum(map(len, found)) == 14
        worst[iteration] = pd.concat(found).abs().max()
    averages = published.averages(FOLDER)
    assert set(averages["size"]) == {4}
    ours_ = averages.groupby("iteration")["deviation"].agg(lambda values: values.abs().max())
    assert {i: ours_[i] for i in worst} == pytest.approx(worst)
    assert worst[200] <= 0.001 < min(worst[150], worst[250])
    assert outcome("JK-40", averages) == "supported"


@BOTH
@pytest.mark.parametrize(("way", "expected"), [(1, "supported"), (-1, "contradicted"), (UP_AND_DOWN, "inconclusive")])
def test_jk_43_wants_images_nearer_to_their_targets_with_the_iterations(fitness, way, expected):
    table = courses().assign(feature_distance=lambda t: 9 - t["iteration"] / 100)
    one = (table["fitness"] == fitness) & (table["dataset"] == "celeba")
    other = 9 - (way * np.ones(TARGETS))[table["target"]] * table["iteration"] / 100
    table = table.assign(feature_distance=np.where(one, other, table["feature_distance"]))
    assert outcome("JK-43", put(table, "feature_distance", 0.0, iteration=0, mating_rate=0.5)) == expected


@pytest.mark.parametrize("claim", [*TABLES, *(f"JK-{number}" for number in range(32, 38))])
def test_courses_of_150_iterations_are_too_small(claim):
    table = courses(iterations=(0, 1, 50, 100, 150))
    with pytest.raises(TooSmallError):
        outcome(claim, table, *([theirs()] if claim in TABLES else []))
