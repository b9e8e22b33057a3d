"""Chapters are found in the package `studies`, which an installation of the library may lack."""

import subprocess
import sys

import pytest

from latentlib.study import budget, chapter, repository


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
