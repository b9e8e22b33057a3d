"""tools/book_pages.py, tools/pack_book.py: what built pages get besides, on small pages."""

import json
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import book_pages
import pack_book
import pytest
from test_home import HOMELESS, SETTLED

PAGE = """<html><head>
<meta name="viewport" content="width=device-width, initial-scale=1.0" />
<meta name="viewport" content="width=device-width" />
<title>Rates &#8212; A book</title>
<script src="../_static/vendor/mathjax/tex.js"></script>
</head><body>
<a class="reference internal" href="a.html">Scores</a><details><summary><i></i></summary></details>
<article><h1>Rates</h1><p><em>Five minutes to read, and not what this page is about at all.</em></p>
<p>A table of 81 <b>numbers</b> &amp; more, see <a href="x">Fig. 3</a>. It is read twice. %s</p>
<div class="cell"><details class="hide"><summary aria-label="Toggle hidden content">
<p class="collapsed admonition-title">Show code cell source</p></summary></details></div>
<div class="cell"><details class="hide"><summary aria-label="Toggle hidden content">x</summary></details></div>
<div role="list"><div role="doc-biblioentry">A book.</div></div>
<table><tr><th></th><th>a</th></tr><tr id="jk-01"><td><details><summary>The rule</summary></details></td></tr>
<tr id="jk-02"><td><details><summary>The rule</summary></details><a href="b">Where it is shown</a></td></tr></table>
<dt>f(<dl>
<dd><em class="sig-param">a</em></dd>
<dd><em class="sig-param">b</em></dd>
</dl>
)</dt></article><p class="component-author">By us</p></body></html>"""
NAMES = ["book/intro", "book/cite"]


@pytest.fixture
def html(tmp_path: Path) -> Path:
    """A folder of two built pages."""
    for name, more in {"book/intro": "x" * 300, "book/cite": "And \\(x\\) is a formula."}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.html").write_text(PAGE % more)
    (tmp_path / "_static").mkdir()
    return tmp_path


def finished(html: Path, home=HOMELESS, edition="Version 1, today") -> str:
    book_pages.finish(html, NAMES, home, edition)
    return (html / "book/intro.html").read_text()


def test_a_page_says_what_it_is_about(html):
    text = finished(html)
    assert (
        '<meta name="description" content="A table of 81 numbers &amp; more, see Fig. 3. It is read twice." />' in text
    )
    assert '<meta property="og:title" content="Rates" />' in text
    summaries = (html / "_static/summaries.js").read_text()
    told = json.loads(summaries.removeprefix("window.bookSummaries = ").removesuffix(";\n"))
    assert list(told) == NAMES
    assert told["book/intro"] == "A table of 81 numbers & more, see Fig. 3. It is read twice."


def test_addresses_come_with_a_home_and_go_with_it(html):
    text = finished(html)
    assert not any(part in text for part in ("canonical", "og:url", "og:image", "http"))
    assert not (html / "sitemap.xml").exists()
    text = finished(html, SETTLED)
    assert '<link rel="canonical" href="https://ada.github.io/book/book/intro.html" />' in text
    assert '<meta property="og:image" content="https://ada.github.io/book/_static/card.png" />' in text
    places = ElementTree.parse(html / "sitemap.xml").getroot()
    assert [place[0].text for place in places] == [f"{SETTLED.url}/{name}.html" for name in NAMES]
    assert f"Sitemap: {SETTLED.url}/sitemap.xml" in (html / "robots.txt").read_text()
    assert f'<base href="{SETTLED.url}/" />' in (html / "404.html").read_text(), "the lost may be in any folder"
    finished(html)
    assert not (html / "sitemap.xml").exists()
    assert not (html / "robots.txt").exists()


def test_what_hosts_ask_for_is_there(html):
    finished(html)
    assert (html / ".nojekyll").exists()
    assert "url=book/intro.html" in (html / "index.html").read_text()
    assert "search.html" in (html / "404.html").read_text()


def test_finishing_twice_is_finishing_once_and_the_edition_is_the_last(html):
    once = finished(html)
    assert finished(html) == once
    later = finished(html, edition="Version 2, tomorrow")
    assert later == once.replace("Version 1, today", "Version 2, tomorrow")
    assert '<p class="edition">Version 2, tomorrow. <a href="../book/cite.html">Cite this book</a>.</p>' in later


def test_one_viewport_and_no_script_for_formulas_where_there_is_none(html):
    text = finished(html)
    assert text.count("viewport") == 1
    assert "mathjax" not in text
    assert "mathjax" in (html / "book/cite.html").read_text()


def test_every_control_has_a_name_of_its_own_and_no_head_is_empty(html):
    text = finished(html)
    assert "<th></th>" not in text
    assert text.count('role="listitem"') == 1
    assert '<summary aria-label="Pages below Scores">' in text
    assert [f"Show code {number}" in text for number in (1, 2, 3)] == [True, True, False]
    assert "Toggle hidden content" not in text
    for told in (
        'The rule<span class="visually-hidden"> (JK-01)</span>',
        'shown<span class="visually-hidden"> (JK-02)',
    ):
        assert text.count(told) == 1
    assert "<dl>" not in text
    assert text.count('<span class="sig-line">') == 2


def test_the_zip_has_the_same_bytes_for_the_same_pages(html, tmp_path_factory):
    first, second = (tmp_path_factory.mktemp("packed") / name for name in ("a.zip", "b.zip"))
    pack_book.pack(html, first)
    for path in html.rglob("*.html"):
        path.touch()
    pack_book.pack(html, second)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert archive.testzip() is None
        assert archive.read("book/book/intro.html") == (html / "book/intro.html").read_bytes()
