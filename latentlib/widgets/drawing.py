"""Drawings that the explorer repeats many times per run: images as PNG, curves as SVG, each in a few milliseconds."""

import base64
import io
import math
from collections.abc import Sequence
from html import escape

import numpy as np
from matplotlib.ticker import MaxNLocator
from PIL import Image
from torch import Tensor

from latentlib.study.plots import COLOURS, INK, PALE, PAPER

GAP, FRAME = 2, 3  # pixels between the images of a mosaic, and of a frame
FRAMED = (*bytes.fromhex(COLOURS[0][1:]), 255)
DASHES = ("7 3", "2 3", "9 3 2 3")
WIDTH, HEIGHT = 440, 230
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 12, 42  # margins around the axes


def mosaic(images: Tensor, columns: int, side: int, framed: Tensor | None = None) -> bytes:
    """Return images (n, channels, height, width) in [0, 1], grey or RGB, in rows on a transparent ground, as PNG.

    Args:
        images: at least 1.
        columns: images per row.
        side: approximate height of an image in pixels; each of its own pixels becomes a square of whole pixels.
        framed: which images to frame, bool (n,); the others get an empty margin of the same width.
    """
    pixels = (images.detach().cpu().clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy()
    zoom = max(1, round(side / pixels.shape[1]))
    pixels = np.broadcast_to(pixels, (*pixels.shape[:3], 3)).repeat(zoom, axis=1).repeat(zoom, axis=2)
    count, height, width, _ = pixels.shape
    rows, edge = -(-count // columns), 0 if framed is None else FRAME
    across, down = width + 2 * edge + GAP, height + 2 * edge + GAP
    sheet = np.zeros((rows * down - GAP, columns * across - GAP, 4), dtype=np.uint8)
    for i, picture in enumerate(pixels):
        top, left = (i // columns) * down, (i % columns) * across
        if framed is not None and framed[i]:
            sheet[top : top + down - GAP, left : left + across - GAP] = FRAMED
        sheet[top + edge : top + edge + height, left + edge : left + edge + width, :3] = picture
        sheet[top + edge : top + edge + height, left + edge : left + edge + width, 3] = 255
    stream = io.BytesIO()
    Image.fromarray(sheet).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def figure(images: Tensor, columns: int, side: int, caption: str, framed: Tensor | None = None) -> str:
    """Return a mosaic and its caption as HTML, which unlike `ipywidgets.Image` can describe it to screen readers.

    It is decoded before it replaces the previous one, so that nothing flickers.
    """
    picture, words = base64.b64encode(mosaic(images, columns, side, framed)).decode(), escape(caption)
    look = "display: block; image-rendering: pixelated; max-width: 100%"
    return (
        f'<figure style="margin: 0"><figcaption>{words}</figcaption>'
        f'<img decoding="sync" alt="{words}" src="data:image/png;base64,{picture}" style="{look}"></figure>'
    )


def beside(*figures: str) -> str:
    """Return figures in a row, or one below the other on a narrow page."""
    return f'<div style="display: flex; flex-wrap: wrap; gap: 8px 16px; margin-bottom: 12px">{"".join(figures)}</div>'


def chart(
    curves: Sequence[Sequence[float]],
    generations: int,
    label: str,
    alternative: str,
    parts: Sequence[Sequence[float]] = (),
    span: tuple[float, float] | None = None,
) -> str:
    """Draw fitness over generations as SVG; the last curve is the current one, earlier ones are pale.

    Args:
        curves: at least 1, each of at least 1 value, one per generation.
        generations: where the horizontal axis ends.
        label: of the vertical axis.
        alternative: what the chart shows, for screen readers.
        parts: the parts of the current curve, drawn dashed.
        span: of the vertical axis; by default that of the curves and parts.
    """
    round_numbers, every = MaxNLocator(5, steps=[1, 2, 5, 10]), [*curves, *parts]
    ticks = round_numbers.tick_values(*(span or (min(map(min, every)), max(map(max, every)))))
    low, high = float(ticks[0]), float(ticks[-1])
    digits = max(0, math.ceil(-math.log10(ticks[1] - ticks[0]) - 1e-6))

    def across(generation: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * generation / generations

    def up(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)

    drawn = [axes([(up(tick), f"{tick:.{digits}f}") for tick in ticks], label)]
    for tick in MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]).tick_values(0, generations):
        if tick <= generations:
            drawn.append(f'<text x="{across(tick):.1f}" y="{HEIGHT - 24}" text-anchor="middle">{tick:.0f}</text>')

    def draw(curve: Sequence[float], look: str) -> None:
        points = " ".join(f"{across(g):.1f},{up(value):.1f}" for g, value in enumerate(curve))
        drawn.append(f'<polyline {look} points="{points}" fill="none"/>')

    for i, curve in enumerate(curves[:-1]):
        draw(curve, f'class="earlier" stroke-width="1.5" opacity="0.5" stroke="{colour(i, len(curves))}"')
    for i, curve in enumerate(parts):
        draw(curve, f'class="part" stroke-width="2" {dashed(i)}')
    draw(curves[-1], f'class="now" stroke-width="2.5" stroke="{colour(0, 1)}"')
    return framed_svg(drawn, alternative)


def heat_map(heat: Tensor, labels: tuple[str, str], alternative: str) -> str:
    """Draw the filled cells of a map on [0, 1] x [0, 1] as SVG, in the window that holds them.

    Args:
        heat: values (bins, bins) by the horizontal and the vertical axis, at least one not NaN; the higher, the
            stronger its colour.
        labels: of the axes.
        alternative: what the map shows, for screen readers.
    """
    bins, places = len(heat), (~heat.isnan()).nonzero()
    (left, low), (right, high) = ((places.amin(0) - 2).clamp(min=0)).tolist(), (places.amax(0) + 3).tolist()
    wide, tall = (WIDTH - LEFT - RIGHT) / (right - left), (HEIGHT - TOP - BOTTOM) / (high - low)
    order = heat[places[:, 0], places[:, 1]].argsort(descending=True)
    drawn = [
        f'<rect x="{LEFT + wide * (x - left):.1f}" y="{HEIGHT - BOTTOM - tall * (y + 1 - low):.1f}" width="{wide:.1f}" '
        f'height="{tall:.1f}" fill="{COLOURS[0]}" fill-opacity="{1 - 0.8 * rank / len(order):.2f}"/>'
        for rank, (x, y) in enumerate(places[order].tolist())
    ]
    few = MaxNLocator(5, steps=[1, 2, 5, 10])
    ticks = [(HEIGHT - BOTTOM - tall * (bins * v - low), f"{v:g}") for v in within(few, low / bins, high / bins)]
    drawn += [
        f'<text x="{LEFT + wide * (bins * value - left):.1f}" y="{HEIGHT - 24}" text-anchor="middle">{value:g}</text>'
        for value in within(few, left / bins, right / bins)
    ]
    return framed_svg([*drawn, axes(ticks, labels[1], labels[0])], alternative)


def within(locator: MaxNLocator, low: float, high: float) -> list[float]:
    """Return the round numbers of an axis from low to high."""
    return [round(float(tick), 6) for tick in locator.tick_values(low, high) if low <= tick <= high]


def framed_svg(drawn: Sequence[str], alternative: str) -> str:
    """Return what is drawn as one SVG with words for screen readers."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alternative)}" font-size="12" '
        f'font-family="sans-serif" fill="{INK}" style="display: block; width: 100%">{"".join(drawn)}</svg>'
    )


def axes(ticks: Sequence[tuple[float, str]], label: str, foot_label: str = "generation") -> str:
    """Draw axes with their names, and a faint horizontal line at each (height, name) of the vertical one."""
    end, foot, middle = WIDTH - RIGHT, HEIGHT - BOTTOM, (HEIGHT - BOTTOM + TOP) / 2
    lines = "".join(
        f'<path d="M{LEFT} {y:.1f}H{end}" stroke="{PALE}" stroke-opacity="0.3"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{name}</text>'
        for y, name in ticks
    )
    return (
        f'{lines}<path d="M{LEFT} {TOP}V{foot}H{end}" stroke="{PALE}" fill="none"/>'
        f'<text x="{(LEFT + end) / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(foot_label)}</text>'
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{escape(label)}</text>'
    )


def colour(i: int, count: int) -> str:
    """Return the colour of curve i of `count`: the last one, which is current, always has the first colour."""
    return COLOURS[0] if i == count - 1 else COLOURS[1 + i % (len(COLOURS) - 1)]


def dashed(i: int) -> str:
    """Return the look of part i, whose dashes distinguish it from its neighbours without colour."""
    return f'stroke="{COLOURS[1 + i % (len(COLOURS) - 1)]}" stroke-dasharray="{DASHES[i % len(DASHES)]}"'


def card(content: str, legend: Sequence[str], parts: Sequence[str] = ()) -> str:
    """Return a chart on a card of the book's light colour, which serves both themes, with a legend below."""
    marks = [f'<span style="color: {colour(i, len(legend))}">■</span>' for i in range(len(legend))]
    marks += [
        f'<svg width="28" height="8" aria-hidden="true"><path d="M0 4H28" stroke-width="2" {dashed(i)}/></svg>'
        for i in range(len(parts))
    ]
    entries = "".join(
        f'<span style="white-space: nowrap; margin-right: 1.2em">{mark} {escape(words)}</span> '
        for mark, words in zip(marks, [*legend, *parts], strict=True)
    )
    return (
        f'<div style="background: {PAPER}; color: {INK}; max-width: 560px; padding: 6px; border-radius: 4px; '
        f'line-height: 1.5">{content}<div>{entries}</div></div>'
    )
