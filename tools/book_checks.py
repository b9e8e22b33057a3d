"""Checks of the built book: every page is there, none shows an error, none loads anything from another host."""

import re
from html.parser import HTMLParser
from pathlib import Path

import yaml

LOADED = {"script", "img", "source", "iframe", "video", "audio", "embed", "object"}  # elements that fetch
LINKED = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
OUTSIDE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
OUTSIDE_CSS = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)


class BookError(Exception):
    """A defect of the book, in one line."""


def pages(toc: Path) -> list[str]:
    """Return the pages of a table of contents, without suffix, in order."""

    def walk(node: object) -> list[str]:
        if isinstance(node, list):
            return [page for item in node for page in walk(item)]
        if not isinstance(node, dict):
            return []
        own = [node[key] for key in ("root", "file") if key in node]
        return own + [page for value in node.values() for page in walk(value)]

    return walk(yaml.safe_load(toc.read_text()))


class Loads(HTMLParser):
    """A collector of the addresses on other hosts that a page loads when it is opened."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.outside: list[str] = OUTSIDE_CSS.findall(html)
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check one element."""
        given = {key: value or "" for key, value in attrs}
        addresses = [given.get(key, "") for key in ("src", "data", "poster")] if tag in LOADED else []
        addresses += [part.strip() for part in given.get("srcset", "").split(",")]
        if tag == "link" and LINKED & set(given.get("rel", "").lower().split()):
            addresses.append(given.get("href", ""))
        self.outside += [address for address in addresses if OUTSIDE.match(address)]


def outside(path: Path) -> list[str]:
    """Return the addresses on other hosts that a page or a style sheet loads."""
    text = path.read_text()
    return Loads(text).outside if path.suffix == ".html" else OUTSIDE_CSS.findall(text)


def check(html: Path, expected: list[str]) -> None:
    """Raise a BookError unless every expected page is there, none shows an error, and none loads from another host."""
    for page in expected:
        path = html / f"{page}.html"
        if not path.is_file():
            raise BookError(f"{page} stands in _toc.yml but {path} was not built")
        if "Traceback" in path.read_text():
            raise BookError(f"{page} shows a Traceback")
    for path in sorted([*html.rglob("*.html"), *html.rglob("*.css")]):
        for address in outside(path):
            raise BookError(f"{path.relative_to(html)} loads {address} from another host")
