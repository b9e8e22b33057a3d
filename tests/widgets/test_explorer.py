"""The view without a browser: controls to trial, snapshot to pictures, errors to words."""

import asyncio

import numpy as np
import pytest
import torch

from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.reconstruction import ReconstructionMSE
from latentlib.widgets import explorer as module
from latentlib.widgets.explorer import Explorer, Trial, explore


class Coloured(torch.nn.Module):
    """Latents (n, 6) to RGB images (n, 3, 8, 8)."""

    latent_size = 6

    def forward(self, latents):
        return latents.repeat(1, 32).view(-1, 3, 8, 8).sigmoid()


@pytest.fixture
def problems(generator, targets):
    return {"grey": lambda: (generator, targets), "colour": lambda: (Coloured().eval(), torch.rand(2, 3, 8, 8))}


@pytest.fixture
def explorer(problems):
    made = Explorer(problems, 3, 4, Trial.of(problems, {"population": 20}))
    made.session.redraw = 0
    return made


def test_without_a_front_end_there_are_a_sentence_and_frames_and_no_dead_slider(problems, capsys):
    figure = explore(problems, targets=3, generations=6, population=20, target=1)
    assert "sliders need a running notebook" in capsys.readouterr().out
    columns = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert columns == ["generation 0", "5", "target"]
    shown = [axes.get_images()[0].get_array() for axes in figure.axes]
    generator, targets = problems["grey"]()
    assert np.asarray(shown[2]).squeeze() == pytest.approx(targets[1, 0].numpy(), abs=1e-6)
    run = GeneticAlgorithm(20).evolve(ReconstructionMSE(generator, targets[1:2]), 5)
    assert np.asarray(shown[1]).squeeze() == pytest.approx(generator(run.best.latents)[0, 0].numpy(), abs=1e-5)
    assert [np.asarray(image).squeeze().ndim for image in shown[3:]] == [3, 3, 3], "the second problem is in colour"


def test_in_a_front_end_the_first_population_is_shown_at_once(problems, monkeypatch):
    monkeypatch.setattr(module, "attended", lambda: True)

    async def scene():
        panel = explore(problems, targets=3, population=20)
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        return panel

    status, pictures, chart = asyncio.run(scene()).children[1].children
    assert status.value.startswith("ready: generation <b>0</b> of 200, 20 generator passes")
    assert pictures.value.count("<img") == pictures.value.count(" alt=") == 3
    assert 'role="img" aria-label="best fitness so far' in chart.value


def test_moving_controls_and_running_in_grey_and_in_colour(explorer):
    async def scene():
        explorer.session.start(explorer.trial())
        await explorer.session.task
        assert explorer.status.value.startswith("finished: generation <b>4</b> of 4")
        explorer.controls["mutation_rate"].value = 0.9
        await explorer.session.task
        assert explorer.status.value.startswith("ready")
        assert 'class="earlier"' in explorer.chart.value
        assert "mutation 0.3: " in explorer.chart.value
        assert "mutation 0.9: " in explorer.chart.value
        explorer.controls["problem"].value = "colour"
        await explorer.session.task
        assert 'class="earlier"' not in explorer.chart.value

    asyncio.run(scene())
    assert explorer.trial().problem == "colour"
    assert explorer.session.latest.members.shape == (20, 3, 8, 8)


def test_stop_says_where_the_run_was(explorer):
    async def scene():
        explorer.session.start(explorer.trial())
        while not (explorer.session.latest and explorer.session.latest.generation):
            await asyncio.sleep(0)
        explorer.stop()
        await explorer.session.task

    asyncio.run(scene())
    assert explorer.status.value.startswith("stopped: generation <b>1</b> of 4")


def test_an_error_is_shown_as_text_and_the_next_move_mends_it(explorer):
    async def scene():
        explorer.controls["problem"].value = "colour"
        explorer.controls["target"].value = 2
        await explorer.session.task
        assert "This does not run: target must lie between 0 and 1, got 2" in explorer.status.value
        explorer.controls["target"].value = 1
        await explorer.session.task
        assert explorer.status.value.startswith("ready")

    asyncio.run(scene())


def test_a_first_value_beyond_a_sliders_range_is_kept(problems):
    assert Explorer(problems, 3, 4, Trial.of(problems, {"seed": 42, "population": 1000})).trial().seed == 42
