"""KU-07, KU-08, KU-16 to KU-24, KU-26 to KU-28 and KU-32 to KU-36: rules on tables whose outcome is known."""

import numpy as np
import pandas as pd
import pytest
from known_courses import AWAY, CLAIMS, SEEDS, course, facts_table, found, outcome, ring, rows_of, variant

from latentlib.study.claims import standing
from studies.evolving_weights.settings import (
    ADAM,
    AT_ONCE,
    GA,
    NORM,
    NOTHING,
    OF_DISCRIMINATOR,
    OF_GENERATOR,
    PAIRED,
)
from studies.evolving_weights.verdicts.search import failures, stuck
from studies.evolving_weights.verdicts.techniques import NAMED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"modes": 8}, "supported"),
        ({"modes": 8, "stuck": 0.6}, "contradicted"),
        ({"modes": 2}, "contradicted"),
        ({"modes": 1, "stuck": 1.0}, "contradicted"),  # a search that stands still
        ({"modes": 2, "adam": 2}, "supported"),
    ],
)
def test_ku_07_wants_short_plateaus_and_adams_modes(changes, expected):
    assert outcome("KU-07", ring(**changes)) == expected


def test_a_plateau_ends_where_the_distance_falls_by_a_hundredth():
    rows = pd.DataFrame(
        {"epoch": [0, 10, 20, 30, 40], "distance": [2.0, 1.0, 0.995, 0.5, 0.2], "modes": 1, "quality": 0.9}
    )
    assert stuck(rows) == pytest.approx(20 / 40)
    assert stuck(rows.assign(distance=2.0)) == 1
    assert stuck(rows.assign(modes=8)) == 0, "at the optimum nobody is stuck"
    late = rows.assign(modes=[1, 1, 1, 8, 8])
    assert stuck(late) == pytest.approx(10 / 40)


@pytest.mark.parametrize(
    ("share", "quality", "expected"),
    [(1.0, 0.9, "supported"), (0.0, 0.9, "contradicted"), (0.5, 0.9, "inconclusive"), (1.0, 0.4, "contradicted")],
)
def test_ku_08_wants_most_runs_at_the_optimum(share, quality, expected):
    result = found("KU-08", ring(share=share, quality=quality))
    assert (result.outcome, result.estimate.n) == (expected, 20)


def objectives(spread=0.1, alone=0.3, last=500.0, other=600.0):
    return pd.concat(
        [variant(last, wavers=spread, play=PAIRED)]
        + [variant(other, wavers=alone, play=PAIRED, objective=name) for name in (OF_GENERATOR, OF_DISCRIMINATOR)],
        ignore_index=True,
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "supported"),
        ({"spread": 0.5}, "contradicted"),
        ({"last": 700.0}, "contradicted"),
        ({"last": 1000.0, "spread": 0.0, "other": 500.0}, "contradicted"),  # steady because it stands still
    ],
)
def test_ku_16_wants_both_objectives_steadier_and_nearer(changes, expected):
    assert outcome("KU-16", objectives(**changes)) == expected


def meetings(generators, discriminators):
    """Meetings whose success grows with age by so much, and wavers else; it may depend on the rival as it likes."""
    table = rows_of(age=(0, 2, 5, 10), rival=(0, 2, 5, 10))
    random = np.random.default_rng(3)
    noise = {name: random.normal(size=(SEEDS, 11)) for name in ("age", "rival")}
    own = [generators * table["age"] + noise["age"][table["seed"], table["age"]]]
    own += [discriminators * table["rival"] + noise["rival"][table["seed"], table["rival"]]]
    table["fake_score"] = 0.5 + 0.01 * own[0] - 0.05 * table["rival"]
    table["loss_d"] = 1.0 - 0.01 * own[1] + 0.05 * table["age"]
    return table


@pytest.mark.parametrize(
    ("generators", "discriminators", "expected"),
    [(2, 2, "supported"), (-2, 2, "contradicted"), (2, -2, "contradicted"), (0, 0, "contradicted")],
)
def test_ku_17_wants_both_to_improve_against_the_same_opponents(generators, discriminators, expected):
    assert outcome("KU-17", meetings(generators, discriminators)) == expected


def test_ku_17_counts_a_chase_in_a_circle_as_no_progress():
    """Each beats the rival of its own age and loses to others alike: nobody is better on the whole."""
    table = rows_of(age=(0, 2, 5, 10), rival=(0, 2, 5, 10)).assign(fake_score=0.5, loss_d=1.0)
    table.loc[table["age"] == table["rival"], ["fake_score", "loss_d"]] = 0.9, 2.0
    assert outcome("KU-17", table) == "contradicted"


@pytest.mark.parametrize(("last", "expected"), [(550.0, "supported"), (500.0, "contradicted"), (400.0, "contradicted")])
def test_ku_18_wants_turns_to_be_needed(last, expected):
    table = pd.concat([variant(500.0), variant(last, play=AT_ONCE), variant(5.0, crossover="weight")])
    assert outcome("KU-18", table) == expected


def test_ku_18_is_undecided_where_seeds_differ():
    other = variant(525.0, play=AT_ONCE)
    other["distance"] *= np.exp(0.2 * AWAY[other["seed"]])
    assert outcome("KU-18", pd.concat([variant(500.0), other])) == "inconclusive"


def techniques(**without):
    """Adam with all techniques, and without each; what is not named is a quarter worse."""
    tables = [course(ADAM, 100.0, marks=(0, 30, 60, 90)).assign(without=NOTHING)]
    for name in NAMED:
        last = without.get(name.replace(" ", "_"), 125.0)
        tables.append(course(ADAM, last, marks=(0, 30, 60, 90)).assign(without=name))
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize("name", [name.replace(" ", "_") for name in NAMED])
@pytest.mark.parametrize(("last", "expected"), [(125.0, "supported"), (100.0, "contradicted"), (80.0, "contradicted")])
def test_ku_19_wants_every_technique_to_help(name, last, expected):
    assert outcome("KU-19", techniques(**{name: last})) == expected


@pytest.mark.parametrize(
    ("losses", "wavers", "expected"),
    [(0.5, 0.3, "supported"), (0.05, 0.3, "contradicted"), (0.5, -0.2, "contradicted")],
)
def test_ku_20_wants_losses_and_distance_steadier_with_batch_norm(losses, wavers, expected):
    table = techniques()
    late = table["epoch"] == 60
    for name, by in ((NOTHING, 0.1), (NORM, losses)):
        for column in ("loss_g", "loss_d"):
            table.loc[late & (table["without"] == name), column] += by
    table.loc[late & (table["without"] == NOTHING), "distance"] *= np.exp(0.15 + abs(min(wavers, 0)) * 5)
    table.loc[late & (table["without"] == NORM), "distance"] *= np.exp(0.15 + max(wavers, 0) * 5)
    assert outcome("KU-20", table) == expected


def amounts(few, many=500.0):
    tables = []
    for images, last in ((1_000, few), (60_000, many)):
        tables += [course(GA, last).assign(images=images), course(ADAM, 100.0).assign(images=images)]
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize(
    ("few", "many", "expected"),
    [
        (500.0, 490.0, "supported"),
        (700.0, 500.0, "contradicted"),
        (1000.0, 1000.0, "contradicted"),  # learns nothing, and loses nothing
    ],
)
def test_ku_21_wants_no_loss_and_a_gain(few, many, expected):
    assert outcome("KU-21", amounts(few, many)) == expected


def grid(evolved, trained):
    """Trainings of a grid of steps; `evolved` and `trained` say which of the five steps fail."""
    tables = []
    for arm, failing in ((GA, evolved), (ADAM, trained)):
        for pair in ("ring", "dense", "small"):
            for step in range(5):
                last = 900.0 if step in failing else 100.0
                tables.append(course(arm, last, seeds=2).assign(pair=pair, step=float(step)))
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize(
    ("evolved", "trained", "expected"),
    [((), (0, 1, 4), "supported"), ((0, 1, 2, 3), (4,), "contradicted"), ((0, 1), (3, 4), "inconclusive")],
)
def test_ku_32_wants_fewer_failures(evolved, trained, expected):
    table = grid(evolved, trained)
    assert outcome("KU-32", table) == expected
    assert failures(table).groupby("arm").mean()[GA] == len(evolved) / 5


@pytest.mark.parametrize(
    ("pairs", "two", "expected"),
    [
        (500.0, 490.0, "supported"),
        (700.0, 500.0, "contradicted"),
        (1000.0, 1000.0, "contradicted"),  # neither learns
        (400.0, 500.0, "supported"),
    ],
)
def test_ku_35_wants_one_population_as_good_as_two(pairs, two, expected):
    assert outcome("KU-35", pd.concat([variant(two), variant(pairs, play=PAIRED)])) == expected


FACTS = {"sizes": 1.0, "stated_size": 0.0, "seven_convolutions__kernel_4": 0.0, "lowest": -0.8, "highest": 0.9}
FACTS |= {"attainable": 1.0}


@pytest.mark.parametrize(
    ("claim", "changes", "expected"),
    [
        ("KU-22", {}, "supported"),
        ("KU-22", {"sizes": 0.8}, "contradicted"),
        ("KU-23", {}, "contradicted"),
        ("KU-23", {"seven_convolutions__kernel_4": 1.0}, "supported"),
        ("KU-24", {}, "supported"),
        ("KU-24", {"highest": 1.2}, "contradicted"),
        ("KU-24", {"lowest": -1.2}, "contradicted"),
        ("KU-34", {}, "supported"),
        ("KU-34", {"attainable": 0.9}, "contradicted"),
    ],
)
def test_facts_decide_by_themselves(claim, changes, expected):
    assert outcome(claim, facts_table(2, **FACTS | changes)) == expected
    if CLAIMS[claim].construction and expected == "supported":
        assert standing(CLAIMS[claim], "supported") == "by construction"


def test_ku_22_tells_the_other_size():
    assert "does not give the 3 x 28 x 28" in found("KU-22", facts_table(2, **FACTS)).reading


@pytest.mark.parametrize("claim", ["KU-26", "KU-27", "KU-28", "KU-33", "KU-36"])
def test_what_cannot_be_tested_is_said_to_be_so(claim):
    result = found(claim)
    assert (result.outcome, result.estimate.n) == ("not testable here", 0)
