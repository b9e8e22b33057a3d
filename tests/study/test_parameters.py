"""Settings read from a notebook's variables."""

import pytest
import torch

from studies.restoring.settings import SCALES, Settings

NOTEBOOK = {
    "In": [],
    "Out": {},
    "_": 1,
    "__name__": "__main__",
    "get_ipython": print,
    "torch": torch,
    "Settings": Settings,
}


def test_settings_are_read_among_a_notebooks_own_variables():
    settings = Settings.read({**NOTEBOOK, "dataset": "mnist", "mutation_rate": 0.4})
    assert (settings.dataset, settings.mutation_rate, settings.population) == ("mnist", 0.4, 200)


@pytest.mark.parametrize("name", ["mutaton_rate", "Mutation_rate", "x"])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(ValueError, match=rf"unknown parameter '{name}'; accepted: dataset, scale, seed"):
        Settings.read({**NOTEBOOK, name: 0.4})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("mutation_rate", "0.4", r"mutation_rate must be a number, got '0.4'"),
        ("mating_rate", -0.1, r"mating_rate must lie in \[0, 1\], got -0.1"),
        ("mutation_rate", float("nan"), r"mutation_rate must lie in \[0, 1\], got nan"),
        ("population", 201, r"population must be even.*got 201"),
        ("population", 2.5, r"population must be a whole number, got 2.5"),
        ("population", True, r"population must be a whole number, got True"),
        ("population", 0, r"population must be at least 4, got 0"),
        ("generations", 0, r"generations must be at least 1, got 0"),
        ("seed", -1, r"seed must be at least 0, got -1"),
        ("scale", "huge", r"scale must be one of smoke, quick, paper, got 'huge'"),
        ("fitness", "psnr", r"fitness must be one of mse, ssim, got 'psnr'"),
        ("dataset", "cats", r"dataset must be one of mnist, fashion_mnist, cifar10, celeba, got 'cats'"),
        ("targets", -1, r"targets must be at least 1, got -1"),
        ("targets", 1.5, r"targets must be a whole number, got 1.5"),
        ("targets", True, r"targets must be a whole number, got True"),
        ("targets", "8", r"targets must be a whole number, got '8'"),
        ("device", "abacus", r"device must be one that torch can use here, got 'abacus'"),
    ],
)
def test_a_bad_value_is_named_with_what_is_accepted(name, value, message):
    with pytest.raises(ValueError, match=message):
        Settings.read({name: value})


@pytest.mark.parametrize(("scale", "targets"), [("smoke", 2), ("quick", 8), ("paper", 64)])
def test_without_a_number_of_targets_the_scale_says_it(scale, targets):
    assert SCALES[scale].targets == targets
    assert Settings(scale=scale).targets == targets
    assert Settings.read({**NOTEBOOK, "scale": scale, "targets": 0}).targets == targets


@pytest.mark.parametrize("scale", SCALES)
def test_a_number_of_targets_is_kept_at_every_scale(scale):
    assert Settings(scale=scale, targets=3).targets == 3


def test_settings_that_say_the_same_are_the_same():
    assert Settings(scale="smoke") == Settings(scale="smoke", targets=2) != Settings(scale="smoke", targets=3)


def test_an_unknown_scale_is_named_whatever_the_targets():
    with pytest.raises(ValueError, match="scale must be one of smoke, quick, paper, got 'huge'"):
        Settings(scale="huge", targets=0)


def test_a_second_run_of_all_cells_finds_the_leftovers_of_the_first_and_minds_none():
    first = {"scale": "smoke", "seed": 3}
    settings = Settings.read(first)
    leftovers = {**first, "settings": settings, "total": 7.5, "rows": {"a": 1}}
    assert Settings.read(leftovers) == settings
