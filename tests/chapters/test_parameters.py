"""Settings read from a notebook's variables."""

import pytest
import torch

from latentlib.chapters.restoring import Settings

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
        ("device", "abacus", r"device must be one that torch can use here, got 'abacus'"),
    ],
)
def test_a_bad_value_is_named_with_what_is_accepted(name, value, message):
    with pytest.raises(ValueError, match=message):
        Settings.read({name: value})
