"""tools/print_book.py: two pages of the built book as one PDF file."""

import re
from pathlib import Path

import pytest
from book_checks import pages
from needs import need

ROOT = Path(__file__).parents[2]
TOC = [("", ["book/intro"]), ("Later", ["book/how_to_read"])]


@pytest.fixture(scope="module")
def tool():
    """The tool, which starts Chromium."""
    need("Chromium")
    import print_book

    return print_book


def test_links_stay_within_the_file_and_places_are_told_apart(tool):
    html = Path(need("the built book"))
    text = tool.whole(ROOT, html, TOC, {"page-book.how_to_read": 9})
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    inside = set(re.findall(r'href="#([^"]+)"', text))
    assert "page-book.how_to_read" in inside
    assert inside <= set(ids)
    assert not re.search(r'href="(?!#|https?:|html/|mailto:)', text), "no link leads to a file beside the PDF"
    assert '<span class="dots"></span><span>9</span>' in text
    for path in re.findall(r'src="html/([^"?]+)', text):
        assert (html / path).is_file()


def test_the_contents_name_the_pages_where_chapters_begin(tool, tmp_path):
    need("the built book")
    numbers = tool.printed(ROOT, TOC, tmp_path / "two.pdf")
    pdf = (tmp_path / "two.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    pages = len(re.findall(rb"/Type /Page\b", pdf))
    assert 2 < numbers["page-book.intro"] < numbers["page-book.how_to_read"] <= pages < 20
    assert b"/Outlines" in pdf
    assert b"/StructTreeRoot" in pdf


def test_parts_are_those_of_the_table_of_contents(tool):
    (_, first), *later = tool.parts(ROOT / "_toc.yml")
    assert first == ["book/intro"]
    assert [name for _, group in [("", first), *later] for name in group] == pages(ROOT / "_toc.yml")
