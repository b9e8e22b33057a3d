"""The first page of each chapter: study, answer, picture, verdicts, reading path, and what ships.

A chapter's page is one small file, `book/chapters/NAME.toml`, and its line in `_toc.yml` with the notebooks below it:

    study = "restoring"         # as totals.toml has it
    title = "Restoring"
    answer = "A heading that says what came out"
    figure = "restoring/descent#fig-descent-budget"
    models = ["restoring/*"]    # of the zoo
    [[finding]]                 # as in findings.toml, without number and unit
    verdicts = { JK-01 = "supported" }
    sentence = "..."

All else is taken from claims, notebooks and cards.
"""

import base64
import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatch
from html import escape
from pathlib import Path
from typing import Any

import book_claims
import book_findings
import book_models
import yaml
from book_board import bar, legend
from book_markup import captioned, prose, table
from book_themes import transparent
from pybtex.database import BibliographyData, parse_file

from latentlib.data import CARDS

FOLDER = "book/chapters"
MINUTES = {"five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30}
TIMES = re.compile(r"(\w+) minutes to read, ([^.*]+) to run")
UP = "../../"  # from a chapter's page to the book's root


@dataclass(frozen=True)
class Step:
    """A notebook of the reading path.

    Args:
        name: its page, without suffix.
        title: its first heading.
        minutes: to read.
        running: the time to run, in words.
    """

    name: str
    title: str
    minutes: int
    running: str


def staged(root: Path, notebooks: dict[str, bytes]) -> dict[str, bytes]:
    """Return the chapters' pages and pictures by path.

    Raises:
        ValueError: for a verdict that is not as a sentence tells, and for a notebook without title, times or figure.
    """
    found: dict[str, bytes] = {}
    paths = sorted((root / FOLDER).glob("*.toml"))
    if not paths:
        return found
    claims, works = book_claims.load(root, notebooks), parse_file(str(root / "book/references.bib"))
    for path in paths:
        chapter = tomllib.loads(path.read_text(encoding="utf-8"))
        name = path.stem
        steps = [step(page, notebooks) for page in below(root / "_toc.yml", f"{FOLDER}/{name}")]
        picture, kind, alt = figure(notebooks, chapter["figure"])
        found[f"{FOLDER}/{name}.{kind}"] = picture
        shown = f"```{{image}} {name}.{kind}\n:alt: {alt}\n:class: key-picture\n```"
        found[f"{FOLDER}/{name}.md"] = page(root, name, chapter, claims, steps, shown, works).encode()
    return found


def page(
    root: Path,
    name: str,
    chapter: dict[str, Any],
    claims: book_claims.Claims,
    steps: list[Step],
    picture: str,
    works: BibliographyData,
) -> str:
    """Return a chapter's page in Markdown; its headings are HTML, for Sphinx would number them as if notebooks."""
    study = claims.studies[chapter["study"]]
    title, counts = next(some for some in book_claims.by_study(claims).items() if some[0].startswith(study["title"]))
    source, _, label = chapter["figure"].partition("#")
    whence = next(step.title for step in steps if step.name == f"notebooks/{source}")
    return "\n\n".join(
        (
            "---\nhtml_theme.sidebar_secondary.remove: true\n---",
            f"# {prose(chapter['title'])}",
            f"{{cite:t}}`{study['cite']}`, *{prose(title_of(works, study['cite']))}*. {prose(study['question'])}",
            heading("answer", chapter["answer"]),
            answers(chapter["finding"], claims),
            picture,
            f"{{numref}}`{label}`, from [{prose(whence)}]({UP}notebooks/{source}.ipynb).",
            heading("verdicts", f"Of {counts.total()} claims, {spelled(counts)}"),
            f'{legend()}\n\n<ul class="bars">\n{bar(title, counts)}\n</ul>',
            f"Every claim has its rule, its numbers and its table on the [scoreboard]({UP}book/scoreboard.md).",
            heading("path", f"{len(steps)} notebooks, {sum(step.minutes for step in steps)} minutes to read"),
            captioned(
                f"path-{name}",
                "The notebooks in order, with the time they take.",
                table("path", ("Notebook", "To read", "To run"), map(listed, steps)),
            ),
            heading("ships", "What ships, and what needs data"),
            ships(root, name, chapter["models"]),
        )
    )


def heading(name: str, text: str) -> str:
    """Return a heading in HTML, with a name to link to."""
    return f'<h2 id="{name}">{escape(text)}</h2>'


def spelled(counts: Counter[str]) -> str:
    """Return the commonest verdicts in words."""
    first, *others = [f"{count} {outcome}" for outcome, count in counts.most_common(3)]
    return f"{first.replace(' ', ' are ', 1)}, {', '.join(others)}" if others else first


def title_of(works: BibliographyData, cite: str) -> str:
    """Return the title of a work."""
    return re.sub(r"[{}]", "", works.entries[cite].fields["title"]).replace("--", "\N{EN DASH}")


def answers(entries: list[dict[str, Any]], claims: book_claims.Claims) -> str:
    """Return the answer's sentences, each with the verdicts that it rests on."""
    lines = []
    for entry in entries:
        rows = [claims.by_id[id] for id in entry["verdicts"]]
        said = escape(book_findings.filled(entry["sentence"], book_findings.told(entry, claims.by_id)))
        behind = " ".join(f"<span>{book_findings.named(row, f'{UP}book/scoreboard.html')}</span>" for row in rows)
        lines.append(f'<li>{said} <span class="answer-source">{behind}</span></li>')
    return "\n".join(['<ol class="answers">', *lines, "</ol>"])


def below(toc: Path, chapter: str) -> list[str]:
    """Return the pages that stand below a chapter's in the table of contents, in order."""
    for part in yaml.safe_load(toc.read_text(encoding="utf-8")).get("parts", []):
        for entry in part["chapters"]:
            if entry["file"] == chapter:
                return [each["file"] for each in entry["sections"]]
    raise ValueError(f"{chapter} has a file, but no place in _toc.yml")


def step(name: str, notebooks: dict[str, bytes]) -> Step:
    """Return a notebook of the reading path, by its page."""
    cells = json.loads(notebooks[f"{name}.ipynb"])["cells"]
    text = " ".join("".join("".join(cell["source"]) for cell in cells[:1]).split("\n"))
    title = re.match(r"# (.+?)(?= \*| {2})", text)
    times = TIMES.search(text)
    if title is None or times is None or times[1].lower() not in MINUTES:
        raise ValueError(f"{name} does not begin with its title and the minutes that it takes")
    return Step(name, title[1], MINUTES[times[1].lower()], times[2])


def listed(one: Step) -> tuple[str, ...]:
    """Return a notebook's row of the reading path."""
    link = f'<a href="{UP}{one.name}.html">{escape(one.title)}</a>'
    return link, f"{one.minutes} minutes", escape(one.running)


def figure(notebooks: dict[str, bytes], place: str) -> tuple[bytes, str, str]:
    """Return a stored figure, its kind (`svg` or `png`) and its alternative text, from `PAGE#LABEL`."""
    name, _, label = place.partition("#")
    for cell in json.loads(transparent(notebooks[f"notebooks/{name}.ipynb"]))["cells"]:
        shown = cell["metadata"].get("mystnb", {})
        if shown.get("figure", {}).get("name") == label:
            alt = " ".join(shown["image"]["alt"].split())
            for data in (output.get("data", {}) for output in cell["outputs"]):
                if svg := data.get("image/svg+xml"):
                    return "".join(svg).encode(), "svg", alt
                if png := data.get("image/png"):
                    return base64.b64decode("".join(png)), "png", alt
    raise ValueError(f"there is no figure {place}")


def ships(root: Path, name: str, patterns: list[str]) -> str:
    """Return which models and images of a chapter ship, by data set, and what its tables ask for."""
    weights = root / "latentlib" / "weights"
    cards = [book_models.read(path) for path in sorted(weights.rglob("*.json"))]
    chosen = [card for card in cards if any(fnmatch(card["model"], pattern) for pattern in patterns)]
    rows = []
    for data in dict.fromkeys(card["dataset"] for card in chosen):
        models = [card for card in chosen if card["dataset"] == data]
        here = all((weights / f"{card['model']}.safetensors").exists() for card in models)
        names = ", ".join(
            f'<a href="../models.html#{book_models.anchor(card["model"])}">{escape(card["model"])}</a>'
            for card in models
        )
        size = f", {sum(card['bytes'] for card in models) / 1e6:,.1f} MB" if here else ", not in this copy"
        images = "a sample ships" if CARDS[data].sample_source else f"none ship: {escape(CARDS[data].licence)}"
        rows.append((escape(CARDS[data].title), names + size, images))
    stored = len(list((root / "book/results" / name).glob("*.csv")))
    listing = table("ships", ("Data", "Generators", "Images"), rows)
    return (
        f"{captioned(f'ships-{name}', 'Generators and images by data set.', listing)}\n\n"
        f"With the book come these generators, the judges and recognisers, and {stored} stored tables, from which "
        "the verdicts are made. The whole data sets are needed to train the models again, and may be to compute "
        f"the tables anew, by `latentlib reproduce {name} --scale paper`. "
        f"[Data sets]({UP}book/datasets.md) has where each is to be had, [How to reproduce]"
        f"({UP}book/how_to_reproduce.md) the rest."
    )
