"""Sweeps in one process, and the tables they write."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest
import tiny_sweep

from latentlib import data, files
from latentlib.provenance import provenance
from latentlib.study import source, tables
from latentlib.study import sweep as sweeps
from latentlib.study.sweep import Sweep, read

FACTS = {"seed", "calls", "device", "rate", "careful", "note", "date", "commit", "torch", "python", "seconds"}
FACTS |= {"code", "data"}


@pytest.fixture
def sweep(tmp_path):
    return Sweep("trial", tiny_sweep.numbers, tmp_path / "results")


@pytest.fixture
def cells(tmp_path):
    return tiny_sweep.trials(tmp_path / "calls")


def test_a_rerun_does_only_the_rest(sweep, cells, tmp_path):
    sweep.run(cells[:2])
    table = sweep.run(cells)
    assert tiny_sweep.calls_by_seed(tmp_path / "calls") == dict.fromkeys(range(6), 1)
    assert table["seed"].tolist() == [seed for seed in range(6) for _ in range(3)]


def test_a_cell_named_twice_is_done_once(sweep, cells, tmp_path):
    assert len(sweep.run([cells[0], cells[0]])) == 6
    assert tiny_sweep.calls_by_seed(tmp_path / "calls") == {0: 1}


def test_a_cell_that_fails_is_named_and_those_before_it_are_kept(sweep, cells, tmp_path):
    with pytest.raises(ValueError, match=r"this rate cannot be\nin the cell Trial\(seed=2"):
        replace(sweep, work=tiny_sweep.failing).run(cells)
    sweep.run(cells)
    assert tiny_sweep.calls_by_seed(tmp_path / "calls") == dict.fromkeys(range(6), 1)


def test_the_table_does_not_hang_on_the_order_in_which_cells_finish(sweep, cells, tmp_path):
    def backwards(work, cells):
        return ((cell, work(cell)) for cell in reversed(cells))

    forth, back = sweep.run(cells), replace(sweep, folder=tmp_path / "back").run(cells, backwards)
    pd.testing.assert_frame_equal(forth.drop(columns="seconds"), back.drop(columns="seconds"))


def test_a_table_reads_back_with_its_types(sweep, cells):
    table = sweep.run(cells)
    stored = read(sweep.folder, "trial")
    pd.testing.assert_frame_equal(stored, table, check_like=True, rtol=1e-5)
    assert stored["careful"].dtype == bool
    assert set(table) == {"target", "score", "good", "always"} | FACTS


def test_what_is_the_same_in_all_rows_is_written_once_but_measures_are_not(sweep, cells):
    sweep.run([*cells, replace(cells[0], rate=0.5)])
    beside = json.loads((sweep.folder / "trial.json").read_text())
    assert list(beside) == sorted(beside)
    assert beside.items() >= {"careful": True, "note": cells[0].note, **without_seed(provenance(0, "cpu"))}.items()
    columns = set(pd.read_csv(sweep.folder / "trial.csv"))
    assert columns >= {"target", "score", "good", "always", "seed", "rate"}
    assert not columns & set(beside)


def without_seed(facts):
    return {name: value for name, value in facts.items() if name != "seed"}


def test_a_table_with_all_its_columns_reads_as_it_is(tmp_path):
    table = pd.DataFrame({"score": [0.5, 0.25], "careful": [True, True], "commit": "494e02", "seed": 0})
    table.to_csv(tmp_path / "old.csv", index=False)
    pd.testing.assert_frame_equal(read(tmp_path, "old"), table)


def test_a_commit_that_looks_like_a_number_stays_a_text(sweep, cells, monkeypatch):
    commits = iter(["000000012345", "12345e678901"])
    monkeypatch.setattr("latentlib.study.sweep.provenance", lambda *_: {"commit": next(commits, "any")})
    assert sweep.run(cells[:2])["commit"].unique().tolist() == ["000000012345", "12345e678901"]
    assert read(sweep.folder, "trial")["commit"].unique().tolist() == ["000000012345", "12345e678901"]


def test_a_table_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"trial\.csv"):
        read(tmp_path, "trial")


def test_cells_of_a_stored_table_count_as_finished_once_they_are_unpacked(sweep, cells, tmp_path):
    first = sweep.run(cells[:4])
    clone = replace(sweep, folder=tmp_path / "clone")  # another machine has the table, but not the cells
    clone.folder.mkdir()
    for name in ("trial.csv", "trial.json"):
        (clone.folder / name).write_bytes((sweep.folder / name).read_bytes())
    clone.unpack(cells)
    table = clone.run(cells)
    assert tiny_sweep.calls_by_seed(tmp_path / "calls") == dict.fromkeys(range(6), 1)
    pd.testing.assert_frame_equal(table[: len(first)], first, rtol=1e-5, check_like=True)


def test_rows_that_would_hide_a_value_of_their_cell_are_refused(sweep, cells):
    hiding = replace(sweep, work=lambda cell: tiny_sweep.numbers(cell).assign(rate=[1, 2, 3]))
    with pytest.raises(ValueError, match=r"rows must not have columns of the cell's own, got rate"):
        hiding.run(cells[:1])


def test_nothing_is_unpacked_where_there_is_no_table(sweep, cells):
    sweep.unpack(cells)
    assert not any(sweep.path(cell).exists() for cell in cells)


def seeds_done(tmp_path):
    return tiny_sweep.calls_by_seed(tmp_path / "calls")


@pytest.fixture(autouse=True)
def nothing_said_yet():
    sweeps.say_once.cache_clear()


def test_rows_say_on_which_code_and_commit_they_rest(sweep, cells):
    table = sweep.run(cells)
    assert table["code"].unique().tolist() == [source.digest("tiny_sweep")]
    assert json.loads((sweep.folder / "trial.json").read_text())["code"] == source.digest("tiny_sweep")


def test_cells_whose_code_has_changed_are_kept_aloud(sweep, cells, tmp_path, monkeypatch, capsys):
    first = sweep.run(cells[:4])
    sweep.run(cells[:4])
    assert "changed" not in capsys.readouterr().err
    monkeypatch.setattr(sweeps.source, "digest_of", lambda work: "f" * 16)
    table = sweep.run(cells)
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "changed" in line]
    commit = first["commit"][0]
    assert line.startswith(f"trial: finished cells of code that has changed since (commit {commit}): kept; ")
    assert line.endswith("`--stale recompute` does them again")
    assert seeds_done(tmp_path) == dict.fromkeys(range(6), 1)
    assert table.groupby("seed")["code"].first().tolist() == [first["code"][0]] * 4 + ["f" * 16] * 2


def test_cells_whose_code_has_changed_are_done_again_when_told_to(sweep, cells, tmp_path, monkeypatch, capsys):
    sweep.run(cells[:4])
    with monkeypatch.context() as patch:
        patch.setattr(sweeps.source, "digest_of", lambda work: "f" * 16)
        table = sweep.run(cells[:5], stale="recompute")
        assert "trial: finished cells of code that has changed since" in capsys.readouterr().err
        sweep.run(cells[:5], stale="recompute")
    assert seeds_done(tmp_path) == dict.fromkeys(range(4), 2) | {4: 1}
    assert set(table["code"]) == {"f" * 16}


def test_an_unknown_way_with_stale_cells_is_refused(sweep, cells):
    with pytest.raises(ValueError, match="stale must be one of keep, recompute, got 'ignore'"):
        sweep.run(cells, stale="ignore")


def test_no_cells_are_refused(sweep):
    with pytest.raises(ValueError, match="sweep trial needs at least one cell, got none"):
        sweep.run([])


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text[:-1],
        lambda text: "\n".join(text.split("\n")[:-2]) + "\n",
        lambda text: text.replace("two words", "no words"),
        lambda text: text.partition("\n")[2],
        lambda text: "",
    ],
    ids=["half", "a byte", "a row", "another word", "no checksum", "empty"],
)
def test_a_cell_whose_file_is_damaged_is_done_again_aloud(sweep, cells, tmp_path, damage, capsys):
    whole = sweep.run(cells)
    path = sweep.path(cells[1])
    path.write_text(damage(path.read_text()))
    table = sweep.run(cells)
    assert seeds_done(tmp_path) == dict.fromkeys(range(6), 1) | {1: 2}
    assert "trial: 1 cell cut short or without a checksum, done again" in capsys.readouterr().err
    pd.testing.assert_frame_equal(table.drop(columns="seconds"), whole.drop(columns="seconds"))


@pytest.mark.parametrize("rows", [pd.DataFrame(), pd.DataFrame({"score": []}), None, 5])
def test_a_cell_without_rows_is_named(sweep, cells, rows):
    empty = replace(sweep, work=lambda cell: rows if cell.seed == 1 else tiny_sweep.numbers(cell))
    with pytest.raises(ValueError, match=r"work must return a table with rows, got .* for the cell Trial\(seed=1"):
        empty.run(cells)
    assert empty.path(cells[0]).exists()
    assert not empty.path(cells[1]).exists()


@pytest.mark.parametrize("name", ["seconds", "commit", "code", "data", "device"])
def test_rows_that_would_hide_a_fact_about_their_cell_are_refused(sweep, cells, name):
    hiding = replace(sweep, work=lambda cell: tiny_sweep.numbers(cell).assign(**{name: "mine"}))
    with pytest.raises(ValueError, match=f"rows must not have columns of the cell's own, got {name}"):
        hiding.run(cells[:1])


@dataclass(frozen=True)
class OfDigits(tiny_sweep.Trial):
    dataset: str = "mnist"


def test_a_cell_that_saw_less_of_its_data_set_than_there_is_is_done_again_and_no_other(
    sweep, cells, tmp_path, monkeypatch, capsys
):
    cells = [OfDigits(**vars(cell)) for cell in cells[:2]]
    for there, saw, times in (
        ("sample", "sample", 1),
        ("sample", "sample", 1),
        ("whole", "whole", 2),
        ("subset", "whole", 2),  # as on a machine with less, which goes on with another's cells
    ):
        monkeypatch.setattr(data, "extent", lambda name, there=there: there)
        assert sweep.run(cells)["data"].tolist() == [saw] * 6
        assert seeds_done(tmp_path) == dict.fromkeys(range(2), times)
    assert capsys.readouterr().err.count("trial: 2 cells that saw less of a data set than there is now") == 1


def test_a_cell_that_does_not_say_what_it_saw_is_kept(sweep, cells, tmp_path, monkeypatch):
    cells = [OfDigits(**vars(cell)) for cell in cells[:1]]
    monkeypatch.setattr(data, "extent", lambda name: "whole")
    rows = sweep.run(cells)
    tables.write_cell(sweep.path(cells[0]), rows.drop(columns="data"))
    assert sweep.run(cells)["data"].tolist() == ["unknown"] * 3
    assert seeds_done(tmp_path) == {0: 1}


def test_a_sweep_has_one_writer(sweep, cells):
    with files.locked(sweep.folder / ".cells" / "trial"), pytest.raises(BlockingIOError, match="is being written by"):
        sweep.run(cells)
    sweep.run(cells)


KILLED = """
import os, pathlib, signal, sys
import tiny_sweep
from latentlib.study.sweep import Sweep
number, when, folder, calls = int(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
plain, count = pathlib.Path.replace, []
def replace(self, target):
    count.append(1)
    if len(count) == number and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    plain(self, target)
    if len(count) == number and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
pathlib.Path.replace = replace
Sweep("trial", tiny_sweep.numbers, folder).run(tiny_sweep.trials(calls))
"""


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize(("number", "when"), [(1, "before"), (3, "after"), (7, "before"), (7, "after"), (8, "before")])
def test_killed_at_any_rename_a_sweep_is_taken_up_with_nothing_lost_or_left(sweep, cells, tmp_path, number, when):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(tiny_sweep.__file__).parent), *sys.path])}
    command = [sys.executable, "-c", KILLED, str(number), when, str(sweep.folder), str(tmp_path / "calls")]
    killed = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    table = sweep.run(cells)
    done = seeds_done(tmp_path)
    assert sum(done.values()) == 6 + (when == "before" and number <= 6), "only the cell that was being written"
    straight = replace(sweep, folder=tmp_path / "straight").run(cells)
    unlike = ["seconds", "device"]
    pd.testing.assert_frame_equal(table.drop(columns=unlike), straight.drop(columns=unlike))
    pd.testing.assert_frame_equal(read(sweep.folder, "trial"), table, check_like=True, rtol=1e-5)
    assert not list(sweep.folder.rglob("*.part"))


@dataclass(frozen=True)
class Richer(tiny_sweep.Trial):
    """A cell of a later version, with fields that older tables lack."""

    method: str | None = None
    depth: int = 3


def richer(cells, **values):
    return [Richer(**(vars(cell) | values)) for cell in cells]


def cloned(sweep, tmp_path, old=False):
    """The sweep in another folder, with its tables but without its cells; an old one has no digest of code."""
    clone = replace(sweep, folder=tmp_path / "clone")
    table = read(sweep.folder, "trial")
    clone.folder.mkdir(parents=True)
    if old:
        table.drop(columns="code").to_csv(clone.folder / "trial.csv", index=False, float_format="%.6g")
    else:
        for name in ("trial.csv", "trial.json"):
            (clone.folder / name).write_bytes((sweep.folder / name).read_bytes())
    return clone


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("rate", [1 / 3, 0.1 + 0.2, 1e-7 / 3, 123456.789, 1.0])
def test_a_cell_is_found_in_a_stored_table_whatever_its_numbers(sweep, cells, tmp_path, rate, old):
    some = [replace(cell, rate=rate) for cell in cells]
    sweep.run(some)
    clone = cloned(sweep, tmp_path, old)
    clone.unpack(some)
    clone.run(some)
    again = cloned(clone, tmp_path / "again")  # from a table that holds what was taken up from a table
    again.unpack(some)
    again.run(some)
    assert seeds_done(tmp_path) == dict.fromkeys(range(6), 1)


def test_numbers_that_differ_after_the_sixth_digit_are_different_cells(sweep, cells, tmp_path):
    near = [replace(cells[0], rate=rate) for rate in (1 / 3, 0.3333334)]
    sweep.run(near[:1])
    clone = cloned(sweep, tmp_path)
    clone.unpack(near)
    assert [clone.path(cell).exists() for cell in near] == [True, False]


def test_cells_that_differ_in_a_field_the_table_lacks_do_not_share_its_rows(sweep, cells, tmp_path):
    sweep.run(cells)
    clone = cloned(sweep, tmp_path)
    same, other = richer(cells), richer(cells, depth=4)
    clone.unpack([*same, *other])
    assert all(clone.path(cell).exists() for cell in same), "the value that there was before there was a choice"
    assert not any(clone.path(cell).exists() for cell in other)
    table = clone.run([*same, *other])
    assert seeds_done(tmp_path) == dict.fromkeys(range(6), 2)
    assert table["depth"].tolist() == [3] * 18 + [4] * 18


def test_nothing_and_no_text_are_found_again(sweep, cells, tmp_path):
    some = [*richer(cells[:2]), *richer(cells[:2], method="None"), *richer(cells[:2], note="")]
    sweep.run(some)
    clone = cloned(sweep, tmp_path)
    clone.unpack(some)
    assert all(clone.path(cell).exists() for cell in some)
    assert clone.run(some)["method"].isna().tolist() == [True] * 6 + [False] * 6 + [True] * 6


def test_cells_of_a_table_without_a_digest_are_taken_as_of_unknown_code_said_once(sweep, cells, tmp_path, capsys):
    sweep.run(cells)
    clone = cloned(sweep, tmp_path, old=True)
    stored = (clone.folder / "trial.csv").read_bytes()
    capsys.readouterr()
    for name in ("trial", "second"):
        other = replace(clone, name=name)
        (clone.folder / f"{name}.csv").write_bytes(stored)
        other.unpack(cells)
        assert set(other.run(cells)["code"]) == {"unknown"}
    said = [line for line in capsys.readouterr().err.splitlines() if "do not say on which code" in line]
    assert said == ["stored rows that do not say on which code they rest: kept; `--stale recompute` does them again"]
    assert seeds_done(tmp_path) == dict.fromkeys(range(6), 1)
    replace(clone, name="second").run(cells, stale="recompute")
    assert seeds_done(tmp_path) == dict.fromkeys(range(6), 2)


def test_a_table_of_something_else_is_not_unpacked(sweep, cells):
    sweep.folder.mkdir()
    pd.DataFrame({"score": [1, 2]}).to_csv(sweep.folder / "trial.csv", index=False)
    with pytest.raises(ValueError, match=r"trial\.csv is no table of a sweep: it lacks commit, seconds, seed"):
        sweep.unpack(cells)


def test_a_damaged_cell_is_unpacked_again(sweep, cells, tmp_path):
    sweep.run(cells)
    sweep.path(cells[0]).write_text("half")
    sweep.unpack(cells)
    assert tables.read_cell(sweep.path(cells[0])) is not None
    sweep.run(cells)
    assert seeds_done(tmp_path) == dict.fromkeys(range(6), 1)
