"""Sweeps in one process, and the tables they write."""

import json
from dataclasses import replace

import pandas as pd
import pytest
import tiny_sweep

from latentlib.provenance import provenance
from latentlib.study.sweep import Sweep, read

FACTS = {"seed", "calls", "device", "rate", "careful", "note", "date", "commit", "torch", "python", "seconds"}


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
