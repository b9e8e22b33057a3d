"""Pictures and curves as they are sent to the browser."""

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from PIL import Image

from latentlib.widgets import drawing


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)))


def lines(svg):
    return [element for element in ET.fromstring(svg) if element.tag == "polyline"]


@pytest.mark.parametrize("channels", [1, 3])
def test_a_mosaic_holds_every_pixel_as_a_square_and_nothing_between_the_pictures(channels):
    images = torch.rand(5, channels, 4, 4, generator=torch.Generator().manual_seed(0))
    sheet = pixels(drawing.mosaic(images, columns=3, side=12))
    assert sheet.shape == (2 * 12 + drawing.GAP, 3 * 12 + 2 * drawing.GAP, 4)
    last = sheet[12 + drawing.GAP :, 12 + drawing.GAP : 24 + drawing.GAP]
    expected = (images[4] * 255).round().byte().permute(1, 2, 0).expand(4, 4, 3).numpy()
    for row, column in ((0, 0), (1, 1), (2, 2)):
        assert (last[row::3, column::3, :3] == expected).all()
    assert (last[..., 3] == 255).all()
    assert (sheet[12 : 12 + drawing.GAP] == 0).all()
    assert (sheet[12 + drawing.GAP :, 24 + drawing.GAP :] == 0).all()


def test_a_frame_stands_around_what_is_framed_and_nothing_around_the_others():
    images = torch.rand(3, 1, 4, 4, generator=torch.Generator().manual_seed(0))
    plain = pixels(drawing.mosaic(images, columns=3, side=4))
    sheet = pixels(drawing.mosaic(images, columns=3, side=4, framed=torch.tensor([True, False, True])))
    cell, edge = 4 + 2 * drawing.FRAME, drawing.FRAME
    assert sheet.shape == (cell, 3 * cell + 2 * drawing.GAP, 4)
    for i, framed in enumerate((True, False, True)):
        part = sheet[:, i * (cell + drawing.GAP) :][:, :cell]
        inner = np.zeros((cell, cell), dtype=bool)
        inner[edge:-edge, edge:-edge] = True
        around = part[~inner]
        assert (part[edge:-edge, edge:-edge] == plain[:, i * (4 + drawing.GAP) :][:, :4]).all()
        assert (around == ([0x00, 0x72, 0xB2, 255] if framed else [0, 0, 0, 0])).all()


def test_pictures_larger_than_asked_keep_their_pixels():
    assert pixels(drawing.mosaic(torch.zeros(1, 3, 64, 64), columns=1, side=20)).shape == (64, 64, 4)


def test_a_chart_draws_the_current_curve_last_and_the_earlier_pale():
    earlier, now = lines(drawing.chart([[0.5, 0.75], [0.5, 0.5, 1.0]], 10, "fitness", "words"))
    assert (earlier.get("class"), now.get("class")) == ("earlier", "now")
    assert float(earlier.get("opacity")) < 1
    assert now.get("opacity") is None
    heights = [float(point.split(",")[1]) for point in now.get("points").split()]
    assert heights[0] == heights[1] > heights[2] == drawing.TOP


def test_parts_are_told_apart_by_their_dashes_in_the_chart_and_beneath_it():
    svg = drawing.chart([[0.2, 0.4], [0.3, 0.5]], 5, "share", "words", [[0.1, 0.9], [0.0, 1.0]], (0, 1))
    earlier, *parts, now = lines(svg)
    assert [line.get("class") for line in (earlier, *parts, now)] == ["earlier", "part", "part", "now"]
    dashes = [line.get("stroke-dasharray") for line in (earlier, *parts, now)]
    assert dashes[0] is None
    assert dashes[3] is None
    assert len({*dashes[1:3]}) == 2
    heights = [float(point.split(",")[1]) for point in parts[1].get("points").split()]
    assert heights == [drawing.HEIGHT - drawing.BOTTOM, drawing.TOP], "the axis spans what was asked"
    card = drawing.card(svg, ["mutation 0.1", "mutation 0.2"], ["shows <4>", "shows 8"])
    legend = card.partition("</svg>")[2]
    assert [legend.count(f'stroke-dasharray="{dash}"') for dash in dashes[1:3]] == [1, 1]
    assert legend.index("mutation 0.2") < legend.index("shows &lt;4&gt;") < legend.index("shows 8")


@pytest.mark.parametrize("curve", [[0.9], [0.9] * 20, [-0.1, 0.0], [0.95, 0.950001]])
def test_a_chart_of_hardly_any_height_is_still_one(curve):
    svg = drawing.chart([curve], 20, "fitness", "words")
    names = [element.text for element in ET.fromstring(svg).iter("text")]
    assert "nan" not in svg
    assert len(set(names)) == len(names), "two ticks with the same name"


def test_labels_are_text_and_never_markup():
    svg = drawing.chart([[0.0, 1.0]], 5, "a < b", 'say "c"')
    assert ET.fromstring(svg).get("aria-label") == 'say "c"'
    assert "a &lt; b" in svg
    assert "<b>" not in drawing.card(svg, ["<b>"])


def test_a_part_beyond_the_curves_stays_between_the_axes():
    part, _ = lines(drawing.chart([[0.64, 0.63]], 1, "mean", "words", [[0.64, 0.6]]))
    heights = [float(point.partition(",")[2]) for point in part.get("points").split()]
    assert all(drawing.TOP <= height <= drawing.HEIGHT - drawing.BOTTOM for height in heights)
