"""tools/book_frames.py, book_themes.py and book_numbers.py: a notebook's tables and figures as its page shows them."""

import base64
import io
import json
import re
from html import unescape
from pathlib import Path

import book_frames
import book_markup
import book_themes
import pandas as pd
import pytest
import torch
from book_numbers import Tabled, Tables
from docutils import nodes
from docutils.utils import new_document
from nbformat import v4
from PIL import Image, ImageColor
from sphinx.application import Sphinx

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


@pytest.fixture
def paged(tmp_path: Path):
    """A function that returns how a page shows a figure, and beside it the folder of pictures."""
    for folder in ("_images", "notebooks"):
        (tmp_path / folder).mkdir()

    def show(picture: str, more: str = "") -> str:
        (tmp_path / "_images" / "one.svg").write_text(picture)
        text = f'<figure><img alt="A line." src="../_images/one.svg" {more}/></figure><img src="two.png" />'
        return book_themes.in_both_themes(text, tmp_path / "notebooks" / "page.html")

    show.folder = tmp_path
    return show


def test_a_figure_has_the_colours_of_either_theme(paged):
    told = paged(svg(), 'style="width: 55%" class="key-picture" ')
    assert told.count("<img") == 3
    assert told.count('alt="A line."') == 2
    assert 'class="picture key-picture"' in told
    assert told.count("width: 55%") == 1, "the frame has it"
    assert told.count('width="672"') == 2, "room for a figure of seven inches before it is loaded"
    dark = (paged.folder / "_images" / "one-dark.svg").read_text()
    assert plots.INK not in dark
    assert plots.DARK[plots.INK] in dark
    page = paged.folder / "notebooks" / "page.html"
    assert book_themes.in_both_themes(told, page) == told, "a finished page is finished"


@pytest.mark.parametrize(
    ("inches", "points", "share", "least"),
    [
        (8, 11, 1, 471),  # 6.7 pixels on a phone, so it gets 9
        (6, 11, 1, 0),  # 9.0 as it is
        (8, 9, 1, 576),
        (3, 9, 1, 0),  # it fits as it is
        (6, 11, 0.5, 353),  # legible in full width, but it has the half
    ],
)
def test_a_figure_with_small_letters_keeps_a_width_at_which_they_can_be_read(inches, points, share, least):
    letters = f'<g transform="translate(1 2) scale({points / 100} -{points / 100})"/><g transform="scale(0.2 -0.2)"/>'
    assert book_themes.least(letters, inches * 96, share) == pytest.approx(least, abs=1)


def test_letters_are_those_that_matplotlib_draws():
    assert {float(size) for size in book_themes.LETTERS.findall(svg())} == {0.11, 0.1}


def test_what_marks_say_lies_above_the_figure_and_no_tool_reads_it_aloud(paged):
    told = paged(svg())
    (above,) = re.findall(r"<svg.*?</svg>", told)
    assert "<title>x: 0.1 [0, 0.2]</title>" in above
    assert 'aria-hidden="true"' in above
    assert book_themes.SIZE.search(above)[0] == book_themes.SIZE.search(svg())[0]
    assert "<svg" not in paged(svg().replace('class="values"', ""))


def test_pictures_within_a_figure_have_its_colours_for_a_dark_page_too():
    figure = plots.genomes({"after": torch.zeros(2, 2)}, descent=torch.tensor([[0, 1], [1, -1]]))
    light = figure._repr_svg_()

    def colours(text: str) -> set[tuple[int, ...]]:
        pictures = [Image.open(io.BytesIO(base64.b64decode(png))) for png in book_themes.RASTER.findall(text)]
        return {colour[:3] for picture in pictures for _, colour in picture.convert("RGBA").getcolors(10_000)}

    first = plots.COLOURS[0]
    assert ImageColor.getrgb(first) in colours(light)
    assert ImageColor.getrgb(first) not in colours(book_themes.dark(light))
    assert ImageColor.getrgb(plots.DARK[first]) in colours(book_themes.dark(light))


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


def test_a_page_gives_its_tables_captions(tmp_path: Path):
    """Through Sphinx, since a directive is nothing without it: Markdown and HTML, two tables in one sequence."""
    html = book_markup.captioned("facts", "Of *one*.", book_markup.facts([("name", "mnist")]))
    text = (
        f"# Page\n\n:::{{captioned}} Two words.\n:name: tab-words\n\n| a | b |\n|---|---|\n| 1 | 2 |\n:::\n\n{html}\n"
    )
    (tmp_path / "index.md").write_text(f"{text}\nSee {{numref}}`tab-facts`.\n")
    config = {"extensions": ["myst_parser", "book_numbers"], "numfig": True, "myst_enable_extensions": ["colon_fence"]}
    warnings = io.StringIO()
    app = Sphinx(tmp_path, None, tmp_path / "out", tmp_path / "out", "html", config, status=None, warning=warnings)
    app.build()
    assert warnings.getvalue() == ""
    page = (tmp_path / "out/index.html").read_text()
    captions = re.findall(r'<figure class="tabled[^>]*>\s*<figcaption>\s*<p>(.*?)<a', page, re.DOTALL)
    assert [re.sub("<[^>]*>", "", caption) for caption in captions] == ["Table 1 Two words.", "Table 2 Of one."]
    assert re.search(r'href="#tab-facts"[^>]*><span[^>]*>Table 2<', page)
    assert page.count("<table") == 2


def test_a_captioned_table_has_to_have_a_name(tmp_path: Path):
    (tmp_path / "index.md").write_text("# Page\n\n:::{captioned} Two words.\n\n| a |\n|---|\n| 1 |\n:::\n")
    config = {"extensions": ["myst_parser", "book_numbers"], "myst_enable_extensions": ["colon_fence"]}
    warnings = io.StringIO()
    Sphinx(tmp_path, None, tmp_path / "out", tmp_path / "out", "html", config, status=None, warning=warnings).build()
    assert "needs a name that begins with tab-" in warnings.getvalue()
