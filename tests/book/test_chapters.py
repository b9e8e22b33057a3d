"""The first page of each chapter, and the meaning of terms beside them."""

import re

import book_chapters
import book_terms
import pytest
import yaml
from nbformat import v4, writes
from small_book import ROOT

NOTEBOOKS = {
    path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sorted((ROOT / "notebooks").glob("*/*.ipynb"))
}
CHAPTERS = sorted(path.stem for path in (ROOT / "book/chapters").glob("*.toml"))


@pytest.fixture(scope="module")
def staged():
    return book_chapters.staged(ROOT, NOTEBOOKS)


def begun(text):
    return {"notebooks/a/one.ipynb": writes(v4.new_notebook(cells=[v4.new_markdown_cell(text)])).encode()}


def test_every_chapter_has_a_door_and_every_notebook_stands_behind_one():
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    chapters = next(part["chapters"] for part in parts if part.get("numbered"))
    assert sorted(entry["file"] for entry in chapters) == [f"book/chapters/{name}" for name in CHAPTERS]
    behind = {f"{each['file']}.ipynb" for entry in chapters for each in entry["sections"]}
    assert behind == NOTEBOOKS.keys()
    captions = [part["caption"] for part in parts]
    assert captions.index("What came out") == captions.index("The chapters") + 1, "the scoreboard follows the chapters"


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_door_has_study_answer_picture_path_and_no_heading_that_sphinx_would_number(staged, name):
    text = staged[f"book/chapters/{name}.md"].decode()
    (picture,) = (path for path in staged if path.startswith(f"book/chapters/{name}.") and not path.endswith(".md"))
    assert staged[picture].startswith({"png": b"\x89PNG", "svg": b"<?xml"}[picture.rpartition(".")[2]])
    assert f"{{image}} {picture.rpartition('/')[2]}" in text
    assert len(re.findall("^# ", text, re.MULTILINE)) == 1
    assert not re.search("^##", text, re.MULTILINE)
    assert "{cite:t}" in text.split("<h2")[0]
    answers = text.split('<ol class="answers">')[1].split("</ol>")[0]
    assert answers.count("<li>") == 5
    assert all('href="../../book/scoreboard.html#' in line for line in answers.splitlines() if line.startswith("<li>"))
    minutes = [int(number) for number in re.findall(r'<td data-column="To read">(\d+) minutes', text)]
    assert f"{len(minutes)} notebooks, {sum(minutes)} minutes to read" in text
    assert len(minutes) == sum(path.startswith(f"notebooks/{name}/") for path in NOTEBOOKS)


def test_a_step_is_read_from_the_first_lines_of_its_notebook():
    text = "# Restore a shoe\n\nOn *Latents*.\n\n*Five minutes to read, half a minute to run. Decides JK-01.*"
    found = book_chapters.step("notebooks/a/one", begun(text))
    assert (found.title, found.minutes, found.running) == ("Restore a shoe", 5, "half a minute")
    with pytest.raises(ValueError, match="minutes that it takes"):
        book_chapters.step("notebooks/a/one", begun("# Restore a shoe\n\nLong."))


def test_a_picture_that_is_not_stored_stops_the_build():
    with pytest.raises(ValueError, match="no figure a/one#fig-none"):
        book_chapters.figure(begun("# Title"), "a/one#fig-none")


def test_a_link_to_a_term_carries_its_definition_once():
    glossary = '<dt id="term-GAN">GAN<a>#</a></dt><dd><p>Two <a href="#x">networks</a> &amp; a "game" '
    glossary += '<span class="bibtex-citation" id="id1">[<a>Who, 2014</a>]</span>.</p>\n<p>More.</p></dd>'
    meanings = book_terms.definitions(glossary)
    assert meanings == {"term-GAN": 'Two networks & a "game".'}
    link = '<a class="reference internal" href="glossary.html#term-GAN"><span>GANs</span></a>'
    once = book_terms.defined(link, meanings)
    assert 'data-definition="Two networks &amp; a &quot;game&quot;." aria-description="Two' in once
    assert book_terms.defined(once, meanings) == once
    assert book_terms.defined(link, {}) == link
