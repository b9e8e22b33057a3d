"""The tables of claims: studies, counts of outcomes, scoreboard, and what was amended."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any, get_args

from book_markup import folded, prose, small, table

from latentlib.study.claims import Amendment, Claim, Kind, Outcome, Verdict, load_claims, load_verdicts
from latentlib.study.statistics import Estimate

SIGNS = {
    "supported": "✓",
    "by construction": "=",
    "contradicted": "✗",
    "not reproduced here": "≠",
    "inconclusive": "~",
    "not testable here": "∅",
    "not yet run": "·",
}
KINDS = {
    "stated": "Stated in words",
    "implied": "Implied by tables, figures or use",
    "ours": "Ours: left open by the study",
}
Found = tuple[dict[str, Claim], dict[str, Verdict]]


def tables(root: Path) -> dict[str, str]:
    """Return the generated files, by name."""
    studies: dict[str, dict[str, Any]] = tomllib.loads((root / "book/claims/totals.toml").read_text())
    found = {chapter: chapter_of(root, chapter, about["prefix"]) for chapter, about in studies.items()}
    begun = {studies[chapter]["title"]: found[chapter] for chapter in studies if found[chapter][0]}
    return {
        "studies.md": studies_table(studies),
        "summary.md": summary_table(studies, found),
        "kinds.md": kinds_table(found.values()),
        "scoreboard.md": sections(begun, scoreboard),
        "amendments.md": sections(begun, amended),
    }


def chapter_of(root: Path, chapter: str, prefix: str) -> Found:
    """Return a chapter's claims, and all verdicts on them, whichever chapter decides them.

    Raises:
        ValueError: for a verdict without a claim or of unknown outcome.
    """
    path = root / "book" / "claims" / f"{chapter}.toml"
    claims = load_claims(path) if path.exists() else {}
    every = (load_verdicts(folder) for folder in sorted((root / "book" / "results").glob("*")))
    verdicts = {id: verdict for found in every for id, verdict in found.items() if id.startswith(f"{prefix}-")}
    for name, verdict in verdicts.items():
        if name not in claims:
            raise ValueError(f"there is a verdict on {name}, but {path.name} holds no such claim")
        if verdict.outcome not in get_args(Outcome):
            raise ValueError(f"the verdict on {name} is {verdict.outcome!r}, none of {', '.join(get_args(Outcome))}")
    return claims, verdicts


def sections(begun: dict[str, Found], part: Callable[[Found], str]) -> str:
    """Return what a function makes of each chapter, under its title."""
    return "\n\n".join(f"## {prose(title)}\n\n{part(found)}" for title, found in begun.items())


def studies_table(studies: dict[str, dict[str, Any]]) -> str:
    """Return the table of studies: what each asks, and its number of claims."""
    lines = [":::{list-table}", ":header-rows: 1", ":widths: 25 55 20", ":class: studies"]
    lines += ["* - Study", "  - What it asks", "  - Claims"]
    for facts_of in studies.values():
        lines += [f"* - {prose(facts_of['title'])}, {{cite:t}}`{facts_of['cite']}`"]
        lines += [f"  - {prose(facts_of['question'])}"]
        lines += [f"  - {facts_of['claims']}"]
    total = sum(facts_of["claims"] for facts_of in studies.values())
    return "\n".join([*lines, "* - All", "  -", f"  - {total}", ":::"])


def counted(rows: dict[str, Counter[str]], first: str, outcomes: Iterable[str]) -> str:
    """Return a table of counts by outcome, one row for each name, with their sums."""
    total = sum(rows.values(), Counter[str]())
    header = (first, "claims", *(f"{SIGNS[name]} {name}" for name in outcomes))
    cells = [
        (escape(name), str(counts.total()), *(str(counts[outcome]) for outcome in outcomes))
        for name, counts in (rows | {"All": total}).items()
    ]
    return table("counts", header, cells)


def summary_table(studies: dict[str, dict[str, Any]], found: dict[str, Found]) -> str:
    """Return the table of the number of claims of each chapter by verdict."""
    rows = {}
    for chapter, about in studies.items():
        counts = Counter[str](verdict.outcome for verdict in found[chapter][1].values())
        counts["not yet run"] = about["claims"] - counts.total()
        rows[f"{about['title']} ({about['study']})"] = counts
    return counted(rows, "Chapter", (*get_args(Outcome), "not yet run"))


def kinds_table(found: Iterable[Found]) -> str:
    """Return the table of the number of decided claims of each kind by verdict."""
    rows = {KINDS[kind]: Counter[str]() for kind in get_args(Kind)}
    for claims, verdicts in found:
        for name, verdict in verdicts.items():
            rows[KINDS[claims[name].kind]][verdict.outcome] += 1
    return counted(rows, "Kind", get_args(Outcome))


def scoreboard(found: Found) -> str:
    """Return a chapter's part of the scoreboard."""
    claims, verdicts = found
    rows = [claim_row(claim, verdicts.get(name)) for name, claim in claims.items()]
    header = ("Claim", "Published", "Ours, 95 % interval", "Verdict")
    return table("claims", header, rows, map(str.lower, claims))


def claim_row(claim: Claim, verdict: Verdict | None) -> tuple[str, ...]:
    """Return the cells of one claim."""
    rule = folded("The rule", f"{escape(claim.rule)}{small(f'Given: {claim.given}.' if claim.given else '')}")
    shown = f'<a href="{escape(place(claim.shown))}">Where it is shown</a>' if claim.shown else ""
    kind = f"{claim.kind}, about {claim.about}: {claim.where}"
    statement = f"<b>{escape(claim.id)}</b> {escape(claim.statement)}{small(kind)}{rule}{shown}"
    history = "".join(map(changed, claim.amendments))
    if verdict is None:
        return statement, escape(claim.published), "", badge("not yet run") + history
    made = verdict.provenance
    origin = f"{verdict.scale} scale, {made.get('date', 'no date')}, commit {made.get('commit', 'unknown')}"
    needs = small(f"needs {claim.needs}") if claim.needs else ""
    measured = f"{interval(verdict.estimate, claim.units)}{needs}{small(verdict.statistic)}"
    ours = measured if verdict.estimate.n else ""
    why = f"<p>{escape(claim.construction)}</p>" if verdict.outcome == "by construction" else ""
    reading = f"{badge(verdict.outcome)}{why}<p>{escape(verdict.reading)}</p>{history}{small(origin)}"
    return statement, escape(claim.published), ours, reading


def place(shown: str) -> str:
    """Return the address of the page, and the figure on it, that shows a claim, seen from a page of `book`."""
    page, _, label = shown.partition("#")
    return f"../notebooks/{page}.html" + f"#{label}" * bool(label)


def changed(amendment: Amendment) -> str:
    """Return what was changed of a claim, folded."""
    old = f"<p>The old rule: {escape(amendment.rule)}</p>" if amendment.rule else ""
    before = f"<p>By it: {badge(amendment.outcome)}, {escape(amendment.measured or 'no number')}.</p>"
    return folded(f"Amended {amendment.date}", f"<p>{escape(amendment.reason)}</p>{old}{before}")


def interval(estimate: Estimate, units: str = "") -> str:
    """Return value, interval and n in HTML; a value that is exact or equal in all units has no interval."""
    value, low, high = estimate.texts()
    spread = "no spread" if estimate.low == estimate.high else f"[{low}, {high}]"
    return " ".join(f"<span>{part}</span>" for part in (value, spread, escape(f"n = {estimate.n} {units}".strip())))


def badge(outcome: str) -> str:
    """Return a verdict as sign and word in HTML."""
    kind = escape(outcome.replace(" ", "-"))
    return f'<span class="verdict {kind}"><span aria-hidden="true">{SIGNS[outcome]}</span> {escape(outcome)}</span>'


def amended(found: Found) -> str:
    """Return a chapter's table of old against new outcomes, with the reasons."""
    claims, verdicts = found
    changes = [(claim, change, verdicts.get(id)) for id, claim in claims.items() for change in claim.amendments]
    turned = [found and found.outcome != change.outcome for _, change, found in changes]
    order = sorted(range(len(changes)), key=lambda place: not turned[place])  # the others after them, as they were
    rows = [amended_row(*changes[place]) for place in order]
    count = f"{sum(map(bool, turned))} of {len(rows)} amendments changed an outcome; they come first.\n\n"
    return count + table("amended", ("Claim", "Before", "Now", "Why"), rows) if rows else "Nothing was amended."


def amended_row(claim: Claim, change: Amendment, verdict: Verdict | None) -> tuple[str, ...]:
    """Return the cells of one amendment."""
    link = f'<a href="scoreboard.html#{escape(claim.id.lower())}">{escape(claim.id)}</a>'
    now = "not yet run" if verdict is None else verdict.outcome
    measured = "" if verdict is None or not verdict.estimate.n else f"{verdict.estimate}"
    return (
        f"{link} {escape(claim.statement)}",
        badge(change.outcome) + small(change.measured),
        badge(now) + small(measured),
        f"{escape(change.reason)}{small(change.date)}",
    )
