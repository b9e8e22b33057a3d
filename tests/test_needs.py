"""What a machine lacks is skipped and named, and in CI it fails."""

import subprocess
import sys
from pathlib import Path

import needs
import pytest


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine that has nothing but this Python; its folder of programs."""
    for name in ("CI", "GITHUB_ACTIONS", "CHROMIUM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))  # node may come with the environment
    return tmp_path


def program(folder, name, says):
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("name", ["node", "Chromium", "clang 14 with lld"])
def test_what_needs_a_missing_program_is_skipped_and_in_ci_fails(bare, monkeypatch, name):
    with pytest.raises(pytest.skip.Exception, match=f"needs {name}: .*install"):
        needs.need(name)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=f"needs {name}: .*install"):
        needs.need(name)


def test_data_that_may_not_be_passed_on_are_asked_of_every_ci_but_githubs(bare, monkeypatch):
    monkeypatch.setattr(needs, "NEEDS", {needs.DATA: needs.Need(lambda: None, "tests", "ask")})
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception):
        needs.need(needs.DATA)
    assert needs.main() == 1
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    with pytest.raises(pytest.skip.Exception):
        needs.need(needs.DATA)
    assert needs.main() == 0


def test_programs_are_found_in_the_environment_first_and_chromium_wherever_the_user_says(bare, monkeypatch):
    node = program(bare, "node", "v24")
    assert needs.need("node") == node
    environment = bare / "bin"
    environment.mkdir()
    monkeypatch.setattr(sys, "executable", str(environment / "python"))
    assert needs.need("node") == node
    assert needs.need("node") != program(environment, "node", "v24") == needs.need("node")
    chrome = program(bare, "chrome", "Chrome")
    monkeypatch.setenv("CHROMIUM", chrome)
    assert needs.need("Chromium") == chrome


def test_only_clang_14_with_its_linker_will_do(bare):
    clang = program(bare, "clang", "Debian clang version 14.0.6")
    with pytest.raises(pytest.skip.Exception):
        needs.need("clang 14 with lld")
    program(bare, "wasm-ld", "LLD 14.0.6")
    assert needs.need("clang 14 with lld") == clang
    program(bare, "clang", "Debian clang version 19.1.7")
    with pytest.raises(pytest.skip.Exception):
        needs.need("clang 14 with lld")


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_the_command_names_each_missing_thing_in_one_line(tmp_path, ci, status):
    command = [sys.executable, Path(needs.__file__)]
    done = subprocess.run(command, env={"PATH": str(tmp_path), "CI": ci}, capture_output=True, text=True)
    assert done.returncode == status
    lines = done.stdout.splitlines()
    assert sum("want of Chromium:" in line and "`apt-get install chromium`" in line for line in lines) == 1
    assert sum("want of clang 14 with lld:" in line and "`apt-get install clang lld`" in line for line in lines) == 1
    assert all(line.startswith("left out for want of ") for line in lines)
    assert done.stderr == ""
