import json
import os
import subprocess
import sys

import pytest

from latentlib.study.claims import Claim, Verdict, above, below, load_claims, load_verdicts, summary, within
from latentlib.study.statistics import Estimate

TOML = """
[JK-01]
statement = "The genetic algorithm restores images."
where = "abstract"
published = "0.976"
rule = "above 0"

[JK-02]
statement = "Mutation matters."
where = "IV-C"
published = ""
rule = "above 0"
"""


def estimate(low, high):
    return Estimate((low + high) / 2, low, high, 20)


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
        ([(-0.1, 0.3), (float("nan"), float("nan"))], 0.0, "inconclusive"),
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


@pytest.mark.parametrize("rule", [above, below, lambda: within(margin=1.0)])
def test_no_estimate_decides_nothing(rule):
    with pytest.raises(ValueError, match="a verdict needs at least one estimate, got none"):
        rule()


def test_every_estimate_needs_a_margin():
    with pytest.raises(ValueError, match="argument"):
        within(estimate(0.0, 0.1), margin=(0.1, 0.2))


def test_a_summary_tells_claims_in_the_order_asked_for_and_says_which_are_not_run(tmp_path):
    path = tmp_path / "restoring.toml"
    path.write_text(TOML)
    told = summary(load_claims(path), {"JK-01": verdict("JK-01", "contradicted")}, ["JK-02", "JK-01"])
    assert list(told.index) == ["JK-02", "JK-01"]
    assert told.loc["JK-01"].tolist() == [
        "The genetic algorithm restores images.",
        "contradicted",
        "0.2000 [0.1000, 0.3000], n = 20",
    ]
    assert told.loc["JK-02"].tolist() == ["Mutation matters.", "not yet run", ""]


def test_claims_are_read_by_id(tmp_path):
    path = tmp_path / "restoring.toml"
    path.write_text(TOML)
    claims = load_claims(path)
    assert list(claims) == ["JK-01", "JK-02"]
    assert claims["JK-02"] == Claim("JK-02", "Mutation matters.", "IV-C", "", "above 0")


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
