"""The command `latentlib`: what a user types, and what is said about bad input."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tiny_sweep
from PIL import Image
from typer.testing import CliRunner

from latentlib import data, files, zoo
from latentlib.cli import app
from latentlib.study.sweep import Sweep, read

ROOT = Path(__file__).parents[1]
runner = CliRunner()


def said(*arguments: str | Path) -> str:
    result = runner.invoke(app, [str(a) for a in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str | Path) -> str:
    result = runner.invoke(app, [str(a) for a in arguments])
    assert result.exit_code == 1
    lines = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1
    return lines[0]


def test_chapters_lists_notebooks_in_reading_order():
    listed = said("chapters")
    assert listed.index("quick_start.py") < listed.index("method.py")


def test_data_list_names_licence_and_counts():
    listed = said("data", "list")
    assert "Fashion-MNIST, 60,000 train, 10,000 test; licence: MIT" in listed


def test_data_get_offline_says_how_to_get_it(monkeypatch):
    monkeypatch.delenv("LATENTLIB_DATA", raising=False)
    monkeypatch.setattr("latentlib.data.loading.downloaded", lambda sought: False)
    assert "$LATENTLIB_DATA/MNIST/raw" in refused("data", "get", "mnist")


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "CMYK", "I;16", "LA"])
def test_restore_takes_a_picture_of_any_mode_and_size(tmp_path, mode):
    shoe = data.bundled("fashion_mnist").images[7, 0].mul(255).byte().numpy()
    picture = Image.fromarray(shoe).resize((70, 50))
    wide = np.asarray(picture, dtype=np.uint16) * 257
    (Image.fromarray(wide) if mode == "I;16" else picture.convert(mode)).save(
        tmp_path / ("my.tif" if mode in ("CMYK", "I;16") else "my.png")
    )
    path = next(tmp_path.glob("my.*"))
    output = said("restore", "--image", path, "--output", tmp_path / "out", "--generations", "2")
    assert "generator passes" in output
    restored = np.asarray(Image.open(tmp_path / "out" / "restored.png"))
    assert restored.shape == (224, 224)
    assert restored.max() > 100, "a picture that is not black gives an image that is not black"
    assert (tmp_path / "out" / "comparison.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--mutation-rate", "1.3"], "mutation_rate must lie in [0, 1], got 1.3"),
        (["--generations", "0"], "generations must be at least 1, got 0"),
        (["--fitness", "psnr"], "fitness must be one of mse, ssim, got 'psnr'"),
        (["--model", "judge/mnist"], "model must be a generator"),
        (["--model", "nobody"], "model must be one of"),
    ],
)
def test_restore_refuses_bad_options_and_writes_nothing(tmp_path, options, message):
    Image.new("L", (28, 28)).save(tmp_path / "my.png")
    assert message in refused("restore", "--image", tmp_path / "my.png", "--output", tmp_path / "out", *options)
    assert not (tmp_path / "out").exists()


def test_restore_replaces_earlier_images_only_if_asked_to(tmp_path):
    Image.fromarray(data.bundled("fashion_mnist").images[7, 0].mul(255).byte().numpy()).save(tmp_path / "my.png")
    restored = tmp_path / "restored.png"
    restored.write_text("an earlier one")
    command = ["restore", "--image", tmp_path / "my.png", "--output", tmp_path, "--generations", "1"]
    assert f"{restored} is there already: give --replace, or another --output" in refused(*command)
    assert restored.read_text() == "an earlier one"
    assert "generator passes" in said(*command, "--replace")
    assert restored.read_bytes()[:4] == b"\x89PNG"


def test_restore_refuses_what_is_no_picture(tmp_path):
    (tmp_path / "my.png").write_text("not a picture")
    assert "cannot be read as a picture" in refused("restore", "--image", tmp_path / "my.png")
    assert "does not exist" in refused("restore", "--image", tmp_path / "other.png")


def test_reproduce_refuses_unknown_names():
    assert "chapter must be one of restoring, desired_images, diversity, got 'cooking'" in refused(
        "reproduce", "cooking"
    )
    assert "scale must be one of smoke, quick, paper, got 'huge'" in refused(
        "reproduce", "restoring", "--scale", "huge"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--workers", "0"], "workers must be at least 1, got 0"),
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:8786"], "give workers or a scheduler, not both"),
        (["--scheduler", "tcp://127.0.0.1:1"], "no Dask scheduler answers at 'tcp://127.0.0.1:1'"),
    ],
)
def test_reproduce_refuses_workers_that_cannot_be(tmp_path, options, message):
    started = time.monotonic()
    assert message in refused("reproduce", "restoring", "--scale", "smoke", "--results", tmp_path, *options)
    assert time.monotonic() - started < 20
    assert not any(tmp_path.iterdir())


def test_reproduce_says_in_which_cell_an_error_was(tmp_path, monkeypatch):
    def failing(cell):
        raise ValueError("no such rate")

    def reproduced(self, scale, folder, published, device, executor, only, keep, stale):
        return Sweep("trial", failing, folder).run(tiny_sweep.trials(tmp_path / "calls"), executor)

    monkeypatch.setattr("latentlib.study.chapter.Chapter.reproduce", reproduced)
    told = refused("reproduce", "restoring", "--results", tmp_path)
    assert "error: no such rate; in the cell Trial(seed=0" in told


def reproduce(folder: Path) -> list[str]:
    options = ["--scale", "smoke", "--only", "ranges", "--results", str(folder)]
    return [sys.executable, "-m", "latentlib", "reproduce", "restoring", *options]


def test_a_sweep_killed_half_way_keeps_its_finished_cells(tmp_path):
    running = subprocess.Popen(reproduce(tmp_path), cwd=ROOT, stderr=subprocess.DEVNULL)
    while not (finished := list(tmp_path.glob(".cells/*/*.csv"))):
        assert running.poll() is None
        time.sleep(0.02)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    kept = {path: path.stat().st_mtime_ns for path in finished}

    subprocess.run(reproduce(tmp_path), cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    assert {path: path.stat().st_mtime_ns for path in finished} == kept
    assert set(read(tmp_path, "ranges")["dataset"]) == {"mnist", "fashion_mnist", "cifar10", "celeba"}
    verdict = json.loads((tmp_path / "verdicts" / "JK-08.json").read_text())
    assert {"seed", "device", "seconds", "date", "commit"} <= set(verdict["provenance"])


def test_training_says_which_models_there_are():
    assert all(name in refused("train", "nobody") for name in zoo.ENTRIES)


def test_a_trial_says_where_it_went_and_leaves_what_ships(monkeypatch, fashion, isolated_cache):
    monkeypatch.setattr("latentlib.data.training_images", lambda name: fashion[:128])
    card = zoo.card("judge/fashion_mnist")
    told = said("train", "judge/fashion_mnist", "--epochs", "1")
    assert str(isolated_cache / "trials" / "seed0-epochs1" / "judge" / "fashion_mnist.safetensors") in told
    assert zoo.card("judge/fashion_mnist") == card
    assert zoo.load("judge/fashion_mnist")


def test_reproduce_refuses_an_unknown_way_with_stale_cells(tmp_path):
    options = ["--scale", "smoke", "--results", tmp_path, "--stale", "forget"]
    assert "stale must be one of keep, recompute, got 'forget'" in refused("reproduce", "restoring", *options)


def test_reproduce_refuses_a_folder_of_another_scale_and_one_in_use(tmp_path):
    (tmp_path / "ranges.csv").write_text("scale\nquick\n")
    command = ["reproduce", "restoring", "--scale", "smoke", "--only", "ranges", "--results", tmp_path]
    assert "holds a table of quick scale, ranges, and so none of smoke scale can go there" in refused(*command)
    with files.locked(tmp_path):
        assert f"{tmp_path} is being written by process {os.getpid()} on " in refused(*command)
