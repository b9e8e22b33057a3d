"""Execution of notebooks: papermill with checked names, a time limit, and no output that only looks finished."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path, PurePath
from typing import Any

import jupytext
import nbformat
import papermill
import yaml
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from latentlib import files
from latentlib.checks import check_writable

TIMEOUT = 600  # seconds a cell
KEPT = {
    "tags",
    "mystnb",
}  # cell metadata that belongs to the source, unlike papermill's timings, jupytext's blank lines


def execute(source: Path, target: Path, parameters: Mapping[str, Any] | None = None) -> None:
    """Execute a py:percent notebook in its own folder and write the result if no cell failed.

    Args:
        source: of the notebook.
        target: where the executed notebook goes; nothing else is written, even if the run is killed.
        parameters: values to replace those in the cell tagged `parameters`, numpy numbers and arrays included.

    Raises:
        ValueError: for a target that is the notebook itself, a parameter that it lacks or cannot take, or a cell that
            fails.
        OSError: before any cell runs, for a source that cannot be read or a target that cannot be written.
    """
    pair = (source, source.with_suffix(".ipynb"), source.with_suffix(".py"))
    if target.resolve() in [path.resolve() for path in pair]:
        raise ValueError(f"{target} would be overwritten: choose another --output, or --store")
    if target.suffix != ".ipynb" and not target.is_dir():
        raise ValueError(f"an executed notebook goes to a file that ends in .ipynb, got {target}")
    if not source.is_file():
        raise FileNotFoundError(f"notebook {source} does not exist, or is no file")
    check_writable(target)
    write(executed(source, parameters or {}), target)


def executed(source: Path, parameters: Mapping[str, Any]) -> nbformat.NotebookNode:
    """Return the executed notebook of a source."""
    notebook = jupytext.read(source)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    values = {name: plain(name, value) for name, value in parameters.items()}
    check_names(notebook, values)
    try:
        ran: nbformat.NotebookNode = papermill.execute_notebook(
            notebook, None, values, cwd=source.parent, execution_timeout=TIMEOUT, progress_bar=True
        )
        return ran
    except papermill.PapermillExecutionError as error:
        raise ValueError(f"{source}: {error.ename}: {error.evalue}") from error
    except DeadKernelError as error:
        raise ValueError(f"{source}: its Python process died, as it does when memory runs out") from error
    except CellTimeoutError as error:
        raise ValueError(f"{source}: a cell took longer than {TIMEOUT} seconds") from error


def write(notebook: nbformat.NotebookNode, target: Path) -> None:
    """Write a notebook completely or not at all."""
    with files.replacing(target) as partial:
        nbformat.write(notebook, partial)


def check_names(notebook: nbformat.NotebookNode, parameters: Mapping[str, Any]) -> None:
    """Raise a ValueError unless the notebook has every parameter."""
    accepted = papermill.inspect_notebook(notebook)
    for name in parameters:
        if name not in accepted:
            raise ValueError(f"unknown parameter {name!r}; accepted: {', '.join(accepted)}")


def given(texts: Sequence[str]) -> dict[str, Any]:
    """Return the parameters in texts such as `mutation_rate=0.4`, their values read as YAML.

    Raises:
        ValueError: for a text in any other form.
    """
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (sign and name.isidentifier()):
            raise ValueError(f"a parameter is given as name=value, got {text!r}")
        try:
            found[name] = yaml.safe_load(value)
        except (yaml.YAMLError, ValueError) as error:
            raise ValueError(f"{name} must be given a value in YAML, got {value!r}") from error
        if isinstance(found[name], str):
            found[name] = number(found[name])
    return found


def number(text: str) -> float | str:
    """Return the number in a text such as 1e-3, which YAML reads as text, or the text if it holds none."""
    try:
        return float(text)
    except ValueError:
        return text


def plain(name: str, value: Any) -> Any:
    """Return a parameter's value in types that papermill can write into a notebook; raise a ValueError for others."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list() | tuple():
            return [plain(name, part) for part in value]
        case Mapping():
            return {str(key): plain(name, part) for key, part in value.items()}
        case PurePath() | date():
            return str(value)
    if hasattr(value, "tolist"):  # numpy's and torch's
        return plain(name, value.tolist())
    raise ValueError(f"{name} must be a number, a text, a list or a table, got {type(value).__name__} {value!r}")


def store(source: Path) -> Path:
    """Execute a notebook at its defaults and store the outputs in the .ipynb beside it, without timings.

    Raises:
        ValueError: for a source that is not a .py file.
    """
    if source.suffix != ".py":
        raise ValueError(f"a notebook is stored beside its source, a .py file, got {source}")
    target = source.with_suffix(".ipynb")
    check_writable(target)
    notebook = executed(source, {})
    for place, cell in enumerate(notebook.cells):
        cell.id = f"{source.stem.replace('_', '-')}-{place}"
        cell.metadata = kept(cell)
    for machinery in ("papermill", "widgets"):  # a stored widget moves nothing, and holds the figure's whole script
        notebook.metadata.pop(machinery, None)
    write(notebook, target)
    return target


def kept(cell: Any) -> dict[str, Any]:
    """Return what belongs to the source among a cell's metadata."""
    return {key: value for key, value in cell.metadata.items() if key in KEPT and value}


def in_step(source: Path) -> bool:
    """Return whether the .ipynb beside a source has the same cells as the source."""
    stored = source.with_suffix(".ipynb")
    if not stored.exists():
        return False
    pair = (jupytext.read(source), nbformat.read(stored, as_version=4))
    first, second = ([(c.cell_type, c.source, kept(c)) for c in notebook.cells] for notebook in pair)
    return first == second
