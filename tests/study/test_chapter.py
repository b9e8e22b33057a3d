"""Chapters are found in the package `studies`, which an installation of the library may lack."""

import shutil
import subprocess
import sys
from dataclasses import dataclass

import pandas as pd
import pytest

from latentlib import files
from latentlib.study import budget, chapter, repository, source, sweep
from latentlib.study.chapter import Chapter, Planned
from latentlib.study.findings import RULES, Finding, decides
from latentlib.study.statistics import Estimate
from latentlib.study.sweep import read


@pytest.mark.parametrize("name", repository.CHAPTERS)
def test_every_chapter_is_there_and_plans_something_at_every_scale(name):
    found = chapter.load(name)
    assert found.name == name
    for scale in chapter.SCALES:
        assert any(planned.cells for planned in found.plan(scale, "cpu"))


def test_without_the_studies_a_command_says_in_one_line_what_to_install(tmp_path):
    code = "import sys; sys.modules['studies'] = None; from latentlib.cli import main; main()"
    command = [sys.executable, "-c", code, "reproduce", "restoring", "--scale", "smoke", "--results", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: package studies is not installed: run `pip install --editable notebooks`")


@pytest.mark.parametrize(("passes", "starts", "steps"), [(600, 1, 200), (600, 10, 20), (629, 10, 20), (5, 10, 1)])
def test_a_gradient_step_costs_three_passes_from_each_start(passes, starts, steps):
    assert budget.gradient_steps(passes, starts) == steps


@dataclass(frozen=True)
class Setting:
    scale: str
    place: int
    seed: int = 0
    device: str = "cpu"
    dataset: str = "mnist"


def scores(setting):
    return pd.DataFrame({"target": [0, 1], "score": [0.5 + setting.place, 0.75]})


def planned(scale, device):
    cells = [Setting(scale, place, device=device) for place in range(3)]
    return [Planned("first", scores, cells), Planned("second", scores, cells[:1]), Planned("third", scores, [])]


SMALL = Chapter("restoring", planned, lambda folder: {})


CLAIM = """
[ZZ-01]
statement = "Places differ."
where = "nowhere"
published = ""
kind = "ours"
needs = ""
units = "places"
given = "one seed"
shown = ""
rule = "Supported."
"""


@pytest.fixture
def rule(tmp_path, monkeypatch):
    """A claim of its own, decided by both tables."""
    (tmp_path / "claims.toml").write_text(CLAIM)
    monkeypatch.setattr(repository, "claims", lambda name: tmp_path / "claims.toml")

    @decides("ZZ-01", "first", "second")
    def higher(first, second):
        value = float(first["score"].mean() - second["score"].mean())
        return Finding("supported", "difference", Estimate(value, value, value, 3), "It is.")

    yield
    del RULES["ZZ-01"]


@pytest.fixture(autouse=True)
def nothing_said_yet():
    sweep.say_once.cache_clear()


def said(capsys):
    return [line for line in capsys.readouterr().err.splitlines() if "%" not in line and line.strip()]


def test_a_verdict_carries_scale_commit_and_code_of_its_tables(rule, tmp_path):
    (verdict,) = SMALL.reproduce("quick", tmp_path, tmp_path)
    table = read(tmp_path, "first")
    assert (verdict.scale, verdict.outcome) == ("quick", "supported")
    assert verdict.provenance["code"] == source.digest(__name__) == table["code"][0]
    assert verdict.provenance["commit"] == table["commit"][0]


@pytest.mark.parametrize("scale", ["smoke", "paper"])
def test_tables_of_one_scale_give_no_verdict_of_another(rule, tmp_path, scale):
    SMALL.reproduce("quick", tmp_path, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"}
    for refused in (SMALL.reproduce, SMALL.tables):
        with pytest.raises(ValueError, match=rf"holds a table of quick scale, first, and so none of {scale} scale"):
            refused(scale, tmp_path, tmp_path)
    with pytest.raises(ValueError, match="holds a table of quick scale"):
        SMALL.run(scale, tmp_path, only="second")
    assert {path: path.read_bytes() for path in before} == before


OTHER = Chapter("desired_images", planned, lambda folder: {})


def test_two_chapters_do_not_write_into_one_folder(tmp_path):
    SMALL.run("quick", tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    for attempt in (lambda: OTHER.run("quick", tmp_path), lambda: OTHER.tables("quick", tmp_path, tmp_path)):
        with pytest.raises(ValueError, match="holds tables of chapter restoring, and so none of desired_images can go"):
            attempt()
    assert {path: path.read_bytes() for path in before} == before
    SMALL.run("quick", tmp_path)


def test_a_chapter_that_was_killed_before_its_first_table_keeps_its_folder(tmp_path):
    def interrupted(work, cells):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SMALL.run("quick", tmp_path, executor=interrupted)
    with pytest.raises(ValueError, match="chapter restoring"):
        OTHER.run("quick", tmp_path)


@pytest.mark.parametrize("name", repository.CHAPTERS)
def test_a_folder_without_a_note_is_known_by_its_verdicts(tmp_path, name):
    shutil.copytree(repository.results(name) / "verdicts", tmp_path / "verdicts")
    assert chapter.owner_of(tmp_path) == name
    other = OTHER if name == "restoring" else SMALL
    with pytest.raises(ValueError, match=f"holds tables of chapter {name}"):
        other.run("quick", tmp_path)


def test_a_table_that_does_not_say_its_scale_gives_no_verdict(rule, tmp_path):
    scores(Setting("paper", 0)).to_csv(tmp_path / "second.csv", index=False)
    with pytest.raises(ValueError, match="holds a table of unknown scale, second"):
        SMALL.tables("paper", tmp_path, tmp_path)


def test_a_table_with_rows_of_two_scales_gives_no_verdict(rule, tmp_path):
    SMALL.run("quick", tmp_path)
    table = read(tmp_path, "first")
    (tmp_path / "first.json").unlink()
    table.assign(scale=["quick"] * 5 + ["paper"]).to_csv(tmp_path / "first.csv", index=False)
    with pytest.raises(ValueError, match="holds a table of paper scale, first, and so none of quick scale"):
        SMALL.tables("quick", tmp_path, tmp_path)


def test_a_results_folder_has_one_writer(tmp_path):
    with files.locked(tmp_path), pytest.raises(BlockingIOError, match=f"^{tmp_path} is being written by process"):
        SMALL.run("quick", tmp_path)
    SMALL.run("quick", tmp_path)


def test_where_code_has_changed_a_table_that_is_left_alone_is_reported_too(tmp_path, monkeypatch, capsys):
    SMALL.run("quick", tmp_path)
    assert said(capsys) == []
    monkeypatch.setattr(source, "digest_of", lambda work: "f" * 16)
    SMALL.run("quick", tmp_path, only="first", stale="recompute")
    first, second = said(capsys)
    assert first.startswith("first: finished cells of code that has changed since")
    assert first.endswith("done again")
    assert second.startswith("second: finished cells of code that has changed since")
    assert second.endswith("kept; `--stale recompute` does them again")
    assert set(read(tmp_path, "first")["code"]) == {"f" * 16}


def test_a_refactoring_costs_no_cell_unless_told_to(tmp_path, monkeypatch):
    SMALL.run("quick", tmp_path)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob(".cells/*/*.csv")}
    monkeypatch.setattr(source, "digest_of", lambda work: "f" * 16)
    SMALL.run("quick", tmp_path)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    SMALL.run("quick", tmp_path, stale="recompute")
    assert not any(path.stat().st_mtime_ns == before for path, before in kept.items())


def test_the_stored_tables_of_the_book_are_said_to_be_of_unknown_code_once(tmp_path, capsys):
    """They are older than digests of code."""
    SMALL.run("paper", tmp_path)
    for name in ("first", "second"):
        (tmp_path / f"{name}.json").unlink()
        table = pd.DataFrame(
            {"target": [0], "score": 0.5, "scale": "paper", "place": 0, "seed": 0, "commit": "1", "seconds": 1}
        )
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    SMALL.run("paper", tmp_path, only="third")
    assert said(capsys) == [
        "stored rows that do not say on which code they rest: kept; `--stale recompute` does them again"
    ]
