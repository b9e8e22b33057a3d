"""The view of a diverse set: controls to trial, snapshot to pictures, curve and map; and in a real JupyterLab."""

import asyncio
import re

import pytest
import torch
from laboratory import check_both_themes, run_cell
from tiny_recogniser import Pixels, Plain

from latentlib.widgets import drawing
from latentlib.widgets import set_explorer as module
from latentlib.widgets.set_explorer import SetExplorer, explore_sets


class Grey(Plain):
    """Latents (n, 10) of [0, 1] as images (n, 1, 2, 5)."""

    def forward(self, latents):
        return super().forward(latents).view(len(latents), 1, 2, 5)


PROBLEMS = {"digits": lambda: (Grey(10).eval(), Pixels("0123456789", True, 5.0).eval())}


@pytest.fixture
def explorer():
    made = SetExplorer(PROBLEMS, 4, module.Trial.of(PROBLEMS, {"population": 10, "size": 16}))
    made.session.redraw = 0
    return made


def play(explorer, *changes):
    """Run, then after each change of the controls run again."""

    async def scene():
        explorer.session.start(explorer.trial())
        await explorer.session.task
        for change in changes:
            for name, value in change.items():
                explorer.controls[name].value = value
            explorer.session.start(explorer.trial())
            await explorer.session.task

    asyncio.run(scene())


def test_without_a_front_end_there_are_a_sentence_and_frames_and_no_dead_slider(capsys):
    figure = explore_sets(PROBLEMS, generations=8, population=20, size=16, mutation_rate=0.1)
    assert "sliders need a running notebook" in capsys.readouterr().out
    labels = [axes.get_ylabel() for axes in figure.axes if axes.get_ylabel()]
    assert [label.split("\n")[:2] for label in labels] == [
        ["digits", name] for name in ("genetic algorithm", "MAP-Elites", "random sampling")
    ]
    means = [float(label.rpartition(" ")[2]) for label in labels]
    assert means[0] < means[2]
    assert len([axes for axes in figure.axes if axes.get_images()]) == 3 * 10


def test_in_a_front_end_the_first_sets_are_shown_at_once(monkeypatch):
    monkeypatch.setattr(module, "attended", lambda: True)

    async def scene():
        panel = explore_sets(PROBLEMS, population=10, size=16)
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        return panel

    status, pictures, chart, heat = asyncio.run(scene()).children[1].children
    assert status.value.startswith("ready: generation <b>0</b> of 30, 160 generator passes, mean similarity <b>")
    assert pictures.value.count("<img") == pictures.value.count(" alt=") == 2
    assert 'role="img" aria-label="mean similarity of the best set over generations: from' in chart.value
    assert heat.value == ""


def test_a_run_is_drawn_beside_random_sampling_and_an_earlier_one(explorer):
    play(explorer, {"mutation_rate": 0.2})
    last = explorer.session.latest
    assert explorer.status.value.startswith("finished: generation <b>4</b> of 4")
    assert f"<b>{last.curve[-1]:.4f}</b>, random sampling {last.rival[-1]:.4f}" in explorer.status.value
    assert explorer.chart.value.count('class="part"') == 1
    assert explorer.chart.value.count('class="earlier"') == 1
    assert "mutation 0.02: " in explorer.chart.value
    play(explorer, {"metric": "ncc"})
    assert 'class="earlier"' not in explorer.chart.value, "another metric does not compare"


def test_algorithms_compare_by_name_and_map_elites_has_a_map(explorer):
    play(explorer, {"algorithm": "map_elites", "bins": 20})
    filled = int((~explorer.session.latest.heat.isnan()).sum())
    assert "genetic algorithm, bins 100: " in explorer.chart.value
    assert explorer.map.value.count("<rect") == filled
    assert f"{filled} cells of the map hold a set" in explorer.map.value
    play(explorer, {"algorithm": "random"})
    assert explorer.map.value == ""
    assert 'class="part"' not in explorer.chart.value


def test_the_judges_view_is_switched_on_and_off_without_another_run(explorer):
    play(explorer)
    shown = explorer.session.latest
    assert "judge" not in explorer.pictures.value
    explorer.judge.value = True
    assert explorer.session.latest is shown
    assert f"a judge sees {shown.best.classes} classes, evenness {shown.best.evenness:.2f}" in explorer.pictures.value
    explorer.judge.value = False
    assert "judge" not in explorer.pictures.value


def test_the_generations_slider_lengthens_a_run_that_goes_on(explorer):
    async def scene():
        explorer.session.start(explorer.trial())
        explorer.controls["generations"].value = 6
        await explorer.session.task

    asyncio.run(scene())
    assert explorer.status.value.startswith("finished: generation <b>6</b> of 6")


def test_a_map_is_drawn_where_its_cells_are():
    heat = torch.full((10, 10), torch.nan)
    heat[4, 8], heat[5, 8], heat[5, 9] = -0.4, -0.5, -0.55
    drawn = drawing.heat_map(heat, ("mean", "most"), "three cells")
    found = re.findall(
        r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)".*?opacity="([\d.]+)"', drawn
    )
    boxes = [[float(value) for value in one] for one in found]
    (x1, y1, wide, tall, most), (x2, y2, *_), (x3, y3, *_, least) = boxes
    assert (x2, x3) == pytest.approx((x1 + wide, x1 + wide), abs=0.2)
    assert (y2, y3) == pytest.approx((y1, y1 - tall), abs=0.2), "upwards"
    assert most == 1 > least
    assert ">mean</text>" in drawn
    assert ">most</text>" in drawn


@pytest.mark.parametrize("wrong", [{"size": 1}, {"metric": "ssim"}, {"generations": 0}, {"colour": 1}])
def test_wrong_values_are_refused(wrong):
    with pytest.raises(ValueError, match="must be"):
        explore_sets(PROBLEMS, **wrong)


CELL = """from latentlib import zoo
from latentlib.widgets.set_explorer import explore_sets
def problem():
    return zoo.load_generator("restoring/mnist"), zoo.load_classifier("judge/mnist")
explore_sets({"MNIST": problem}, 6, population=6, size=16, algorithm="map_elites")"""


@pytest.mark.cells(CELL)
def test_a_set_evolves_and_is_seen_in_a_front_end(page, lab):
    page.goto(lab)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    run_cell(page, 0)
    status = page.locator(".latentlib-status")
    status.get_by_text("ready").wait_for()
    widget = page.locator(".latentlib-explorer")
    widget.get_by_role("slider", name="mutation rate").press("ArrowRight")
    widget.get_by_label("what a judge sees").check()
    widget.get_by_role("button", name="Run").click()
    status.get_by_text("finished: generation 6 of 6").wait_for()
    widget.get_by_text("a judge sees").first.wait_for()
    assert widget.locator("rect").count() > 5
    check_both_themes(page, ".latentlib-explorer", "explorer-sets")
    assert page.complaints == []
