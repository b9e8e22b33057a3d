import subprocess
import sys

import pytest

NOTEBOOKS = {"IPython", "ipykernel", "ipywidgets", "jupyter", "jupyter_client", "jupyter_core", "nbformat", "papermill"}
LIBRARY = (
    "import latentlib.evolution, latentlib.fitness, latentlib.gradient, latentlib.training, latentlib.zoo, "
    "latentlib.study.statistics, latentlib.study.claims, latentlib.study.sweep, latentlib.study.executors"
)


def loaded_by(statement):
    """Top-level modules that a fresh Python has loaded after a statement."""
    report = f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, timeout=120, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import latentlib", NOTEBOOKS | {"torch", "numpy", "pandas", "matplotlib", "scipy", "torchvision"}),
        (LIBRARY, NOTEBOOKS | {"matplotlib", "torchvision", "deap", "skimage", "dask", "distributed"}),
        ("import studies.restoring.chapter", NOTEBOOKS | {"matplotlib", "torchvision", "scipy", "typer"}),
    ],
    ids=["latentlib", "its rooms", "what a sweep needs"],
)
def test_import_loads_nothing_that_is_not_needed(statement, unwanted):
    loaded = loaded_by(statement)
    assert "latentlib" in loaded
    assert not loaded & unwanted
