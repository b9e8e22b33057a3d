"""tools/book_frames.py, book_themes.py and book_numbers.py: a notebook's tables and figures as its page shows them."""

import json
import re
from html import unescape
from pathlib import Path

import book_frames
import book_themes
import pandas as pd
import pytest
from book_numbers import Tabled, Tables
from docutils import nodes
from docutils.utils import new_document
from nbformat import v4

from latentlib.study import plots

FRAME = pd.DataFrame({"one_minus_mse": [0.5, None]}, pd.Index(["mnist, seed 1", "a < b"], name="dataset"))


def notebook(**data) -> bytes:
    """One that shows a value of one kind."""
    kind, text = data.popitem()
    shown = v4.new_output("display_data", data={kind.replace("_", "/", 1).replace("_", "+"): text})
    return json.dumps(v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[shown])])).encode()


def shown(content: bytes) -> str:
    """The text of the output of a notebook."""
    (text,) = json.loads(content)["cells"][0]["outputs"][0]["data"].values()
    return text


def texts(html: str) -> list[str]:
    """The texts of all cells and heads of a table, row by row."""
    return [unescape(text) for text in re.findall(r"<t[hd][^>]*>([^<]+)</t[hd]>", html)]


def test_a_frame_has_heads_for_people_and_a_dash_for_what_is_missing():
    told = texts(shown(book_frames.worded(notebook(text_html=FRAME._repr_html_()))))
    assert told == ["1 - MSE", "data set", "MNIST, second generator", "0.5", "a < b", "\N{EN DASH}"]


def test_names_of_data_sets_are_titles_in_cells_too_but_other_words_stay():
    frame = pd.DataFrame({"x": ["celeba", "train", "one_minus_mse"]}).to_html(index=False)
    told = texts(shown(book_frames.worded(notebook(text_html=f"<div>{frame}</div>"))))
    assert told == ["x", "CelebA", "train", "one_minus_mse"]


@pytest.mark.parametrize("html", ["<p>one_minus_mse</p>", '<table class="cards"><th>mnist</th></table>'])
def test_what_is_no_frame_stays_as_it_is(html):
    content = notebook(text_html=html)
    assert book_frames.worded(content) == content


def svg() -> str:
    """A vector figure."""
    frame = pd.DataFrame({"name": ["x"], "value": [0.1], "low": [0.0], "high": [0.2]})
    return plots.intervals(frame, "gain", ("worse", "better"))._repr_svg_()


def test_a_figure_stands_on_a_page_without_its_card():
    assert plots.PAPER in svg()
    text = shown(book_themes.transparent(notebook(image_svg_xml=svg())))
    assert plots.PAPER not in text
    assert plots.INK in text


def test_a_figure_has_the_colours_of_either_theme(tmp_path: Path):
    page = tmp_path / "notebooks" / "page.html"
    for folder in ("_images", "notebooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "_images" / "one.svg").write_text(svg())
    text = '<figure><img alt="A line." src="../_images/one.svg" style="width: 55%" /></figure><img src="two.png" />'
    told = book_themes.in_both_themes(text, page)
    assert told.count("<img") == 3
    assert told.count('alt="A line."') == told.count('style="width: 55%"') == 2
    assert told.count('width="672"') == 2, "room for a figure of seven inches before it is loaded"
    dark = (tmp_path / "_images" / "one-dark.svg").read_text()
    assert plots.INK not in dark
    assert plots.DARK[plots.INK] in dark
    assert book_themes.in_both_themes(told, page) == told, "a finished page is finished"


def test_no_colour_for_a_dark_page_is_replaced_again():
    assert not set(plots.DARK) & set(plots.DARK.values())


@pytest.mark.parametrize(("name", "kind"), [("tab-rates", Tabled), ("fig-rates", nodes.figure)])
def test_a_captioned_output_is_numbered_as_what_its_name_says(name, kind):
    document = new_document("page")
    figure = nodes.figure("", nodes.caption("", "Scores."), names=[name])
    document += figure
    document.note_explicit_target(figure, figure)
    Tables(document).apply()
    (node,) = document.children
    assert type(node) is kind
    assert node.astext() == "Scores."
    assert document.ids[name] is node
