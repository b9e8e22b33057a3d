"""`latentlib restore --generator module:factory`: a generator of one's own, from the current folder."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from latentlib.cli import app

MODULE = """
import torch
from torch import nn
from latentlib.models import adapt

def layers(*more):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(5, 64), *more, nn.Unflatten(1, (1, 8, 8)))

def adapted(): return adapt(layers(nn.Tanh()), 5)
def plain(): return layers(nn.Sigmoid())
def tanh(): return layers(nn.Tanh())
def rows(): return adapt(nn.Linear(5, 7), 5, output="raw")
def failing(): raise KeyError("no weights")
nothing = None
"""
runner = CliRunner()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "my_networks.py").write_text(MODULE)
    Image.fromarray(np.tile(np.arange(64, dtype=np.uint8) * 4, (64, 1))).save(tmp_path / "my.png")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.modules.pop("my_networks", None)


@pytest.mark.parametrize("options", [["my_networks:adapted"], ["my_networks:plain", "--latent-size", "5"]])
def test_a_picture_is_restored_by_a_generator_of_ones_own(folder, options):
    command = ["restore", "--image", "my.png", "--output", "out", "--generations", "3", "--generator", *options]
    result = runner.invoke(app, command)
    assert result.exit_code == 0, result.output
    assert np.asarray(Image.open(folder / "out" / "restored.png")).shape == (64, 64)
    assert str(folder) not in sys.path


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["my_networks"], "generator must be named module:factory, got 'my_networks'"),
        (["my_networks:"], "generator must be named module:factory"),
        (["no_networks:adapted"], "'no_networks:adapted': ModuleNotFoundError: No module named 'no_networks'"),
        (["my_networks:absent"], "AttributeError: module 'my_networks' has no attribute 'absent'"),
        (["my_networks:nothing"], "TypeError: 'NoneType' object is not callable"),
        (["my_networks:failing"], "KeyError: 'no weights'"),
        (["my_networks:plain"], "Sequential has no attribute `latent_size`"),
        (["my_networks:plain", "--latent-size", "6"], "does not take latents (n, 6)"),
        (["my_networks:adapted", "--latent-size", "6"], "adapted to 5 genes, got 6"),
        (["my_networks:tanh", "--latent-size", "5"], "adapt(..., output='tanh')"),
        (["my_networks:rows"], "a picture has shape (1 or 3, height, width), got (7,)"),
        (["my_networks:adapted", "--model", "restoring/mnist"], "give --model or --generator, not both"),
    ],
)
def test_a_generator_that_does_not_fit_ends_in_one_line(folder, options, message):
    result = runner.invoke(app, ["restore", "--image", "my.png", "--output", "out", "--generator", *options])
    assert result.exit_code == 1
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("error: ")
    assert message in line
    assert not (folder / "out").exists()


def test_the_current_folder_is_looked_in(folder):
    command = [os.path.join(os.path.dirname(sys.executable), "latentlib"), "restore", "--image", "my.png"]
    command += ["--generator", "my_networks:adapted", "--generations", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (folder / "restored.png").exists()


def test_a_picture_is_not_overwritten_by_its_restoration(folder):
    Image.new("L", (8, 8)).save(folder / "restored.png")
    before = (folder / "restored.png").read_bytes()
    result = runner.invoke(app, ["restore", "--image", "restored.png", "--generator", "my_networks:adapted"])
    assert result.exit_code == 1
    assert "restored.png would be overwritten by the result: choose another --output" in result.stderr
    assert (folder / "restored.png").read_bytes() == before
