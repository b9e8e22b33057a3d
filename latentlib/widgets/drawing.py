"""What the explorer redraws many times a run: pictures as PNG, curves as SVG, both in a few milliseconds."""

import base64
import io
import math
from collections.abc import Sequence
from html import escape

import numpy as np
from matplotlib.ticker import MaxNLocator
from PIL import Image
from torch import Tensor

from latentlib.plots import COLOURS, INK, PALE, PAPER

GAP = 2  # pixels between the pictures of a mosaic
WIDTH, HEIGHT = 440, 230
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 12, 42  # margins around the axes


def mosaic(images: Tensor, columns: int, side: int) -> bytes:
    """Images (n, channels, height, width) in [0, 1], grey or RGB, in rows on nothing, as PNG.

    Args:
        images: at least 1.
        columns: pictures a row.
        side: about how many pixels high a picture becomes; each of its pixels is a square of whole pixels.
    """
    pixels = (images.detach().cpu().clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy()
    zoom = max(1, round(side / pixels.shape[1]))
    pixels = np.broadcast_to(pixels, (*pixels.shape[:3], 3)).repeat(zoom, axis=1).repeat(zoom, axis=2)
    count, height, width, _ = pixels.shape
    rows = -(-count // columns)
    sheet = np.zeros((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 4), dtype=np.uint8)
    for i, picture in enumerate(pixels):
        top, left = (i // columns) * (height + GAP), (i % columns) * (width + GAP)
        sheet[top : top + height, left : left + width, :3] = picture
        sheet[top : top + height, left : left + width, 3] = 255
    stream = io.BytesIO()
    Image.fromarray(sheet).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def figure(images: Tensor, columns: int, side: int, caption: str) -> str:
    """A mosaic with its caption as HTML, which unlike `ipywidgets.Image` can name a picture to those who do not see it.

    It is decoded before it replaces the one before it, so that nothing flickers.
    """
    picture, words = base64.b64encode(mosaic(images, columns, side)).decode(), escape(caption)
    look = "display: block; image-rendering: pixelated; max-width: 100%"
    return (
        f'<figure style="margin: 0"><figcaption>{words}</figcaption>'
        f'<img decoding="sync" alt="{words}" src="data:image/png;base64,{picture}" style="{look}"></figure>'
    )


def chart(curves: Sequence[Sequence[float]], generations: int, label: str, alternative: str) -> str:
    """Fitness over generations as SVG; the last curve is the current one, those before it are pale.

    Args:
        curves: at least 1, each of at least 1 value, one a generation.
        generations: where the horizontal axis ends.
        label: of the vertical axis.
        alternative: what the chart shows, for those who do not see it.
    """
    round_numbers = MaxNLocator(5, steps=[1, 2, 5, 10])
    ticks = round_numbers.tick_values(min(map(min, curves)), max(map(max, curves)))
    low, high = float(ticks[0]), float(ticks[-1])
    digits = max(0, math.ceil(-math.log10(ticks[1] - ticks[0]) - 1e-6))

    def across(generation: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * generation / generations

    def up(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)

    parts = [axes([(up(tick), f"{tick:.{digits}f}") for tick in ticks], label)]
    for tick in MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]).tick_values(0, generations):
        if tick <= generations:
            parts.append(f'<text x="{across(tick):.1f}" y="{HEIGHT - 24}" text-anchor="middle">{tick:.0f}</text>')
    for i, curve in enumerate(curves):
        points = " ".join(f"{across(g):.1f},{up(value):.1f}" for g, value in enumerate(curve))
        now = i == len(curves) - 1
        look = 'class="now" stroke-width="2.5"' if now else 'class="earlier" stroke-width="1.5" opacity="0.5"'
        parts.append(f'<polyline {look} points="{points}" fill="none" stroke="{colour(i, len(curves))}"/>')
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alternative)}" font-size="12" '
        f'font-family="sans-serif" fill="{INK}" style="display: block; width: 100%">{"".join(parts)}</svg>'
    )


def axes(ticks: Sequence[tuple[float, str]], label: str) -> str:
    """Axes with their names, and a faint line across at each (height, name) of the vertical one."""
    end, foot, middle = WIDTH - RIGHT, HEIGHT - BOTTOM, (HEIGHT - BOTTOM + TOP) / 2
    lines = "".join(
        f'<path d="M{LEFT} {y:.1f}H{end}" stroke="{PALE}" stroke-opacity="0.3"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{name}</text>'
        for y, name in ticks
    )
    return (
        f'{lines}<path d="M{LEFT} {TOP}V{foot}H{end}" stroke="{PALE}" fill="none"/>'
        f'<text x="{(LEFT + end) / 2}" y="{HEIGHT - 6}" text-anchor="middle">generation</text>'
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{escape(label)}</text>'
    )


def colour(i: int, count: int) -> str:
    """The colour of curve i of so many: the last, which is the current one, always has the first."""
    return COLOURS[0] if i == count - 1 else COLOURS[1 + i % (len(COLOURS) - 1)]


def card(content: str, legend: Sequence[str]) -> str:
    """A chart on a card of the book's light colour, which serves both themes, its legend below: a line a curve."""
    entries = "".join(
        f'<span style="white-space: nowrap; margin-right: 1.2em"><span style="color: {colour(i, len(legend))}">■</span>'
        f" {escape(words)}</span> "
        for i, words in enumerate(legend)
    )
    return (
        f'<div style="background: {PAPER}; color: {INK}; max-width: 560px; padding: 6px; border-radius: 4px; '
        f'line-height: 1.5">{content}<div>{entries}</div></div>'
    )
