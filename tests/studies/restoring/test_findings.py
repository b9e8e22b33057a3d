"""How rules become verdicts: which claims are decided, what is skipped, and where the numbers come from."""

import datetime
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch
from known import GREY, cliff, courses, grid, inversion, rivals, rows, splits

from latentlib.study import findings
from latentlib.study.claims import load_claims
from latentlib.study.findings import RULES, Finding, TooSmallError, decide, farthest, highest, lowest, only_with
from latentlib.study.statistics import Estimate
from studies.restoring.experiments import published
from studies.restoring.verdicts.cubes import at, cube, together

BOOK = Path(__file__).parents[3] / "book"
CLAIMS, PUBLISHED = BOOK / "claims" / "restoring.toml", BOOK / "published"
ORIGIN = {"seed": 0, "device": "x86_64 CPU, 1 threads", "date": "2026-01-01", "commit": "abc", "torch": "2.9"}
FOUND = Finding("supported", "a mean", Estimate(0.2, 0.1, 0.3, 12), "It does.")


PAPER = load_claims(CLAIMS)


def named(*ids, **changes):
    """Claims that have no numbers, so that any rule takes them."""
    return [replace(PAPER["JK-01"], id=id, numbers={}, **changes) for id in ids]


def details(**origin):
    """Ratios of one, with the provenance of one cell a data set."""
    return rows(dataset=GREY).assign(between_rates=5.0, between_seeds=5.0, seconds=2.0, **ORIGIN | origin)


@pytest.fixture
def only(monkeypatch):
    """Puts other rules in the place of all."""

    def put(**rules):
        monkeypatch.setattr(findings, "RULES", {name.replace("_", "-"): rule for name, rule in rules.items()})

    return put


def test_there_is_a_rule_for_each_of_the_52_claims_and_no_other():
    decided = [claim for claim in sorted(RULES) if claim.startswith("JK-")]
    assert decided == sorted(load_claims(CLAIMS)) == [f"JK-{number:02}" for number in range(1, 53)]


def test_a_claim_whose_table_is_there_gets_a_verdict_with_all_that_was_found():
    (verdict,) = decide([PAPER["JK-42"], PAPER["JK-43"]], {"details": details()}, "paper")
    assert (verdict.claim, verdict.outcome, verdict.scale) == ("JK-42", "supported", "paper")
    assert verdict.estimate == Estimate(1.0, 1.0, 1.0, 12)
    assert verdict.statistic == "distance between mating rates over that between seeds"
    assert "mnist 1.00" in verdict.reading
    assert verdict.provenance == ORIGIN | {"seed": "0", "seconds": 4.0, "code": "unknown"}


def test_verdicts_come_in_the_order_of_the_claims(only):
    only(JK_10=(lambda table: FOUND, ("a",)), JK_02=(lambda table: FOUND, ("a",)), JK_09=(lambda table: FOUND, ("b",)))
    claims = named("JK-02", "JK-09", "JK-10", "JK-11")
    assert [verdict.claim for verdict in decide(claims, {"a": details()}, "quick")] == ["JK-02", "JK-10"]


def test_other_claims_are_not_decided(only):
    only(JK_01=(lambda table: FOUND, ("a",)), LI_01=(lambda table: FOUND, ("a",)))
    assert [verdict.claim for verdict in decide(named("LI-01"), {"a": details()}, "quick")] == ["LI-01"]


def test_a_rule_takes_the_numbers_of_its_claim(only):
    seen = {}
    only(JK_01=(lambda table, **numbers: seen.update(numbers) or FOUND, ("a",)))
    decide([replace(PAPER["JK-01"], numbers={"least": 0.5, "most": 2})], {"a": details()}, "paper")
    assert seen == {"least": 0.5, "most": 2}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "supported"),
        ({"construction": "The best are kept."}, "by construction"),
        ({"about": "their set-up"}, "supported"),
    ],
)
def test_a_verdict_counts_as_its_claim_says(only, changes, outcome):
    only(JK_01=(lambda table: FOUND, ("a",)))
    (verdict,) = decide(named("JK-01", **changes), {"a": details()}, "paper")
    assert verdict.outcome == outcome


def test_a_claim_waits_until_all_of_its_tables_are_there(only):
    only(JK_18=(lambda first, second: FOUND, ("grid", "published_grids")))
    claims = named("JK-18")
    assert decide(claims, {"grid": details()}, "quick") == []
    assert len(decide(claims, {"grid": details(), "published_grids": pd.DataFrame({"score": [1.0]})}, "quick")) == 1


def failing(error):
    def rule(table):
        raise error

    return rule


def test_a_claim_whose_tables_are_too_small_is_left_out_and_the_others_are_not(only):
    only(JK_01=(failing(TooSmallError("one target")), ("a",)), JK_02=(lambda table: FOUND, ("a",)))
    claims = named("JK-01", "JK-02")
    assert [verdict.claim for verdict in decide(claims, {"a": details()}, "quick")] == ["JK-02"]


@pytest.mark.parametrize("error", [ValueError("values must be finite"), KeyError("ssim"), ZeroDivisionError()])
def test_no_other_error_passes_silently(only, error):
    only(JK_01=(failing(error), ("a",)))
    with pytest.raises(type(error)):
        decide(named("JK-01"), {"a": details()}, "quick")


def test_tables_as_small_as_those_of_quick_and_smoke_runs_decide_what_they_can_and_do_not_fail():
    long = {"rates": (0.3, 0.4), "iterations": (0, 1, 5)}
    some = rivals()[lambda table: table["iteration"] <= 1000]
    tables = {"rivals": some, "inversion": inversion(), "grid": grid(**long), "cliff": cliff()}
    nearer = {"feature_distance": lambda table: 9 - table["iteration"] / 100}
    tables |= {"replicates": some[some["dataset"] == "mnist"].assign(replicate=1), "splits": splits(2)}
    tables["courses"] = courses(iterations=(0, 1, 50, 100, 150)).assign(**nearer)
    tables = {name: table.assign(seconds=1.0, **ORIGIN) for name, table in tables.items()}
    tables |= {"published_grids": published.grids(PUBLISHED), "published_courses": published.courses(PUBLISHED)}
    decided = {verdict.claim for verdict in decide(PAPER.values(), tables, "quick")}
    assert {"JK-01", "JK-07", "JK-10", "JK-39", "JK-43", "JK-52"} <= decided
    assert decided.isdisjoint({"JK-18", "JK-28", "JK-32", "JK-34", "JK-38", "JK-41", "JK-45", "JK-50"})


def test_the_seconds_are_those_of_the_cells_each_once():
    one = rows(dataset=GREY, mating_rate=(0.1, 0.2), mutation_rate=(0.3, 0.4)).assign(seconds=1.5, **ORIGIN)
    assert findings.origin({"a": one}, ("a",))["seconds"] == 8 * 1.5
    seeds = pd.concat([one, one.assign(seed=1)])
    assert findings.origin({"a": seeds}, ("a",))["seconds"] == 16 * 1.5
    assert findings.origin({"a": seeds, "b": details()}, ("a", "b"))["seconds"] == 16 * 1.5 + 2 * 2.0
    assert findings.origin({"a": seeds, "b": details()}, ("b",))["seconds"] == 2 * 2.0
    hypotheses = pd.concat([one.assign(operators=name) for name in ("our default", "no elitism")])
    assert findings.origin({"a": hypotheses}, ("a",))["seconds"] == 16 * 1.5


def test_the_origin_names_every_seed_device_date_and_commit():
    table = pd.concat([details(), details(seed=1, commit="def", date="2026-01-02", device="cuda")])
    facts = findings.origin({"a": table}, ("a",))
    assert facts["seed"] == "0, 1"
    assert facts["commit"] == "abc, def"
    assert facts["date"] == "2026-01-01, 2026-01-02"
    assert facts["device"] == "cuda, x86_64 CPU, 1 threads"
    assert facts["torch"] == "2.9"


def test_arithmetic_on_published_numbers_took_no_time_and_is_of_today():
    facts = findings.origin({"averages": pd.DataFrame({"deviation": [0.0]})}, ("averages",))
    assert facts["seconds"] == 0
    assert facts["torch"] == torch.__version__
    assert facts["date"] == datetime.date.today().isoformat()


ESTIMATES = {"a": Estimate(0.1, -0.3, 0.6, 9), ("b", 1): Estimate(0.2, 0.1, 0.3, 9), "c": Estimate(-0.4, -0.2, 0.5, 9)}


def test_the_estimate_that_is_shown_reaches_lowest_highest_or_lies_farthest_from_zero():
    assert lowest(ESTIMATES) == ("a", ESTIMATES["a"])
    assert highest(ESTIMATES) == ("a", ESTIMATES["a"])
    assert farthest(ESTIMATES) == ("c", ESTIMATES["c"])
    assert lowest({("b", 1): ESTIMATES["b", 1]})[0] == "b, 1"


@pytest.mark.parametrize("choose", [lowest, highest, farthest])
def test_of_no_estimate_none_can_be_shown(choose):
    with pytest.raises(TooSmallError, match="no data set that the rule speaks of"):
        choose({})


def test_support_needs_every_data_set_that_is_named_and_contradiction_one():
    assert only_with(GREY, ["fashion_mnist", "mnist", "celeba"], "supported") == "supported"
    assert only_with(GREY, ["mnist"], "supported") == "inconclusive"
    assert only_with(GREY, ["mnist"], "contradicted") == "contradicted"


def test_a_cube_has_the_axes_in_order_whatever_the_order_of_the_rows():
    table = rows(3, fitness=["mse", "ssim"], dataset=GREY, mating_rate=(0.1, 0.2), iteration=(1, 200))
    table["one_minus_mse"] = 100 * table["target"] + table["mating_rate"] + table["iteration"]
    shuffled = table.assign(ssim=-1.0).sample(frac=1, random_state=0)
    expected = [[[100 * t + rate + i for i in (1, 200)] for rate in (0.1, 0.2)] for t in range(3)]
    assert cube(shuffled, "mse", "mnist", ("mating_rate", "iteration")).tolist() == expected
    assert (cube(shuffled, "ssim", "mnist", ("mating_rate", "iteration")) == -1).all()
    assert cube(at(shuffled, 200, mating_rate=0.2), "mse", "mnist", ()).tolist() == [200.2, 300.2, 400.2]


def test_what_is_missing_from_a_cube_is_too_small():
    table = rows(3, fitness=["mse"], dataset=GREY, mating_rate=(0.1, 0.2), iteration=[1]).assign(one_minus_mse=0.9)
    with pytest.raises(TooSmallError, match="5 scores where 6 belong"):
        cube(table.drop(index=0), "mse", "mnist", ("mating_rate", "iteration"))
    with pytest.raises(TooSmallError, match="celeba"):
        cube(table, "mse", "celeba", ())
    with pytest.raises(TooSmallError, match="no rows at iteration 200"):
        at(table, 200)
    with pytest.raises(TooSmallError, match="no rows at iteration 1 with"):
        at(table, 1, mating_rate=0.3)
    with pytest.raises(TooSmallError, match="none of mnist, fashion_mnist was run"):
        together({"celeba": cube(table, "mse", "mnist", ("mating_rate",))}, GREY)
