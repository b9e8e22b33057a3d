"""The tables of the book that are made from files: claims, runs, model cards, data cards."""

import json
from html import escape
from pathlib import Path

import book_claims
from book_markup import facts, marked, prose, spelled, table
from run_tables import HEADER, run_rows

from latentlib.data import CARDS, Card

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


def tables(root: Path, notebooks: dict[str, bytes]) -> dict[str, str]:
    """Return the generated files, by name, from a repository and the book's notebooks by path."""
    return book_claims.tables(root, notebooks) | {
        "runs.md": "\n\n".join(
            f"`book/results/{path.name}`:\n\n{table('runs', HEADER, run_rows(path))}"
            for path in sorted((root / "book" / "results").glob("*"))
        ),
        "models.md": models(root / "latentlib" / "weights"),
        "datasets.md": "\n\n".join(map(data_card, CARDS.values())),
    }


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
