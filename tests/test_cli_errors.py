"""Careless and hostile commands: each ends in one line on stderr and a non-zero exit, and nothing is lost."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from latentlib.cli import app
from latentlib.evolution import GeneticAlgorithm
from latentlib.zoo import storage

ROOT = Path(__file__).parents[1]
LATENTLIB = [sys.executable, "-m", "latentlib"]
NOTEBOOK = "# %% tags=['parameters']\nx = 1\n"
runner = CliRunner()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with a picture and a notebook, a folder in a file's place and a file in a folder's."""
    Image.new("L", (28, 28), 200).save(tmp_path / "my.png")
    (tmp_path / "essay.py").write_text(NOTEBOOK.replace("'", '"'))
    (tmp_path / "taken" / "restored.png").mkdir(parents=True)
    (tmp_path / "file").write_text("")
    (tmp_path / "_toc.yml").write_text("")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def error(*words):
    """The one line that a command ends with, and its exit status."""
    result = runner.invoke(app, words)
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("error: ")
    assert result.stdout == ""
    return line, result.exit_code


RESTORE, MINE = ("restore", "--generations", "1"), ("--image", "my.png")
TRAIN, ESSAY = ("train", "judge/mnist"), ("notebook", "essay.py")
REPRODUCE = ("reproduce", "restoring", "--scale", "smoke")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((*RESTORE, "--image", "nowhere.png"), "image nowhere.png does not exist"),
        ((*RESTORE, "--image", "taken"), "image taken is a directory, not a file"),
        ((*RESTORE, "--image", "/dev/zero"), "image /dev/zero is a device, not a file"),
        ((*RESTORE, *MINE, "--mutation-rate", "nan"), "mutation_rate must lie in [0, 1], got nan"),
        ((*RESTORE, *MINE, "--mating-rate", "-inf"), "mating_rate must lie in [0, 1], got -inf"),
        ((*RESTORE, *MINE, "--fitness", ""), "fitness must be one of mse, ssim, got ''"),
        ((*RESTORE, *MINE, "--latent-size", "0"), "latent_size"),
        ((*RESTORE, *MINE, "--output", "file"), "file/restored.png cannot be written: Not a directory"),
        ((*RESTORE, *MINE, "--output", "file/a/b"), "file/a/b/restored.png cannot be written: Not a directory"),
        ((*RESTORE, *MINE, "--output", "/proc/a"), "/proc/a/restored.png cannot be written: No such file"),
        ((*RESTORE, *MINE, "--output", "taken"), "taken/restored.png is a directory, not a file"),
        ((*TRAIN, "--device", "gpu"), "device must be one that torch can use here, got 'gpu'"),
        ((*TRAIN, "--device", "meta"), "device must be one that torch can use here, got 'meta'"),
        ((*TRAIN, "--device", ""), "device must be one that torch can use here, got ''"),
        ((*ESSAY, "-p", "x=["), "x must be given a value in YAML, got '['"),
        ((*ESSAY, "-p", "x=2024-99-99"), "x must be given a value in YAML, got '2024-99-99'"),
        ((*ESSAY, "-p", "x"), "a parameter is given as name=value, got 'x'"),
        ((*ESSAY, "-p", "=3"), "a parameter is given as name=value, got '=3'"),
        ((*ESSAY, "-p", "x y=3"), "a parameter is given as name=value, got 'x y=3'"),
        ((*ESSAY, "-p", "x=!!set {1}"), "x must be a number, a text, a list or a table, got set {1}"),
        ((*ESSAY, "-p", "nonsense=1", "--output", "o.ipynb"), "unknown parameter 'nonsense'; accepted: x"),
        ((*ESSAY, "--store", "-p", "nonsense=1"), "give --store without -p, --output"),
        ((*ESSAY, "--store", "--output", "o.ipynb"), "give --store without -p, --output"),
        ((*ESSAY, "--output", "essay.py"), "essay.py would be overwritten"),
        ((*ESSAY, "--output", "taken/../essay.ipynb"), "essay.ipynb would be overwritten"),
        ((*ESSAY, "--output", "taken"), "taken is a directory, not a file"),
        ((*ESSAY, "--output", "other.py"), "an executed notebook goes to a file that ends in .ipynb, got other.py"),
        (("notebook", "none.py"), "notebook none.py does not exist, or is no file"),
        ((*ESSAY, "--output", "file/o.ipynb"), "file/o.ipynb cannot be written: Not a directory"),
        (("notebook", "essay.ipynb", "--store"), "a notebook is stored beside its source, a .py file, got essay.ipynb"),
        (("notebook", "nowhere.py"), "notebook nowhere.py does not exist, or is no file"),
        (("notebook", "taken"), "notebook taken does not exist, or is no file"),
        ((*REPRODUCE, "--results", "file/r"), "cannot be written: Not a directory"),
        ((*REPRODUCE, "--results", "r", "--only", "nonsense"), "sweep must be one of"),
        ((*REPRODUCE, "--results", "r", "--scheduler", "tls://"), "no Dask scheduler answers at 'tls://'"),
        ((*REPRODUCE, "--device", "gpu"), "device must be one that torch can use here, got 'gpu'"),
        (("data", "get", "cats"), "cats"),
        (("assess", "nobody"), "model must be one of"),
    ],
)
def test_what_cannot_be_is_said_in_one_line_before_any_work(folder, words, message):
    before = sorted(folder.rglob("*"))
    line, status = error(*words)
    assert message in line
    assert status == 1
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("--nonsense",), "No such option"),
        (("data",), "Missing command"),
        (("restore",), "Missing option '--image'"),
        ((*RESTORE, *MINE, "--seed", str(2**64)), "Invalid value for '--seed'"),
        ((*RESTORE, *MINE, "--seed", "-1"), "Invalid value for '--seed'"),
        ((*RESTORE, *MINE, "--seed", "nan"), "Invalid value for '--seed'"),
        ((*RESTORE, *MINE, "--mating-rate", "high"), "Invalid value for '--mating-rate'"),
        ((*RESTORE[:1], *MINE, "--generations", "inf"), "Invalid value for '--generations'"),
        ((*TRAIN, "--epochs", "0"), "Invalid value for '--epochs'"),
        ((*TRAIN, "--seed", str(2**32)), "Invalid value for '--seed'"),
        ((*REPRODUCE, "--workers", "nan"), "Invalid value for '--workers'"),
    ],
)
def test_what_no_command_has_or_takes_leads_to_its_help(folder, words, message):
    line, status = error(*words)
    assert message in line
    assert line.endswith("--help")
    assert status == 2


def test_a_card_that_is_null_is_said_in_one_line(folder, monkeypatch):
    monkeypatch.setattr(storage, "WEIGHTS", folder)
    (folder / "restoring").mkdir()
    (folder / "restoring" / "mnist.json").write_text("null")
    assert error(*RESTORE, *MINE, "--model", "restoring/mnist")[1] == 1


UNEXPECTED = [
    (KeyError("rate"), "KeyError: 'rate'"),
    (RuntimeError("two\nlines"), "RuntimeError: two lines"),
    (MemoryError(), "MemoryError"),
    (EOFError("cut off"), "EOFError: cut off"),
    (RecursionError("too deep"), "RecursionError: too deep"),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "UnicodeDecodeError: "),
    (ValueError(), "ValueError"),
]


@pytest.fixture
def failing(monkeypatch):
    """What `latentlib assess` is made to raise."""
    raised = []

    def fail(model):
        raise raised[0]

    monkeypatch.setattr("latentlib.study.assessment.assess", fail)
    return raised


@pytest.mark.parametrize(("unexpected", "said"), UNEXPECTED, ids=lambda value: type(value).__name__)
def test_what_nobody_expected_names_its_type_and_how_to_see_more(failing, unexpected, said):
    failing.append(unexpected)
    line, status = error("assess", "judge/mnist")
    assert line.startswith(f"error: {said}")
    assert line.endswith("; LATENTLIB_TRACEBACK=1 shows where")
    assert status == 1


def test_a_variable_shows_the_traceback(failing, monkeypatch):
    monkeypatch.setenv("LATENTLIB_TRACEBACK", "1")
    failing.append(ValueError("where am I?"))
    result = runner.invoke(app, ["assess", "judge/mnist"])
    assert result.exception is failing[0]
    assert result.exit_code == 1


def test_an_interrupted_command_says_so_by_its_exit_status(failing):
    failing.append(KeyboardInterrupt())
    assert runner.invoke(app, ["assess", "judge/mnist"]).exit_code == 130


def test_an_error_after_an_hour_leaves_the_best_so_far(folder, monkeypatch):
    step = GeneticAlgorithm.step

    def failing_step(self, fitness, state):
        if state.generation == 2:
            raise RuntimeError("out of memory")
        return step(self, fitness, state)

    monkeypatch.setattr(GeneticAlgorithm, "step", failing_step)
    result = runner.invoke(app, ["restore", *MINE, "--output", "out"])
    assert result.exit_code == 1
    assert "cut short at generation 2, the best so far: mse 0." in result.stdout
    assert Image.open("out/restored.png").size == (224, 224)
    assert result.stderr.splitlines()[-1] == "error: RuntimeError: out of memory; LATENTLIB_TRACEBACK=1 shows where"


def test_ctrl_c_leaves_the_best_so_far(folder):
    command = [*LATENTLIB, "restore", *MINE, "--generations", "1000000"]
    heard = partial(signal.signal, signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, preexec_fn=heard, **pipes) as running:
        while "best=" not in running.stderr.read(20):
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "cut short at generation" in output
    assert "Traceback" not in errors
    assert Path("restored.png").exists()


def test_a_reader_that_leaves_early_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*LATENTLIB, "chapters"], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert done.returncode == 1
    assert done.stderr == ""


def test_the_bare_command_shows_its_help():
    done = subprocess.run(LATENTLIB, capture_output=True, text=True)
    assert done.returncode == 0
    assert "reproduce" in done.stdout


def test_the_help_needs_no_torch():
    report = "import sys; from latentlib.cli import app; print('torch' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
