"""The recipes of the page *Your own generator*, and README's five lines: what is printed there is what runs here."""

import re
import runpy
import tomllib
from importlib import resources
from pathlib import Path

import pytest
import torch
from torch import nn

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book/your_own_generator.md").read_text()
RECIPES = sorted((ROOT / "book/recipes").glob("*.py"))
SHOWN = re.findall(r"\{literalinclude\} (recipes/\w+\.py)", PAGE)


@pytest.fixture(scope="module")
def ran():
    """Each recipe's names, after it ran."""
    kept: dict[Path, dict] = {}

    def run(path):
        if path not in kept:
            with torch.random.fork_rng():
                kept[path] = runpy.run_path(str(path))
        return kept[path]

    return run


def test_the_page_shows_every_recipe():
    assert sorted(SHOWN) == [f"recipes/{path.name}" for path in RECIPES]
    assert len(RECIPES) == 6


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_evolution_is_ahead_of_random_search_at_equal_passes(path, ran):
    made = ran(path)
    run, luck = made["run"], made["luck"]
    assert (luck.passes <= run.passes.max()).all()
    assert (luck.passes > 0.9 * run.passes.min()).all()
    assert float(run.best.fitness.mean()) > float(luck.best.fitness.mean())
    assert float(run.history.best[0].mean()) < float(run.best.fitness.mean())


def test_each_conditional_image_has_the_label_of_its_run(ran):
    made = ran(ROOT / "book/recipes/conditional.py")
    with torch.no_grad():
        expected = (made["network"](made["run"].best.latents, made["labels"]) + 1) / 2
    assert torch.allclose(made["images"], expected, atol=1e-6)


def test_the_decoder_is_left_ready_to_learn_on(ran):
    made = ran(ROOT / "book/recipes/vae.py")
    assert made["decoder"].training
    assert all(weights.requires_grad for weights in made["decoder"].parameters())


def test_a_uniform_prior_is_not_left(ran):
    latents = ran(ROOT / "book/recipes/uniform.py")["run"].state.genomes
    assert latents.abs().max() <= 1


def test_the_readmes_five_lines_run():
    (block,) = [
        part for part in re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S) if "my_gen" in part
    ]
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(128, 64), nn.Tanh(), nn.Unflatten(1, (1, 8, 8)))
    names = {"my_generator": network, "targets": torch.rand(2, 1, 8, 8)}
    exec(block.replace("generations=200", "generations=3"), names)
    assert names["run"].best.latents.shape == (2, 128)
    assert len(names["run"].history.frame()) == 2 * 4


def test_the_options_of_the_page_are_those_of_adapt():
    import inspect

    from latentlib.models import adapt

    listed = re.findall(r"^\| `(\w+)` \|", PAGE, re.M)
    assert set(listed) == set(inspect.signature(adapt).parameters) - {"generator"}


def test_types_are_shipped():
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["latentlib"]
    assert "py.typed" in shipped
    assert resources.files("latentlib").joinpath("py.typed").is_file()
