"""The words of every page against the list of turns that an editor mended, `turns.toml`."""

import re
import tomllib
from functools import cache
from pathlib import Path

import jupytext
import pytest

ROOT = Path(__file__).parents[2]
TURNS = tomllib.loads(Path(__file__).with_name("turns.toml").read_text())["turn"]
MADE = {"generated", "web"}  # folders of book/ that hold no prose of ours
PAGES = sorted(
    [path for path in (ROOT / "book").rglob("*.md") if not MADE & set(path.parts)]
    + [path for path in (ROOT / "notebooks").glob("*/*.py") if path.parent.name != "studies"]
    + [*ROOT.glob("*.md")]
)


def found(turn, text):
    """Where a turn stands in a text."""
    return re.search(turn["pattern"].replace(" ", r"\s+"), text, re.IGNORECASE | re.MULTILINE)


def words(cell):
    """What a cell of a notebook gives to read, its code aside: prose, caption and alternative text."""
    if cell.cell_type == "markdown":
        return [cell.source]
    told = cell.metadata.get("mystnb", {})
    return [told.get("figure", {}).get("caption", ""), told.get("image", {}).get("alt", "")]


@cache
def texts(path):
    """The prose of a page, without code and verbatim text."""
    if path.suffix == ".py":
        prose = [text for cell in jupytext.read(path).cells for text in words(cell)]
    else:
        prose = [path.read_text()]
    return [re.sub(r"```(?!\{).*?```", "", text, flags=re.DOTALL) for text in prose]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_has_none_of_the_turns(path):
    hits = [(hit.group(), turn["better"]) for text in texts(path) for turn in TURNS if (hit := found(turn, text))]
    assert not hits, "\n".join(f"{path.name}: {' '.join(hit.split())!r}; better: {better}" for hit, better in hits)


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn["better"])
def test_a_turn_is_found_in_its_example_and_not_in_what_is_better(turn):
    assert found(turn, turn["example"])
    assert not found(turn, turn["better"])
