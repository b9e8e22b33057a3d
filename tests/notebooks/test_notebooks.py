"""Notebooks: pairs in step, run by papermill from either place, and clear about bad parameters."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

from latentlib.study.execution import in_step

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "notebooks").glob("*/*.py") if path.parent.name != "studies")
SMOKE = {"population": 20, "generations": 2}


def papermill(notebook: Path, output: Path, folder: Path, **parameters):
    pairs = [part for name, value in parameters.items() for part in ("-p", name, str(value))]
    command = [sys.executable, "-m", "papermill", str(notebook), str(output), *pairs]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def outputs(notebook: Path) -> str:
    cells = nbformat.read(notebook, as_version=4).cells
    return "".join(o.get("text", "") for cell in cells for o in cell.get("outputs", []))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_notebook_beside_the_source_has_the_same_cells(source):
    assert in_step(source), f"{source.name} and its .ipynb differ: run `make notebooks`"


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_stored_notebook_was_executed_at_its_defaults(source):
    notebook = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert not any(o.output_type == "error" for cell in code for o in cell.outputs)
    assert not any("injected-parameters" in cell.metadata.get("tags", []) for cell in notebook.cells)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_figure_has_a_caption_a_name_and_an_alternative_text(source):
    for cell in nbformat.read(source.with_suffix(".ipynb"), as_version=4).cells:
        shown = {kind for o in cell.get("outputs", []) for kind in o.get("data", {})}
        if shown & {"image/png", "image/svg+xml"}:
            told = cell.metadata["mystnb"]
            assert told["figure"]["caption"]
            assert told["figure"]["name"].startswith("fig-")
            assert len(told["image"]["alt"]) > 30


def frames(source):
    """The cells that show a data frame, but for verdicts, which a page shows as rows of the scoreboard."""
    for cell in nbformat.read(source.with_suffix(".ipynb"), as_version=4).cells:
        texts = ["".join(o.get("data", {}).get("text/html", "")) for o in cell.get("outputs", [])]
        if any('class="dataframe"' in text and "<th>statement</th>" not in text for text in texts):
            yield cell


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_table_has_a_caption_above_it_and_a_name(source):
    names = []
    for cell in frames(source):
        told = cell.metadata["mystnb"]["figure"]
        assert told["caption"].endswith(".")
        assert told["caption_before"]
        names.append(told["name"])
    assert all(name.startswith("tab-") for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_code_that_a_reader_sees_fits_its_column(source):
    cells = [cell for cell in jupytext.read(source).cells if cell.cell_type == "code"]
    shown = [cell for cell in cells if "hide-cell" not in cell.metadata.get("tags", [])]
    assert [line for cell in shown for line in cell.source.splitlines() if len(line) > 78] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_what_is_printed_are_words_for_a_reader(source):
    printed = outputs(source.with_suffix(".ipynb"))
    assert re.findall(r"\b(?:True|False|None|nan)\b|\['", printed) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_cites_its_study_in_the_first_line_below_its_title(source):
    title, _, line, *_ = nbformat.read(source.with_suffix(".ipynb"), as_version=4).cells[0].source.splitlines()
    assert title.startswith("# ")
    assert line.startswith("The study: {cite:t}`")


def set_up(source):
    """What every notebook begins with, its chapter's name taken out."""
    text = source.read_text()
    begin, end = "import sys\nfrom importlib.util import find_spec\n", "settings = Settings.read(globals())\n"
    assert begin in text, f"{source.name} does not find the studies on Colab"
    return text[text.index(begin) : text.index(end)].replace(source.parent.name, "CHAPTER")


def unbroken(text):
    """A text's statements and comments, however they are broken into lines."""
    return ast.unparse(ast.parse(text)), re.findall(r"# .*", text)


def test_all_notebooks_find_their_studies_by_the_same_lines():
    assert len({str(unbroken(set_up(source))) for source in SOURCES}) == 1


@pytest.mark.parametrize(
    ("colab", "installed", "expected"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_code_is_fetched_on_colab_only_and_said(monkeypatch, capsys, colab, installed, expected):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: installed or None)
    if colab:
        monkeypatch.setitem(sys.modules, "google.colab", None)
    exec(set_up(SOURCES[0]).partition("from studies")[0], {})  # its commands are comments in the source
    assert ("fetching the book's repository" in capsys.readouterr().out) == expected


@pytest.mark.parametrize("from_root", [True, False])
def test_papermill_runs_from_the_root_and_from_the_folder(tmp_path, from_root):
    notebook = ROOT / "notebooks" / "restoring" / "quick_start.ipynb"
    folder = ROOT if from_root else notebook.parent
    done = papermill(notebook.relative_to(folder), tmp_path / "out.ipynb", folder, mutation_rate=0.4, **SMOKE)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "best of the genetic algorithm" in outputs(tmp_path / "out.ipynb")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"mutaton_rate": 0.4}, "unknown parameter 'mutaton_rate'"),
        ({"mutation_rate": 1.3}, "mutation_rate must lie in [0, 1], got 1.3"),
        ({"scale": "smoke"}, "unknown parameter 'scale'"),
        ({"generations": 0}, "generations must be at least 1, got 0"),
        ({"dataset": "cats"}, "dataset must be one of mnist, fashion_mnist, cifar10, celeba, got 'cats'"),
        ({"dataset": "cifar10"}, "dataset must be one of mnist, fashion_mnist, got 'cifar10'"),
        ({"device": "abacus"}, "device must be one that torch can use here, got 'abacus'"),
    ],
)
def test_papermill_with_a_bad_parameter_fails_with_a_clear_message(tmp_path, parameters, message):
    notebook = ROOT / "notebooks" / "restoring" / "quick_start.ipynb"
    done = papermill(notebook, tmp_path / "out.ipynb", ROOT, **parameters)
    assert done.returncode != 0
    assert message in done.stderr
    assert "best of the genetic algorithm" not in outputs(tmp_path / "out.ipynb")


def test_a_notebook_killed_half_way_leaves_no_output(tmp_path):
    target = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "latentlib", "notebook", "notebooks/restoring/quick_start.py", "--output", target]
    command += ["-p", "generations=100000"]  # far from done after six seconds, however fast the machine
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(timeout=6)
        running.kill()
    assert not target.exists()
