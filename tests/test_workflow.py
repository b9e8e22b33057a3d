"""What runs on GitHub's machines: nothing that a moved tag could replace, no right that it does not need."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from needs import NEEDS

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
WRITES = {"publish": {"pages", "id-token"}, "archive": {"contents"}}  # pages are deployed, releases get an archive
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def jobs(path: Path) -> dict:
    return yaml.safe_load(path.read_text())["jobs"]


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_by_commit_with_its_version_in_a_comment(path):
    used = [line.strip(" -") for line in path.read_text().splitlines() if "uses:" in line]
    assert len(used) == sum("uses" in step for job in jobs(path).values() for step in job["steps"])
    assert [line for line in used if not PINNED.fullmatch(line)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_permissions_are_to_read_but_where_something_is_published(path):
    assert yaml.safe_load(path.read_text())["permissions"] == {"contents": "read"}
    written = {
        name: {right for right, level in job["permissions"].items() if level == "write"}
        for name, job in jobs(path).items()
        if "permissions" in job
    }
    assert written == WRITES


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_ends_in_time_and_no_checkout_leaves_a_token(path):
    assert "concurrency" in yaml.safe_load(path.read_text())
    for job in jobs(path).values():
        assert job["timeout-minutes"] <= 120
        checkouts = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
        assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_the_library_is_tested_on_every_python_that_it_claims_and_at_its_lowest_versions(project):
    matrix = jobs(ROOT / ".github/workflows/book.yml")["library"]["strategy"]["matrix"]
    named = [line.rpartition(" ")[2] for line in project["classifiers"] if re.search(r"Python :: 3\.\d+$", line)]
    lowest = project["requires-python"].removeprefix(">=")
    assert matrix["python"] == named
    assert named[0] == lowest
    assert matrix["include"] == [{"python": lowest, "resolution": "lowest-direct"}]


def test_every_dependency_has_a_lowest_version(project):
    """Else the run at the lowest versions takes the first that ever was."""
    named = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    assert [name for name in named if not re.search(r"[>=]=\d", name)] == []


def test_ci_installs_whatever_a_machine_may_lack_and_leaves_nothing_out():
    script = (ROOT / ".ci/run").read_text()
    assert "export CI=true\n" in script
    packages = {name for need in NEEDS.values() for name in re.findall(r"apt-get install ([\w ]+)", need.get)}
    assert packages == {"chromium", "clang lld"}
    assert [name for name in packages if f"missing+=({name})" not in script] == []
    builds = jobs(ROOT / ".github/workflows/book.yml")["build"]
    assert {"run": ".ci/run"} in builds["steps"]
    assert "github.event_name == 'release'" in builds["env"]["RELEASE"], "a release is built as one"
    assert "$(if $(RELEASE),--release)" in (ROOT / "Makefile").read_text()
    assert builds["container"].endswith("-bookworm"), "the kernel's clang is that of Debian 12"
