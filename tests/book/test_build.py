"""tools/build_book.py and its parts, on small trees; one test runs the real jupyter-book five times."""

import json
import tomllib

import book_checks
import book_models
import book_tables
import build_book
import pytest
from book_checks import BookError
from nbformat import v4
from small_book import CHANGE, CLAIM, ROOT, notebook, verdict, write

from latentlib.data import CARDS


def test_stage_mirrors_the_sources_and_touches_only_what_differs(tmp_path):
    target = tmp_path / "source"
    assert build_book.stage({"kept.md": b"same", "sub/changed.md": b"old", "gone.md": b"x"}, target) == {
        "kept.md",
        "sub/changed.md",
        "gone.md",
    }
    before = (target / "kept.md").stat().st_mtime_ns
    assert build_book.stage({"kept.md": b"same", "sub/changed.md": b"new"}, target) == {"sub/changed.md", "gone.md"}
    assert not (target / "gone.md").exists()
    assert (target / "sub/changed.md").read_bytes() == b"new"
    assert (target / "kept.md").stat().st_mtime_ns == before


def test_sources_are_pages_notebooks_and_tables_without_hidden_files(tree):
    names = set(build_book.sources(tree))
    assert {"_config.yml", "_toc.yml", "book/intro.md", "notebooks/one.ipynb", "book/generated/models.md"} <= names
    assert not any("checkpoint" in name for name in names)


def test_an_executed_notebook_takes_the_place_of_the_stored_one(tree):
    fresh = notebook(v4.new_output("stream", text="fresh\n"))
    write(tree / "_runs/book/notebooks/one.ipynb", fresh)
    write(tree / "_runs/book/notebooks/not_in_the_book.ipynb", fresh)
    staged = build_book.sources(tree)
    assert staged["notebooks/one.ipynb"] == fresh.encode()
    assert "notebooks/not_in_the_book.ipynb" not in staged
    assert b"stored" in (tree / "notebooks/one.ipynb").read_bytes()


def test_a_notebook_executed_from_other_cells_is_refused(tree):
    write(tree / "_runs/book/notebooks/one.ipynb", notebook(source="print(2)"))
    with pytest.raises(BookError, match=r"notebooks/one\.ipynb has other cells than"):
        build_book.sources(tree)


def test_a_failed_build_fails_again_until_it_is_mended(tree, capfd):
    """Warnings, stored errors and vanished pages, one after the other on one tree."""
    html, intro = tree / "_build/html", tree / "book/intro.md"
    sound = intro.read_text()
    write(intro, sound + "\n{doc}`nowhere`\n")
    assert build_book.main(tree) == 1
    assert build_book.main(tree) == 1, "the second build of an unchanged tree must not pass"
    write(intro, sound)
    error = v4.new_output("error", ename="ValueError", evalue="no", traceback=["Traceback (most recent call last)"])
    good = (tree / "notebooks/one.ipynb").read_text()
    write(tree / "notebooks/one.ipynb", notebook(error))
    assert build_book.main(tree) == 1
    assert "book: notebooks/one shows a Traceback" in capfd.readouterr().err
    write(tree / "notebooks/one.ipynb", good)
    write(tree / "book/results/restoring/verdicts/JK-01.json", verdict(reading="Changed since."))
    assert build_book.main(tree) == 0
    assert str(html / "index.html") in capfd.readouterr().out
    assert "Changed since." in (html / "book/other.html").read_text()
    write(tree / "_toc.yml", "format: jb-book\nroot: book/intro\nchapters: [{file: book/other}]\n")
    (tree / "notebooks/one.ipynb").unlink()
    assert build_book.main(tree) == 0
    assert not (html / "notebooks/one.html").exists()


def test_a_missing_page_is_named(tmp_path):
    write(tmp_path / "book/intro.html", "<p>here</p>")
    with pytest.raises(BookError, match=r"book/other stands in _toc\.yml"):
        book_checks.check(tmp_path, ["book/intro", "book/other"])


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/a.js"></script>',
        "<script async src=//cdn.example/a.js></script>",
        '<link rel="stylesheet" href="https://cdn.example/a.css">',
        '<link rel="preconnect" href="https://fonts.example">',
        '<img src="http://cdn.example/a.png">',
        '<img srcset="a.png 1x, https://cdn.example/b.png 2x">',
        '<iframe src="https://cdn.example"></iframe>',
        '<style>@import "https://cdn.example/a.css";</style>',
        '<p style="background: url(//cdn.example/a.png)">x</p>',
    ],
)
def test_whatever_comes_from_another_host_is_found(tmp_path, html):
    write(tmp_path / "page.html", html)
    with pytest.raises(BookError, match="from another host"):
        book_checks.check(tmp_path, ["page"])


def test_links_to_follow_are_allowed_and_style_sheets_are_read(tmp_path):
    write(tmp_path / "page.html", '<a href="https://example.org">x</a><link rel="canonical" href="https://a.b/">')
    book_checks.check(tmp_path, ["page"])
    write(tmp_path / "_static/a.css", "@font-face { src: url(https://cdn.example/f.woff) }")
    with pytest.raises(BookError, match=r"a\.css loads https://cdn\.example/f\.woff"):
        book_checks.check(tmp_path, ["page"])


def test_an_amended_claim_shows_old_and_new_outcome_side_by_side(tree):
    write(tree / "book/claims/amendments/restoring.toml", CHANGE)
    made = book_tables.tables(tree, {})
    (row,) = [line for line in made["amendments.md"].splitlines() if "<td" in line]
    assert row.index("inconclusive") < row.index("-0.0001, 0.0200") < row.index("supported") < row.index("0.0101")
    assert "A rival without the claim passed." in row
    assert 'href="scoreboard.html#jk-01"' in row
    board = made["scoreboard.md"]
    assert "<b>Amended 2026-11-26.</b> A rival without the claim passed." in board
    assert "<summary>The old rule</summary><p>Supported above &lt; 0.</p>" in board


def test_a_verdict_must_be_on_a_claim_and_of_a_known_outcome(tree):
    stray = write(tree / "book/results/restoring/verdicts/JK-99.json", verdict(claim="JK-99"))
    with pytest.raises(BookError, match="a verdict on JK-99"):
        build_book.sources(tree)
    stray.unlink()
    write(tree / "book/results/restoring/verdicts/JK-01.json", verdict(outcome="proved"))
    with pytest.raises(BookError, match="JK-01 is 'proved'"):
        build_book.sources(tree)


def test_a_model_card_that_lacks_something_is_named(tree):
    write(tree / "latentlib/weights/restoring/mnist.json", '{"model": "restoring/mnist"}')
    with pytest.raises(BookError, match=r"mnist\.json lacks about, architecture"):
        build_book.sources(tree)


def test_a_card_of_attributes_tells_each_accuracy_and_share_by_name(tmp_path):
    attributes = ("Eyeglasses", "Male", "Mouth_Slightly_Open", "Smiling")
    card = dict.fromkeys(book_models.NEEDED, "x") | {"model": "recogniser/celeba64", "dataset": "celeba64"}
    card |= dict.fromkeys(("parameters", "images", "seconds", "bytes"), 7) | {"recipe": {"flip": True}}
    accuracies = {name: [0.9 + place / 100, 0.8, 0.99] for place, name in enumerate(attributes)}
    path = write(tmp_path / "card.json", json.dumps(card | {"quality": {"accuracies": accuracies, "images": 1000}}))
    assert "Eyeglasses 0.9 [0.8, 0.99], Male 0.91 [0.8, 0.99]" in book_models.model_card(book_models.read(path))
    assert '<th scope="row">recipe</th><td>flip yes</td>' in book_models.model_card(book_models.read(path))
    for dataset in ("celeba64", "lfw"):  # whose images the judges of CelebA's attributes see
        path.write_text(json.dumps(card | {"dataset": dataset, "quality": {"classes": [0.01, 0.4, 0.3, 0.35]}}))
        assert "Mouth Slightly Open 0.3, Smiling 0.35" in book_models.model_card(book_models.read(path))


def test_attributes_are_not_called_classes():
    assert '<th scope="row">attributes</th><td>Eyeglasses' in book_tables.data_card(CARDS["celeba64"])
    assert '<th scope="row">classes</th><td>woman' in book_tables.data_card(CARDS["celeba"])


def test_the_totals_are_the_181_claims_and_bound_the_chapters():
    totals = tomllib.loads((ROOT / "book/claims/totals.toml").read_text())
    assert sum(study["claims"] for study in totals.values()) == 181
    for chapter, study in totals.items():
        path = ROOT / f"book/claims/{chapter}.toml"
        ids = tomllib.loads(path.read_text()) if path.exists() else {}
        assert len(ids) <= study["claims"]
        assert all(name.startswith(f"{study['prefix']}-") for name in ids)


def marked(place: str) -> str:
    """A text that would act if it reached a page as it is."""
    return f"<img src=x onerror=alert('{place}')>[{place}](javascript:1) `{place}` {{raw}}`{place}`"


def test_texts_of_cards_claims_and_tables_reach_the_page_as_texts(tree):
    totals = (tree / "book/claims/totals.toml").read_text()
    for name in ("title", "question"):
        totals = totals.replace(f'{name} = "', f'{name} = "{marked(name)} ', 1)
    write(tree / "book/claims/totals.toml", totals)
    named = ("statement", "where", "published", "construction", "needs", "units", "given", "shown", "rule")
    claim = 'kind = "ours"\n' + "".join(f'{name} = "{marked(name)}"\n' for name in named).replace("{raw}", "{{raw}}")
    claim = claim.replace("JK-01", "JK-03")
    write(tree / "book/claims/restoring.toml", f'{CLAIM}["{marked("id")}"]\n{claim}')
    change = "".join(f'{name} = "{marked(name)}"\n' for name in ("date", "reason", "rule", "measured"))
    write(tree / "book/claims/amendments/restoring.toml", f'[[JK-01]]\noutcome = "supported"\n{change}')
    origin = {"date": marked("date"), "commit": marked("commit")}
    texts = {name: marked(name) for name in ("statistic", "reading", "scale")}
    write(tree / "book/results/restoring/verdicts/JK-01.json", verdict(**texts, provenance=origin))
    card = json.loads(next((ROOT / "latentlib/weights/judge").glob("mnist.json")).read_text())
    harmful = {
        name: marked(name) if isinstance(value, str) and name != "dataset" else value for name, value in card.items()
    }
    parts = {name: {marked("key"): marked("value")} for name in ("recipe", "losses", "quality")}
    write(tree / "latentlib/weights/judge/mnist.json", json.dumps(harmful | parts))
    made = book_tables.tables(tree, {})
    for name in ("studies.md", "summary.md", "scoreboard.md", "amendments.md", "models.md", "overview.md"):
        assert "onerror" in made[name]
        assert "<img" not in made[name]
    for line in made["models.md"].splitlines() + made["studies.md"].splitlines():  # Markdown, where it is no HTML
        if "onerror" in line and not line.startswith("<"):
            assert "](javascript" not in line.replace("\\]", "")
            assert "{raw}`" not in line


@pytest.mark.parametrize("content", ["null", "[]", '"text"', "3", "{", "\xff", "[" * 50])
def test_a_damaged_card_is_named(tree, content):
    (tree / "latentlib/weights/judge").mkdir(parents=True)
    (tree / "latentlib/weights/judge/mnist.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(
        BookError, match=r"the tables cannot be made: ValueError: the card .*mnist\.json (is damaged|lacks)"
    ):
        build_book.sources(tree)
