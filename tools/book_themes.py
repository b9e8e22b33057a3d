"""Vector figures of notebooks in two themes: stored on a light card, shown without it, in dark ink or in light."""

import json
import re
from pathlib import Path

from book_places import outputs

from latentlib.study.plots import DARK, PAPER

PICTURE = re.compile(r'<img (?![^>]*class="[^"]*in-(?:light|dark))([^>]*?)src="([^"]*_images/[^"/]+)\.svg"([^>]*)>')
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')  # so that a page leaves room for what is not loaded yet


def transparent(content: bytes) -> bytes:
    """Return a notebook whose vector figures have no card."""
    notebook = json.loads(content)
    figures = outputs(notebook, "image/svg+xml")
    for _, data, svg in figures:
        data["image/svg+xml"] = svg.replace(PAPER, "none")
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode() if figures else content


def in_both_themes(text: str, page: Path) -> str:
    """Return a page that shows each vector figure in the colours of the theme, and write the dark ones beside it."""

    def twice(found: re.Match[str]) -> str:
        light = page.parent / f"{found[2]}.svg"
        svg = light.read_text()
        light.with_name(f"{light.stem}-dark.svg").write_text(dark(svg))
        size = SIZE.search(svg)
        room = f'width="{float(size[1]) / 0.75:.0f}" height="{float(size[2]) / 0.75:.0f}" ' if size else ""  # pt to px
        return "".join(
            f'<img class="in-{theme}" loading="lazy" {room}{found[1]}src="{found[2]}{suffix}.svg"{found[3]}>'
            for theme, suffix in (("light", ""), ("dark", "-dark"))
        )

    return PICTURE.sub(twice, text)


def dark(svg: str) -> str:
    """Return a figure in the colours for a dark page."""
    for light, other in DARK.items():
        svg = svg.replace(light, other)
    return svg
