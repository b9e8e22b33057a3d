"""The reference of the library: no public module without a page, nothing on a page without a docstring."""

import inspect
from importlib import import_module
from pathlib import Path

import book_reference
import pytest
from book_checks import pages

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "latentlib"
API = ROOT / "book/api"
ROOMS = book_reference.rooms()


def public_modules() -> set[str]:
    """Every module of the library that is not closed, by the files that are there."""
    paths = {path.relative_to(LIBRARY).with_suffix("") for path in LIBRARY.rglob("*.py")}
    names = {".".join(path.parts).removesuffix(".__init__") for path in paths} - {"__init__"}
    return {
        name
        for name in names
        if not any(name == closed or name.startswith(f"{closed}.") for closed in book_reference.INTERNAL)
    }


def test_every_public_module_is_on_a_page():
    shown = [name for room in ROOMS for name in book_reference.modules(room)]
    assert sorted(shown) == sorted(public_modules())
    assert set(book_reference.reference()) == {f"api/{room}.md" for room in ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_page_with_words_of_its_own(room):
    text = (API / f"{room}.md").read_text()
    prose = text.removeprefix(f"# latentlib.{room}\n\n").removesuffix(
        f"```{{include}} ../generated/api/{room}.md\n```\n"
    )
    assert len(text) - len(prose) > 40, "heading or include is missing"
    assert len(prose.split()) >= 15
    assert f"[`{room}`]({room}.md)" in (API / "index.md").read_text()


def test_the_contents_list_the_pages_that_are_there():
    listed = {page for page in pages(ROOT / "_toc.yml") if page.startswith("book/api/")}
    assert listed == {f"book/api/{path.stem}" for path in API.glob("*.md")}
    assert listed == {"book/api/index", *(f"book/api/{room}" for room in ROOMS)}


@pytest.mark.parametrize("name", sorted(public_modules()))
def test_whatever_is_public_has_a_docstring(name):
    module = import_module(f"latentlib.{name}")
    assert module.__doc__
    for item in book_reference.public(module):
        value = getattr(module, item)
        members = vars(value).items() if inspect.isclass(value) else ()
        methods = [key for key, member in members if inspect.isfunction(member) and not key.startswith("_")]
        assert [key for key in methods if not inspect.getdoc(getattr(value, key))] == []
        # a dataclass without a docstring gets its signature in the place of one
        assert value.__doc__
        assert not value.__doc__.startswith(f"{item}(")


def test_an_object_stands_under_the_name_to_import_it_by():
    text = book_reference.reference()["api/evolution.md"]
    assert ".. autoclass:: latentlib.evolution.Blend\n" in text
    assert "latentlib.evolution.crossover.Blend" not in text
    assert "## evolution.crossover" in text
    assert "## data.formats" not in book_reference.reference()["api/data.md"]
