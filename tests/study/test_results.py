"""What a notebook shows: tables as stored or computed, what lacks its data set left out, verdicts by the rules."""

from dataclasses import dataclass
from importlib import import_module

import pandas as pd
import pytest

from latentlib.study import findings, repository, results
from latentlib.study.chapter import Chapter, Planned
from latentlib.study.claims import load_claims, load_verdicts
from latentlib.study.findings import Finding, TooSmallError
from latentlib.study.results import Results
from latentlib.study.statistics import Estimate


@dataclass(frozen=True)
class Cell:
    """One of a data set that is here or not."""

    dataset: str
    scale: str
    seed: int = 0
    device: str = "cpu"


def work(cell):
    """Two rows; a file is missing of any data set but `here`."""
    if cell.dataset != "here":
        raise FileNotFoundError(f"{cell.dataset} is nowhere")
    return pd.DataFrame({"value": [cell.seed, 0.1]})


def plan(scale, device):
    datasets = {"whole": ["here"], "part": ["gone", "here"], "none": ["gone", "lost"]}
    return [Planned(name, work, [Cell(some, scale) for some in named]) for name, named in datasets.items()]


def verdict(name, least):
    """A rule that reports how many rows a table has, if they are so many."""

    def rule(table, **_):
        if len(table) < least:
            raise TooSmallError(f"{len(table)} rows")
        return Finding("supported", "rows", Estimate(len(table), 0.0, 9.0, 2), "So many.")

    return rule, (name,)


@pytest.fixture(autouse=True)
def small_chapter(monkeypatch, tmp_path):
    """A chapter of three tables and three claims."""
    import_module("studies.restoring.verdicts")  # enters the rules of the real one once and for all
    monkeypatch.setattr(results, "load", lambda name: Chapter(name, plan, lambda folder: {}))
    monkeypatch.setattr(repository, "runs", lambda chapter, scale: tmp_path / scale)
    rules = {"JK-01": verdict("part", 2), "JK-02": verdict("whole", 3), "JK-03": verdict("none", 1)}
    monkeypatch.setattr(findings, "RULES", rules)
    monkeypatch.setattr(results, "RULES", rules)


def test_a_table_is_computed_at_the_scale_once_and_may_be_changed_by_who_has_it(tmp_path):
    found = Results("restoring", "smoke")
    assert not tmp_path.joinpath("smoke").exists(), "until it is asked for"
    table = found["whole"]
    assert table["value"].tolist() == [0, 0.1]
    assert set(table["scale"]) == {"smoke"}
    table["value"] = 7
    assert found["whole"]["value"].tolist() == [0, 0.1]


def test_tables_computed_by_a_notebook_keep_other_chapters_out_of_their_folder(tmp_path):
    Results("restoring", "smoke")["whole"]
    with pytest.raises(
        ValueError, match="holds tables of chapter restoring, and so none of desired_images can go there"
    ):
        Chapter("desired_images", plan, lambda folder: {}).run("smoke", tmp_path / "smoke")
    with pytest.raises(ValueError, match="chapter restoring"):
        Results("desired_images", "smoke")["part"]


def test_what_lacks_its_data_set_is_left_out_of_a_table_in_one_sentence(capsys):
    table = Results("restoring", "quick")["part"]
    assert table["dataset"].tolist() == ["here", "here"]
    assert capsys.readouterr().out == "Left out of table part: gone, for gone is nowhere.\n"


def test_in_place_of_a_table_without_data_stands_a_sentence(capsys):
    found = Results("restoring", "paper")
    with pytest.raises(TooSmallError, match=r"^table none, for gone is nowhere; lost is nowhere$"):
        found["none"]
    assert found.show(lambda table: table, "none") is None
    assert capsys.readouterr().out == "Left out at paper scale: table none, for gone is nowhere; lost is nowhere.\n"
    assert len(found.show(lambda whole, part: pd.concat([whole, part]), "whole", "part")) == 4


def test_a_figure_that_needs_larger_tables_is_left_out_too(capsys):
    def draw(table):
        raise TooSmallError("two rows")

    assert Results("restoring", "smoke").show(draw, "whole") is None
    assert capsys.readouterr().out == "Left out at smoke scale: two rows.\n"


def test_verdicts_follow_from_the_computed_tables_and_never_from_stored_ones():
    shown = Results("restoring", "smoke").verdicts(["JK-01", "JK-02", "JK-03"])
    undecided = "not decided at this scale"
    assert shown["verdict"].to_dict() == {"JK-01": "supported", "JK-02": undecided, "JK-03": undecided}
    units = load_claims(repository.claims("restoring"))["JK-01"].units
    measured = f"2.000 [0.000, 9.000], n = 2 {units}".strip()
    assert shown["measured"].to_dict() == {"JK-01": measured, "JK-02": "", "JK-03": ""}
    assert set(shown["scale"]) == {"smoke"}


def test_stored_tables_and_verdicts_are_those_of_the_book():
    found = Results("restoring")
    assert found["details"]["dataset"].nunique() == 4
    stored = load_verdicts(repository.results("restoring"))
    assert found.verdicts(["JK-42"])["verdict"].item() == stored["JK-42"].outcome
    assert "scale" not in found.verdicts(["JK-42"])


@pytest.mark.parametrize("tables", ["all", "", None])
def test_other_tables_are_refused(tables):
    with pytest.raises(ValueError, match=r"^tables must be one of stored, smoke, quick, paper, got "):
        Results("restoring", tables)


def test_a_text_tells_measurements_and_verdicts_of_the_claims_that_it_names():
    units = load_claims(repository.claims("restoring"))["JK-01"].units
    told = Results("restoring", "smoke").told("Rows {JK-01}, and {other} things {JK-02}.").data
    expected = f"Rows 2.000 [0.000, 9.000], n = 2 {units} (JK-01, supported), and {{other}} things "
    assert told == expected + "(JK-02, not decided at this scale)."
