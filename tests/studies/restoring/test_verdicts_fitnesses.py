"""JK-10 to JK-17: each verdict follows its written rule on tables whose outcome is known."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from known import EVERY, GA, SPLITS, TARGETS, about, rivals, splits
from tables import outcome, put

END = {"method": GA, "iteration": 200}
on_ssim_runs = {"fitness": "ssim", **END}
on_mse_runs = {"fitness": "mse", **END}
UNCLEAR = about(0.0, 1.0)


def farther(table, by, **where):
    """The SSIM runs end farther from the target, in the judge's features, than the MSE runs."""
    return put(table, "feature_distance", 5.0 + by, **on_ssim_runs, **where)


@pytest.mark.parametrize(
    ("on_celeba", "expected"),
    [(0.1, "supported"), (-0.1, "contradicted"), (UNCLEAR, "inconclusive"), (0.0, "inconclusive")],
)
def test_jk_10_wants_ssim_runs_farther_from_the_target_on_every_data_set(on_celeba, expected):
    table = farther(rivals(), about(0.5, 0.1))
    assert outcome("JK-10", farther(table, on_celeba, dataset="celeba")) == expected


def test_jk_10_looks_at_the_end_of_evolution_only():
    table = farther(rivals(), about(0.5, 0.1))
    table = put(table, "feature_distance", 0.0, fitness="ssim", method=GA, iteration=(0, 100))
    assert outcome("JK-10", put(table, "feature_distance", 0.0, fitness="ssim", method="adam, starts 1")) == "supported"


def classes(of_mse, of_ssim):
    """Whether runs keep the target's class, each for the 96 targets of four data sets and two splits in turn."""
    table = rivals().copy()
    for runs, kept in ((on_mse_runs, of_mse), (on_ssim_runs, of_ssim)):
        chosen = (table[list(runs)] == pd.Series(runs)).all(axis=1)
        table.loc[chosen, "same_class"] = kept
    return table


EVERYWHERE, NOWHERE = [True] * 96, [False] * 96


@pytest.mark.parametrize(
    ("of_mse", "of_ssim", "expected"),
    [
        (EVERYWHERE, EVERYWHERE, "supported"),
        (NOWHERE, NOWHERE, "supported"),  # both lose it: they agree
        (EVERYWHERE, EVERYWHERE[:88] + NOWHERE[:8], "supported"),  # 0.92
        (EVERYWHERE, EVERYWHERE[:77] + NOWHERE[:19], "inconclusive"),  # 0.80
        (EVERYWHERE, EVERYWHERE[:60] + NOWHERE[:36], "contradicted"),  # 0.63
        (EVERYWHERE[:48] + NOWHERE[:48], NOWHERE[:48] + EVERYWHERE[:48], "contradicted"),  # as often, on others
    ],
)
def test_jk_11_counts_targets_on_which_both_runs_keep_or_lose_the_class(of_mse, of_ssim, expected):
    assert outcome("JK-11", classes(of_mse, of_ssim)) == expected


def gaps(trends, datasets=EVERY):
    """Gaps between the runs, now one nearer and now the other, that go with the dark pixels by a trend a data set."""
    dark = np.linspace(0.1, 0.9, TARGETS)
    sides = np.resize([1, -1], TARGETS)
    table = put(rivals(datasets), "background", dark)
    for name, trend in trends.items():
        size = {1: dark, -1: 1 - dark, 0: np.abs(dark - 0.5)}[trend]
        table = farther(table, sides * size, dataset=name)
    return table


@pytest.mark.parametrize(
    ("fashion", "cifar", "expected"),
    [
        (-1, -1, "supported"),
        (-1, 1, "contradicted"),
        (1, -1, "contradicted"),
        (0, -1, "inconclusive"),
        (-1, 0, "inconclusive"),
    ],
)
def test_jk_12_wants_smaller_gaps_where_more_pixels_are_dark_on_two_data_sets(fashion, cifar, expected):
    others = {"mnist": 1, "celeba": 1}
    assert outcome("JK-12", gaps({"fashion_mnist": fashion, "cifar10": cifar, **others})) == expected


def test_jk_12_is_not_supported_by_one_data_set_but_contradicted_by_one():
    only_fashion = partial(gaps, datasets=("mnist", "fashion_mnist"))
    assert outcome("JK-12", only_fashion({"fashion_mnist": -1})) == "inconclusive"
    assert outcome("JK-12", only_fashion({"fashion_mnist": 1})) == "contradicted"


@pytest.mark.parametrize(
    ("chroma", "lightness", "expected"),  # errors of SSIM runs on CelebA, where MSE runs have 8 and 6
    [
        (16.0, 6.0, "supported"),
        (16.0, 12.0, "inconclusive"),  # worse in all: blur, of which colour is no part
        (16.0, 18.0, "contradicted"),
        (about(8.0, 2.0), 6.0, "inconclusive"),
    ],
)
def test_jk_13_wants_ssim_to_lose_more_of_the_chroma_than_of_the_lightness_on_both_colour_sets(
    chroma, lightness, expected
):
    table = put(splits(), "chroma_error", 16.0, fitness="ssim")
    table = put(table, "chroma_error", chroma, fitness="ssim", dataset="celeba")
    assert outcome("JK-13", put(table, "lightness_error", lightness, fitness="ssim", dataset="celeba")) == expected


def test_jk_13_is_not_supported_by_one_colour_set():
    table = put(splits(), "chroma_error", 16.0, fitness="ssim")
    assert outcome("JK-13", table[table["dataset"] != "cifar10"]) == "inconclusive"


@pytest.mark.parametrize(("claim", "measure"), [("JK-14", "ssim"), ("JK-15", "mse")])
@pytest.mark.parametrize(("pairs", "expected"), [(0, "supported"), (1, "contradicted"), (9000, "contradicted")])
def test_jk_14_and_jk_15_fall_with_a_single_pair(claim, measure, pairs, expected):
    table = pd.DataFrame({"dataset": ["mnist", "fashion_mnist"], "n": 10_000})
    table = table.assign(ssim_min=0, ssim_max=1, mse_min=0, mse_max=1, tanh_mse_max=4, tanh_mse_outside=5000)
    other = {"ssim": "mse", "mse": "ssim"}[measure]
    table = table.assign(**{f"{measure}_outside": [0, pairs], f"{other}_outside": [7, 0]})
    assert outcome(claim, table) == expected


@pytest.mark.parametrize(
    ("on_celeba", "expected"), [(0.3, "supported"), (-0.3, "contradicted"), (UNCLEAR, "inconclusive")]
)
def test_jk_16_compares_two_scores_of_the_same_images_on_every_data_set(on_celeba, expected):
    table = put(rivals(), "ssim", 0.5, **END)
    table = put(table, "one_minus_mse", 0.9, **END)
    table = put(table, "one_minus_mse", 0.5 + on_celeba, **on_mse_runs, dataset="celeba")
    assert outcome("JK-16", put(table, "one_minus_mse", 0.1, iteration=100)) == expected


def ranked(ssim, mse, **on):
    """Images of every target nearer and nearer to it, which a measure ranks alike (1), the other way (-1) or not."""
    table = rivals().copy()
    places = table.groupby(["dataset", "split", "target"]).cumcount()
    table["feature_distance"] = 100.0 - places
    for column, sign in (("ssim", ssim), ("one_minus_mse", mse)):
        table[column] = places * np.asarray(about(1) * sign)[table["target"]]
        chosen = table["dataset"].isin(on)
        table.loc[chosen, column] *= table["dataset"][chosen].map({name: on[name][column] for name in on})
    return table


@pytest.mark.parametrize(
    ("ssim", "mse", "on_celeba", "expected"),
    [
        (1, -1, 1, "supported"),
        (1, 0, 1, "supported"),
        (-1, 1, 1, "contradicted"),
        (1, -1, -1, "contradicted"),  # on one data set the other way round
        (1, 1, 1, "inconclusive"),
        (np.sign(UNCLEAR), 0, 1, "inconclusive"),
    ],
)
def test_jk_17_asks_which_measure_ranks_the_images_of_a_target_as_the_judge_does(ssim, mse, on_celeba, expected):
    celeba = {"ssim": on_celeba, "one_minus_mse": on_celeba}
    assert outcome("JK-17", ranked(ssim, mse, celeba=celeba)) == expected


@pytest.mark.parametrize("claim", ["JK-10", "JK-11", "JK-12"])
def test_a_target_that_only_one_fitness_restored_is_never_counted_silently(claim):
    table = gaps(dict.fromkeys(EVERY, -1))
    lost = (table["fitness"] == "ssim") & (table["split"] == SPLITS[0]) & (table["target"] == 0)
    with pytest.raises(ValueError, match="restored by one fitness only"):
        outcome(claim, table[~lost])
