import json

import pytest

from latentlib.claims import Claim, Verdict, above, load_claims, load_verdicts
from latentlib.statistics import Estimate

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
