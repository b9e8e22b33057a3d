"""What the chapter runs, and how its sweeps are started."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pandas as pd
import pytest
from known import COLOUR, CROSS, EVERY, GREY, RATES

from latentlib import zoo
from latentlib.study import chapter
from latentlib.study.sweep import Sweep, serial
from studies.restoring import chapter as restoring
from studies.restoring import settings
from studies.restoring.experiments.rates import course, one_batch
from studies.restoring.plan import plan
from studies.restoring.settings import Settings

COUNTS = {  # cells: data sets, times fitnesses, times rates
    "ranges": 4,
    "grid": 4 * 2 * 81,
    "courses": 4 * 2 * 7,
    "rivals": 4 * 2,
    "replicates": 2,
    "splits": 4 + 2,
    "inversion": 4,
    "cliff": 2 * 2 * 9 * 12,
    "cliff_in_colour": 2 * 9 * 12,
    "encoder": 4,
    "details": 4,
    "epochs": 2,
    "timing": 2,
}
DRAWN = {"details": {24}, "splits": {72}}  # targets drawn at random, whatever the device
QUICK = COUNTS | {"grid": 4 * 2 * 16}
SMOKE = COUNTS | {"grid": 4 * 2 * 4, "cliff": 2 * 9 * 12, "cliff_in_colour": 9 * 12}


def cells(scale, device="cpu"):
    return {item.name: list(item.cells) for item in plan(scale, device)}


@pytest.mark.parametrize(("scale", "counts"), [("paper", COUNTS), ("quick", QUICK), ("smoke", SMOKE)])
def test_every_sweep_has_its_cells_and_no_cell_twice(scale, counts):
    planned = cells(scale)
    assert {name: len(some) for name, some in planned.items()} == counts
    assert all(len(set(map(repr, some))) == len(some) for some in planned.values())
    assert {cell.scale for some in planned.values() for cell in some} == {scale}


@pytest.mark.parametrize("fitness", ["mse", "ssim"])
@pytest.mark.parametrize("dataset", EVERY)
def test_the_grid_has_all_81_pairs_of_rates(fitness, dataset):
    some = [cell for cell in cells("paper")["grid"] if (cell.fitness, cell.dataset) == (fitness, dataset)]
    assert {(cell.mating_rate, cell.mutation_rate) for cell in some} == {(a, b) for a in RATES for b in RATES}
    assert len(some) == 81


def test_the_courses_have_the_rates_of_tables_3_to_6_and_300_iterations_on_every_data_set():
    some = cells("paper")["courses"]
    found = Counter((cell.dataset, cell.fitness, cell.mating_rate, cell.mutation_rate) for cell in some)
    assert found == Counter((name, f, *rates) for name in EVERY for f in ("mse", "ssim") for rates in CROSS)
    assert {cell.generations for cell in some} == {300}


def test_at_paper_scale_everything_has_the_size_that_the_paper_gives():
    for name, some in cells("paper").items():
        generations = {"courses": 300, "cliff": 100}.get(name, 200)
        assert {(cell.population, cell.generations) for cell in some} == {(200, generations)}
        if name not in ("grid", "courses", "cliff", "cliff_in_colour"):
            assert {(cell.mating_rate, cell.mutation_rate) for cell in some} == {(0.3, 0.3)}


def test_a_cpu_restores_few_targets_and_another_device_a_papers_worth(monkeypatch):
    monkeypatch.setattr(settings, "check_device", lambda device: None)  # `meta` stands for a GPU
    few = {name: {cell.targets for cell in some} for name, some in cells("paper").items()}
    fewer = {"grid": {4}, "courses": {16}, "cliff": {2}, "cliff_in_colour": {2}}
    assert few == {name: {8} for name in COUNTS} | fewer | DRAWN
    many = {name: {cell.targets for cell in some} for name, some in cells("paper", "meta").items()}
    assert many == {name: {64} for name in COUNTS} | DRAWN
    assert {cell.device for some in cells("paper", "meta").values() for cell in some} == {"meta"}
    for scale in ("smoke", "quick"):
        assert {cell.targets for some in cells(scale).values() for cell in some} == {2}


def test_every_question_is_asked_of_every_data_set_but_these():
    datasets = {name: {cell.dataset for cell in some} for name, some in cells("paper").items()}
    some = {"epochs": set(COLOUR), "timing": set(GREY), "cliff": set(GREY), "cliff_in_colour": set(COLOUR)}
    some |= {"replicates": {"mnist", "cifar10"}}
    assert datasets == {name: set(EVERY) for name in COUNTS} | some


class Recorded:
    """A sweep that writes down its name and its executor."""

    ran: ClassVar[list] = []

    def __init__(self, name, work, folder):
        self.name = name

    def run(self, cells, executor, stale):
        assert len(cells) > 0
        self.ran.append((self.name, executor))


@pytest.fixture
def ran(monkeypatch):
    monkeypatch.setattr(chapter, "Sweep", Recorded)
    monkeypatch.setattr(Recorded, "ran", [])
    return Recorded.ran


def test_a_sweep_that_is_not_planned_is_refused(ran, tmp_path):
    with pytest.raises(ValueError, match=r"sweep must be one of ranges, grid, .*timing, got 'grids'"):
        restoring.CHAPTER.run("smoke", tmp_path, only="grids")
    assert ran == []


def test_only_the_sweep_that_is_named_runs(ran, tmp_path):
    restoring.CHAPTER.run("paper", tmp_path, only="details")
    assert ran == [("details", serial)]


def test_by_default_all_run(ran, tmp_path):
    restoring.CHAPTER.run("paper", tmp_path)
    assert ran == [(name, serial) for name in COUNTS]


def test_off_the_cpu_the_grids_evolve_as_one_batch(ran, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "check_device", lambda device: None)  # `meta` stands for a GPU
    restoring.CHAPTER.run("paper", tmp_path, device="meta")
    batched = {name for name, executor in ran if executor is one_batch}
    assert batched == {"grid", "courses"}
    assert {executor for name, executor in ran if name not in batched} == {serial}


@pytest.fixture(scope="module")
def both_ways(tmp_path_factory):
    """A tiny grid run cell by cell, and as batches: two pairs of rates with one fitness, one with the other."""
    base = Settings("mnist", "smoke", population=20, generations=3, targets=2)
    some = [replace(base, fitness="mse", mating_rate=rate) for rate in (0.1, 0.9)] + [replace(base, fitness="ssim")]
    folders = {executor: tmp_path_factory.mktemp(executor.__name__) for executor in (serial, one_batch)}
    return some, *(Sweep("grid", course, folder).run(some, executor) for executor, folder in folders.items())


def test_a_batch_gives_every_cell_once_with_the_rows_and_columns_of_single_runs(both_ways):
    some, single, batch = both_ways
    assert sorted(map(repr, (cell for cell, _ in one_batch(course, some)))) == sorted(map(repr, some))
    assert list(batch) == list(single)
    assert batch.dtypes.tolist() == single.dtypes.tolist()
    known = ["target", "iteration", "fitness", "mating_rate", "mutation_rate", "background", "device", "population"]
    pd.testing.assert_frame_equal(batch[known], single[known])


def test_a_batch_of_one_is_the_single_run(both_ways):
    single, batch = (table.query("fitness == 'ssim'").drop(columns="seconds") for table in both_ways[1:])
    pd.testing.assert_frame_equal(batch, single)


def test_tables_are_read_where_they_lie_beside_the_published_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(restoring, "EVERY", ("mnist", "celeba"))
    pd.DataFrame({"target": [0, 1], "scale": "smoke"}).to_csv(tmp_path / "details.csv", index=False)
    tables = restoring.CHAPTER.tables("smoke", tmp_path, Path(__file__).parents[3] / "book" / "published")
    assert set(tables) == {"details", "averages", "published_grids", "published_courses", "quality", "judges"}
    assert tables["details"]["target"].tolist() == [0, 1]
    quality = tables["quality"].set_index("dataset")
    for name in ("mnist", "celeba"):
        card = zoo.card(f"restoring/{name}")["quality"]
        columns = ["confident_share", "confident_share_real", "fid", "fid_real", "images"]
        assert quality.loc[name, columns].to_dict() == {column: card[column] for column in columns}
