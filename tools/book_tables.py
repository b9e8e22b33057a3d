"""The tables of the book that are made from files: claims, runs, models, data cards."""

from html import escape
from pathlib import Path

import book_claims
import book_models
from book_markup import captioned, facts, marked, prose, spelled, table
from run_tables import HEADER, run_rows

from latentlib.data import CARDS, Card


def tables(root: Path, notebooks: dict[str, bytes]) -> dict[str, str]:
    """Return the generated files, by name, from a repository and the book's notebooks by path."""
    return (
        book_claims.tables(root, notebooks)
        | book_models.models(root / "latentlib" / "weights")
        | {
            "runs.md": "\n\n".join(
                captioned(
                    f"runs-{path.name}", f"Tables in `book/results/{path.name}`.", table("runs", HEADER, run_rows(path))
                )
                for path in sorted((root / "book" / "results").glob("*"))
            ),
            "datasets.md": "\n\n".join(map(data_card, CARDS.values())),
        }
    )


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
    told = captioned(f"data-{card.name}", f"{prose(card.title)}: size, licence and source.", facts(rows))
    return f"## {prose(card.title)}\n\n{{cite:t}}`{card.citation}`\n\n{told}"
