"""What git tells of rules and commits."""

import subprocess

import pytest
from book_history import History, history

CLAIM = '[JK-01]\nstatement = "{}"\nnumbers = {{ least = {} }}\nrule = """Above \\\n[{{least}}]."""\n'


@pytest.fixture
def clone(tmp_path):
    root = tmp_path / "clone"
    (root / "book/claims").mkdir(parents=True)
    git(root, "init", "-q")
    return root


def git(root, *arguments, date="2026-01-01T12:00:00+00:00"):
    who = {f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    done = subprocess.run(
        ["git", *arguments],
        cwd=root,
        env=who | dates | {"PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def commit(root, statement, least, day):
    (root / "book/claims/restoring.toml").write_text(CLAIM.format(statement, least))
    git(root, "add", ".")
    git(root, "commit", "-qm", "x", date=f"2026-01-{day}T12:00:00+00:00")
    return git(root, "rev-parse", "HEAD")


def test_a_rule_has_the_commit_that_wrote_it_and_the_last_that_changed_it(clone):
    first = commit(clone, "A claim.", 0, "01")
    second = commit(clone, "A claim.", 1, "02")
    commit(clone, "The same claim in other words.", 1, "03")
    written, last = history(clone).rules["JK-01"]
    assert (written.date, last.date) == ("2026-01-01", "2026-01-02")
    assert first.startswith(written.commit)
    assert second.startswith(last.commit)


def test_a_rule_that_is_not_committed_has_no_date(clone):
    commit(clone, "A claim.", 0, "01")
    (clone / "book/claims/restoring.toml").write_text(CLAIM.format("A claim.", 2))
    assert history(clone).rules == {}


def test_a_clone_cut_short_tells_nothing(clone, tmp_path):
    for day in ("01", "02"):
        commit(clone, "A claim.", int(day), day)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{clone}", "short")
    assert history(tmp_path / "short") == History()
    assert history(tmp_path) == History()


def test_commits_of_a_sweep_are_named_from_the_oldest_to_the_youngest(clone):
    names = [commit(clone, "A claim.", least, "01")[:12] for least in range(3)]
    known = history(clone)
    assert known.span(f"{names[2]}+, {names[0]}, {names[1]}") == f"3 commits, {names[0]} to {names[2]}+"
    assert known.span(names[1]) == f"commit {names[1]}"
    assert History().span(", ".join(sorted(names))) == f"3 commits, {min(names)} among them"
