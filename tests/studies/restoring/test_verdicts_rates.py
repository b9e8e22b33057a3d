"""JK-18 to JK-27, JK-38, JK-41, JK-42: each verdict follows its written rule on tables whose outcome is known."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from known import EVERY, FITNESSES, GREY, RATES, TARGETS, about, courses, grid, on_surface, rows
from tables import outcome, put

from latentlib.study.findings import TooSmallError
from studies.restoring.verdicts.rates import slices, variance_lead

PUBLISHED = Path(__file__).parents[3] / "book" / "published"
BOTH = pytest.mark.parametrize("fitness", FITNESSES)
SHUFFLED = np.random.default_rng(0).permutation(81).reshape(9, 9) / 100
SLACK = {"mse": 0.001, "ssim": 0.005}
LEVELS = np.reshape(about(0.5, 0.2), (TARGETS, 1, 1))  # of targets: far apart, so that what is not paired is blurred
MATING, MUTATION = np.meshgrid(RATES, RATES, indexing="ij")


def varied(values):
    """One value a target, as a factor of surfaces (targets, 9, 9)."""
    return np.reshape(values * np.ones(TARGETS), (TARGETS, 1, 1))


def at_rates(mating, mutation):
    """1 at the rates chosen, 0 elsewhere."""
    return (np.isin(MATING, mating) & np.isin(MUTATION, mutation)).astype(float)


@cache
def flat():
    """Every cell alike for either fitness, but the targets at different levels."""
    return on_surface(on_surface(grid(), "mse", LEVELS), "ssim", LEVELS)


def published(mse, ssim):
    """Tables 1 and 2."""
    parts = [
        pd.DataFrame({"fitness": name, "mating_rate": MATING.ravel(), "mutation_rate": MUTATION.ravel(), "score": s})
        for name, s in (("MSE", mse.ravel()), ("SSIM", ssim.ravel()))
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(("claim", "fitness"), [("JK-18", "mse"), ("JK-19", "ssim")])
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (SHUFFLED, "supported"),
        (SHUFFLED**3, "supported"),  # ranks count
        (-SHUFFLED, "contradicted"),
        (SHUFFLED.T, "contradicted"),  # mating and mutation rates must not be confused
        (0 * SHUFFLED + MUTATION, "contradicted"),
        (SHUFFLED * varied(about(0, 1)), "inconclusive"),  # half of the targets follow the paper, half its opposite
    ],
)
def test_jk_18_and_jk_19_correlate_81_cells_with_the_published_ones(claim, fitness, cells, expected):
    tables = {"mse": -SHUFFLED, "ssim": -SHUFFLED} | {fitness: SHUFFLED}
    ours = on_surface(flat(), fitness, LEVELS + 0.1 * cells)
    assert outcome(claim, on_surface(ours, fitness, -SHUFFLED, iteration=1), published(**tables)) == expected


def test_jk_18_averages_the_data_sets_before_it_ranks():
    ours = on_surface(flat(), "mse", 3 * SHUFFLED, datasets=GREY[:1])
    assert outcome("JK-18", on_surface(ours, "mse", -SHUFFLED, datasets=GREY[1:]), published(SHUFFLED, SHUFFLED)) == (
        "supported"
    )


def test_jk_19_averages_the_data_sets_that_were_run_with_ssim():
    ours = on_surface(flat(), "ssim", LEVELS + 0.1 * SHUFFLED, datasets=GREY[:1])
    without = ours[(ours["fitness"] == "mse") | (ours["dataset"] == GREY[0])]
    assert outcome("JK-19", without, published(-SHUFFLED, SHUFFLED)) == "supported"


def peak(fitness, mating, mutation, lead, datasets=GREY, start=None):
    """The flat grid, raised at one pair of rates above all others."""
    return on_surface(
        flat() if start is None else start,
        fitness,
        LEVELS + varied(lead) * at_rates(mating, mutation),
        datasets=datasets,
    )


@BOTH
@pytest.mark.parametrize(
    ("mating", "mutation", "lead", "expected"),  # the lead in units of what the rule allows the rest to be ahead
    [
        (0.3, 0.3, 5, "supported"),
        (0.2, 0.4, 5, "supported"),
        (0.4, 0.2, 5, "supported"),
        (0.9, 0.3, 0.7, "supported"),
        (0.5, 0.3, 1.5, "contradicted"),
        (0.3, 0.1, 5, "contradicted"),
        (0.3, 0.5, 5, "contradicted"),
        (0.9, 0.9, about(1, 0.9), "inconclusive"),
    ],
)
def test_jk_20_wants_the_best_cell_among_rates_of_02_to_04(fitness, mating, mutation, lead, expected):
    assert outcome("JK-20", peak(fitness, mating, mutation, lead * SLACK[fitness])) == expected


@pytest.mark.parametrize(
    ("mating", "mutation", "lead", "expected"),
    [
        (0.5, 0.2, 0.005, "supported"),
        (0.2, 0.3, 0.005, "supported"),
        (0.9, 0.9, 0.0005, "supported"),
        (0.3, 0.4, 0.005, "contradicted"),
        (0.1, 0.2, 0.005, "contradicted"),
        (0.6, 0.3, 0.005, "contradicted"),
        (0.3, 0.1, 0.005, "contradicted"),
        (0.3, 0.4, about(0.001, 0.0009), "inconclusive"),
    ],
)
def test_jk_21_wants_the_best_cell_of_each_data_set_in_its_range(mating, mutation, lead, expected):
    usual = peak("ssim", 0.9, 0.9, 0.1, start=peak("mse", 0.3, 0.3, 0.0005))
    assert outcome("JK-21", usual) == "supported"
    assert outcome("JK-21", peak("mse", mating, mutation, lead, GREY[1:], usual)) == expected


def effects(mutation, mating):
    """Scores that rise with either rate, by a slope a target."""
    return LEVELS + varied(mutation) * MUTATION + varied(mating) * MATING


@BOTH
@pytest.mark.parametrize(
    ("mutation", "mating", "expected"),
    [
        (0.02, 0.01, "supported"),
        (-0.02, 0.01, "supported"),  # the size counts, not the sign
        (0.01, 0.02, "contradicted"),
        (0.01, -0.02, "contradicted"),
        (about(0.01, 0.02), 0.01, "inconclusive"),
    ],
)
def test_jk_22_wants_a_larger_share_of_variance_of_the_mutation_rate(fitness, mutation, mating, expected):
    usual = on_surface(on_surface(grid(), "mse", effects(0.02, 0.01)), "ssim", effects(0.02, 0.01))
    assert outcome("JK-22", on_surface(usual, fitness, effects(mutation, mating))) == expected


@pytest.mark.parametrize(("number", "expected"), [(1, 0.94 - 0.04), (2, 0.39 - 0.41)])
def test_the_shares_of_variance_of_the_published_tables_are_those_of_the_claim(number, expected):
    table = pd.read_csv(PUBLISHED / f"jin-ko-table{number}.csv")
    surface = table.pivot_table(index="mating_rate", columns="mutation_rate", values="score").to_numpy()
    assert variance_lead(surface) == pytest.approx(expected, abs=0.01)


HIGH = at_rates(RATES, RATES[3:])
DROPS = {
    "a cliff": (HIGH * varied(0.006), "supported"),
    "a small cliff": (HIGH * varied(0.004), "contradicted"),
    "a cliff at one mating rate": (at_rates(0.5, RATES[3:]) * varied(0.06), "supported"),  # 0.0067 on average
    "a steady fall": (MUTATION * varied(0.2), "contradicted"),  # 0.02 a step, but everywhere
    "a cliff one step too late": (at_rates(RATES, RATES[4:]) * varied(0.02), "contradicted"),
    "a cliff one step too early": (at_rates(RATES, RATES[2:]) * varied(0.02), "contradicted"),
    "a cliff of some targets": (HIGH * varied(about(0.005, 0.004)), "inconclusive"),
}


@pytest.mark.parametrize(("lowered", "expected"), DROPS.values(), ids=DROPS)
def test_jk_23_wants_a_drop_from_03_to_04_beyond_its_neighbours(lowered, expected):
    assert outcome("JK-23", on_surface(flat(), "mse", LEVELS - lowered)) == expected
    assert outcome("JK-23", on_surface(flat(), "ssim", LEVELS - lowered)) == "contradicted", "only MSE counts"


@BOTH
@pytest.mark.parametrize(
    ("fall", "expected"),  # in units of the margin
    [
        (0.7, "supported"),
        (-0.7, "supported"),
        (1.3, "contradicted"),
        (-1.3, "contradicted"),
        (about(1, 0.8), "inconclusive"),
        (about(-1, 0.8), "inconclusive"),
    ],
)
def test_jk_24_wants_mutation_04_and_09_alike(fitness, fall, expected):
    lowered = at_rates(RATES, 0.9) * varied(fall * SLACK[fitness])
    between = at_rates(RATES, (0.5, 0.6, 0.7, 0.8))
    assert outcome("JK-24", on_surface(flat(), fitness, LEVELS - lowered - between)) == expected


@BOTH
@pytest.mark.parametrize("end", [0.1, 0.9])
@pytest.mark.parametrize(
    ("lead", "expected"), [(0.001, "supported"), (-0.001, "contradicted"), (about(0, 0.01), "inconclusive")]
)
def test_jk_25_wants_mating_05_above_either_end_with_either_fitness(fitness, end, lead, expected):
    middle = LEVELS + 0.01 * at_rates(0.5, RATES)
    usual = on_surface(on_surface(flat(), "mse", middle), "ssim", middle)
    lifted = at_rates(end, RATES) * varied(0.01 - lead)
    assert outcome("JK-25", on_surface(usual, fitness, middle + lifted)) == expected


@pytest.mark.parametrize("rival", [0.2, 0.4, 0.5])
@pytest.mark.parametrize(
    ("lead", "dataset", "expected"),
    [
        (0.001, "celeba", "supported"),
        (-0.001, "celeba", "contradicted"),
        (-0.001, "fashion_mnist", "contradicted"),
        (about(0, 0.01), "cifar10", "inconclusive"),
        (-0.1, "mnist", "supported"),
    ],
)
def test_jk_26_wants_mutation_03_ahead_of_three_others_on_three_data_sets(rival, lead, dataset, expected):
    table, level = courses(), about(0.8, 0.1)
    table = put(table, "one_minus_mse", level, iteration=200)
    table = put(table, "one_minus_mse", level + 0.02, iteration=200, mutation_rate=0.3)
    cell = {"iteration": 200, "mating_rate": 0.3, "mutation_rate": rival, "fitness": "mse", "dataset": dataset}
    assert outcome("JK-26", put(table, "one_minus_mse", level + 0.02 - lead, **cell)) == expected


def test_jk_26_is_not_supported_by_two_of_the_three_data_sets():
    table = put(courses(EVERY[:3]), "one_minus_mse", 0.95, mutation_rate=0.3)
    assert outcome("JK-26", table) == "inconclusive"


@pytest.mark.parametrize(
    ("ratio", "expected"), [(0.4, "supported"), (0.6, "contradicted"), (about(0.5, 0.3), "inconclusive")]
)
def test_jk_27_compares_the_gains_at_high_and_low_mutation(ratio, expected):
    gain = 0.05 * (1 - HIGH) + 0.05 * HIGH * varied(ratio)
    table = on_surface(on_surface(flat(), "mse", LEVELS, iteration=1), "mse", LEVELS + gain)
    assert outcome("JK-27", table) == expected


@pytest.mark.parametrize("cells", [MUTATION, MATING], ids=["mutation", "mating"])
@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (0.0015, "supported"),
        (-0.0015, "supported"),
        (0.0025, "contradicted"),
        (-0.0025, "contradicted"),
        (about(0.002, 0.001), "inconclusive"),
    ],
)
def test_jk_38_wants_equal_scores_at_iteration_1(cells, gap, expected):
    table = on_surface(flat(), "mse", LEVELS + varied(gap) * cells / 0.8, iteration=1)
    assert outcome("JK-38", on_surface(table, "mse", LEVELS + cells)) == expected


JUDGES = pd.DataFrame({"dataset": GREY, "accuracy": [0.99, 0.92]})
FEW, SOME, ALL = (np.arange(TARGETS) < count for count in (0, 3, 12))


@pytest.mark.parametrize(
    ("lost_high", "lost_low", "expected"),
    [
        (ALL, FEW, "supported"),
        (FEW, FEW, "contradicted"),
        (ALL, ALL, "contradicted"),
        (FEW, ALL, "contradicted"),
        (SOME, FEW, "inconclusive"),  # a quarter of twelve
    ],
)
def test_jk_41_wants_a_fifth_more_classes_lost_at_high_mutation(lost_high, lost_low, expected):
    table = put(grid(), "same_class", ~lost_high, mutation_rate=RATES[3:], iteration=200, fitness="mse")
    table = put(table, "same_class", ~lost_low, mutation_rate=RATES[:3], iteration=200, fitness="mse")
    assert outcome("JK-41", table, JUDGES) == expected


def test_jk_41_leaves_out_data_sets_whose_judge_errs():
    table = put(grid(), "same_class", False, mutation_rate=RATES[3:], iteration=200, fitness="mse", dataset="mnist")
    assert outcome("JK-41", table, JUDGES) == "supported"
    assert outcome("JK-41", table, JUDGES.assign(accuracy=[0.8, 0.9])) == "contradicted"
    with pytest.raises(TooSmallError):
        outcome("JK-41", table, JUDGES.assign(accuracy=0.8))


@pytest.mark.parametrize(
    ("ratio", "distance", "expected"),
    [
        (1.05, 5.0, "supported"),
        (1.15, 5.0, "contradicted"),
        (about(1.1, 0.1), 5.0, "inconclusive"),
        # most targets differ by more than a tenth, but those that do not lie farthest apart: the mean ratio decides
        (np.where(SOME, 1.0, 1.3), np.where(SOME, 100.0, 1.0), "contradicted"),
    ],
)
def test_jk_42_wants_mating_rates_to_differ_hardly_more_than_seeds(ratio, distance, expected):
    table = rows(dataset=GREY).assign(between_rates=5.0, between_seeds=5.0)
    assert outcome("JK-42", table) == "supported"
    table = put(table, "between_seeds", distance, dataset="mnist")
    assert outcome("JK-42", put(table, "between_rates", ratio * distance, dataset="mnist")) == expected


@pytest.mark.parametrize("claim", ["JK-20", "JK-21", "JK-22", "JK-23", "JK-24", "JK-25", "JK-27", "JK-38", "JK-41"])
@pytest.mark.parametrize("size", [{"rates": (0.3, 0.4)}, {"iterations": (0, 100)}], ids=["rates", "iterations"])
def test_a_grid_that_lacks_rates_or_iterations_is_too_small(claim, size):
    with pytest.raises(TooSmallError):
        outcome(claim, grid(**size), *([JUDGES] if claim == "JK-41" else []))


@pytest.mark.parametrize("claim", ["JK-18", "JK-19"])
@pytest.mark.parametrize("size", [{"rates": (0.3, 0.4)}, {"iterations": (0, 100)}], ids=["rates", "iterations"])
def test_a_grid_of_other_rates_is_not_compared_with_the_published_one(claim, size):
    with pytest.raises(TooSmallError):
        outcome(claim, grid(**size), published(SHUFFLED, SHUFFLED))


def test_a_slice_has_the_scores_of_each_target_at_one_mating_rate():
    table = on_surface(
        on_surface(grid(), "mse", 10 * MATING + MUTATION, datasets=GREY[:1]), "mse", 5, datasets=GREY[1:]
    )
    found = slices(table, "mse", 0.3)
    assert found.index.names == [0.3, "target"]
    assert len(found.loc[GREY[0]]) == table["target"].nunique() > 1
    assert found.loc[GREY[0]].mean().tolist() == pytest.approx([3 + rate for rate in RATES])
    assert found.loc[GREY[1]].mean().tolist() == pytest.approx([5] * 9)
    assert slices(table[table["mating_rate"] > 0.45], "mse", 0.3).index.names[0] == 0.5
