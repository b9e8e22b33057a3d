"""What tests need and a machine may lack: how it is found, what is left out without it, and how to get it.

A test that asks for what is missing is skipped, and `python tests/needs.py`, with which `make test` ends, names all
that was missing in a line each. With `CI=true` both fail instead.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DATA = "the official data sets"


def program(name: str) -> str | None:
    """The path of a program of the environment or the machine."""
    return shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))


def folder(path: Path, holding: str) -> str | None:
    """The path of a folder if a certain file is in it."""
    return str(path) if (path / holding).exists() else None


def clang_14() -> str | None:
    """The path of clang 14 if lld is there, too: other versions make other bytes of the kernel."""
    clang = program("clang")
    if clang is None or program("wasm-ld") is None:
        return None
    said = subprocess.run([clang, "--version"], capture_output=True, text=True).stdout
    return clang if " 14." in said else None


@dataclass(frozen=True)
class Need:
    find: Callable[[], str | None]
    tests: str  # what is left out without it
    get: str


NEEDS = {
    "node": Need(
        lambda: program("node"), "the live figure's engine against torch", "`make test` installs it from PyPI"
    ),
    "frontend/node_modules": Need(
        lambda: folder(ROOT / "frontend/node_modules", ".package-lock.json"),
        "the bundled scripts, and what axe finds in pages",
        "`make test` installs it from npm",
    ),
    "Chromium": Need(
        lambda: program(os.environ.get("CHROMIUM", "chromium")),
        "the pages, the live figures and JupyterLab in a real browser",
        "`apt-get install chromium`, or set CHROMIUM to a Chromium or Chrome",
    ),
    "clang 14 with lld": Need(
        clang_14, "whether the WASM kernel is its source's", "`apt-get install clang lld` on Debian 12"
    ),
    "the built book": Need(lambda: folder(ROOT / "_build/html", "index.html"), "its pages", "`make book`"),
    DATA: Need(
        lambda: folder(ROOT.parent / "shared/data", "."),
        "the loaders on real files",
        f"put them into {ROOT.parent / 'shared/data'}",
    ),
}


def failing(name: str) -> bool:
    """Whether its lack is a failure: in CI, but for data on GitHub's machines, as the licences forbid to pass it on."""
    return os.environ.get("CI") == "true" and not (name == DATA and os.environ.get("GITHUB_ACTIONS") == "true")


def need(name: str) -> str:
    """Return where it is; without it skip the test, in CI fail it."""
    found = NEEDS[name].find()
    if found is None:
        (pytest.fail if failing(name) else pytest.skip)(f"needs {name}: {NEEDS[name].get}")
    return found


def main() -> int:
    """Print a line for each thing that is missing; 1 if one of them is a failure, else 0."""
    lacking = [name for name, needed in NEEDS.items() if needed.find() is None]
    for name in lacking:
        print(f"left out for want of {name}: {NEEDS[name].tests}. To get it: {NEEDS[name].get}")
    return int(any(failing(name) for name in lacking))


if __name__ == "__main__":
    sys.exit(main())
