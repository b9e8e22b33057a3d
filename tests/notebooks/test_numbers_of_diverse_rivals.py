"""Numbers in the prose of chapter `diversity` on MAP-Elites taken apart, and on rivals, are those of the tables."""

from functools import cache

import numpy as np
import pytest
from words import if_all, number, place, prose

from latentlib.study.results import Results
from latentlib.study.statistics import paired_difference as paired
from studies.diversity import pictures
from studies.diversity.experiments.dissection import BATCHES, BINS, TOURNAMENTS
from studies.diversity.experiments.listed import GENERATED, UNTRAINED
from studies.diversity.verdicts import listed, runs
from studies.diversity.verdicts.dissected import best_setting, end_of
from studies.diversity.verdicts.runs import ELITES, GENETIC

DIVERSE = Results("diversity")


def mnist():
    """The rows of the dissection on the first generator of digits."""
    return runs.generators(DIVERSE["dissection"])["mnist"]


def arm(column="best", **values):
    """Runs that judge of a search of the dissection in the end."""
    return end_of(mnist(), values.pop("method", ELITES), column, **{"offspring": 1} | values)


def map_of(bins, column="best", tournament=1):
    """The same of MAP-Elites on a map."""
    return arm(column, bins=bins, tournament=tournament)


def batches():
    """Fitness in the end of children in batches minus that of single ones."""
    return [paired(arm(bins=100, tournament=1, offspring=count), map_of(100)) for count in BATCHES]


def genes(column="best"):
    """The same of the genetic algorithm."""
    return arm(column, method=GENETIC, tournament=3)


def scores(bins=100, tournament=1):
    """QD scores on the paper's map of MAP-Elites on some map."""
    return map_of(bins, "quality", tournament)


def chosen():
    """Bins and tournament of the map that is judged."""
    return best_setting(mnist())


def behind(bins, tournament):
    """Fitness of the genetic algorithm minus that of MAP-Elites on a map."""
    return paired(genes(), map_of(bins, tournament=tournament))


def alike(one, other):
    """Whether paired runs cannot tell two searches apart."""
    found = paired(one, other)
    return if_all(found.low < 0 < found.high, "cannot tell")


def taken_back():
    """Share of the paper's map's loss to a single cell that a tournament takes back."""
    one, papers, chosen = (map_of(1).mean(), map_of(100).mean(), map_of(100, tournament=3).mean())
    return (chosen - papers) / (one - papers)


@cache
def contest(column="best"):
    """Leads of the rivals over the genetic algorithm on digits, in deviations of random sets."""
    digits = DIVERSE["random_sets"].query("dataset == 'mnist' and replicate == 0")
    return pictures.leads(DIVERSE["rivals"].query("dataset == 'mnist'"), digits, column).set_index(["name", "dot"])


def by_both(name, column="best"):
    """Leads of a rival by RMSE and by NCC."""
    return [f"{contest(column)['value'][name, metric]:.1f}" for metric in ("RMSE", "NCC")]


def climbed(steps):
    """Leads of gradient ascent by both metrics."""
    return contest()["value"][f"gradient ascent, {steps} steps"].to_numpy()


def level(name):
    """Whether the interval of a rival's lead holds zero, by RMSE and by NCC."""
    found = contest().loc[name]
    return ((found["low"] < 0) & (found["high"] > 0))[["RMSE", "NCC"]].tolist()


def spent(column, name):
    """Means of a column of a way on digits, by metric."""
    return DIVERSE["rivals"].query("dataset == 'mnist' and method == @name").groupby("metric")[column].mean()


def wider(ends):
    """Rivals whose interval in the judges' spread lies above zero by both metrics, or below."""
    sides = (contest("spread")[ends] > 0).groupby("name").all()
    return sides.index[sides].tolist()


def usable(told):
    """A number of each listed network, with two digits."""
    return [f"{told(rows):.2f}" for rows in runs.generators(DIVERSE["usable"]).values()]


def left(rows):
    """FID after the training by that before it, each less its floor."""
    return (listed.excess(rows, GENERATED) / listed.excess(rows, UNTRAINED)).mean()


SENTENCES = [
    (
        "rivals",
        "sure of {} of as many digits as of real ones, of {} of as many garments, but of few faces, {}.",
        lambda: usable(lambda rows: listed.relative(rows, GENERATED).value),
    ),
    (
        "rivals",
        "before its training, the network of garments gets {}.",
        lambda: usable(lambda rows: listed.relative(rows, UNTRAINED).value)[1],
    ),
    ("rivals", "brought it down to {}, {} and {} of what it was before", lambda: usable(left)),
    (
        "map",
        "with parents at random it ends {} the paper's map",
        lambda: if_all(paired(map_of(100), arm(method=GENETIC, tournament=1)).low > 0, "below"),
    ),
    (
        "map",
        "in batches of 16 or 50 end within {} of single ones on average",
        lambda: if_all([abs(batch.value) < 0.002 for batch in batches()], "0.002"),
    ),
    (
        "map",
        "which five runs {} from no difference",
        lambda: if_all([batch.low < 0 < batch.high for batch in batches()], "cannot tell"),
    ),
    (
        "rivals",
        "from 2,500 random images passes in {}",
        lambda: if_all(spent("took", "greedy of 2,500") < 0.5, "less than half a second"),
    ),
    (
        "rivals",
        "evolution takes {} minutes: it ends",
        lambda: if_all((spent("took", GENETIC) > 120) & (spent("took", GENETIC) < 180), "two to three"),
    ),
    ("rivals", "it ends {} deviations of random sets ahead by RMSE and {} by NCC", lambda: by_both("greedy of 2,500")),
    (
        "rivals",
        "A pool of 20,000 {} the lead",
        lambda: if_all(contest().loc["greedy of 20,000", "low"] > contest().loc["greedy of 2,500", "high"], "widens"),
    ),
    (
        "rivals",
        "A hundred steps of gradient ascent are {} and {} deviations ahead",
        lambda: by_both("gradient ascent, 100 steps"),
    ),
    (
        "rivals",
        "nine hundred more add about {}",
        lambda: if_all(abs((climbed("1,000") - climbed("100")) - 1) < 0.4, "one"),
    ),
    (
        "rivals",
        "CMA-MAE, at as many images as evolution, ends {}",
        lambda: if_all(
            [contest()["low"]["CMA-MAE", "NCC"] > 0, *level("CMA-MAE")[:1]], "ahead by NCC and about level by RMSE"
        ),
    ),
    (
        "rivals",
        "Farthest point ends {} by both",
        lambda: if_all(level("farthest point of 20,000"), "about level"),
    ),
    (
        "rivals",
        "with latents {} times as long as the prior's",
        lambda: if_all(abs(spent("length", "CMA-MAE") - 1.4) < 0.06, "1.4"),
    ),
    (
        "rivals",
        "Only {}, which asks for something else, ends far behind",
        lambda: if_all(
            [set(contest().query("high < -3").index.get_level_values("name")) == {"k-medoids of 2,500"}], "k-medoids"
        ),
    ),
    (
        "rivals",
        "{} is the only way whose sets spread wider",
        lambda: if_all([wider("low") == ["k-medoids of 2,500"]], "K-medoids"),
    ),
    (
        "rivals",
        "gradient ascent's images they are sure of {}",
        lambda: if_all(
            [0.5 < spent("sure", f"gradient ascent, {steps} steps")["ncc"] < 0.65 for steps in ("100", "1,000")],
            "a little more than half",
        ),
    ),
    (
        "map",
        "each finer cut ends {} on average",
        lambda: if_all(np.diff([map_of(bins).mean() for bins in BINS]) < 0, "lower"),
    ),
    (
        "map",
        "the single cell at {}, the paper's map at {}, the finest at {}",
        lambda: [f"{map_of(bins).mean():.3f}" for bins in (1, 100, 400)],
    ),
    (
        "map",
        "takes back about {} of what the paper's map loses",
        lambda: if_all(abs(taken_back() - 0.5) < 0.06, "half"),
    ),
    (
        "map",
        "has passed the genetic algorithm, which ends at {}",
        lambda: if_all(behind(1, 1).high < 0, f"{genes().mean():.3f}"),
    ),
    (
        "map",
        "by two runs set aside for the choice, is {} bins an axis with a tournament, a map of which {} cells fill",
        lambda: [
            number(chosen()[0]),
            f"{map_of(chosen()[0], 'filled', chosen()[1]).mean():.0f}",
        ],
    ),
    (
        "map",
        "Five other runs {} the chosen map from the genetic algorithm",
        lambda: if_all(behind(*chosen()).low < 0 < behind(*chosen()).high, "cannot tell"),
    ),
    (
        "map",
        "had the single cell been chosen, it would have been {}",
        lambda: if_all([behind(1, rivals).high < 0 for rivals in TOURNAMENTS], "contradicted"),
    ),
    (
        "map",
        "From {} bins on, MAP-Elites ends behind with either choice",
        lambda: if_all([behind(bins, rivals).low > 0 for bins in (50, 100, 400) for rivals in TOURNAMENTS], "fifty"),
    ),
    (
        "map",
        "as in the paper reaches {} and the genetic algorithm {}, which five runs {} apart",
        lambda: [f"{scores().mean():.0f}", f"{genes('quality').mean():.0f}", alike(scores(), genes("quality"))],
    ),
    (
        "map",
        "Maps of 25 and 50 bins with a tournament reach {} and {}: {} than the paper's map",
        lambda: [
            *(f"{scores(bins, 3).mean():.0f}" for bins in (25, 50)),
            if_all([paired(scores(bins, 3), scores()).low > 0 for bins in (25, 50)], "more"),
        ],
    ),
    (
        "map",
        "and again {} be told from each other",
        lambda: if_all(alike(scores(25, 3), scores(50, 3)) == "cannot tell", "not to"),
    ),
]


@pytest.mark.parametrize(("notebook", "words", "value"), SENTENCES, ids=place)
def test_a_number_in_prose_is_that_of_the_tables(notebook, words, value):
    found = value()
    assert words.format(*[found] if isinstance(found, str) else found) in prose("diversity", notebook)
