"""Executing notebooks: papermill with names checked, a time limit, and no output that only looks finished."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import papermill

from latentlib import files

TIMEOUT = 600  # seconds a cell
KEPT = {
    "tags",
    "mystnb",
}  # cell metadata that belongs to the source, unlike papermill's timings, jupytext's blank lines


def execute(source: Path, target: Path, parameters: Mapping[str, Any] | None = None) -> None:
    """Execute a py:percent notebook in its own folder and write the executed notebook when it has ended well.

    Raises:
        ValueError: for a parameter that the notebook does not have.
        papermill.PapermillExecutionError: for a cell that fails.
    """
    parameters = dict(parameters or {})
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.stem}.source.ipynb")
    running = target.with_name(f".{target.stem}.running.ipynb")
    try:
        notebook = jupytext.read(source)
        notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
        nbformat.write(notebook, draft)
        check_names(draft, parameters)
        papermill.execute_notebook(
            draft, running, parameters, cwd=source.parent, execution_timeout=TIMEOUT, progress_bar=True
        )
        with files.replacing(target) as partial:
            partial.write_text(running.read_text())
    finally:
        draft.unlink(missing_ok=True)
        running.unlink(missing_ok=True)


def check_names(notebook: Path, parameters: Mapping[str, Any]) -> None:
    """ValueError unless the notebook has every parameter."""
    accepted = papermill.inspect_notebook(notebook)
    for name in parameters:
        if name not in accepted:
            raise ValueError(f"unknown parameter {name!r}; accepted: {', '.join(accepted)}")


def store(source: Path) -> Path:
    """Execute a notebook at its defaults and keep the outputs in the .ipynb beside it, free of timings."""
    target = source.with_suffix(".ipynb")
    executed = target.with_name(f".{source.stem}.executed.ipynb")
    try:
        execute(source, executed)
        notebook = nbformat.read(executed, as_version=4)
    finally:
        executed.unlink(missing_ok=True)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{source.stem.replace('_', '-')}-{number}"
        cell.metadata = kept(cell)
    for machinery in ("papermill", "widgets"):  # a stored widget moves nothing, and holds the figure's whole script
        notebook.metadata.pop(machinery, None)
    with files.replacing(target) as partial:
        nbformat.write(notebook, partial)
    return target


def kept(cell: Any) -> dict[str, Any]:
    """Return what belongs to the source among a cell's metadata."""
    return {key: value for key, value in cell.metadata.items() if key in KEPT and value}


def in_step(source: Path) -> bool:
    """Whether the .ipynb beside a source has the same cells as the source."""
    stored = source.with_suffix(".ipynb")
    if not stored.exists():
        return False
    pair = (jupytext.read(source), nbformat.read(stored, as_version=4))
    first, second = ([(c.cell_type, c.source, kept(c)) for c in notebook.cells] for notebook in pair)
    return first == second
