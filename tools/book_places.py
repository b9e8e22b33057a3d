"""Where notebooks show verdicts and code decides them, and the rows that take the place of a notebook's data frames."""

import ast
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FRAME = re.compile(r'<table border="1" class="dataframe">.*?</table>', re.DOTALL)
COLUMNS = ["statement", "verdict", "measured", "needs", "given"]  # of `latentlib.study.claims.summary`
NAMED = re.compile(r"<th>([A-Z]{2}-\d{2})</th>")
TOLD = re.compile(r"\(([A-Z]{2}-\d{2}), ([a-z ]+)\)")  # as `latentlib.study.results.Results.told` writes it


@dataclass(frozen=True)
class Place:
    """Where a notebook shows a verdict.

    Args:
        page: without suffix, such as `restoring/rates`.
        title: of the notebook.
        section: heading above the verdict.
    """

    page: str
    title: str
    section: str


@dataclass(frozen=True)
class Code:
    """The function that decides a claim.

    Args:
        path: from the root of the repository.
        line: of its decorator.
        tables: that it takes.
    """

    path: str
    line: int
    tables: tuple[str, ...]


def shown(html: str) -> list[str]:
    """Return the claims whose stored verdicts an HTML output shows as a data frame."""
    found = FRAME.search(html)
    if found is None or re.findall(r"<th>([a-z]+)</th>", found[0].split("</thead>")[0]) != [*COLUMNS, "claim"]:
        return []
    return NAMED.findall(found[0])


def outputs(notebook: dict[str, Any], kind: str) -> list[tuple[int, dict[str, Any], str]]:
    """Return place of the cell, data and text of every output of a kind."""
    return [
        (place, output["data"], "".join(output["data"][kind]))
        for place, cell in enumerate(notebook["cells"])
        for output in cell.get("outputs", [])
        if kind in output.get("data", {})
    ]


def places(notebooks: dict[str, bytes]) -> dict[str, Place]:
    """Return where each verdict is shown first, by claim, from notebooks by path."""
    found: dict[str, Place] = {}
    for path, content in notebooks.items():
        notebook = json.loads(content)
        for cell, _, html in outputs(notebook, "text/html"):
            texts = ["".join(above["source"]) for above in notebook["cells"][:cell] if above["cell_type"] == "markdown"]
            heads = [head for text in texts for head in re.findall(r"^#{1,3} (.+)$", text, re.MULTILINE)]
            page = path.removeprefix("notebooks/").removesuffix(".ipynb")
            for id in shown(html):
                found.setdefault(id, Place(page, heads[0] if heads else page, heads[-1] if len(heads) > 1 else ""))
    return found


def with_rows(content: bytes, rows: Callable[[list[str]], str], link: Callable[[str], str]) -> bytes:
    """Return a notebook whose verdicts are rows of the scoreboard, and whose told verdicts link to it.

    Args:
        content: the notebook as it is stored; what it holds beside these outputs stays.
        rows: returns the HTML of several claims by their ids.
        link: returns the HTML of a link to one.
    """
    notebook, changed = json.loads(content), False
    for _, data, html in outputs(notebook, "text/html"):
        if ids := shown(html):
            data["text/html"], changed = rows(ids), True
    for _, data, text in outputs(notebook, "text/markdown"):
        linked = TOLD.sub(lambda match: f"({link(match[1])}, {match[2]})", text)
        changed |= linked != text
        data["text/markdown"] = linked
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode() if changed else content


def deciding(root: Path) -> dict[str, Code]:
    """Return the function that decides each claim, by claim, as its decorator `decides` says."""
    found = {}
    for path in sorted((root / "notebooks" / "studies").glob("*/verdicts/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for call in getattr(node, "decorator_list", []):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "decides":
                    id, *tables = (part.value for part in call.args if isinstance(part, ast.Constant))
                    found[str(id)] = Code(path.relative_to(root).as_posix(), call.lineno, tuple(map(str, tables)))
    return found
