"""The environment that `make` installs: locked, with hashes, and in a few lines."""

import re
import sys
import tomllib
from pathlib import Path

import install
import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
# what pip 23.2 said, shortened, where its user has set a mirror as a further index
MISMATCH = """Looking in indexes: https://pypi.org/simple, file:///mirror/simple
Processing /mirror/files/six-1.17.0-py2.py3-none-any.whl (from -r requirements.txt (line 1))
WARNING: Location 'file:///mirror/simple/six/' is ignored: it is neither a file nor a directory.
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, …
    six==1.17.0 from file:///mirror/files/six-1.17.0-py2.py3-none-any.whl (from -r requirements.txt (line 1)):
        Expected sha256 0000000000000000000000000000000000000000000000000000000000000000
             Got        4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274
"""


@pytest.fixture(scope="module")
def locked() -> list[list[str]]:
    """Each requirement with the hashes of its files."""
    lines = (ROOT / "requirements.txt").read_text().replace("\\\n", " ").splitlines()
    return [re.split(r"\s+--hash=sha256:", line) for line in lines if line and not line.startswith("#")]


def test_every_requirement_is_of_one_version_and_has_hashes(locked):
    assert len(locked) > 150
    assert [name for name, *hashes in locked if not hashes or not re.match(r"[\w-]+==[\w.]+( ;|$)", name)] == []
    assert all(re.fullmatch(r"[0-9a-f]{64}", value) for _, *hashes in locked for value in hashes)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_every_dependency_is_locked_once_at_a_version_within_its_range(locked, python):
    pins = [Requirement(name) for name, *_ in locked]
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    pins = [pin for pin in pins if pin.marker is None or pin.marker.evaluate(here)]
    versions = {pin.name: str(pin.specifier)[2:] for pin in pins}
    assert len(versions) == len(pins)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    assert [name for name in wanted if versions[Requirement(name).name] not in Requirement(name).specifier] == []


def test_an_installation_shows_that_it_is_alive_and_keeps_pips_words_in_a_log(tmp_path, capsys):
    talk = "import time; print('Collecting torch', flush=True); time.sleep(1.2); print('WARNING: Location'); exit(3)"
    assert install.stage([sys.executable, "-c", talk], tmp_path / "log", every=0.5) == 3
    said = capsys.readouterr()
    assert "packages looked up: 1\n" in said.out
    assert 1 <= len(said.out.splitlines()) <= 3
    assert said.err == ""
    assert (tmp_path / "log").read_text() == "Collecting torch\nWARNING: Location\n"


def test_after_a_failure_stands_what_was_wrong(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(install, "LOG", tmp_path / "log")
    monkeypatch.setattr(install, "PIP", [sys.executable, "-c", f"print({MISMATCH!r}); exit(2)"])
    assert install.main() == 2
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1, "after a stage that failed comes no other"
    assert said.err.startswith("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES")
    assert "Expected sha256 0000" in said.err
    assert said.err.endswith(f"install: pip failed; its log is {tmp_path / 'log'}\n")


def test_a_failure_without_an_error_shows_the_last_lines_without_the_warnings():
    told = "\n".join(f"WARNING: Location 'file:///{i}' is ignored: it is no folder.\nline {i}" for i in range(30))
    assert install.fault(told).splitlines() == [f"line {i}" for i in range(10, 30)]
