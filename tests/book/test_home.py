"""tools/book_home.py: what depends on the book's home comes from CITATION.cff, and is absent while there is none."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import book_home
import build_book
import pytest
import yaml
from book_checks import BookError
from book_home import Home

ROOT = Path(__file__).parents[2]
HOMELESS = Home("A book", ("Ada Lovelace", "The others"), "0.1.0")
SETTLED = replace(
    HOMELESS,
    repository="https://github.com/ada/book",
    url="https://ada.github.io/book",
    released="2027-01-31",
    doi="10.5281/zenodo.7",
)
NAMES = {"repository-code": "repository", "url": "url", "date-released": "released", "doi": "doi"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The book's own texts that name version or repository, in a folder."""
    for name in ("CITATION.cff", "pyproject.toml", "notebooks/pyproject.toml", "_config.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for suffix in ("py", "ipynb"):
        (tmp_path / "notebooks/restoring").mkdir(exist_ok=True)
        shutil.copy(ROOT / f"notebooks/restoring/rates.{suffix}", tmp_path / "notebooks/restoring")
    return tmp_path


def settle(tree: Path, home: Home = SETTLED) -> None:
    """Write a home into the citation file."""
    path = tree / "CITATION.cff"
    kept = re.sub(rf"^({'|'.join(NAMES)}):.*\n", "", path.read_text(), flags=re.MULTILINE)
    given = {key: getattr(home, name) for key, name in NAMES.items()}
    path.write_text(kept + "".join(f"{key}: {value}\n" for key, value in given.items() if value))


def test_without_a_repository_no_button_leads_to_one():
    config = (ROOT / "_config.yml").read_text()
    assert book_home.configured(config, HOMELESS) == config
    assert "github.com" not in config
    assert "launch_buttons" not in yaml.safe_load(config)
    assert "use_source_button" not in config


def test_with_a_repository_all_buttons_lead_to_its_tag():
    settings = yaml.safe_load(book_home.configured((ROOT / "_config.yml").read_text(), SETTLED))
    assert settings["repository"] == {"url": SETTLED.repository, "branch": "v0.1.0"}
    assert settings["html"]["use_repository_button"] is settings["html"]["use_issues_button"] is True
    assert settings["html"]["favicon"] == "book/web/favicon.svg"
    assert settings["sphinx"]["config"]["html_theme_options"]["use_source_button"] is True
    assert settings["launch_buttons"]["colab_url"] == "https://colab.research.google.com"


def test_pages_name_neither_repository_nor_doi_before_there_are_some():
    without, given = book_home.pages(HOMELESS), book_home.pages(SETTLED)
    assert not any("http" in text for text in without.values())
    assert "pip install git+https://github.com/ada/book" in given["install.md"]
    assert "(https://doi.org/10.5281/zenodo.7)" in given["citation.md"]
    assert "https://github.com/ada/book/releases/download/v0.1.0/book-v0.1.0.pdf" in given["whole.md"]


def test_the_entry_in_bibtex_holds_what_is_known():
    assert book_home.bibtex(HOMELESS).splitlines() == [
        "@software{latentlib,",
        "  author  = {{Ada Lovelace} and {The others}},",
        "  title   = {{A book}},",
        "  version = {0.1.0},",
        "}",
    ]
    full = book_home.bibtex(SETTLED)
    for line in ("year    = {2027}", "doi     = {10.5281/zenodo.7}", "url     = {https://ada.github.io/book}"):
        assert line in full
    assert full.count("{") == full.count("}")


def test_the_edition_is_the_release_or_the_last_commit(tmp_path):
    assert book_home.edition(ROOT, SETTLED) == "Version 0.1.0, 31 January 2027"
    assert re.fullmatch(r"Version 0\.1\.0, draft of \d+ \w+ 20\d\d, commit \w+", book_home.edition(ROOT, HOMELESS))
    assert book_home.edition(tmp_path, HOMELESS) == "Version 0.1.0, draft"


def test_authors_are_people_or_groups():
    person = {"family-names": "Lovelace", "given-names": "Ada"}
    assert list(map(book_home.named, (person, {"name": "The others"}))) == ["Ada Lovelace", "The others"]


def test_a_release_needs_a_home_and_everything_must_name_it(tree):
    for key, name in NAMES.items():
        settle(tree, replace(SETTLED, **{name: ""}))
        lacks = f"CITATION.cff lacks {key}"
        assert (lacks in book_home.defects(tree, book_home.read(tree))) == (key != "doi"), "a DOI follows its release"
    settle(tree)
    clones = [line for line in book_home.defects(tree, book_home.read(tree)) if "clones" in line]
    assert len(clones) == 2, "the notebook and its source still name a placeholder"
    with pytest.raises(BookError, match=r"no release: notebooks/restoring/rates\.ipynb clones .* \(and 1 more\)"):
        book_home.refuse(tree)
    assert book_home.main(tree) == 0
    book_home.refuse(tree)
    settle(tree, replace(SETTLED, url="https://OWNER.github.io/book"))
    assert book_home.defects(tree, book_home.read(tree)) == ["CITATION.cff has a placeholder for url"]


def test_a_release_has_one_version(tree):
    settle(tree)
    book_home.main(tree)
    path = tree / "notebooks/pyproject.toml"
    path.write_text(path.read_text().replace('version = "0.1.0"', 'version = "0.2.0"'))
    with pytest.raises(BookError, match=r"notebooks/pyproject\.toml has version 0\.2\.0, CITATION\.cff 0\.1\.0"):
        book_home.refuse(tree)


def test_only_the_address_in_a_notebook_changes(tree):
    before = (tree / "notebooks/restoring/rates.ipynb").read_text()
    assert book_home.main(tree) == 1, "there is no home to tell of"
    assert (tree / "notebooks/restoring/rates.ipynb").read_text() == before
    settle(tree)
    book_home.main(tree)
    after = (tree / "notebooks/restoring/rates.ipynb").read_text()
    old = book_home.CLONE.search(before).group(3)
    assert after == before.replace(f"--branch v0.1.0 {old}", f"--branch v0.1.0 {SETTLED.repository}")


def test_no_page_shows_a_placeholder_as_an_address(tree):
    stored = (tree / "notebooks/restoring/rates.ipynb").read_text()
    shown = book_home.addressed(stored, HOMELESS)
    assert "github.com" in stored
    assert "github.com" not in shown
    assert "--branch v0.1.0 ADDRESS-OF-THE-REPOSITORY" in shown
    assert f"--branch v0.1.0 {SETTLED.repository}" in book_home.addressed(stored, SETTLED)


def test_this_checkout_is_no_release_while_it_has_no_home(capsys):
    home = book_home.read(ROOT)
    if home.repository and home.url and home.released:
        book_home.refuse(ROOT)
    else:
        assert build_book.main(ROOT, release=True) == 1
        assert "book: no release: CITATION.cff lacks" in capsys.readouterr().err
