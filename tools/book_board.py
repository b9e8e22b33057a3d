"""The scoreboard: bars of a study's verdicts, chips that choose, rows by study, and the same as CSV and JSON."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import Any

from book_markup import prose
from book_rows import SIGNS, Around, Row, badge, rows, slug

KINDS = {
    "stated": "Stated in words",
    "implied": "Implied by tables, figures or use",
    "ours": "Ours: left open by the study",
}
LABELLED = 0.06  # share of a bar from which a part has room for its number


def bars(counts: dict[str, Counter[str]]) -> str:
    """Return one stacked bar for each name, in HTML, from its counts of verdicts."""
    return "\n".join(['<ul class="bars">', *(bar(name, some) for name, some in counts.items()), "</ul>"])


def bar(name: str, counts: Counter[str]) -> str:
    """Return one bar as an item of a list."""
    parts, total = [(outcome, counts[outcome]) for outcome in SIGNS if counts[outcome]], counts.total()
    said = f"{total} claims: {', '.join(f'{count} {outcome}' for outcome, count in parts)}"
    drawn = "".join(
        f'<span class="{slug(outcome)}" style="flex-grow: {count}" title="{count} {outcome}">'
        f"{count if count / total >= LABELLED else ''}</span>"
        for outcome, count in parts
    )
    return (
        f'<li><span class="bar-name">{escape(name)}</span>'
        f'<span class="bar" role="img" aria-label="{escape(said)}">{drawn}</span>'
        f'<span class="bar-total">{total}</span></li>'
    )


def legend() -> str:
    """Return what the colours of the bars mean."""
    return f'<p class="legend">{" ".join(map(badge, SIGNS))}</p>'


def controls(found: Iterable[Row], titles: dict[str, str]) -> str:
    """Return search and chips, hidden until the page's script finds them."""
    every: list[Row] = list(found)
    outcomes, studies = Counter(row.outcome for row in every), Counter(row.study for row in every)
    kinds = Counter(row.claim.kind for row in every)
    facets: dict[str, dict[str, str]] = {
        "verdict": {slug(name): f"{badge(name)} {outcomes[name]}" for name in SIGNS if outcomes[name]},
        "study": {slug(name): f"{escape(title)} {studies[name]}" for name, title in titles.items() if studies[name]},
        "kind": {name: f"{name} {kinds[name]}" for name in KINDS if kinds[name]},
    }
    groups = "\n".join(group(facet, chips) for facet, chips in facets.items())
    return f"""<div class="board-filter" data-scoreboard hidden>
<label>Search <input type="search" autocomplete="off" spellcheck="false" placeholder="words, or an id such as JK-45">
</label>
{groups}
<p><span role="status"></span> <button type="button" class="chip" data-clear>Show all</button></p>
</div>"""


def group(facet: str, chips: dict[str, str]) -> str:
    """Return a group of chips."""
    buttons = "".join(
        f'<button type="button" class="chip" data-facet="{facet}" data-value="{value}" aria-pressed="false">{text}'
        "</button>"
        for value, text in chips.items()
    )
    return f'<div class="chips" role="group" aria-label="{facet.title()}"><span>{facet.title()}</span>{buttons}</div>'


def board(found: dict[str, list[Row]], titles: dict[str, str], around: Around) -> str:
    """Return controls and rows, the rows under the title of their study."""
    every = [row for some in found.values() for row in some]
    parts = [controls(every, titles)] if every else []
    parts += [f"## {prose(titles[study])}\n\n{rows(some, around, '../', home=True)}" for study, some in found.items()]
    return "\n\n".join(parts)


def facts(row: Row, around: Around) -> dict[str, Any]:
    """Return a claim and its verdict as one flat record."""
    claim, verdict = row.claim, row.verdict
    first, last = around.history.rules.get(claim.id, (None, None))
    numbers = (
        verdict.estimate.numbers() if verdict and verdict.estimate.n else dict.fromkeys(("value", "low", "high", "n"))
    )
    made = verdict.provenance if verdict else {}
    return {
        **{"id": claim.id, "study": row.study, "kind": claim.kind, "about": claim.about, "statement": claim.statement},
        **{"where": claim.where, "published": claim.published, "verdict": row.outcome},
        **{"statistic": verdict.statistic if verdict else None, **numbers, "units": claim.units},
        **{"needs": claim.needs, "given": claim.given, "rule": claim.rule, "construction": claim.construction},
        **{"written": first and f"{first.date} {first.commit}", "worded": last and f"{last.date} {last.commit}"},
        "amended": "; ".join(f"{change.date}, before: {change.outcome}" for change in claim.amendments),
        **{"reading": verdict.reading if verdict else None, "scale": verdict.scale if verdict else None},
        **{"chapter": row.chapter, "tables": " ".join(row.tables)},
        **{name: made.get(name) for name in ("date", "commit", "device", "seconds")},
    }


def downloads(found: dict[str, list[Row]], around: Around) -> dict[str, str]:
    """Return all claims as CSV and JSON, by name of the file."""
    records = [facts(row, around) for some in found.values() for row in some]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]) if records else ["id"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return {
        "scoreboard.csv": text.getvalue(),
        "scoreboard.json": json.dumps(records, ensure_ascii=False, indent=1) + "\n",
    }
