"""What git knows of claims and runs: when a rule was written, and in which order the commits of a sweep came."""

import re
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

SHORT = 12  # digits of a commit, as results store it
OTHER = re.compile(
    r"(?:statement|where|published|kind|about|construction|units|given|shown|held) =|#|$"
)  # no rule's line
ID = re.compile(r"\[([A-Z]{2}-\d{2})\]$")


@dataclass(frozen=True)
class Change:
    """A commit and its date."""

    commit: str
    date: str


@dataclass(frozen=True)
class History:
    """The history of a clone; empty without git, and in a clone that is cut short, which would tell wrong dates.

    Args:
        order: place of each commit, the oldest first.
        rules: by claim, the commit that first wrote it and the one that last changed its rule.
    """

    order: dict[str, int] = field(default_factory=dict)
    rules: dict[str, tuple[Change, Change]] = field(default_factory=dict)

    def span(self, commits: str) -> str:
        """Return a list of commits in words: a lone one, or the range from the oldest to the youngest."""
        names = sorted({name.strip() for name in commits.split(",")}, key=self.place)
        if len(names) == 1:
            return f"commit {names[0]}"
        if all(self.place(name)[0] >= 0 for name in names):
            return f"{len(names)} commits, {names[0]} to {names[-1]}"
        return f"{len(names)} commits, {names[0]} among them"

    def place(self, commit: str) -> tuple[int, str]:
        """Return the place of a commit, with or without the sign of changes that were not committed, -1 if unknown."""
        return self.order.get(commit.removesuffix("+"), -1), commit


def history(root: Path) -> History:
    """Return the history of a clone."""
    if git(root, "rev-parse", "--show-prefix", "--is-shallow-repository").split() != ["false"]:
        return History()
    commits = git(root, "log", "--reverse", "--format=%H").split()
    rules = {}
    for path in sorted((root / "book/claims").glob("*.toml")):
        rules |= rules_of(root, path.relative_to(root).as_posix())
    return History({commit[:SHORT]: place for place, commit in enumerate(commits)}, rules)


def rules_of(root: Path, path: str) -> dict[str, tuple[Change, Change]]:
    """Return the first and the last change of each rule in a file."""
    first = written(git(root, "log", "--reverse", "--date=short", "--format=@%h %ad", "-p", "-U0", "--", path))
    last = changed(git(root, "blame", "-w", "--line-porcelain", "--", path))
    return {id: (first[id], change) for id, change in last.items() if id in first}


def written(log: str) -> dict[str, Change]:
    """Return the commit that first added each claim, from a log with patches."""
    found: dict[str, Change] = {}
    change = Change("", "")
    for line in log.splitlines():
        if line.startswith("@") and not line.startswith("@@"):
            change = Change(*line[1:].split())
        elif line.startswith("+") and (match := ID.match(line[1:])):
            found.setdefault(match[1], change)
    return found


def changed(blame: str) -> dict[str, Change]:
    """Return the last commit that changed the rule of each claim, from git's blame; without those not committed."""
    found: dict[str, tuple[int, Change]] = {}
    id, commit, time, fresh = "", "", 0, set()
    for line in blame.splitlines():
        if match := re.match(r"([0-9a-f]{40}) \d+ \d+", line):
            commit = match[1]
        elif line.startswith("author-time "):
            time = int(line.split()[1])
        elif line.startswith("\t"):
            id = match[1] if (match := ID.match(line[1:])) else id
            if OTHER.match(line[1:]) or ID.match(line[1:]):
                continue
            if not commit.strip("0"):
                fresh.add(id)
            elif time >= found.get(id, (0,))[0]:
                found[id] = time, Change(commit[:7], day(time))
    return {id: change for id, (_, change) in found.items() if id and id not in fresh}


def day(time: int) -> str:
    """Return the date of a time in seconds, in UTC."""
    return datetime.fromtimestamp(time, UTC).date().isoformat()


def git(root: Path, *arguments: str) -> str:
    """Return what git says, nothing where it or its repository is missing."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, encoding="utf-8")
    except OSError:
        return ""
    return "" if done.returncode else done.stdout
