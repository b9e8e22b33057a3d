"""Notebooks executed by `execution`: what parameters may be, cells that fail, processes that die."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from latentlib.study import execution

ESSAY = """# %% tags=["parameters"]
number: float = 1.0
numbers: list = [1]
table: dict = {}
text: str = "x"
# %%
import os
from pathlib import Path
if text == "fail":
    raise KeyError("boom")
if text == "die":
    os._exit(9)
if text == "wait":
    Path("waiting").touch()
    import time
    time.sleep(60)
print(type(number).__name__, number, numbers, table, text)
"""


@pytest.fixture
def essay(tmp_path):
    folder = tmp_path / "essays"
    folder.mkdir()
    (folder / "essay.py").write_text(ESSAY)
    return folder / "essay.py"


def printed(notebook: Path) -> str:
    cells = nbformat.read(notebook, as_version=4).cells
    return "".join(o["text"] for cell in cells for o in cell.get("outputs", []) if o.get("name") == "stdout")


def test_numbers_of_numpy_and_torch_paths_and_any_text_reach_the_notebook(essay, tmp_path):
    text = 'Ünï "q" \\ 日本 {x} $(y)'
    values = {"number": np.int64(3), "numbers": np.arange(3), "table": {"a": [1, {"b": None}], "c": Path("/x")}}
    execution.execute(essay, tmp_path / "out.ipynb", values | {"text": text})
    assert printed(tmp_path / "out.ipynb") == f"int 3 [0, 1, 2] {{'a': [1, {{'b': None}}], 'c': '/x'}} {text}\n"


@pytest.mark.parametrize(("text", "message"), [("fail", "KeyError: 'boom'"), ("die", "its Python process died")])
def test_a_cell_that_fails_and_a_process_that_dies_are_said_and_leave_nothing(essay, tmp_path, text, message):
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ValueError, match=f"essay.py: {message}"):
        execution.execute(essay, tmp_path / "out.ipynb", {"text": text})
    assert sorted(tmp_path.rglob("*")) == before


def test_a_killed_run_leaves_no_file_hidden_or_not(essay, tmp_path):
    command = [sys.executable, "-m", "latentlib", "notebook", essay, "--output", tmp_path / "out" / "o.ipynb"]
    with subprocess.Popen([*command, "-p", "text=wait"], stderr=subprocess.DEVNULL) as running:
        while not (essay.parent / "waiting").exists():
            assert running.poll() is None
            time.sleep(0.05)
        running.kill()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["essay.py", "essays", "waiting"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("mnist"), "mnist"),
        (np.ones((2, 1)), [[1.0], [1.0]]),
        (torch.tensor([1, 2]), [1, 2]),
        ((1, (2, None)), [1, [2, None]]),
        (date(2026, 1, 2), "2026-01-02"),
        ({1: np.int8(2)}, {"1": 2}),
    ],
)
def test_what_papermill_cannot_write_becomes_what_it_can(value, expected):
    found = execution.plain("x", value)
    assert found == expected
    assert type(found) in (type(expected), np.str_)


@pytest.mark.parametrize("value", [object(), {1, 2}, 1j, np.array([1j]), print, b"bytes", [{"a": {3}}]])
def test_what_nobody_can_write_is_refused_by_name(value):
    with pytest.raises(ValueError, match="x must be a number, a text, a list or a table, got "):
        execution.plain("x", value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x=0.4", 0.4),
        ("x=1e-3", 0.001),
        ("x=7", 7),
        ("x=[1, 2]", [1, 2]),
        ("x=mnist", "mnist"),
        ("x=true", True),
        ("x=", None),
        ("x=a=b", "a=b"),
        ("x='1e-3 '", 0.001),
    ],
)
def test_a_parameter_is_read_as_it_is_meant(text, expected):
    (found,) = execution.given([text]).values()
    assert found == expected
    assert type(found) is type(expected)
