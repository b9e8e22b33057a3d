"""BY-01 to BY-17: rules on tables whose outcome is known."""

import tomllib
from string import Formatter

import numpy as np
import pandas as pd
import pytest
from known_contests import (
    CLAIMS,
    ERRORS,
    RUNS,
    about,
    beyond,
    changed,
    found,
    free,
    outcome,
    put,
    restoring,
    sets,
    sizes,
    wanted,
    workers,
    worse,
)

from latentlib.study import repository
from latentlib.study.findings import RULES, TooSmallError
from studies.beyond.experiments.sets import GREEDY
from studies.beyond.plan import EVERY
from studies.beyond.players import (
    ADAM,
    CMA_ES,
    CMA_MAE,
    CMA_ME,
    DEFAULT,
    EVOLVING,
    GENETIC,
    HYBRIDS,
    INSIDE,
    L_BFGS,
    RANDOM,
    SEP_CMA,
    STARTS,
    THEN,
)
from studies.beyond.settings import DIGIT, GLASSES, SMILE, WOMEN

BETTER = [("BY-01", SEP_CMA, -0.05), ("BY-04", THEN, -0.05), ("BY-07", GENETIC, -0.1)]


def ahead(table, players, logarithm, **where):
    """The table in which players have errors by so much lower or higher, one logarithm or one a run."""
    return worse(table, np.exp(logarithm), player=players, **where)


def test_every_claim_has_a_rule_that_tells_its_numbers():
    assert sorted(name for name in RULES if name.startswith("BY-")) == sorted(CLAIMS)
    assert list(CLAIMS) == [f"BY-{number:02}" for number in range(1, 18)]
    for name, table in tomllib.loads(repository.claims("beyond").read_text()).items():
        told = {field for _, field, _, _ in Formatter().parse(table["rule"]) if field}
        assert told == set(table["numbers"]), name
        assert {field for _, field, _, _ in Formatter().parse(table["needs"]) if field} <= told, name
    for claim in CLAIMS.values():
        assert claim.kind == "ours"
        assert claim.statement.endswith(".")
        assert all((claim.units, claim.given, claim.shown, claim.needs)), claim.id


def test_claims_of_ours_are_counted_apart_from_those_of_the_papers():
    studies = tomllib.loads(repository.claims("totals").read_text())
    assert "BY" not in {study["prefix"] for study in studies.values()}


@pytest.mark.parametrize(("claim", "player", "most"), BETTER)
@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        (-0.01, "supported"),
        (0.01, "contradicted"),
        (about(0, 0.5), "inconclusive"),
        (beyond(0, -ERRORS - 0.1), "supported"),
        (beyond(0, -ERRORS + 0.1), "inconclusive"),
        (beyond(0, ERRORS + 0.2), "inconclusive"),  # but for the level of a family of six
        (beyond(0, 4.0), "contradicted"),
    ],
)
def test_a_search_must_be_so_much_better_on_every_generator(claim, player, most, beside, expected):
    table = ahead(restoring(), player, -1.0)
    result = found(claim, ahead(table, player, 1.0 + most + np.asarray(beside), dataset="cifar10", replicate=1))
    assert (result.outcome, result.estimate.n) == (expected, RUNS)
    assert result.estimate.value == pytest.approx(most + np.mean(beside))
    assert "Shown: cifar10, seed 1." in result.reading


@pytest.mark.parametrize("claim", [name for name, *_ in BETTER])
def test_an_equal_search_is_not_better(claim):
    assert outcome(claim, restoring()) == "contradicted"


def test_targets_are_paired():
    table = ahead(restoring(), SEP_CMA, -0.06)
    assert outcome("BY-01", table) == "supported"

    def rolled(old, run):
        return np.roll(old.reshape(-1, RUNS), 3, axis=1).ravel()

    assert outcome("BY-01", changed(table, "after_1", rolled, player=SEP_CMA)) == "inconclusive"


def test_a_generator_that_was_not_run_leaves_a_rule_open():
    table = ahead(restoring(), SEP_CMA, -0.2)
    some = table[table["dataset"] != "celeba"]
    result = found("BY-01", some)
    assert result.outcome == "inconclusive"
    assert "Not all that the rule speaks of has been run." in result.reading
    with pytest.raises(TooSmallError, match="sep-CMA-ES was not run"):
        found("BY-01", table[table["player"] != SEP_CMA])


@pytest.mark.parametrize(("claim", "player"), [("BY-02", CMA_ES), ("BY-08", CMA_ME), ("BY-08", CMA_MAE)])
@pytest.mark.parametrize(
    ("beside", "expected"), [(0.01, "supported"), (-0.01, "contradicted"), (about(0, 0.5), "inconclusive")]
)
def test_a_search_must_be_so_much_worse_on_every_generator(claim, player, beside, expected):
    table = ahead(restoring(), (CMA_ES, CMA_ME, CMA_MAE), 1.0)
    table = ahead(table, player, -1.0 + 0.05 + np.asarray(beside), dataset="celeba")
    result = found(claim, table)
    assert result.outcome == expected
    assert result.estimate.value == pytest.approx(0.05 + np.mean(beside))


def test_by_08_tells_what_is_left_of_a_lead_over_random_search():
    table = ahead(ahead(restoring(), (CMA_ME, CMA_MAE), 0.5), RANDOM, 0.75)
    assert "CMA-ME over random search, logarithms: mnist -0.25" in found("BY-08", table).reading


@pytest.mark.parametrize("player", EVOLVING)
@pytest.mark.parametrize("descent", [ADAM, L_BFGS])
@pytest.mark.parametrize(("value", "expected"), [(0.06, "supported"), (0.04, "contradicted"), (0.0, "contradicted")])
def test_by_03_wants_both_descents_ahead_of_every_evolving_search(player, descent, value, expected):
    table = ahead(restoring(), EVOLVING, 1.0)
    table = ahead(table, descent, 0.5)  # lies nearer than the other
    result = found("BY-03", ahead(table, player, -0.5 + value, dataset="mnist", replicate=1))
    assert result.outcome == expected
    assert result.statistic.endswith(f"{player} over {descent}")
    assert result.estimate.value == pytest.approx(value)


@pytest.mark.parametrize("hybrid", HYBRIDS)
def test_by_05_wants_one_hybrid_ahead_of_the_better_descent(hybrid):
    table = ahead(restoring(), ADAM, 0.3)  # the other one is better
    assert outcome("BY-05", table) == "contradicted"
    for value, expected in ((-0.06, "supported"), (-0.04, "contradicted"), (about(-0.05, 0.05), "inconclusive")):
        result = found("BY-05", ahead(table, hybrid, value))
        assert result.outcome == expected
        assert result.estimate.n == RUNS * len(EVERY)
        assert f"Shown: {hybrid}." in result.reading
    worst = ahead(ahead(table, hybrid, -0.06), hybrid, 0.5, dataset="celeba")  # not by the mean of six generators
    assert outcome("BY-05", worst) == "contradicted"


def test_by_05_takes_the_level_of_a_family_of_three():
    scatter = 0.01 * np.sqrt(len(EVERY))  # of the mean of six generators
    for errors, expected in ((2.1, "inconclusive"), (3.0, "supported")):
        assert (
            outcome("BY-05", ahead(restoring(), STARTS, beyond(-0.05, -errors / np.sqrt(len(EVERY)), scatter)))
            == expected
        )


def test_by_05_takes_the_lesser_error_on_each_target():
    half = np.where(np.arange(RUNS) < RUNS / 2, 0.5, 0.0)
    table = ahead(ahead(restoring(), ADAM, half), L_BFGS, 0.5 - half)
    assert outcome("BY-05", ahead(table, INSIDE, -0.06)) == "supported"
    assert found("BY-05", ahead(table, INSIDE, -0.06)).estimate.value == pytest.approx(-0.06)


def test_by_05_needs_all_generators():
    table = ahead(restoring(), THEN, -0.2)
    assert outcome("BY-05", table[table["dataset"] != "celeba"]) == "inconclusive"


def test_by_06_looks_at_equal_time_alone():
    timely = ahead(restoring(), ADAM, -0.5, column="timely")
    result = found("BY-06", ahead(timely, SEP_CMA, 0.7, column="timely"))
    assert result.outcome == "supported"
    assert result.estimate.value == pytest.approx(-0.5)
    assert "In the same time, sep-CMA-ES: mnist 2.01" in result.reading
    assert outcome("BY-06", ahead(restoring(), ADAM, -0.5)) == "contradicted"


def test_by_07_is_about_chapter_one():
    assert outcome("BY-07", ahead(restoring(), DEFAULT, 0.12)) == "supported"
    assert outcome("BY-07", ahead(restoring(), DEFAULT, 0.08)) == "contradicted"


def winning(players, number):
    """The goals without a gradient, where players are better in so many of 16 runs of one, and else in all."""
    return fewer(put(free(), "after_1", 1e6, player=players), players, number)


def fewer(table, players, number):
    """The table where players are better in so many of 16 runs of one goal."""
    reached = np.where(np.arange(16) < number, 1e6, 0.0)
    return put(table, "after_1", reached, player=players, goal="JPEG size", dataset="celeba")


@pytest.mark.parametrize("player", EVOLVING)
@pytest.mark.parametrize(
    ("number", "expected"), [(16, "supported"), (15, "inconclusive"), (10, "inconclusive"), (2, "contradicted")]
)
def test_by_09_wants_every_search_to_win_nearly_every_run(player, number, expected):
    result = found("BY-09", fewer(winning(EVOLVING, 16), player, number))
    assert result.outcome == expected
    assert f"{player} {number / 16:.2f}" in result.reading
    assert result.estimate.n == 16


def test_by_09_counts_no_tie_as_a_win():
    assert found("BY-09", free()).outcome == "contradicted"


@pytest.mark.parametrize(
    ("number", "expected"), [(16, "supported"), (13, "supported"), (8, "inconclusive"), (0, "contradicted")]
)
def test_by_10_wants_more_than_half_of_the_runs(number, expected):
    assert outcome("BY-10", winning(SEP_CMA, number)) == expected


def test_goals_without_a_gradient_are_wanted_on_all_their_generators():
    table = winning(EVOLVING, 16)
    assert outcome("BY-09", table) == "supported"
    assert outcome("BY-09", table[~((table["goal"] == "sharpness") & (table["dataset"] == "celeba"))]) == "inconclusive"


@pytest.mark.parametrize(
    ("factor", "expected"), [(2.1, "supported"), (1.9, "contradicted"), (np.exp(about(0.7, 1.0)), "inconclusive")]
)
def test_by_11_wants_twice_the_saving_on_the_rarest_wish(factor, expected):
    table = put(wanted(), "sure", 300.0, player=RANDOM, goal=(DIGIT, SMILE, GLASSES))
    table = put(table, "sure", 300.0 * np.asarray(factor), player=RANDOM, goal=WOMEN)
    result = found("BY-11", table)
    assert (result.outcome, result.estimate.n) == (expected, 4 * RUNS)
    assert result.estimate.value == pytest.approx(np.log(factor).mean())
    assert "a digit, genetic algorithm 3.0" in result.reading


def test_by_11_is_not_passed_by_a_fixed_factor_and_takes_the_budget_where_nothing_was_found():
    assert outcome("BY-11", put(wanted(), "sure", 3000.0, player=RANDOM)) == "contradicted"
    endless = found("BY-11", put(wanted(), "sure", np.inf, player=RANDOM, goal=WOMEN))
    assert endless.estimate.value == pytest.approx(np.log(40))
    with pytest.raises(TooSmallError, match="women with glasses was not sought"):
        found("BY-11", wanted()[lambda rows: rows["goal"] != WOMEN])


@pytest.mark.parametrize("goal", [GLASSES, WOMEN])
@pytest.mark.parametrize(
    ("logarithm", "expected"), [(0.21, "supported"), (0.19, "contradicted"), (about(0.2, 0.5), "inconclusive")]
)
def test_by_12_wants_a_gradient_to_be_cheaper_for_both_rare_wishes(goal, logarithm, expected):
    table = put(wanted(), "sure", 1000.0, player=GENETIC)
    table = put(table, "sure", 100.0 * np.exp(np.asarray(logarithm)), player=GENETIC, goal=goal)
    result = found("BY-12", put(table, "judged", 0.25, player=ADAM))
    assert result.outcome == expected
    assert f"Shown: {goal}." in result.reading
    assert "women with glasses, Adam 0.25" in result.reading


@pytest.mark.parametrize(("claim", "column", "least"), [("BY-13", "best", 0.01), ("BY-14", "spread", 0.05)])
@pytest.mark.parametrize(
    ("beside", "expected"), [(0.001, "supported"), (-0.001, "contradicted"), (about(0, 0.05), "inconclusive")]
)
def test_the_chosen_set_must_be_better_on_every_generator(claim, column, least, beside, expected):
    table = put(sets(), column, 0.0, player=GREEDY) if column == "best" else put(sets(), column, 2.0, player=GREEDY)
    old = float(sets()[column].iloc[0])
    result = found(claim, put(table, column, old + least + np.asarray(beside), player=GREEDY, dataset="celeba"))
    assert result.outcome == expected
    assert "Shown: celeba." in result.reading
    assert outcome(claim, sets()) == "contradicted"


@pytest.mark.parametrize(
    ("slope", "expected"), [(0.06, "supported"), (0.04, "contradicted"), (about(0.05, 0.1), "inconclusive")]
)
def test_by_15_is_the_slope_over_doublings_on_either_generator(slope, expected):
    table = sizes()
    for genes in (16, 32, 64, 128, 256, 512):
        table = ahead(table, GENETIC, 1.0 + 0.2 * np.log2(genes), genes=genes, replicate=0)
        table = ahead(table, GENETIC, 1.0 + np.asarray(slope) * np.log2(genes), genes=genes, replicate=1)
    result = found("BY-15", table)
    assert (result.outcome, result.estimate.n) == (expected, RUNS)
    assert result.estimate.value == pytest.approx(np.mean(slope))
    assert outcome("BY-15", ahead(sizes(), GENETIC, 3.0)) == "contradicted"  # behind by a fixed factor


def test_by_15_needs_every_size():
    with pytest.raises(TooSmallError, match="latents of 256 genes were not searched"):
        found("BY-15", sizes()[lambda rows: rows["genes"] != 256])


@pytest.mark.parametrize("player", EVOLVING)
def test_by_16_wants_every_search_to_take_little_of_the_time(player):
    assert outcome("BY-16", put(restoring(), "sampling", 0.9, player=RANDOM)) == "supported"
    result = found("BY-16", put(restoring(), "sampling", 0.11, player=player))
    assert (result.outcome, result.estimate.value) == ("contradicted", pytest.approx(0.11))
    uneven = put(restoring(), "sampling", 0.3, player=player, dataset="celeba")
    assert found("BY-16", uneven).estimate.n == 6
    assert outcome("BY-16", uneven) == "inconclusive"


@pytest.mark.parametrize("count", [1, 2])
def test_by_17_wants_the_model_within_its_margin(count):
    def times(logarithm):
        chosen = workers()["workers"] == count
        noise = np.tile([-0.01, 0.01, 0.0, -0.02, 0.02], 2)
        return workers().assign(wall=lambda rows: rows["wall"] * np.exp(np.where(chosen, logarithm, 0.0) + noise))

    for logarithm, expected in (
        (0.15, "supported"),
        (-0.15, "supported"),
        (0.3, "contradicted"),
        (0.22, "inconclusive"),
    ):
        result = found("BY-17", times(logarithm))
        assert result.outcome == expected
        assert f"Shown: {count} workers." in result.reading


def test_a_single_run_decides_nothing():
    for claim, table in (("BY-01", restoring()), ("BY-04", restoring()), ("BY-13", sets()), ("BY-15", sizes())):
        with pytest.raises(TooSmallError):
            found(claim, pd.DataFrame(table[table["run"] == 0]))
