"""A JupyterLab for the tests of what one moves in Jupyter. Skipped where there is none, but not in CI."""

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
from nbformat import v4

TOKEN = "explore"
SETTINGS = {  # nothing is asked of other hosts, and all cells are on the page, seen or not
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}


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
def write_notebook(request):
    """A notebook of the cells that the test is marked with."""

    def write(path):
        sources = request.node.get_closest_marker("cells").args
        notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, path)

    return write


@pytest.fixture
def lab(tmp_path, write_notebook):
    """The address of the notebook in a JupyterLab of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root, log = tmp_path / "root", tmp_path / "lab.log"
    root.mkdir()
    write_notebook(root / "explore.ipynb")
    options = [
        *("--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}"),
        *("--LabApp.extension_manager=readonly", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"),
        "--LabApp.expose_app_in_browser=True",  # to change the theme
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
