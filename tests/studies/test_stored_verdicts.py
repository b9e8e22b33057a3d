"""Every stored verdict follows from the stored tables by the rules as they are now."""

import json
from pathlib import Path

import pytest

from latentlib import files
from latentlib.study import chapter, claims, repository
from latentlib.study.findings import decide

BOOK = Path(__file__).parents[2] / "book"


@pytest.fixture(scope="module")
def drawn():
    """By chapter: the verdicts drawn anew from the stored tables, and those that are stored, by claim."""
    found = {}
    for name in repository.CHAPTERS:
        results, one = BOOK / "results" / name, chapter.load(name)
        __import__(f"studies.{name}.verdicts")
        anew = decide(
            one.claims().values(),
            one.tables("paper", results, BOOK / "published"),
            "paper",
        )
        found[name] = {verdict.claim: verdict for verdict in anew}, claims.load_verdicts(results)
    return found


@pytest.mark.parametrize("name", repository.CHAPTERS)
def test_all_stored_verdicts_and_no_others_are_drawn(drawn, name):
    anew, stored = drawn[name]
    assert len(stored) > 20
    assert set(anew) == set(stored)


@pytest.mark.parametrize("name", repository.CHAPTERS)
def test_outcome_statistic_and_printed_digits_are_the_stored_ones(drawn, name):
    anew, stored = drawn[name]
    for claim, verdict in stored.items():
        told = anew[claim]
        assert (told.outcome, told.statistic, told.scale) == (verdict.outcome, verdict.statistic, verdict.scale), claim
        assert str(told.estimate) == str(verdict.estimate), claim


@pytest.mark.parametrize("name", repository.CHAPTERS)
def test_stored_verdicts_name_the_commits_and_seconds_of_their_tables(drawn, name):
    anew, stored = drawn[name]
    for claim, verdict in stored.items():
        made = anew[claim].provenance
        if made.get("code") == "unknown":  # else the verdict is arithmetic on published numbers, of now
            facts = "seed", "device", "date", "commit", "torch", "seconds"
            assert {fact: made[fact] for fact in facts} == {fact: verdict.provenance[fact] for fact in facts}, claim


@pytest.mark.parametrize(
    "path", sorted((BOOK / "results").glob("*/*.csv")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_stored_table_has_its_checksum(path):
    assert json.loads(path.with_suffix(".json").read_text())["sha256"] == files.sha256(path)
