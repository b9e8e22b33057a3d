"""Settings read from a notebook's variables."""

import pytest

from studies.restoring.settings import Settings

CELL = 'dataset = "mnist"\nmutation_rate = 0.3\ntables = "stored"'


def run(injected, parameters=CELL):
    """The settings of a notebook whose cell of parameters, and the one that papermill puts behind it, have run."""
    variables = {"In": ["", parameters, f"# Parameters\n{injected}", "import sys\n%pip list"]}
    exec(f"{parameters}\n{injected}", variables)
    return Settings.read(variables)


def test_settings_are_read_among_a_notebooks_own_variables():
    settings = run("mutation_rate = 0.4")
    assert (settings.dataset, settings.mutation_rate, settings.population) == ("mnist", 0.4, 200)


@pytest.mark.parametrize("name", ["mutaton_rate", "Mutation_rate", "x", "seed"])
def test_a_name_that_is_no_parameter_of_the_notebook_is_refused(name):
    with pytest.raises(ValueError, match=f"^unknown parameter '{name}'; accepted: dataset, mutation_rate, tables$"):
        run(f"dataset = 'mnist'\n{name} = 4")


def test_a_parameter_may_carry_a_type_and_need_be_no_setting():
    assert (
        run("tables = 'smoke'\nmutation_rate = 1", "mutation_rate: float = 0.3\ntables = 'stored'").mutation_rate == 1
    )


def test_in_a_notebook_that_papermill_does_not_run_nothing_is_unknown():
    assert Settings.read({"In": ["", CELL, "x = 1"], "seed": 3, "x": 1}).seed == 3


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("mutation_rate", "0.4", r"mutation_rate must be a number, got '0.4'"),
        ("mating_rate", -0.1, r"mating_rate must lie in \[0, 1\], got -0.1"),
        ("mutation_rate", float("nan"), r"mutation_rate must lie in \[0, 1\], got nan"),
        ("population", 2.5, r"population must be a whole number, got 2.5"),
        ("population", True, r"population must be a whole number, got True"),
        ("population", 0, r"population must be at least 4, got 0"),
        ("generations", 0, r"generations must be at least 1, got 0"),
        ("seed", -1, r"seed must be at least 0, got -1"),
        ("scale", "huge", r"scale must be one of smoke, quick, paper, got 'huge'"),
        ("fitness", "psnr", r"fitness must be one of mse, ssim, got 'psnr'"),
        ("dataset", "cats", r"dataset must be one of mnist, fashion_mnist, cifar10, celeba, got 'cats'"),
        ("targets", 0, r"targets must be at least 1, got 0"),
        ("targets", 1.5, r"targets must be a whole number, got 1.5"),
        ("targets", True, r"targets must be a whole number, got True"),
        ("targets", "8", r"targets must be a whole number, got '8'"),
        ("device", "abacus", r"device must be one that torch can use here, got 'abacus'"),
        ("device", None, r"device must be one that torch can use here, got None"),
        ("seed", 2**32, "seed must be at most 4294967295, got 4294967296"),
        ("population", 10**12, "population must be at most 1000000, got 1000000000000"),
        ("generations", 10**7, "generations must be at most 1000000, got 10000000"),
    ],
)
def test_a_bad_value_is_named_with_what_is_accepted(name, value, message):
    with pytest.raises(ValueError, match=message):
        Settings.read({name: value})


def test_an_odd_population_is_as_good_as_an_even_one():
    assert Settings(population=7).population == 7


def test_a_second_run_of_all_cells_finds_the_leftovers_of_the_first_and_minds_none():
    first = {"seed": 3, "targets": 2}
    settings = Settings.read(first)
    leftovers = {**first, "settings": settings, "total": 7.5, "rows": {"a": 1}}
    assert Settings.read(leftovers) == settings
