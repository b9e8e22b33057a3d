"""Numbers in the prose of chapter `restoring` are those of the stored tables."""

from functools import cache

import numpy as np
import pytest
from words import if_all, number, one_in, part, place, prose

from latentlib.study import repository
from latentlib.study.results import Results
from studies.restoring import fingerprints
from studies.restoring.experiments import published
from studies.restoring.verdicts import descent, rates

RESTORING, PUBLISHED = Results("restoring"), repository.published()
GA, ADAM = "genetic algorithm", "adam, starts 1"


def surface():
    """Ours and the paper's of Table 1."""
    tables = rates.beside(RESTORING["grid"], published.grids(PUBLISHED), "mse")
    return tables["ours"].to_numpy(), tables["paper"].to_numpy()


def wall():
    """How far the paper's scores fall between mutation rates 0.3 and 0.4, by mating rate."""
    return surface()[1][:, 2] - surface()[1][:, 3]


def passes(rate, per=1.0):
    """Generator passes of 200 iterations at both rates alike."""
    rows = RESTORING["grid"].query("iteration == 200")
    return rows[np.isclose(rows["mating_rate"], rate) & np.isclose(rows["mutation_rate"], rate)]["passes"].mean() / per


def suspects(fitness):
    """Step and spread of each hypothesis by those of the paper."""
    return fingerprints.table(RESTORING["cliff"], PUBLISHED, fitness)[0]


def step(fitness, name=None):
    """The step of one hypothesis, or the largest of all, by the paper's."""
    steps = suspects(fitness)["step"] / suspects(fitness)["step"]["the paper"]
    return steps[name] if name else steps.drop("the paper").max()


@cache
def clock(batch):
    """Steps of descent, and the lead of evolution, when one clock stops both."""
    found = descent.equal_time(RESTORING["rivals"], RESTORING["timing"])
    return found[found["batch"] == batch].set_index("dataset")


def encoder_gain():
    """By how much an encoder helps, by data set."""
    table = RESTORING["encoder"].pivot_table("one_minus_mse", "method", "dataset")
    return table.loc["encoder, then genetic algorithm"] - table.loc["genetic algorithm"]


def found_again(column, method):
    """Mean of a column of the inversions of a method, by data set."""
    return RESTORING["inversion"].query("method == @method").groupby("dataset")[column].mean()


SENTENCES = [  # notebook, words of its prose, what stands in the place of {} by the tables
    ("rates", "our scores of Table 1 differ by {} of the height", lambda: part(np.ptp(surface()[0]) / wall().mean())),
    ("rates", "At rates of 0.1 only {} is new", lambda: one_in(passes(0.1, 200 * 200)).replace(" in", " child in")),
    ("rates", "at 0.9 {} are.", lambda: if_all(passes(0.9, 200 * 200) > 0.95, "nearly all")),
    ("rates", "looks a little worse costs {} of the other", lambda: part(passes(0.1) / passes(0.9))),
    (
        "cliff",
        "falls by {} hundredths between mutation rates 0.3 and 0.4, in every row",
        lambda: if_all(wall() > 0.015, number(100 * wall().mean())),
    ),
    ("cliff", "drops on average between 0.3 and 0.4 by even {} of it", lambda: if_all(step("mse") < 0.1, "a tenth")),
    (
        "cliff",
        "a rate per gene reaches {} of the step",
        lambda: if_all(0.45 < step("ssim", "rate per gene") < 0.5, "almost half"),
    ),
    (
        "cliff",
        "The step is gone where a mutated gene is {}",
        lambda: if_all(step("ssim", "rate per gene, reset") < 0.1, "drawn anew"),
    ),
    (
        "cliff",
        "its interval over {} targets holds the whole step as well as none",
        lambda: number(RESTORING["cliff"].groupby("dataset")["target"].nunique().sum()),
    ),
    (
        "cliff",
        "{} targets of each of two data sets, a hundred iterations",
        lambda: number(RESTORING["cliff"]["target"].nunique()),
    ),
    ("descent", "take the time of {} steps", lambda: if_all(clock(1)["steps"] < 1000, "fewer than a thousand")),
    ("descent", "of some {} thousand for 64", lambda: number(clock(64)["steps"].mean() / 1000)),
    ("descent", "against a single start: {} on MNIST", lambda: if_all(clock(1)["low"]["mnist"] > 0, "clearly")),
    (
        "descent",
        "the interval for Fashion-MNIST {} zero",
        lambda: if_all(clock(1)["low"]["fashion_mnist"] < 0 < clock(1)["high"]["fashion_mnist"], "includes"),
    ),
    (
        "method",
        "it gains {} or so on every set",
        lambda: if_all(encoder_gain() > 0, part(encoder_gain().mean().round(3))),
    ),
    ("method", "lies {} from it than the origin does", lambda: if_all(found_again("distance", GA) > 1, "farther")),
    (
        "method",
        "On the {} sets a single gradient descent goes all the way",
        lambda: if_all(found_again("cosine", ADAM)[["cifar10", "celeba"]] > 0.98, "colour"),
    ),
    (
        "method",
        "{} per data set and split, the classes in turn",
        lambda: number(RESTORING["rivals"].groupby(["dataset", "split"])["target"].nunique().unique().item()).title(),
    ),
]


@pytest.mark.parametrize(("notebook", "words", "value"), SENTENCES, ids=place)
def test_a_number_in_prose_is_that_of_the_tables(notebook, words, value):
    assert words.format(value()) in prose("restoring", notebook)
