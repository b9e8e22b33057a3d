"""The page of models: an overview with images that each generator draws, then the models' cards."""

import io
import json
from html import escape
from pathlib import Path
from typing import Any

import torch
from book_markup import captioned, facts, prose, spelled, table
from PIL import Image

from latentlib import zoo
from latentlib.data import CARDS
from latentlib.zoo import JUDGED_AS

SHOWN = 6  # images of a generator
SIDE = 64  # pixels, about: of an image in the overview

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


def models(weights: Path) -> dict[str, str]:
    """Return the overview and the cards of all trained models, by file name."""
    cards = {path: read(path) for path in sorted(weights.rglob("*.json"))}
    none = "No model is trained in this checkout."
    return {"overview.md": overview(cards) or none, "models.md": "\n\n".join(map(model_card, cards.values())) or none}


def overview(cards: dict[Path, dict[str, Any]]) -> str:
    """Return the tables of generators, with images, and of classifiers."""
    generators = {path: card for path, card in cards.items() if generates(card["model"])}
    others = [card for path, card in cards.items() if path not in generators]
    drawn = [drawn_row(card, path.with_suffix(".safetensors").exists()) for path, card in generators.items()]
    head = ("Generator", "Six of its images", "Trained on", "Parameters", "FID")
    caption = "The generators that ship."
    parts = [captioned("generators", caption, table("models", head, drawn))] if drawn else []
    head = ("Classifier", "Trained on", "Parameters", "Accuracy on the test images")
    caption = "The classifiers that ship: judges and recognisers."
    parts += [captioned("classifiers", caption, table("models", head, map(seeing_row, others)))] if others else []
    return "\n\n".join(parts)


def generates(model: str) -> bool:
    """Whether a model of the zoo is a generator."""
    return model in zoo.ENTRIES and zoo.ENTRIES[model].generates


def pictures(weights: Path) -> dict[str, bytes]:
    """Return images that each generator draws from the same random latents, as PNG files by name."""
    found = {path.relative_to(weights).with_suffix("").as_posix() for path in weights.rglob("*.safetensors")}
    return {f"models/{model}.png": strip(model) for model in sorted(filter(generates, found))}


@torch.no_grad()
def strip(model: str) -> bytes:
    """Return a PNG of images that a generator draws, side by side."""
    generator = zoo.load_generator(model)
    latents = torch.randn(SHOWN, generator.latent_size, generator=torch.Generator().manual_seed(0))
    images = generator(latents)  # (images, channels, height, width)
    times, gap = max(1, round(SIDE / images.shape[-1])), 4
    pixels = (images.mul(255).round().byte()).repeat_interleave(times, -1).repeat_interleave(times, -2)
    width, height = pixels.shape[-1], pixels.shape[-2]
    row = Image.new("RGBA", (SHOWN * (width + gap) - gap, height))  # gaps are the page's, light or dark
    for place, image in enumerate(pixels):
        drawn = Image.fromarray(image.permute(1, 2, 0).squeeze(-1).numpy())
        row.paste(drawn.convert("RGBA"), (place * (width + gap), 0))
    file = io.BytesIO()
    row.save(file, "PNG", optimize=True)
    return file.getvalue()


def drawn_row(card: dict[str, Any], shown: bool) -> tuple[str, ...]:
    """Return a generator's row of the overview."""
    model, data = escape(card["model"]), escape(CARDS[card["dataset"]].title)
    picture = f'<img src="../_static/models/{model}.png" alt="Six images drawn by {model}, trained on {data}" />'
    fid = card.get("quality", {}).get("fid")
    return (link(card), picture if shown else "", data, f"{card['parameters']:,}", f"{fid:.1f}" if fid else "")


def seeing_row(card: dict[str, Any]) -> tuple[str, ...]:
    """Return a classifier's row of the overview."""
    quality = card.get("quality", {})
    shares = [share for share, *_ in quality.get("accuracies", {}).values()]
    accuracy = f"{quality['accuracy']:.3f}" if "accuracy" in quality else ""
    if shares:
        accuracy = f"{min(shares):.3f} to {max(shares):.3f} by attribute"
    return (link(card), escape(CARDS[card["dataset"]].title), f"{card['parameters']:,}", accuracy)


def anchor(model: str) -> str:
    """Return the name of the place on the page where a model's card stands."""
    return "model-" + "".join(sign if sign.isalnum() else "-" for sign in model)


def link(card: dict[str, Any]) -> str:
    """Return a link to a model's card."""
    return f'<a href="#{anchor(card["model"])}">{escape(card["model"])}</a>'


def read(path: Path) -> dict[str, Any]:
    """Return one model's card; raise a ValueError if it is damaged or incomplete."""
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        lacking = [key for key in NEEDED if key not in card]
    except (ValueError, TypeError) as error:
        raise ValueError(f"the card {path} is damaged: {error}") from error
    if lacking:
        raise ValueError(f"the card {path} lacks {', '.join(lacking)}")
    return card


def model_card(card: dict[str, Any]) -> str:
    """Return one model's card as a section of the page."""
    quality = dict(card.get("quality", {}))
    if "classes" in quality:
        seen_as = JUDGED_AS.get(card["dataset"], card["dataset"])
        quality["classes"] = dict(zip(CARDS[seen_as].classes, quality["classes"], strict=True))
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
    caption = f"How {prose(card['model'])} was made, and what was measured."
    told = captioned(anchor(card["model"]), caption, facts(rows))
    return f"({anchor(card['model'])})=\n## {prose(card['model'])}\n\n{prose(card['about'])}\n\n{told}"
