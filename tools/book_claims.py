"""What is made of claims and verdicts: studies, counts, findings, scoreboard, amendments, and the rows in notebooks."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, get_args

import yaml
from book_board import KINDS, bars, board, downloads, legend
from book_findings import findings
from book_history import history
from book_markup import captioned, folded, prose, small, table
from book_places import deciding, places, with_rows
from book_rows import PENDING, SIGNS, Around, Row, badge, rows, slug

from latentlib.study.claims import Amendment, Kind, Outcome, Verdict, load_claims, load_verdicts


@dataclass(frozen=True)
class Claims:
    """All claims of the book.

    Args:
        studies: facts of each study, by name, as `totals.toml` has them.
        rows: of each study whose rules are written, in order.
        around: what surrounds them.
    """

    studies: dict[str, dict[str, Any]]
    rows: dict[str, list[Row]]
    around: Around

    @property
    def by_id(self) -> dict[str, Row]:
        """Every row by its claim."""
        return {row.claim.id: row for some in self.rows.values() for row in some}


def load(root: Path, notebooks: dict[str, bytes]) -> Claims:
    """Return the claims of a repository, and where notebooks, by path, show them.

    Raises:
        ValueError: for a verdict without a claim or of unknown outcome.
    """
    studies: dict[str, dict[str, Any]] = tomllib.loads((root / "book/claims/totals.toml").read_text())
    config = yaml.safe_load((root / "_config.yml").read_text()).get("repository", {})
    around = Around(
        places(notebooks), deciding(root), history(root), config.get("url", ""), config.get("branch", "main")
    )
    verdicts = {
        id: (folder.name, verdict)
        for folder in sorted((root / "book/results").glob("*"))
        for id, verdict in load_verdicts(folder).items()
    }
    found = {name: rows_of(root, name, about["prefix"], verdicts, around) for name, about in studies.items()}
    return Claims(studies, {name: some for name, some in found.items() if some}, around)


def rows_of(root: Path, study: str, prefix: str, verdicts: dict[str, tuple[str, Verdict]], around: Around) -> list[Row]:
    """Return a study's claims with their verdicts, whichever chapter decides them; see `load`."""
    path = root / "book/claims" / f"{study}.toml"
    claims = load_claims(path) if path.exists() else {}
    for name, (_, verdict) in verdicts.items():
        if name.startswith(f"{prefix}-") and name not in claims:
            raise ValueError(f"there is a verdict on {name}, but {path.name} holds no such claim")
        if verdict.outcome not in get_args(Outcome):
            raise ValueError(f"the verdict on {name} is {verdict.outcome!r}, none of {', '.join(get_args(Outcome))}")
    found = []
    for id, claim in claims.items():
        code = around.codes.get(id)
        chapter, verdict = verdicts.get(id, (code.path.split("/")[2] if code else study, None))
        stored = (
            name for name in (code.tables if code else ()) if (root / f"book/results/{chapter}/{name}.csv").exists()
        )
        found.append(Row(claim, verdict, study, chapter, tuple(stored)))
    return found


def tables(root: Path, notebooks: dict[str, bytes]) -> dict[str, str]:
    """Return the generated files, by name."""
    claims = load(root, notebooks)
    titles = {name: about["title"] for name, about in claims.studies.items()}
    summary, kinds = by_study(claims), by_kind(claims.by_id.values())
    return {
        "studies.md": studies_table(claims.studies),
        "summary.md": f"{legend()}\n\n{bars(summary)}\n\n{folded('In numbers', counted(summary, 'Chapter'))}",
        "kinds.md": f"{bars(kinds)}\n\n{folded('In numbers', counted(kinds, 'Kind'))}",
        "findings.md": findings(root, claims.by_id),
        "scoreboard.md": board(claims.rows, titles, claims.around),
        "amendments.md": "\n\n".join(
            f"## {prose(titles[name])}\n\n{amended(name, some)}" for name, some in claims.rows.items()
        ),
        **downloads(claims.rows, claims.around),
    }


def with_verdicts(root: Path, notebooks: dict[str, bytes]) -> dict[str, bytes]:
    """Return notebooks, by path, that show each verdict by its row of the scoreboard, linked both ways."""
    claims = load(root, notebooks)
    known, shown = claims.by_id, {}
    for path, content in notebooks.items():
        up = "../" * path.count("/")

        def listed(ids: list[str], up: str = up) -> str:
            return rows([known[id] for id in ids], claims.around, up, home=False)

        def link(id: str, up: str = up) -> str:
            return f'<a href="{up}book/scoreboard.html#{slug(id)}">{escape(id)}</a>'

        shown[path] = with_rows(content, listed, link)
    return shown


def studies_table(studies: dict[str, dict[str, Any]]) -> str:
    """Return the table of studies: what each asks, and its number of claims."""
    lines = [":::{list-table}", ":header-rows: 1", ":widths: 25 55 20", ":class: studies"]
    lines += ["* - Study", "  - What it asks", "  - Claims"]
    for facts_of in studies.values():
        lines += [f"* - {prose(facts_of['title'])}, {{cite:t}}`{facts_of['cite']}`"]
        lines += [f"  - {prose(facts_of['question'])}"]
        lines += [f"  - {facts_of['claims']}"]
    total = sum(facts_of["claims"] for facts_of in studies.values())
    listing = "\n".join([*lines, "* - All", "  -", f"  - {total}", ":::"])
    return captioned("studies", "The studies, and how many claims each makes or lets us ask.", listing)


def by_study(claims: Claims) -> dict[str, Counter[str]]:
    """Return the number of claims of each study by verdict; those without a rule are not yet decided."""
    found = {}
    for study, about in claims.studies.items():
        counts = Counter(row.outcome for row in claims.rows.get(study, []))
        counts[PENDING] += about["claims"] - counts.total()
        found[f"{about['title']} ({about['study']})"] = counts
    return found


def by_kind(found: Iterable[Row]) -> dict[str, Counter[str]]:
    """Return the number of decided claims of each kind by verdict."""
    counts = {KINDS[kind]: Counter[str]() for kind in get_args(Kind)}
    for row in found:
        counts[KINDS[row.claim.kind]][row.outcome] += row.verdict is not None
    return counts


def counted(counts: dict[str, Counter[str]], first: str) -> str:
    """Return a table of counts by verdict, one row for each name, with their sums."""
    total = sum(counts.values(), Counter[str]())
    outcomes = [name for name in SIGNS if name != PENDING or total[name]]
    header = (first, "claims", *(f"{SIGNS[name]} {name}" for name in outcomes))
    cells = [
        (escape(name), str(some.total()), *(str(some[outcome]) for outcome in outcomes))
        for name, some in (counts | {"All": total}).items()
    ]
    return table("counts", header, cells, "Claims by verdict.")


def amended(study: str, found: list[Row]) -> str:
    """Return a study's table of old against new outcomes, with the reasons."""
    changes = [(row, change) for row in found for change in row.claim.amendments]
    turned = [row.verdict is not None and row.outcome != change.outcome for row, change in changes]
    order = sorted(range(len(changes)), key=lambda place: not turned[place])  # the others after them, as they were
    lines = [amended_row(*changes[place]) for place in order]
    count = f"{sum(turned)} of {len(lines)} amendments changed an outcome; they come first.\n\n"
    listing = table("amended", ("Claim", "Before", "Now", "Why"), lines)
    caption = "Outcomes before and after, and the reasons."
    return count + captioned(f"amended-{study}", caption, listing) if lines else "Nothing was amended."


def amended_row(row: Row, change: Amendment) -> tuple[str, ...]:
    """Return the cells of one amendment."""
    claim, verdict = row.claim, row.verdict
    link = f'<a href="scoreboard.html#{slug(claim.id)}">{escape(claim.id)}</a>'
    measured = "" if verdict is None or not verdict.estimate.n else f"{verdict.estimate}"
    return (
        f"{link} {escape(claim.statement)}",
        badge(change.outcome) + small(change.measured),
        badge(row.outcome) + small(measured),
        f"{escape(change.reason)}{small(change.date)}",
    )
