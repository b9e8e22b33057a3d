"""Numbers in the prose of chapter `diversity` are those of the stored tables."""

from functools import cache

import numpy as np
import pytest
from words import if_all, number, place, prose

from latentlib.study.results import Results
from studies.diversity.experiments.maps import FILLABLE
from studies.diversity.verdicts import runs
from studies.diversity.verdicts.correlations import partial, spearman
from studies.diversity.verdicts.equations import measures_similarity
from studies.diversity.verdicts.runs import ELITES, FIRST, GENETIC, RANDOM
from studies.diversity.verdicts.steering import steered

DIVERSE = Results("diversity")


@cache
def searches():
    """The rows of each generator and metric."""
    return runs.cells(DIVERSE["searches"])


def each(value):
    """A number of every cell."""
    return np.array([value(rows) for rows in searches().values()])


def mean(column, method):
    """Mean of a column in the end, by cell."""
    return each(lambda rows: runs.of(rows, method, column).mean())


def leads():
    """Leads of the genetic algorithm in deviations of random sets."""
    return each(lambda rows: runs.lead(rows, GENETIC, RANDOM).mean() / runs.of(rows, RANDOM, "deviation").mean())


def lead_of_elites():
    """Lead of MAP-Elites over random sampling, by that of the genetic algorithm."""
    return each(lambda rows: runs.lead(rows, ELITES, RANDOM).mean() / runs.lead(rows, GENETIC, RANDOM).mean())


def spread(metric):
    """Spread of the genetic algorithm's final sets minus random sampling's by a metric: on digits, on garments."""
    return np.array(
        [runs.lead(rows, GENETIC, RANDOM, "spread").mean() for key, rows in searches().items() if key[1] == metric]
    )


def growth():
    """Cells that MAP-Elites gains in the second half of its sets, by those of the first."""
    halves = each(lambda rows: runs.after(rows, ELITES, 12, "filled").mean())
    return mean("filled", ELITES) / halves - 1


def late():
    """Share of the genetic algorithm's gain in its last hundred generations."""
    gains = (
        (runs.of(r, GENETIC, "best") - runs.after(r, GENETIC, 20), runs.gain(r, GENETIC)) for r in searches().values()
    )
    return np.array([last.mean() / whole.mean() for last, whole in gains])


def brightness(dataset):
    """Rank correlation of diversity by RMSE with brightness."""
    return np.array(
        [
            spearman(-rows["rmse_mean"], rows["brightness"]).value
            for name, rows in runs.generators(DIVERSE["random_sets"]).items()
            if name.startswith(dataset)
        ]
    )


def agreement():
    """Partial rank correlation of metric and judges at equal brightness, by data set."""
    found = {}
    for name, rows in runs.generators(DIVERSE["random_sets"]).items():
        for metric in ("rmse", "ncc"):
            value = partial(-rows[f"{metric}_mean"], rows["spread"], rows["brightness"]).value
            found.setdefault(name.partition(",")[0], []).append(value)
    return {name: np.array(values) for name, values in found.items()}


def distance():
    """FID of evolved sets by that of as many random images, by generator and metric."""
    fids = [
        rows.groupby("method")["fid"] for rows in runs.generators(DIVERSE["pooled"].query("left_out == -1")).values()
    ]
    return np.concatenate([by.get_group(GENETIC) / by.get_group("random images").mean() for by in fids])


def apart(column):
    """Distance of two sets of different searches by that of two seeds of one, by generator."""
    means = (
        rows.groupby(["seed", "run"])[["seeds_apart", column]].mean().dropna().mean()
        for rows in runs.generators(DIVERSE["searches"]).values()
    )
    return np.array([each[column] / each["seeds_apart"] for each in means])


def widened(metric):
    """Lead of MAP-Elites over random sampling in deviations, on faces by that on the first digits."""
    leads = {
        name: runs.lead(rows, ELITES, RANDOM).mean() / runs.of(rows, RANDOM, "deviation").mean()
        for (name, by), rows in searches().items()
        if by == metric
    }
    return leads["celeba"] / leads["mnist"]


def outer():
    """Share of random sampling's new outer cells on the less fit side."""
    return each(lambda rows: np.nanmean(runs.of(rows, RANDOM, "less_fit")))


def carried():
    """Gain in the other metric of what that itself gains, on faces, by the metric that evolved."""
    return {metric: estimate.value for metric, estimate in steered(DIVERSE["searches"])["celeba"].items()}


def worse():
    """In how many cases a set evolved by one metric is worse by the other than random sets."""
    shares = steered(DIVERSE["searches"])
    return sum(estimate.value < 0 for both in shares.values() for estimate in both.values())


SENTENCES = [
    (
        "searches",
        "with all {} generators and by both metrics",
        lambda: number(len(runs.generators(DIVERSE["searches"]))),
    ),
    ("searches", "on faces as on digits, and by NCC more than {} as wide", lambda: if_all(widened("ncc") > 2, "twice")),
    ("searches", "By RMSE it is {} on faces", lambda: if_all(abs(widened("rmse") - 1) < 0.2, "about as wide")),
    ("searches", "ends about {} standard deviations", lambda: f"{number(leads().min())} to {number(leads().max())}"),
    (
        "searches",
        "after the first {} per cent of its sets",
        lambda: " or ".join(
            number(100 * end) for end in (mean("needed", GENETIC).min(), mean("needed", GENETIC).max())
        ),
    ),
    (
        "searches",
        "is {} of the genetic algorithm's",
        lambda: if_all((lead_of_elites() > 1 / 3) & (lead_of_elites() < 2 / 3), "between a third and two thirds"),
    ),
    (
        "searches",
        "{} than random sampling's where NCC was the metric, and on faces by RMSE as well. They find them",
        lambda: if_all([*(spread("ncc") < 0), spread("rmse")[-1] < -0.04], "*less* diverse"),
    ),
    (
        "searches",
        "RMSE on garments, and {} by RMSE on digits",
        lambda: if_all([spread("rmse")[-2] > 0.04, *(abs(spread("rmse")[:-2]) < 0.04)], "not clearly different"),
    ),
    ("searches", "bring {} hundredths", lambda: f"{number(100 * late().min())} or {number(100 * late().max())}"),
    (
        "map",
        "{} hundredths of what can be",
        lambda: " to ".join(number(100 * end(mean("filled", ELITES)) / FILLABLE) for end in (np.min, np.max)),
    ),
    (
        "map",
        "wins {} of what the first won",
        lambda: if_all((growth() > 0.18) & (growth() < 0.32), "a fifth to nearly a third"),
    ),
    (
        "map",
        "a {} lie on the less fit side",
        lambda: if_all(
            [0.09 < mean("less_fit", ELITES).min() < 0.11, 1 / 3 < mean("less_fit", ELITES).max() < 0.38],
            "tenth to a good third",
        ),
    ),
    (
        "map",
        "random sampling's, {} do (FE-08)",
        lambda: if_all(
            [abs(outer().min() - 0.4) < 0.02, abs(outer().max() - 2 / 3) < 0.03], "two fifths to two thirds"
        ),
    ),
    (
        "map",
        "visits {} fewer cells on digits by RMSE",
        lambda: if_all(abs(mean("filled", GENETIC) / mean("filled", ELITES) - 0.8)[[0, 2]] < 0.03, "a fifth"),
    ),
    (
        "map",
        "{} as many on garments and by NCC on digits",
        lambda: if_all(abs(mean("filled", GENETIC) / mean("filled", ELITES) - 1)[[1, 3, 4, 5, 6]] < 0.12, "about"),
    ),
    (
        "map",
        "and on faces by NCC {} as many again",
        lambda: if_all(abs(mean("filled", GENETIC) / mean("filled", ELITES) - 1.5)[-1] < 0.05, "half"),
    ),
    (
        "map",
        "they fill about {} as many cells as elsewhere",
        lambda: if_all(
            abs(mean("first_filled", ELITES)[-1] / mean("first_filled", ELITES)[:-1].mean() - 0.75) < 0.04,
            "three quarters",
        ),
    ),
    ("map", "visits fewer than {} of the cells", lambda: if_all(mean("filled", GENETIC) / FILLABLE < 0.1, "a tenth")),
    (
        "eyes",
        "lies near {} (FE-22)",
        lambda: if_all(abs(measures_similarity(DIVERSE["pairs"], least=0).estimate.value + 0.9) < 0.05, "-0.9"),
    ),
    (
        "eyes",
        "for {} of the pairs",
        lambda: if_all(
            abs(DIVERSE["bounds"]["outside"].sum() / DIVERSE["bounds"]["pairs"].sum() - 0.4) < 0.03, "two in five"
        ),
    ),
    ("eyes", "their rank correlation is above {}", lambda: if_all(brightness("mnist") > 0.8, "0.8")),
    (
        "eyes",
        "agree with the judges {}",
        lambda: if_all(
            [
                np.min(agreement()["fashion_mnist"]) > 0.3,
                *(np.abs(agreement()[name]).max() < 0.1 for name in ("mnist", "celeba")),
            ],
            "on garments only",
        ),
    ),
    ("eyes", "In {} cases of eight", lambda: number(worse())),
    (
        "eyes",
        "brings on the other as well, RMSE about {} as far as NCC itself",
        lambda: if_all([abs(carried()["rmse"] - 0.5) < 0.03, *(value > 0.2 for value in carried().values())], "half"),
    ),
    (
        "eyes",
        "by different metrics are {} times",
        lambda: " to ".join(f"{end(apart('metrics_apart')):.1f}" for end in (min, max)),
    ),
    (
        "eyes",
        "hardly differ on digits, {} times",
        lambda: if_all(abs(apart("approaches_apart")[:2] - 1.05) < 0.005, "1.05"),
    ),
    (
        "eyes",
        "on garments and faces they differ {} times",
        lambda: if_all(abs(apart("approaches_apart")[2:] - 1.15) < 0.005, "1.15"),
    ),
    ("eyes", "is about {} times that of as many random images, or more", lambda: number(distance().min())),
    (
        "eyes",
        "the judges are {} of evolved digits and garments",
        lambda: if_all((mean("sure", GENETIC) > mean("sure", FIRST) - 0.04)[:-2], "nearly as sure"),
    ),
    (
        "eyes",
        "of evolved faces they are {}",
        lambda: if_all((mean("sure", GENETIC) < mean("sure", FIRST) - 0.08)[-2:], "less sure"),
    ),
]


@pytest.mark.parametrize(("notebook", "words", "value"), SENTENCES, ids=place)
def test_a_number_in_prose_is_that_of_the_tables(notebook, words, value):
    assert words.format(value()) in prose("diversity", notebook)
