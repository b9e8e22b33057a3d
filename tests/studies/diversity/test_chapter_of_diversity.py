"""What the chapter runs, at which scale."""

from dataclasses import replace

import numpy as np
import pytest
from known_searches import CLAIMS

from latentlib.data import loading
from latentlib.study.findings import RULES, cell_columns, decide
from latentlib.study.sweep import read
from studies.diversity import chapter
from studies.diversity.experiments.listed import STANDS_FOR
from studies.diversity.plan import GENERATORS, plan

PAPER = {"searches": 4, "pooled": 4, "best_sets": 4, "maps": 4, "colour": 1, "criterion": 2}
PAPER |= {"usable": 3, "listed_searches": 3}
PAPER |= {"rivals": 15, "generous": 1, "timing": 1, "random_sets": 4, "controls": 3, "pairs": 3, "bounds": 3}
OURS = {claim for claim, (rule, _) in RULES.items() if rule.__module__.startswith("studies.diversity")}
PAPER |= {"dissection": 3 * (7 * 2 * 2 + 3) + 4, "descriptors": 4 * 4, "tuning": 2 * 9 * 2, "readings": 2 * 4 + 5 + 2}
ONE_GENERATOR = {"dissection": 7 * 2 * 2 + 3 + 4, "descriptors": 2 * 4}
QUICK = PAPER | {"searches": 12, "rivals": 6} | ONE_GENERATOR
SMOKE = PAPER | {"searches": 4, "rivals": 6} | ONE_GENERATOR
NEED_FACES = {"searches", "pooled", "rivals", "random_sets", "pairs", "bounds"}
LACKING = {"usable": ["lfw"], "listed_searches": ["lfw"]}


@pytest.mark.parametrize(("scale", "counts"), [("paper", PAPER), ("quick", QUICK), ("smoke", SMOKE)])
def test_every_sweep_has_its_cells_and_no_cell_twice(scale, counts):
    planned = {item.name: list(item.cells) for item in plan(scale)}
    assert {name: len(some) for name, some in planned.items()} == counts
    assert all(len(set(map(repr, some))) == len(some) for some in planned.values())
    assert {cell.scale for some in planned.values() for cell in some} == {scale}


def test_the_standard_run_is_that_of_the_rules():
    planned = {item.name: list(item.cells) for item in plan("paper")}
    assert {(cell.size, cell.population, cell.evaluations) for cell in planned["searches"]} == {(50, 50, 25_000)}
    for dataset, replicate in GENERATORS:
        runs = [c.repeats for c in planned["searches"] if (c.dataset, c.replicate) == (dataset, replicate)]
        assert sum(runs) == 5, "never under five"
    assert {cell.sets for cell in planned["random_sets"]} == {400}
    assert {cell.sets for cell in planned["controls"]} == {2000}
    assert {cell.sets for cell in planned["pairs"]} == {1000}


def test_what_takes_time_is_timed_alone_and_nothing_else():
    assert [item.name for item in plan("paper") if item.timed] == ["rivals", "generous", "timing"]


def test_the_listed_networks_are_searched_with_fewer_generations_and_as_many_sets_of_the_paper_s_size():
    planned = {item.name: list(item.cells) for item in plan("paper")}
    cells = planned["listed_searches"]
    models = ["diversity/mnist", "diversity/fashion_mnist", "diversity/lfw"]
    assert [cell.model for cell in cells] == models
    assert {(cell.size, cell.population, cell.generations, cell.repeats) for cell in cells} == {(50, 50, 70, 3)}
    assert [cell.model for cell in planned["usable"]] == models
    assert {cell.sets * cell.size for cell in planned["usable"]} == {10_000}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """The tables at smoke scale, of two seeds, as they are read from disk; faces are not to be had."""
    folder = tmp_path_factory.mktemp("tables")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LATENTLIB_DATA", raising=False)
        patch.setenv("LATENTLIB_CACHE", str(folder / "cache"))
        patch.setattr(loading, "downloaded", lambda card: False)
        for item in plan("smoke"):
            if item.name == "searches":
                item = replace(item, cells=[replace(cell, seed=seed) for cell in item.cells for seed in range(2)])
            assert list(item.run_possible(folder)) == LACKING.get(item.name, ["celeba"] * (item.name in NEED_FACES))
    return {item.name: read(folder, item.name) for item in plan("smoke")} | chapter.given(folder)


def test_smoke_scale_leaves_every_table(tables):
    assert set(tables) == {item.name for item in plan("smoke")} | {"listed"}
    assert {name for name, table in tables.items() if "replicate" in table} == set(tables) - {"listed"}


def test_the_seconds_of_a_cell_are_counted_once(tables):
    table = tables["searches"]
    cells = table.drop_duplicates(["dataset", "replicate", "seed"])
    assert len(table.drop_duplicates([*cell_columns(table), "replicate"])) == len(cells) == 6


def test_tables_on_the_listed_networks_say_what_a_cell_stands_for(tables):
    for name in ("usable", "listed_searches"):
        assert set(tables[name]["network"]) == {"diversity"}
        assert (tables[name]["stands_for"] == tables[name]["dataset"].map(STANDS_FOR)).all()


def test_the_rules_can_read_what_the_experiments_leave(tables):
    claims = [claim for claim in CLAIMS.values() if claim.id in OURS]
    drawn = {verdict.claim: verdict for verdict in decide(claims, tables, "smoke")}
    needs_faces = {"FE-05", "FE-09"}
    hangs_on_chance = {"FE-03", "FE-08", "FE-11", "FE-31", "FW-01", "FW-02"}
    assert OURS - needs_faces - hangs_on_chance <= set(drawn) <= OURS - needs_faces
    assert {claim for claim, verdict in drawn.items() if verdict.outcome == "supported"} <= {"FE-13", "FE-21"}
    assert drawn["FE-25"].outcome == "by construction"
    assert all(np.isfinite(verdict.estimate.value) for verdict in drawn.values())
