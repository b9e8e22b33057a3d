"""The markup of generated tables: plain HTML, so that a narrow screen can show each row as a card."""

import re
from collections.abc import Iterable
from html import escape
from typing import Any


def table(kind: str, header: Iterable[str], rows: Iterable[tuple[str, ...]], caption: str = "") -> str:
    """Return an HTML table whose cells repeat their column's name for narrow screens."""
    header = list(header)
    head = "".join(f'<th scope="col">{name}</th>' for name in header)
    lines = [f'<table class="table cards {kind}">', *([f"<caption>{caption}</caption>"] if caption else [])]
    lines += [f"<thead><tr>{head}</tr></thead>", "<tbody>"]
    for row in rows:
        row_cells = "".join(f'<td data-column="{name}">{cell}</td>' for name, cell in zip(header, row, strict=True))
        lines.append(f"<tr>{row_cells}</tr>")
    return "\n".join([*lines, "</tbody>", "</table>"])


def captioned(name: str, caption: str, content: str) -> str:
    """Return a table in Markdown with its caption and a number, which is `book_numbers`' work."""
    return f"::::{{captioned}} {caption}\n:name: tab-{name}\n\n{content}\n::::"


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return an HTML table of names and values, without those that have no value."""
    lines = [f'<tr><th scope="row">{escape(name)}</th><td>{value}</td></tr>' for name, value in rows if value]
    return "\n".join(['<table class="table facts">', "<tbody>", *lines, "</tbody>", "</table>"])


def folded(summary: str, content: str) -> str:
    """Return HTML that a click on its summary unfolds."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def small(text: str) -> str:
    """Return a text as small print in HTML, empty for an empty text."""
    return f"<small>{escape(text)}</small>" if text else ""


def prose(text: str) -> str:
    """Return a text in one line of Markdown, with all special characters escaped."""
    return re.sub(r"([\\`*\[\]{}$])", r"\\\1", escape(" ".join(text.split())))


def marked(text: str) -> str:
    """Return a text in HTML, with words in backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def spelled(value: Any) -> str:
    """Return a value, list or table of a card as running text."""
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {spelled(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(spelled, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
