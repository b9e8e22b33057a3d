"""Figures of notebooks on their pages: in the colours of either theme, never too small to read, with values to see.

A figure is stored on a light card and shown without it. On a narrow screen one with small letters keeps a width at
which they can be read, and scrolls in its frame. A picture that is loaded as a file shows no titles, so the boxes that
`latentlib.study.plots.tell` put around its marks lie above it on the page.
"""

import base64
import io
import json
import re
from pathlib import Path

import numpy as np
from book_places import outputs
from PIL import Image, ImageColor

from latentlib.study.plots import DARK, PAPER

PICTURE = re.compile(r'<img (?![^>]*class="[^"]*in-(?:light|dark))([^>]*?)src="([^"]*_images/[^"/]+)\.svg"([^>]*)>')
SHARE, KIND = re.compile(r'style="width: (\d+)%;?"'), re.compile(r'class="([^"]*)"')
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')  # so that a page leaves room for what is not loaded yet
LETTERS = re.compile(r"scale\((0\.\d+) -0\.\d+\)")  # of text as matplotlib draws it, from units of 100 to points
VALUES = re.compile(r'<g class="values"[^>]*>.*?</g>')
RASTER = re.compile(r'"data:image/png;base64,\s*([^"]+)"')
PHONE, SMALL, LEGIBLE = 352, 6.9, 9  # pixels: a narrow page's width; letters too small for it; letters that scroll


def transparent(content: bytes) -> bytes:
    """Return a notebook whose vector figures have no card."""
    notebook = json.loads(content)
    figures = outputs(notebook, "image/svg+xml")
    for _, data, svg in figures:
        data["image/svg+xml"] = svg.replace(PAPER, "none")
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode() if figures else content


def in_both_themes(text: str, page: Path) -> str:
    """Return a page that shows each vector figure in the colours of the theme, and write the dark ones beside it."""

    def framed(found: re.Match[str]) -> str:
        light = page.parent / f"{found[2]}.svg"
        svg = light.read_text()
        light.with_name(f"{light.stem}-dark.svg").write_text(dark(svg))
        share, kind = (pattern.search(found[0]) for pattern in (SHARE, KIND))
        given = KIND.sub("", SHARE.sub("", f"{found[1]}{found[3]}"))
        width, height = (float(side) / 0.75 for side in SIZE.findall(svg)[0])  # pt to px
        images = "".join(
            f'<img class="in-{theme}" loading="lazy" width="{width:.0f}" height="{height:.0f}" '
            f'src="{found[2]}{suffix}.svg" {given}>'
            for theme, suffix in (("light", ""), ("dark", "-dark"))
        )
        wide = f"{share[1]}%" if share else f"{width:.0f}px"
        sizes = f"--width: {wide}; --least: {least(svg, width, int(share[1]) / 100 if share else 1):.0f}px"
        kinds = f"picture {kind[1]}" if kind else "picture"
        return f'<span class="{kinds}"><span style="{sizes}">{images}{pointed(svg)}</span></span>'

    return PICTURE.sub(framed, text)


def least(svg: str, width: float, share: float) -> float:
    """Return the width in pixels that a figure needs on a narrow page for its letters; 0 if it is wide enough."""
    letters = min((float(size) * 100 / 0.75 for size in LETTERS.findall(svg)), default=width)
    there = min(width, PHONE * share)
    return width * LEGIBLE / letters if letters * there / width < SMALL else 0


def pointed(svg: str) -> str:
    """Return what lies above a figure so that its marks can be pointed at, if any say something."""
    values, size = VALUES.search(svg), SIZE.search(svg)
    return f'<svg aria-hidden="true" {size[0]}>{values[0]}</svg>' if values and size else ""


def dark(svg: str) -> str:
    """Return a figure in the colours for a dark page."""
    for light, other in DARK.items():
        svg = svg.replace(light, other)
    return RASTER.sub(lambda found: f'"data:image/png;base64,{recoloured(found[1])}"', svg)


def recoloured(png: str) -> str:
    """Return a picture, in base64, whose pixels of the figures' colours have those for a dark page."""
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA"))
    told = {light: (pixels[..., :3] == ImageColor.getrgb(light)).all(axis=-1) for light in DARK}
    if not any(there.any() for there in told.values()):
        return png
    for light, there in told.items():
        pixels[there, :3] = ImageColor.getrgb(DARK[light])
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()
