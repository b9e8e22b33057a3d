"""What an import costs, what may import what, and what an installation holds."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from setuptools.config.pyprojecttoml import read_configuration

import latentlib

ROOT = Path(__file__).parents[1]
HOME = ROOT / "latentlib"
ROOMS = re.findall(r"`(\w+)`", latentlib.__doc__.partition("ground up:")[2].partition(".")[0])
NOTEBOOKS = {"IPython", "ipykernel", "ipywidgets", "jupyter", "jupyter_client", "jupyter_core", "nbformat", "papermill"}
LIBRARY = (
    "import latentlib.evolution, latentlib.fitness, latentlib.gradient, latentlib.study.training, latentlib.zoo, "
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
        (LIBRARY, NOTEBOOKS | {"matplotlib", "torchvision", "deap", "skimage", "ribs", "dask", "distributed"}),
        *(
            (f"import studies.{chapter}.chapter", NOTEBOOKS | {"matplotlib", "torchvision", "scipy", "typer"})
            for chapter in ("restoring", "desired_images", "diversity")
        ),
    ],
    ids=[
        "latentlib",
        "its rooms",
        "what a sweep of restoring needs",
        "what a sweep of desired_images needs",
        "of diversity",
    ],
)
def test_import_loads_nothing_that_is_not_needed(statement, unwanted):
    loaded = loaded_by(statement)
    assert "latentlib" in loaded
    assert not loaded & unwanted


def imported(tree):
    """Modules and names that are imported anywhere in a syntax tree, but for its type checks."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            yield from imported(node)


def needed(source):
    """The rooms of the library that a source text imports, and `studies` where it imports these."""
    names = [name.split(".") for name in imported(ast.parse(source))]
    return {room for top, *rest in names if top == "latentlib" for room in rest[:1]} | {
        top for top, *_ in names if top == "studies"
    }


@pytest.mark.parametrize(
    ("source", "rooms"),
    [
        ("from latentlib import files, data", {"files", "data"}),
        ("from latentlib.study.claims import above\nimport torch", {"study"}),
        ("def late():\n    import latentlib.zoo.storage", {"zoo"}),
        ("if TYPE_CHECKING:\n    from latentlib import cli", set()),
        ("from studies.restoring import Settings", {"studies"}),
    ],
)
def test_imports_are_found_late_ones_too(source, rooms):
    assert needed(source) == rooms


def test_every_room_stands_in_the_docstring():
    there = {path.stem for path in HOME.glob("*.py")} | {path.parent.name for path in HOME.glob("*/__init__.py")}
    assert sorted(ROOMS) == sorted(there - {"__init__", "__main__"})


@pytest.mark.parametrize("path", sorted(HOME.rglob("*.py")), ids=lambda path: str(path.relative_to(HOME)))
def test_nothing_imports_a_room_above_its_own(path):
    room = path.relative_to(HOME).with_suffix("").parts[0]
    allowed = ROOMS[: ROOMS.index(room) + 1] if room in ROOMS else ["cli"] * (room == "__main__")
    assert needed(path.read_text()) <= set(allowed)


def test_the_core_is_small():
    """The core is all that lies below `study`, which holds what chapters share; widgets and the command lie above.

    Two chapters took 5,000 lines. Diverse sets add 200 for sets and their similarity, 400 for the map of elites (a
    second search, and the base it shares with the first), and 125 for a third paper's networks; their faces
    110. The data of two more chapters add 375: cards of four sets, their formats, and folders of images. A fitness
    of likeness to a centroid adds 75. Evolving the weights of networks adds 500: genomes as weights with their blocks
    (265), a fitness of networks, a goal that moves, and a fifth paper's networks (150). Errors by name for maps that do
    not fit add 20.
    """
    core = ROOMS[: ROOMS.index("study")]
    files = [path for path in HOME.rglob("*.py") if path.relative_to(HOME).parts[0].removesuffix(".py") in core]
    assert len(files) > 40
    assert sum(len(path.read_text().splitlines()) for path in files) < 6810


@pytest.mark.parametrize(("project", "package"), [(ROOT, "latentlib"), (ROOT / "notebooks", "studies")])
def test_an_installation_holds_its_own_package_and_no_other(project, package):
    found = read_configuration(project / "pyproject.toml")["tool"]["setuptools"]["packages"]
    assert {name.partition(".")[0] for name in found} == {package}
    folders = {
        path.parent.relative_to(project).as_posix().replace("/", ".") for path in (project / package).rglob("*.py")
    }
    assert folders <= set(found)
