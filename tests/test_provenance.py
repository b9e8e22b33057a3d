"""The commit that a number names: of the repository that holds the library, and of no other."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from latentlib import provenance

HOME = Path(provenance.__file__).parents[1]
ASK = (
    "import sys; sys.path.insert(0, sys.argv[1]); from latentlib import provenance as p; print(p.__file__, p.commit())"
)


def git(folder, *arguments):
    facts = ["-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *facts, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """A repository with the library in it, all committed; the rest of a library that can say its commit."""
    (tmp_path / "latentlib").mkdir()
    for name in ("__init__.py", "provenance.py"):
        shutil.copyfile(HOME / "latentlib" / name, tmp_path / "latentlib" / name)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def commit_of(folder):
    """What the library in a folder says is its commit, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", ASK, folder], capture_output=True, text=True, check=True, timeout=120)
    path, commit = done.stdout.split()
    assert Path(path).parents[1] == folder
    return commit


def test_the_commit_is_the_repositorys_with_a_plus_for_what_differs_from_it(repository):
    head = git(repository, "rev-parse", "--short=12", "HEAD")
    assert commit_of(repository) == head
    (repository / "notes.txt").write_text("not code")
    assert commit_of(repository) == head
    (repository / "latentlib" / "new.py").write_text("x = 1")
    assert commit_of(repository) == f"{head}+"


def test_an_installed_copy_is_no_part_of_the_repository_around_it(repository):
    installed = repository / ".venv" / "site-packages"
    shutil.copytree(repository / "latentlib", installed / "latentlib")
    assert commit_of(installed) == "unknown"


def test_outside_a_repository_and_without_git_the_commit_is_unknown(tmp_path, monkeypatch):
    shutil.copytree(HOME / "latentlib", tmp_path / "latentlib", ignore=shutil.ignore_patterns("weights", "data"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit_of(tmp_path) == "unknown"
    monkeypatch.setenv("PATH", "")
    assert provenance.commit() == "unknown"


def test_provenance_is_plain_enough_for_json_and_checkpoints():
    facts = provenance.provenance(3, "cpu")
    assert json.loads(json.dumps(facts)) == facts
    assert {type(value) for value in facts.values()} == {int, str}
