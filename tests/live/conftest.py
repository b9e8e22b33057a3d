"""Chromium, and the built book by HTTP and from disk; nothing may leave 127.0.0.1."""

import os
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))  # the tools are scripts, not a package
HTML = ROOT / "_build/html"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def missing(what):
    """Skip, or fail in CI."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(what)


@pytest.fixture(scope="session")
def address():
    """Where the built book is served."""
    if not (HTML / "_static/live/live.js").exists():
        missing("the book is not built: run `make book`")

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=HTML)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    if not Path(CHROMIUM).exists():
        missing(f"there is no Chromium at {CHROMIUM}: install it or set CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, address):
    """A page that lets nothing out, and lists complaints and what was fetched."""
    opened = browser.new_page(viewport={"width": 1400, "height": 1000}, color_scheme="light", reduced_motion="reduce")
    opened.set_default_timeout(60_000)  # a busy machine is not a broken page
    opened.complaints, opened.fetched = [], []

    def gate(route):
        url = route.request.url
        opened.fetched.append(url)
        if url.startswith((address, "data:", "blob:", "file:")):
            return route.continue_()
        opened.complaints.append(f"asks another host for {url}")
        return route.abort()

    opened.route("**/*", gate)
    opened.on("console", lambda said: said.type == "error" and opened.complaints.append(f"console: {said.text}"))
    opened.on("pageerror", lambda error: opened.complaints.append(f"script: {error}"))
    opened.on("response", lambda got: got.status >= 400 and opened.complaints.append(f"{got.status} for {got.url}"))
    yield opened
    opened.close()
