"""The findings above the scoreboard: sentences whose numbers are taken from the stored verdicts."""

import math
import re
import tomllib
from html import escape
from pathlib import Path
from typing import Any

from book_intervals import drawn
from book_rows import Row, badge, slug

MINUS = re.compile(r"(?<!\w)-(?=\d)")


class Told:
    """What a sentence may say of a claim: `{JK-01.value:.4f}`, or a number of its rule, `{JK-01.least}`.

    Args:
        row: the claim with its verdict.

    Attributes:
        value, low, high, n: of the verdict.
        size: of the value, without its sign.
        factor: of which the value is the logarithm.
    """

    def __init__(self, row: Row) -> None:
        if row.verdict is None:
            raise ValueError(f"a finding rests on {row.claim.id}, which is not yet decided")
        estimate = row.verdict.estimate
        vars(self).update(row.claim.numbers | estimate.numbers() | {"size": abs(estimate.value)})
        self.factor = math.exp(min(estimate.value, 700.0))


def load(path: Path) -> list[dict[str, Any]]:
    """Return the findings of a file as they are stored: a sentence, with the verdicts that it tells."""
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["finding"] if path.exists() else []
    return found


def filled(template: str, known: dict[str, Told]) -> str:
    """Return a template with the numbers of the verdicts, and a true minus sign before those below zero."""
    return MINUS.sub("\N{MINUS SIGN}", template.format(**known))


def findings(root: Path, rows: dict[str, Row]) -> str:
    """Return the findings as a list in HTML, each with its number and unit, sentence, verdicts and intervals.

    Raises:
        ValueError: as `told`.
    """
    entries = load(root / "book/claims/findings.toml")
    return "\n".join(['<ol class="findings">', *(finding(entry, rows) for entry in entries), "</ol>"])


def told(entry: dict[str, Any], rows: dict[str, Row]) -> dict[str, Told]:
    """Return what a finding may say, by claim.

    Raises:
        ValueError: for a claim that is unknown or not decided, or whose verdict is another than the sentence tells.
    """
    for id, outcome in entry["verdicts"].items():
        if id not in rows or rows[id].outcome != outcome:
            now = rows[id].outcome if id in rows else "unknown"
            raise ValueError(f"a finding tells that {id} is {outcome}, but it is {now}: rewrite it")
    return {id: Told(rows[id]) for id in entry["verdicts"]}


def finding(entry: dict[str, Any], rows: dict[str, Row]) -> str:
    """Return a finding as an item of a list; see `findings`."""
    known = told(entry, rows)
    behind = "".join(source(rows[id]) for id in entry["verdicts"])
    return (
        f'<li><span class="finding-number">{escape(filled(entry["number"], known))}'
        f"<small>{escape(entry['unit'])}</small></span>"
        f'<div><p>{escape(filled(entry["sentence"], known))}</p><p class="finding-source">{behind}</p></div></li>'
    )


def named(row: Row, page: str = "") -> str:
    """Return a claim's name and verdict, with a link to its row on a page, by default the same."""
    return f'<a href="{page}#{slug(row.claim.id)}">{escape(row.claim.id)}</a> {badge(row.outcome)}'


def source(row: Row) -> str:
    """Return the verdict on which a finding rests, with a link to its row."""
    id = row.claim.id
    link = f'<a href="#{slug(id)}">{escape(id)}</a>'
    said = f"{link} <small>{row.claim.kind}</small> {badge(row.outcome)} {drawn(row.claim, row.verdict)}"
    return f'<span class="{slug(row.outcome)}">{said}</span>'
