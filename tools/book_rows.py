"""The row of a claim: what it says and how it fared in a line, which opens to rule, numbers, places and commands.

The scoreboard shows it, and so do the notebooks, in place of their data frames of verdicts.
"""

from dataclasses import dataclass, field
from html import escape

import book_intervals
from book_history import History
from book_markup import small
from book_places import Code, Place

from latentlib.study.claims import Amendment, Claim, Verdict

SIGNS = {
    "supported": "✓",
    "by construction": "=",
    "contradicted": "✗",
    "not reproduced here": "≠",
    "inconclusive": "~",
    "not testable here": "∅",
    "not yet decided": "·",
}
PENDING = "not yet decided"
COLUMNS = ("Claim", "Verdict", "95 % interval", "n")


@dataclass(frozen=True)
class Row:
    """A claim, its verdict, and where it is decided.

    Args:
        claim: from its chapter's TOML.
        verdict: None where it is not yet decided.
        study: the study that makes it, by name.
        chapter: the chapter whose tables decide it.
        tables: of that chapter that are stored and that its rule takes.
    """

    claim: Claim
    verdict: Verdict | None
    study: str
    chapter: str
    tables: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """The verdict in words."""
        return self.verdict.outcome if self.verdict else PENDING


@dataclass(frozen=True)
class Around:
    """What surrounds the claims.

    Args:
        places: where a notebook shows a verdict, by claim.
        codes: the function that decides it, by claim.
        history: what git knows.
        repository: address of the source on the web, empty if there is none.
        branch: of the repository.
    """

    places: dict[str, Place] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    history: History = field(default_factory=History)
    repository: str = ""
    branch: str = ""


def badge(outcome: str) -> str:
    """Return a verdict as sign and word in HTML."""
    sign = f'<span aria-hidden="true">{SIGNS[outcome]}</span>'
    return f'<span class="verdict {slug(outcome)}">{sign} {escape(outcome)}</span>'


def slug(text: str) -> str:
    """Return a text as a name of HTML classes and addresses."""
    return escape(text.lower().replace(" ", "-"))


def rows(found: list[Row], around: Around, root: str, home: bool) -> str:
    """Return a list of claims in HTML.

    Args:
        found: the claims in order.
        around: what surrounds them.
        root: the way from the page to the book's root, such as `../`.
        home: whether the page is the scoreboard.
    """
    columns = "".join(f"<span>{name}</span>" for name in COLUMNS)
    items = "\n".join(item(row, around, root, home) for row in found)
    return (
        f'<div class="claims"><div class="claims-head" aria-hidden="true">{columns}</div>\n<ul>\n{items}\n</ul>\n</div>'
    )


def item(row: Row, around: Around, root: str, home: bool) -> str:
    """Return the row of a claim as an item of a list; see `rows`."""
    claim, verdict, id = row.claim, row.verdict, row.claim.id.lower()
    units = verdict and verdict.estimate.n and f"{verdict.estimate.n:,} {escape(claim.units)}"
    facets = f' data-study="{slug(row.study)}" data-kind="{claim.kind}" data-verdict="{slug(row.outcome)}"' * home
    there = "" if home else f"{root}book/scoreboard.html"
    return (
        f'<li class="claim {slug(row.outcome)}" id="{slug(id)}"{facets}>'
        f'<a class="claim-id" href="{there}#{slug(id)}">{escape(claim.id)}</a>'
        f'<details><summary><span class="claim-text">{escape(claim.statement)}</span>{badge(row.outcome)}'
        f'<span class="claim-drawn">{book_intervals.drawn(claim, verdict)}</span>'
        f'<span class="claim-n">{units or ""}</span></summary>'
        f'<div class="claim-more">{opened(row, around, root, home)}</div></details></li>'
    )


def opened(row: Row, around: Around, root: str, home: bool) -> str:
    """Return what a row opens to."""
    claim, verdict = row.claim, row.verdict
    why = f"<p>It could not fail: {escape(claim.construction)}</p>" if claim.construction else ""
    return "".join(
        (
            why,
            beside(claim, verdict),
            f"<p><b>Reading.</b> {escape(verdict.reading)}</p>" if verdict else "",
            f"<p><b>Rule.</b> {escape(claim.rule)}{small(ruled(claim, around.history))}</p>",
            *map(changed, claim.amendments),
            links(row, around, root, home),
            made(row, verdict, around.history) if verdict else "",
        )
    )


def beside(claim: Claim, verdict: Verdict | None) -> str:
    """Return the study's value and ours side by side."""
    theirs = f"{escape(claim.published)}{small(f'{claim.kind}, about {claim.about}: {claim.where}')}"
    ours = "nothing measured yet" if verdict is None else "no number"
    if verdict is not None and verdict.estimate.n:
        needs = book_intervals.said(claim, verdict.statistic)
        ours = interval(verdict, claim.units) + small(f"{verdict.statistic}" + f"; needs {needs}" * bool(needs))
    return (
        f'<dl class="beside"><div><dt>Published</dt><dd>{theirs}</dd></div><div><dt>Here</dt><dd>{ours}</dd></div></dl>'
    )


def interval(verdict: Verdict, units: str = "") -> str:
    """Return value, interval and n in HTML; a value that is exact or equal in all units has no interval."""
    value, low, high = verdict.estimate.texts()
    spread = "no spread" if verdict.estimate.low == verdict.estimate.high else f"[{low}, {high}]"
    return " ".join(
        f"<span>{escape(part)}</span>" for part in (value, spread, f"n = {verdict.estimate.n:,} {units}".strip())
    )


def ruled(claim: Claim, history: History) -> str:
    """Return on what a rule is conditional, and since when it stands."""
    given = f"Given: {claim.given}. " if claim.given else ""
    if claim.id not in history.rules:
        return f"{given}This copy has no history that tells when the rule was written."
    first, last = history.rules[claim.id]
    since = f", in this wording since {last.date} (commit {last.commit})" if last != first else ""
    return f"{given}Written on {first.date} (commit {first.commit}){since}."


def changed(amendment: Amendment) -> str:
    """Return what was changed of a claim; the old rule folded."""
    before = f"By it: {badge(amendment.outcome)}, {escape(amendment.measured or 'no number')}."
    old = f"<details><summary>The old rule</summary><p>{escape(amendment.rule)}</p></details>" if amendment.rule else ""
    return f"<p><b>Amended {escape(amendment.date)}.</b> {escape(amendment.reason)} {before}</p>{old}"


def links(row: Row, around: Around, root: str, home: bool) -> str:
    """Return links to scoreboard, chapter, figure, tables, verdict and code."""
    id, results = row.claim.id, f"{root}_static/{row.chapter}"
    found = [] if home else [(f"{root}book/scoreboard.html#{slug(id)}", "On the scoreboard")]
    place = around.places.get(id)
    if place and home:
        section = f", {place.section}" if place.section else ""
        found.append((f"{root}notebooks/{place.page}.html#{slug(id)}", f"{place.title}{section}"))
    page, _, label = row.claim.shown.partition("#")
    if row.verdict and (label or (page and not place)):  # what is not decided yet may have no page yet
        found.append((f"{root}notebooks/{page}.html" + f"#{label}" * bool(label), "Figure" if label else "Page"))
    found += [(f"{results}/{table}.csv", f"{table}.csv") for table in row.tables]
    if row.verdict:
        found.append((f"{results}/verdicts/{id}.json", f"{id}.json"))
    code = around.codes.get(id)
    if code and around.repository:
        address = f"{around.repository}/blob/{around.branch}/{code.path}#L{code.line}"
        found.append((address, f"{code.path.rpartition('/')[2]}, line {code.line}"))
    each = "".join(f'<li><a href="{escape(address)}">{escape(text)}</a></li>' for address, text in found)
    return f'<ul class="claim-links">{each}</ul>' if found else ""


def made(row: Row, verdict: Verdict, history: History) -> str:
    """Return the commands that make a verdict, and when and where it was made."""
    facts = verdict.provenance
    dates = sorted(str(facts.get("date", "no date")).split(", "))
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    commits = history.span(str(facts.get("commit", "unknown")))
    spent = f", {facts['seconds']:,.0f} s" if facts.get("seconds") else ""
    origin = f"Computed at {verdict.scale} scale, {when}, {commits}, {facts.get('device', 'no device')}{spent}."
    whole = f"latentlib reproduce {row.chapter} --scale {verdict.scale}"
    commands = "\n".join(f"{whole} --only {table}" for table in row.tables) or f"{whole} --keep"
    return f'<div class="highlight"><pre>{escape(commands)}\n</pre></div>{small(origin)}'
