import json
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from string import Formatter

import numpy as np
import pytest

from latentlib.study import repository, statistics
from latentlib.study.claims import (
    Amendment,
    Claim,
    Verdict,
    above,
    below,
    load_claims,
    load_verdicts,
    not_above,
    standing,
    summary,
    within,
)

CLAIM = """
statement = "{statement}"
where = "IV-C"
published = "0.976"
kind = "stated"
numbers = {{ least = 0.5 }}
needs = "> {{least}}"
units = "targets"
given = "one generator"
shown = "restoring/rates"
rule = "Supported if above {{least}}."
"""
TOML = "".join(
    f"[{name}]{CLAIM.format(statement=statement)}"
    for name, statement in {"JK-01": "The genetic algorithm restores images.", "JK-02": "Mutation matters."}.items()
)
CHANGES = """
[[JK-02]]
date = 2026-11-26
reason = "It could not fail."
rule = "above 0"
outcome = "supported"
measured = "0.2000 [0.1000, 0.3000], n = 4"
"""


def estimate(low, high):
    """An estimate with the same interval at every level."""
    return statistics.estimate((low + high) / 2, 20, lambda level: (low, high))


def verdict(claim, outcome="supported"):
    return Verdict(claim, outcome, "mean gain", estimate(0.1, 0.3), "It does.", "quick", {"seed": 0, "device": "cpu"})


@pytest.mark.parametrize(
    ("intervals", "threshold", "outcome"),
    [
        ([(0.1, 0.3)], 0.0, "supported"),
        ([(-0.3, -0.1)], 0.0, "contradicted"),
        ([(-0.1, 0.3)], 0.0, "inconclusive"),
        ([(0.0, 0.3)], 0.0, "inconclusive"),
        ([(-0.3, 0.0)], 0.0, "inconclusive"),
        ([(0.1, 0.3)], 0.2, "inconclusive"),
        ([(0.1, 0.3)], 0.5, "contradicted"),
        ([(0.1, 0.3), (0.2, 0.4)], 0.0, "supported"),
        ([(0.1, 0.3), (-0.2, 0.4)], 0.0, "inconclusive"),
        ([(0.1, 0.3), (-0.4, -0.2)], 0.0, "contradicted"),
    ],
)
def test_above_needs_every_interval_and_is_refuted_by_one(intervals, threshold, outcome):
    assert above(*(estimate(*interval) for interval in intervals), threshold=threshold) == outcome


@pytest.mark.parametrize(
    ("intervals", "threshold", "outcome"),
    [
        ([(-0.3, -0.1)], 0.0, "supported"),
        ([(0.1, 0.3)], 0.0, "contradicted"),
        ([(-0.1, 0.3)], 0.0, "inconclusive"),
        ([(-0.3, 0.0)], 0.0, "inconclusive"),
        ([(0.1, 0.3)], 0.5, "supported"),
        ([(0.1, 0.3)], 0.05, "contradicted"),
        ([(0.1, 0.6)], 0.5, "inconclusive"),
        ([(0.1, 0.3), (0.2, 0.4)], 0.5, "supported"),
        ([(0.1, 0.3), (0.4, 0.6)], 0.5, "inconclusive"),
        ([(0.1, 0.3), (0.6, 0.7)], 0.5, "contradicted"),
    ],
)
def test_below_needs_every_interval_and_is_refuted_by_one(intervals, threshold, outcome):
    assert below(*(estimate(*interval) for interval in intervals), threshold=threshold) == outcome


@pytest.mark.parametrize(
    ("intervals", "margin", "outcome"),
    [
        ([(-0.1, 0.1)], 0.2, "supported"),
        ([(-0.2, 0.2)], 0.2, "supported"),
        ([(-0.1, 0.3)], 0.2, "inconclusive"),
        ([(-0.3, 0.1)], 0.2, "inconclusive"),
        ([(-0.3, 0.3)], 0.2, "inconclusive"),
        ([(0.25, 0.3)], 0.2, "contradicted"),
        ([(-0.3, -0.25)], 0.2, "contradicted"),
        ([(-0.1, 0.1), (0.1, 0.3)], 0.2, "inconclusive"),
        ([(-0.1, 0.1), (0.25, 0.3)], 0.2, "contradicted"),
        ([(-0.1, 0.1), (0.25, 0.3)], (0.2, 0.5), "supported"),
        ([(0.25, 0.3), (-0.1, 0.1)], (0.2, 0.5), "contradicted"),
        ([(-0.1, 0.1)], 1, "supported"),
    ],
)
def test_within_needs_every_interval_inside_its_margin_and_is_refuted_by_one_outside(intervals, margin, outcome):
    assert within(*(estimate(*interval) for interval in intervals), margin=margin) == outcome


def wider(value, error):
    """An estimate whose interval reaches 2 errors to either side at 95 %, and 3 at any higher level."""
    reach = {False: 2 * error, True: 3 * error}
    return statistics.estimate(value, 9, lambda level: (value - reach[level > 0.95], value + reach[level > 0.95]))


@pytest.mark.parametrize(("rule", "sign"), [(above, 1), (below, -1), (lambda *some: within(*some, margin=0.5), None)])
def test_one_of_several_contradicts_only_at_the_level_of_its_family(rule, sign):
    """An estimate 2.5 errors beyond the threshold decides alone, but not as one of two; 3.5 errors decide there too."""
    start, step = (0.5, 0.1) if sign is None else (0.0, -0.1 * sign)
    near, far = wider(start + 2.5 * step, 0.1), wider(start + 3.5 * step, 0.1)
    held = estimate(-0.1, 0.1) if sign is None else estimate(*sorted((sign, 2 * sign)))
    assert rule(near) == rule(far) == "contradicted"
    assert rule(held) == "supported"
    assert rule(near, held) == "inconclusive"
    assert rule(far, held) == "contradicted"


def test_of_many_true_claims_few_are_contradicted():
    """Of twenty true differences of nought, one at least is rejected at 95 % in about two of five experiments."""
    wrong = 0
    for seed in range(300):
        samples = np.random.default_rng(seed).normal(0, 1, (20, 8))
        wrong += above(*map(statistics.mean, samples)) == "contradicted"
    assert wrong / 300 <= 0.05


@pytest.mark.parametrize(
    ("interval", "outcome"),
    [
        ((-0.1, 0.1), "supported"),
        ((0.25, 0.3), "contradicted"),
        ((-0.3, -0.25), "inconclusive"),
        ((0.1, 0.3), "inconclusive"),
    ],
)
def test_not_above_is_refuted_on_one_side_only(interval, outcome):
    assert not_above(estimate(*interval), margin=0.2) == outcome


@pytest.mark.parametrize("rule", [above, below, lambda: within(margin=1.0), lambda: not_above(margin=1.0)])
def test_no_estimate_decides_nothing(rule):
    with pytest.raises(ValueError, match="a verdict needs at least one estimate, got none"):
        rule()


def test_every_estimate_needs_a_margin():
    with pytest.raises(ValueError, match="argument"):
        within(estimate(0.0, 0.1), margin=(0.1, 0.2))


@pytest.fixture
def stored(tmp_path):
    """The claims in a file with amendments beside it."""
    (tmp_path / "amendments").mkdir()
    (tmp_path / "restoring.toml").write_text(TOML)
    (tmp_path / "amendments" / "restoring.toml").write_text(CHANGES)
    return tmp_path / "restoring.toml"


def test_a_summary_tells_claims_in_the_order_asked_for_and_says_which_are_not_run(stored):
    told = summary(load_claims(stored), {"JK-01": verdict("JK-01", "contradicted")}, ["JK-02", "JK-01"])
    assert list(told.index) == ["JK-02", "JK-01"]
    assert told.loc["JK-01"].tolist() == [
        "The genetic algorithm restores images.",
        "contradicted",
        "0.2000 [0.1000, 0.3000], n = 20 targets",
        "> 0.5",
        "one generator",
    ]
    assert told.loc["JK-02"].tolist() == ["Mutation matters.", "not yet run", "", "> 0.5", "one generator"]


def test_claims_are_read_by_id_with_their_numbers_and_amendments(stored):
    claims = load_claims(stored)
    assert list(claims) == ["JK-01", "JK-02"]
    change = Amendment("2026-11-26", "It could not fail.", "above 0", "supported", "0.2000 [0.1000, 0.3000], n = 4")
    assert claims["JK-02"] == Claim(
        id="JK-02",
        statement="Mutation matters.",
        where="IV-C",
        published="0.976",
        rule="Supported if above 0.5.",
        needs="> 0.5",
        numbers={"least": 0.5},
        kind="stated",
        units="targets",
        given="one generator",
        shown="restoring/rates",
        amendments=(change,),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("where = ", "place = ", "JK-01 is no complete claim"),
        ("{least}", "{most}", "JK-01 is no complete claim: 'most'"),
        ('kind = "stated"', 'kind = "guessed"', "kind of JK-01 must be one of stated, implied, ours, got 'guessed'"),
        ('kind = "stated"', 'kind = "ours"\nabout = "x"', "about of JK-01 must be one of the method, their set-up"),
    ],
)
def test_an_incomplete_claim_is_named(stored, old, new, message):
    stored.write_text(TOML.replace(old, new))
    with pytest.raises(ValueError, match=message):
        load_claims(stored)


def test_only_claims_are_amended(stored):
    beside = stored.parent / "amendments" / "restoring.toml"
    beside.write_text(CHANGES.replace("JK-02", "JK-99"))
    with pytest.raises(ValueError, match=r"amends JK-99, of which restoring\.toml holds no claim"):
        load_claims(stored)


@pytest.mark.parametrize(
    ("changes", "outcome", "counted"),
    [
        ({}, "supported", "supported"),
        ({}, "contradicted", "contradicted"),
        ({"construction": "The best are kept."}, "supported", "by construction"),
        ({"construction": "The best are kept."}, "contradicted", "contradicted"),
        ({"about": "their set-up"}, "contradicted", "not reproduced here"),
        ({"about": "their set-up"}, "supported", "supported"),
        ({"about": "their set-up"}, "inconclusive", "inconclusive"),
    ],
)
def test_construction_is_no_support_and_another_set_up_no_contradiction(stored, changes, outcome, counted):
    assert standing(replace(load_claims(stored)["JK-01"], **changes), outcome) == counted


@pytest.mark.parametrize("chapter", repository.CHAPTERS)
def test_every_number_of_a_claim_is_told_in_its_rule(chapter):
    path = repository.claims(chapter)
    for name, table in tomllib.loads(path.read_text()).items():
        told = {field for _, field, _, _ in Formatter().parse(table["rule"]) if field}
        assert {field.partition("[")[0] for field in told} == set(table.get("numbers", {})), name


@pytest.mark.parametrize("chapter", repository.CHAPTERS)
def test_every_claim_says_what_it_counts_what_it_hangs_on_and_where_it_is_shown(chapter):
    for claim in load_claims(repository.claims(chapter)).values():
        assert claim.statement.endswith("."), claim.id
        place, _, label = claim.shown.partition("#")
        if not claim.shown:
            assert claim.rule.endswith("not testable here.")
            continue
        source = (repository.root() / "notebooks" / f"{place}.py").read_text()
        assert f'"name": "{label}"' in source or not label, f"{claim.id} is shown at {claim.shown}"
        assert all((claim.units, claim.given)), claim.id


def test_verdicts_are_read_as_they_were_saved(tmp_path):
    verdicts = {"JK-02": verdict("JK-02", "contradicted"), "JK-01": verdict("JK-01")}
    paths = [verdict.save(tmp_path) for verdict in verdicts.values()]
    assert paths == [tmp_path / "verdicts" / "JK-02.json", tmp_path / "verdicts" / "JK-01.json"]
    assert load_verdicts(tmp_path) == verdicts
    assert json.loads(paths[0].read_text())["estimate"] == {"value": 0.2, "low": 0.1, "high": 0.3, "n": 20}


def test_a_later_verdict_takes_the_place_of_the_first(tmp_path):
    verdict("JK-01").save(tmp_path)
    verdict("JK-01", "inconclusive").save(tmp_path)
    assert load_verdicts(tmp_path)["JK-01"].outcome == "inconclusive"
    assert len(list((tmp_path / "verdicts").iterdir())) == 1


def test_a_folder_without_verdicts_has_none(tmp_path):
    assert load_verdicts(tmp_path) == {}


@pytest.mark.parametrize("content", ["", "{", "null", "[]", '{"claim": "JK-01"}', '{"estimate": {"value": 1}}'])
def test_a_file_that_holds_no_verdict_is_named(tmp_path, content):
    (tmp_path / "verdicts").mkdir()
    (tmp_path / "verdicts" / "JK-01.json").write_text(content)
    with pytest.raises(ValueError, match=r"JK-01\.json is damaged: it is no verdict") as told:
        load_verdicts(tmp_path)
    assert "\n" not in str(told.value)


def test_claims_and_verdicts_are_utf8_whatever_the_locale_says(tmp_path):
    code = (
        "import pathlib, sys; from latentlib.study import claims; from latentlib.study.statistics import Estimate\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "said = claims.load_claims(folder / 'c.toml')['JK-01'].statement\n"
        "claims.Verdict('JK-01', 'supported', said, Estimate(1, 1, 1, 1), said, 'quick', {}).save(folder)\n"
        "assert claims.load_verdicts(folder)['JK-01'].reading == said == '\\u03bc \\u2265 0'"
    )
    (tmp_path / "c.toml").write_bytes(
        TOML.replace("Mutation matters.", "x").replace("The genetic algorithm restores images.", "μ ≥ 0").encode()
    )
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("held", "filled"),
    [
        ('"within ±{least}"', "within ±0.5"),
        ('{ mse = "> {least}", ssim = "< -{least}" }', {"mse": "> 0.5", "ssim": "< -0.5"}),
    ],
)
def test_what_the_statistic_is_held_against_takes_its_numbers_from_the_claim(tmp_path, held, filled):
    path = tmp_path / "restoring.toml"
    path.write_text(f"{TOML}held = {held}\n")
    first, second = load_claims(path).values()
    assert (first.held, second.held) == ("", filled)
    path.write_text(TOML + 'held = "> {most}"\n')
    with pytest.raises(ValueError, match="JK-02 is no complete claim: 'most'"):
        load_claims(path)
