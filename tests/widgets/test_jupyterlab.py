"""The explorer in a real JupyterLab: it runs, is changed and stopped while it runs, and the kernel keeps listening.

Skipped where Chromium or JupyterLab is absent, but not in CI.
"""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "restoring" / "explore.ipynb"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
TOKEN = "explore"
SETTINGS = {  # nothing is asked of other hosts, and all cells are on the page, seen or not
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
SMALLER = {"population = 200": "population = 20", "generations = 200": "generations = 100_000"}  # quick, without end


def missing(what: str) -> None:
    """Skip, or fail in CI."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(what)


def copy_notebook(folder: Path) -> None:
    """The notebook with small populations and long runs, without outputs."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            for old, new in SMALLER.items():
                cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, folder / "explore.ipynb")


def environment(folder: Path) -> dict[str, str]:
    """An environment in which JupyterLab sees nothing of the user's, with our settings."""
    for name, values in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    folders = {
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
    }
    return os.environ | {name: str(folder / place) for name, place in folders.items()}


def wait_for(server: subprocess.Popen, address: str, log: Path) -> None:
    """Until the server answers."""
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=5).close()
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture
def lab(tmp_path):
    """The address of the notebook in a JupyterLab of its own."""
    if importlib.util.find_spec("jupyterlab") is None:
        missing("JupyterLab is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root, log = tmp_path / "root", tmp_path / "lab.log"
    root.mkdir()
    copy_notebook(root)
    options = [
        *("--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}"),
        *("--LabApp.extension_manager=readonly", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"),
    ]
    address = f"http://127.0.0.1:{port}"
    with (
        log.open("w") as said,
        subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=root,
            env=environment(tmp_path),
            stdout=said,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            wait_for(server, address, log)
            yield f"{address}/lab/tree/explore.ipynb?token={TOKEN}"
        finally:
            server.terminate()  # its kernels end with it


@pytest.fixture
def page():
    """A page that keeps a list of complaints."""
    if not Path(CHROMIUM).exists():
        missing(f"there is no Chromium at {CHROMIUM}: install it or set CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        opened = chromium.new_page(viewport={"width": 1400, "height": 1000})
        opened.set_default_timeout(60_000)  # a busy machine is not a broken page
        opened.complaints = []
        opened.on("console", lambda said: said.type == "error" and opened.complaints.append(f"console: {said.text}"))
        opened.on("pageerror", lambda error: opened.complaints.append(f"script: {error}"))
        opened.on("response", lambda got: got.status >= 400 and opened.complaints.append(f"{got.status} for {got.url}"))
        yield opened
        chromium.close()


def run_all_cells(page, lab):
    page.goto(lab)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # before, Run would ask which kernel to take
    for name in ("Run", "Run All Cells"):
        page.get_by_role("menuitem", name=name, exact=True).click()
    page.get_by_text("every run with mutation ends above every run without: ").nth(1).wait_for()  # source, then output


STATUS = "document.querySelector('.latentlib-status').innerText"
GENERATION = f"Number(/generation (\\d+)/.exec({STATUS})?.[1])"
POINTS = "document.querySelector('polyline.now').getAttribute('points').split(' ').length"


def test_the_explorer_runs_is_changed_and_is_stopped(page, lab):
    run_all_cells(page, lab)
    widget = page.locator(".latentlib-explorer")
    page.wait_for_function(f"{STATUS}.startsWith('ready')")
    assert widget.get_by_role("img").count() == 4
    assert page.evaluate(
        "[...document.querySelectorAll('.latentlib-explorer img')].every(i => i.naturalWidth && i.alt)"
    )

    widget.get_by_role("button", name="Run").click()
    page.wait_for_function(f"{GENERATION} > 20 && {POINTS} > 20")
    assert page.evaluate(STATUS).startswith("running")

    slider = widget.get_by_role("slider", name="mutation rate")
    slider.focus()
    before, start = page.evaluate(GENERATION), time.monotonic()
    slider.press("ArrowRight")
    page.wait_for_function(f"{GENERATION} < {before} && document.querySelectorAll('polyline.earlier').length === 1")
    assert time.monotonic() - start < 5, "the kernel listens while it computes"  # 0.3 s where little else runs
    assert widget.get_by_text("0.35", exact=True).is_visible()
    page.wait_for_function(f"{GENERATION} > 20 && {STATUS}.startsWith('running')")
    assert widget.get_by_text("mutation 0.3: ").is_visible()
    assert widget.get_by_text("mutation 0.35: ").is_visible()

    widget.get_by_role("button", name="Stop").click()
    page.wait_for_function(f"{STATUS}.startsWith('stopped')")
    stopped = page.evaluate(STATUS)
    page.wait_for_timeout(1000)  # in which a run would do a hundred generations
    assert page.evaluate(STATUS) == stopped

    widget.get_by_label("fitness", exact=True).select_option("SSIM")
    page.wait_for_function(f"{STATUS}.startsWith('ready')")
    assert widget.locator("polyline.earlier").count() == 0, "curves of another measure do not compare"
    assert page.complaints == []
