"""The view of a wish: boxes and sliders to trial, snapshot to pictures, errors to words; and in a real JupyterLab."""

import asyncio
import re

import numpy as np
import pytest
from laboratory import check_both_themes, run_cell
from tiny_recogniser import NAMES, Pixels, Plain

from latentlib.widgets import wanted_explorer as module
from latentlib.widgets.wanted_explorer import explore_wanted

WISHED = {"digits": "Digit(4) | Digit(8)", "faces": "Smiling & ~Male"}


class Grey(Plain):
    """Latents (n, k) of [0, 1] as images (n, 1, 2, k / 2)."""

    def forward(self, latents):
        return super().forward(latents).view(len(latents), 1, 2, -1)


class Coloured(Grey):
    """The same as RGB images (n, 3, 2, k / 2)."""

    def forward(self, latents):
        return super().forward(latents).expand(-1, 3, -1, -1)


class FromRed(Pixels):
    """Reads the first channel."""

    def forward(self, images):
        return super().forward(images[:, :1])


@pytest.fixture
def problems():
    return {
        "digits": lambda: (Grey(10).eval(), Pixels("0123456789", True, 5.0).eval()),
        "faces": lambda: (Coloured(4).eval(), FromRed(NAMES, False, 5.0).eval()),
    }


@pytest.fixture
def explorer(problems):
    read = {name: module.wishes.read(text) for name, text in WISHED.items()}
    made = module.WantedExplorer(problems, read, 4, module.Trial.of(problems, {"population": 40}))
    made.session.redraw = 0
    return made


def named(explorer):
    """The boxes on the screen by their names."""
    (shown,) = [boxes for boxes in explorer.boxes.values() if explorer.place.children == (boxes.panel,)]
    return {box.description: box for box in shown.boxes.values()} | {"logic": shown.logic, "formula": shown.formula}


def shares(text):
    return [int(share) for share in re.findall(r"(\d+)(?:</b>)? %", text)]


def test_without_a_front_end_there_are_a_sentence_and_frames_and_no_dead_slider(problems, capsys):
    figure = explore_wanted(problems, WISHED, generations=6, population=40)
    assert "sliders need a running notebook" in capsys.readouterr().out
    labels = [axes.get_ylabel() for axes in figure.axes if axes.get_ylabel()]
    assert [label.partition("\n")[0] for label in labels] == ["digits"] * 4 + ["faces"] * 4
    told = [re.search(r"generation \d+|new", label).group() for label in labels[:4]]
    assert told == ["generation 0", "generation 3", "generation 6", "new"]
    assert shares(labels[0])[0] < 60 < 95 <= shares(labels[2])[0]
    shown = [axes for axes in figure.axes if axes.get_images()]
    assert len(shown) == 8 * 8
    for axes in shown[:24]:  # of digits
        likeliest = np.asarray(axes.get_images()[0].get_array()).reshape(-1).argmax()
        assert axes.spines["top"].get_visible() == (likeliest in (4, 8))
    colour = np.asarray(shown[-1].get_images()[0].get_array())
    assert colour.shape == (2, 2, 3), "faces are in colour"


def test_in_a_front_end_the_first_pool_is_shown_at_once(problems, monkeypatch):
    monkeypatch.setattr(module, "attended", lambda: True)

    async def scene():
        panel = explore_wanted(problems, WISHED, population=40)
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        return panel

    status, pictures, chart = asyncio.run(scene()).children[1].children
    assert status.value.startswith("ready: generation <b>0</b> of 12, 40 generator passes, as wished: <b>")
    assert pictures.value.count("<img") == pictures.value.count(" alt=") == 2
    assert 'role="img" aria-label="share of the pool that is as wished' in chart.value


def test_a_run_to_its_end_says_what_share_of_pool_and_samples_is_as_wished(explorer):
    async def scene():
        explorer.session.start(explorer.trial())
        await explorer.session.task

    asyncio.run(scene())
    last = explorer.session.latest
    assert explorer.status.value.startswith("finished: generation <b>4</b> of 4, 200 generator passes")
    assert shares(explorer.status.value) == [round(100 * last.curve[-1]), round(100 * last.samples.share)]
    assert "shows 4: " in explorer.chart.value
    assert "shows 8: " in explorer.chart.value
    assert explorer.chart.value.count('class="part"') == 2


def test_a_moved_rate_begins_anew_and_the_curve_before_stays_pale(explorer):
    async def scene():
        explorer.session.start(explorer.trial())
        await explorer.session.task
        explorer.controls["mutation_rate"].value = 0.9
        await explorer.session.task
        assert explorer.status.value.startswith("ready")
        assert 'class="earlier"' in explorer.chart.value
        assert "mutation 0.2: " in explorer.chart.value
        named(explorer)["logic"].value = "and"
        named(explorer)["8"].value = False
        await explorer.session.task
        assert 'class="earlier"' not in explorer.chart.value, "another wish does not compare"

    asyncio.run(scene())
    assert str(explorer.trial().wish) == "Digit(4)"


def test_the_generations_slider_lengthens_a_run_that_goes_on(explorer):
    async def scene():
        explorer.session.start(explorer.trial())
        explorer.controls["generations"].value = 7
        await explorer.session.task

    asyncio.run(scene())
    assert explorer.status.value.startswith("finished: generation <b>7</b> of 7")


def test_another_data_set_has_boxes_of_its_own_that_are_remembered(explorer):
    async def scene():
        named(explorer)["not 3"].value = True
        explorer.controls["problem"].value = "faces"
        await explorer.session.task
        assert "male" in named(explorer)
        assert str(explorer.trial().wish) == "Smiling & ~Male"
        assert explorer.session.latest.members.shape == (24, 3, 2, 2)
        explorer.controls["problem"].value = "digits"
        await explorer.session.task

    asyncio.run(scene())
    assert named(explorer)["not 3"].value
    assert str(explorer.trial().wish) == "Digit(4) | Digit(8) | ~Digit(3)"


def test_a_wish_that_cannot_be_met_is_told_and_the_next_tick_mends_it(explorer):
    async def scene():
        named(explorer)["logic"].value = "and"
        explorer.session.start(explorer.trial())
        await explorer.session.task
        assert "This does not run: Digit(4) &amp; Digit(8) contradicts itself" in explorer.status.value
        assert 'role="alert"' in explorer.status.value
        named(explorer)["8"].value = False
        await explorer.session.task
        assert explorer.status.value.startswith("ready")
        named(explorer)["4"].value = False
        await explorer.session.task
        assert "nothing is wished for: tick a class" in explorer.status.value

    asyncio.run(scene())


def test_a_wish_for_every_problem_is_needed_and_none_for_others(problems):
    with pytest.raises(ValueError, match="wished must say a wish for each of digits, faces, got digits"):
        explore_wanted(problems, {"digits": "Digit(3)"})
    with pytest.raises(ValueError, match="a wish reads like"):
        explore_wanted(problems, WISHED | {"faces": "Smiling and Male"})
    with pytest.raises(ValueError, match="names Hat"):
        explore_wanted(problems, WISHED | {"faces": "Hat"})


CELL = """from functools import partial
from latentlib import zoo
from latentlib.widgets.wanted_explorer import explore_wanted
def problem():
    return zoo.load_generator("restoring/mnist"), zoo.load_classifier("recogniser/mnist")
explore_wanted({"MNIST": problem}, {"MNIST": "Digit(4) | Digit(8)"}, population=60)"""


@pytest.mark.cells(CELL)
def test_a_wish_is_ticked_by_keyboard_run_and_seen_in_a_front_end(page, lab):
    page.goto(lab)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    run_cell(page, 0)
    status = page.locator(".latentlib-status")
    status.get_by_text("ready").wait_for()
    widget = page.locator(".latentlib-explorer")
    widget.get_by_label("4", exact=True).press("Space")  # off
    widget.get_by_text("Each image is to show: 8.").wait_for()
    widget.get_by_label("not 3", exact=True).press("Space")
    widget.get_by_text("Digit(8) | ~Digit(3)").wait_for()
    widget.get_by_label("joined by").select_option("AND: all that is ticked")
    widget.get_by_text("Digit(8) & ~Digit(3)").wait_for()
    widget.get_by_role("slider", name="mutation rate").press("ArrowRight")
    widget.get_by_role("button", name="Run").click()
    status.get_by_text("finished: generation 12 of 12").wait_for()
    assert widget.locator("polyline.part").count() == 2
    assert shares(status.inner_text())[0] > 90
    check_both_themes(page, ".latentlib-explorer", "explorer")
    assert page.complaints == []
