"""Chromium, the built book by HTTP, and pages that let nothing out and keep what was wrong."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from needs import need
from playwright.sync_api import sync_playwright

QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
INSIDE = ("http://127.0.0.1:", "data:", "blob:", "file:")


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def started() -> Iterator[Any]:
    """Chromium."""
    chromium = need("Chromium")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


def watched(browser: Any) -> Any:
    """A page that asks nobody but 127.0.0.1, and lists `complaints` and what it `fetched`."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, color_scheme="light", reduced_motion="reduce")
    page.set_default_timeout(60_000)  # a busy machine is not a broken page
    page.complaints, page.fetched = [], []

    def gate(route: Any) -> None:
        url = route.request.url
        page.fetched.append(url)
        if url.startswith(INSIDE):
            return route.continue_()
        page.complaints.append(f"asks another host for {url}")
        return route.abort()

    page.route("**/*", gate)
    page.on("console", lambda said: said.type == "error" and page.complaints.append(f"console: {said.text}"))
    page.on("pageerror", lambda error: page.complaints.append(f"script: {error}"))
    page.on("response", lambda got: got.status >= 400 and page.complaints.append(f"{got.status} for {got.url}"))
    return page


def violations(page: Any, selector: str) -> list[list[str]]:
    """What axe finds amiss within an element: its rule and the first piece of HTML that breaks it."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=f"{need('frontend/node_modules')}/axe-core/axe.min.js")
    return page.evaluate(f"axe.run('{selector}').then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
