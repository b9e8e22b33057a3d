"""The tables of the book that are made from files: scoreboard, model cards, data cards.

They are plain HTML, so that a narrow screen can show each row as a card (book/web/book.css).
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any, get_args

from run_tables import HEADER, run_rows

from latentlib.data import CARDS, Card
from latentlib.study.claims import Claim, Outcome, Verdict, load_claims, load_verdicts
from latentlib.study.statistics import Estimate

SIGNS = {"supported": "✓", "contradicted": "✗", "inconclusive": "~", "not testable here": "∅", "not yet run": "·"}
QUALITY = {
    "fid": "FID to held-out images",
    "fid_real": "FID of training to held-out images, the floor",
    "confident_share": "share of its images of whose class the judge is sure",
    "confident_share_real": "the same of held-out images",
    "classes": "its images by class, as the judge sees them",
    "accuracy": "accuracy on the test images",
    "interval": "its 95 % interval",
    "accuracies": "accuracy on the test images by attribute, with its 95 % interval",
    "images": "images measured",
}

NEEDED = (
    *("model", "about", "architecture", "parameters", "dataset", "images", "recipe", "command"),
    *("licence", "seed", "device", "date", "commit", "seconds", "bytes", "sha256"),
)


def tables(root: Path) -> dict[str, str]:
    """Return the generated files, by name."""
    studies: dict[str, dict[str, Any]] = tomllib.loads((root / "book/claims/totals.toml").read_text())
    found = {chapter: chapter_of(root, chapter) for chapter in studies}
    return {
        "studies.md": studies_table(studies),
        "summary.md": summary_table(studies, found),
        "scoreboard.md": "\n\n".join(
            section(studies[chapter]["title"], *found[chapter]) for chapter in studies if found[chapter][0]
        ),
        "runs.md": "\n\n".join(
            f"`book/results/{path.name}`:\n\n{table('runs', HEADER, run_rows(path))}"
            for path in sorted((root / "book" / "results").glob("*"))
        ),
        "models.md": models(root / "latentlib" / "weights"),
        "datasets.md": "\n\n".join(map(data_card, CARDS.values())),
    }


def chapter_of(root: Path, chapter: str) -> tuple[dict[str, Claim], dict[str, Verdict]]:
    """Return a chapter's claims and verdicts; ValueError for a verdict without a claim or of unknown outcome."""
    path = root / "book" / "claims" / f"{chapter}.toml"
    claims = load_claims(path) if path.exists() else {}
    verdicts = load_verdicts(root / "book" / "results" / chapter)
    for name, verdict in verdicts.items():
        if name not in claims:
            raise ValueError(f"there is a verdict on {name}, but {path.name} holds no such claim")
        if verdict.outcome not in get_args(Outcome):
            raise ValueError(f"the verdict on {name} is {verdict.outcome!r}, none of {', '.join(get_args(Outcome))}")
    return claims, verdicts


def table(kind: str, header: Iterable[str], rows: Iterable[tuple[str, ...]], ids: Iterable[str] = ()) -> str:
    """Return an HTML table whose cells repeat their column's name for narrow screens."""
    header, names = list(header), iter(ids)
    head = "".join(f'<th scope="col">{name}</th>' for name in header)
    lines = [f'<table class="table cards {kind}">', f"<thead><tr>{head}</tr></thead>", "<tbody>"]
    for row in rows:
        row_cells = "".join(f'<td data-column="{name}">{cell}</td>' for name, cell in zip(header, row, strict=True))
        name = next(names, "")
        lines.append(f'<tr id="{escape(name)}">{row_cells}</tr>' if name else f"<tr>{row_cells}</tr>")
    return "\n".join([*lines, "</tbody>", "</table>"])


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return an HTML table of names and values, without those that have no value."""
    lines = [f'<tr><th scope="row">{escape(name)}</th><td>{value}</td></tr>' for name, value in rows if value]
    return "\n".join(['<table class="table facts">', "<tbody>", *lines, "</tbody>", "</table>"])


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


def summary_table(studies: dict[str, dict[str, Any]], found: dict[str, tuple[dict, dict[str, Verdict]]]) -> str:
    """Return the table of the number of claims of each chapter by verdict."""
    rows, sums = [], Counter[str]()
    for chapter, about in studies.items():
        outcomes = Counter(verdict.outcome for verdict in found[chapter][1].values())
        counts = {"claims": about["claims"], **{name: outcomes[name] for name in get_args(Outcome)}}
        counts["not yet run"] = about["claims"] - outcomes.total()
        sums.update(counts)
        rows.append((escape(f"{about['title']} ({about['study']})"), *map(str, counts.values())))
    header = ("Chapter", *(f"{SIGNS.get(name, '')} {name}".strip() for name in sums))
    return table("counts", header, [*rows, ("All", *map(str, sums.values()))])


def section(title: str, claims: dict[str, Claim], verdicts: dict[str, Verdict]) -> str:
    """Return a chapter's part of the scoreboard."""
    rows = [claim_row(claim, verdicts.get(name)) for name, claim in claims.items()]
    header = ("Claim", "Published", "Ours, 95 % interval", "Verdict")
    return f"## {prose(title)}\n\n{table('claims', header, rows, map(str.lower, claims))}"


def claim_row(claim: Claim, verdict: Verdict | None) -> tuple[str, ...]:
    """Return the cells of one claim."""
    rule = f"<details><summary>The rule</summary>{escape(claim.rule)}</details>"
    statement = f"<b>{escape(claim.id)}</b> {escape(claim.statement)}<small>{escape(claim.where)}</small>{rule}"
    if verdict is None:
        return statement, escape(claim.published), "", badge("not yet run")
    made = verdict.provenance
    origin = f"{verdict.scale} scale, {made.get('date', 'no date')}, commit {made.get('commit', 'unknown')}"
    measured = f"{interval(verdict.estimate)}<small>{escape(verdict.statistic)}</small>"
    ours = measured if verdict.estimate.n else ""
    reading = f"{badge(verdict.outcome)}<p>{escape(verdict.reading)}</p><small>{escape(origin)}</small>"
    return statement, escape(claim.published), ours, reading


def interval(estimate: Estimate) -> str:
    """Return value, interval and n in HTML; a value that is exact or equal in all units has no interval."""
    value, low, high = estimate.texts()
    spread = "no spread" if estimate.low == estimate.high else f"[{low}, {high}]"
    return " ".join(f"<span>{part}</span>" for part in (value, spread, f"n = {estimate.n}"))


def badge(outcome: str) -> str:
    """Return a verdict as sign and word in HTML."""
    kind = outcome.replace(" ", "-")
    return f'<span class="verdict {kind}"><span aria-hidden="true">{SIGNS[outcome]}</span> {outcome}</span>'


def models(weights: Path) -> str:
    """Return the cards of all trained models."""
    return "\n\n".join(map(model_card, sorted(weights.rglob("*.json")))) or "No model is trained in this checkout."


def model_card(path: Path) -> str:
    """Return one model's card; raise a ValueError if it is incomplete."""
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        lacking = [key for key in NEEDED if key not in card]
    except (ValueError, TypeError) as error:
        raise ValueError(f"the card {path} is damaged: {error}") from error
    if lacking:
        raise ValueError(f"the card {path} lacks {', '.join(lacking)}")
    quality = dict(card.get("quality", {}))
    if "classes" in quality:
        quality["classes"] = dict(zip(CARDS[card["dataset"]].classes, quality["classes"], strict=True))
    for name, (share, *ends) in quality.get("accuracies", {}).items():
        quality["accuracies"] = quality["accuracies"] | {name: f"{share:.4g} [{spelled(ends)}]"}
    rows = [
        ("architecture", f"{escape(card['architecture'])}, {card['parameters']:,} parameters"),
        ("trained on", f"{escape(card['dataset'])}, {card['images']:,} images"),
        ("recipe", escape(spelled(card["recipe"]))),
        ("losses at the end", escape(spelled(card.get("losses", {})))),
        *((QUALITY.get(key, key), escape(spelled(value))) for key, value in quality.items()),
        ("command", f"<code>{escape(card['command'])}</code>"),
        ("made", escape(f"{card['date']}, seed {card['seed']}, {card['device']}, {card['seconds']:,} s")),
        ("commit", escape(card["commit"])),
        ("licence", escape(card["licence"])),
        ("file", f"{card['bytes']:,} bytes, sha256 <code>{escape(card['sha256'])}</code>"),
    ]
    return f"## {prose(card['model'])}\n\n{prose(card['about'])}\n\n{facts(rows)}"


def spelled(value: Any) -> str:
    """Return a value, list or table of the card as running text."""
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {spelled(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(spelled, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def prose(text: str) -> str:
    """Return a text in one line of Markdown, with all special characters escaped."""
    return re.sub(r"([\\`*\[\]{}$])", r"\\\1", escape(" ".join(text.split())))


def marked(text: str) -> str:
    """Return a text in HTML, with words in backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def data_card(card: Card) -> str:
    """Return one data set's card."""
    channels, height, width = card.shape
    colour = "grey" if channels == 1 else f"{channels} channels"
    rows = [
        ("name in the library", f"<code>{escape(card.name)}</code>"),
        ("images", f"{height} by {width} pixels, {colour}"),
        ("counts", escape(spelled({split: f"{count:,}" for split, count in card.counts.items()}))),
        ("classes" if card.exclusive else "attributes", escape(", ".join(card.classes))),
        ("licence", escape(card.licence)),
        ("source", f'<a href="{escape(card.source)}">{escape(card.source)}</a>'),
        ("bundled sample", marked(card.sample_source)),
        ("note", marked(card.note)),
        ("sha256", "<br>".join(f"{escape(name)} <code>{value}</code>" for name, value in card.checksums.items())),
    ]
    return f"## {prose(card.title)}\n\n{{cite:t}}`{card.citation}`\n\n{facts(rows)}"
