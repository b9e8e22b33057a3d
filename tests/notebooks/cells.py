"""A notebook executed in this process, cell by cell, with what each cell shows in a form that compares."""

import ast
import contextlib
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "notebooks").glob("*/*.py") if path.parent.name != "studies")


def code(source: Path) -> list[str]:
    """The code cells of a notebook."""
    return [cell.source for cell in jupytext.read(source).cells if cell.cell_type == "code"]


def parameters(source: Path) -> dict[str, Any]:
    """The names and values in its cell of parameters."""
    cell = next(cell for cell in jupytext.read(source).cells if "parameters" in cell.metadata.get("tags", []))
    values: dict[str, Any] = {}
    exec(cell.source, values)
    return {name: value for name, value in values.items() if not name.startswith("__")}


def executed(source: Path, **changed: Any) -> Iterator[str]:
    """What each code cell shows, in turn, when papermill has set some parameters; an error of a cell is raised."""
    first, *others = code(source)
    injected = "\n".join(["# Parameters", *(f"{name} = {value!r}" for name, value in changed.items())])
    cells = [first, injected, *others]
    variables: dict[str, Any] = {"__name__": "__main__", "In": ["", *cells]}
    for cell in cells:
        yield shown(cell, variables)


def shown(cell: str, variables: dict[str, Any]) -> str:
    """What a cell prints, and its last expression as text."""
    body = ast.parse("\n".join(line for line in cell.splitlines() if not line.lstrip().startswith(("!", "%")))).body
    last = ast.Expression(body.pop().value) if body and isinstance(body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(io.StringIO()):
        exec(compile(ast.Module(body, []), "cell", "exec"), variables)
        value = eval(compile(last, "cell", "eval"), variables) if last else None
    return printed.getvalue() + as_text(value)


def as_text(value: Any) -> str:
    """A figure by its pixels, an element of a page by its source, a table by its cells, anything else by its text."""
    if isinstance(value, Figure):
        stream = io.BytesIO()
        value.savefig(stream, format="raw", dpi=30)
        return hashlib.sha256(stream.getvalue()).hexdigest()
    if isinstance(value, HTML | Markdown):
        return str(value.data)
    return value.to_string() if hasattr(value, "to_string") else "" if value is None else str(value)
