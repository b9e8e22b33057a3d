"""What the chapter runs, at which scale."""

import pytest

from studies.diversity import chapter
from studies.diversity.plan import GENERATORS, plan

PAPER = {"searches": 20, "random_sets": 4, "controls": 3, "pairs": 3, "bounds": 3}
QUICK = PAPER | {"searches": 12}
SMOKE = PAPER | {"searches": 4}


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
        assert sum(runs) == 10
    assert {cell.sets for cell in planned["random_sets"]} == {400}
    assert {cell.sets for cell in planned["controls"]} == {2000}
    assert {cell.sets for cell in planned["pairs"]} == {1000}


def test_smoke_scale_leaves_every_table(tmp_path):
    for item in plan("smoke"):
        item.run_possible(tmp_path)
        assert (tmp_path / f"{item.name}.csv").exists()
    assert set(chapter.given(tmp_path)) == {"listed"}
    assert not set(chapter.given(tmp_path)) & {item.name for item in plan("smoke")}
