"""Where the book lives, who made it and when, all from CITATION.cff: buttons, addresses, citation, edition.

Usage: `python tools/book_home.py` writes the repository's address into the notebooks, whose Colab cell needs it.
"""

import datetime
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from book_checks import BookError

ROOT = Path(__file__).resolve().parents[1]
CLONE = re.compile(r"(git clone .*?--branch )(\S+) (https://[\w.-]+/[\w.-]+/[\w.-]+)")
FIELDS = {"repository-code": "repository", "url": "url", "date-released": "released", "doi": "doi"}


@dataclass(frozen=True)
class Home:
    """What CITATION.cff says of the book; whatever it does not say is empty."""

    title: str
    authors: tuple[str, ...]
    version: str
    repository: str = ""  # without a slash at its end, like the next
    url: str = ""
    released: str = ""  # a date, as 2026-12-31
    doi: str = ""

    @property
    def tag(self) -> str:
        """The tag of this version in the repository."""
        return f"v{self.version}"


def read(root: Path) -> Home:
    """Return what CITATION.cff says of the book's home; without the file, what `_config.yml` says of the book."""
    path = root / "CITATION.cff"
    if not path.exists():
        config = yaml.safe_load((root / "_config.yml").read_text())
        return Home(config.get("title", ""), (config.get("author", ""),), "0")
    facts = yaml.safe_load(path.read_text())
    given = {name: str(facts.get(key) or "").rstrip("/") for key, name in FIELDS.items()}
    return Home(facts["title"], tuple(map(named, facts["authors"])), str(facts["version"]), **given)


def named(author: dict[str, str]) -> str:
    """Return an author's name: of a person or a group."""
    return author.get("name") or f"{author.get('given-names', '')} {author['family-names']}".strip()


def configured(config: str, home: Home) -> str:
    """Return `_config.yml` with the buttons that lead to the repository and to Colab, if there is one."""
    if not home.repository:
        return config
    settings: dict[str, Any] = yaml.safe_load(config)
    settings["repository"] = {"url": home.repository, "branch": home.tag}  # a tag: the code the page was made from
    settings["launch_buttons"] = {"colab_url": "https://colab.research.google.com"}
    settings["html"] = settings.get("html", {}) | {"use_repository_button": True, "use_issues_button": True}
    options = settings.setdefault("sphinx", {}).setdefault("config", {}).setdefault("html_theme_options", {})
    options["use_source_button"] = True
    return yaml.safe_dump(settings, sort_keys=False)


def addressed(notebook: str, home: Home) -> str:
    """Return a notebook whose Colab cell clones the book's repository; while there is none it says so."""
    return CLONE.sub(rf"\g<1>{home.tag} {home.repository or 'ADDRESS-OF-THE-REPOSITORY'}", notebook)


def edition(root: Path, home: Home) -> str:
    """Return version and date: of the release, or of the last commit for what is not released yet."""
    if home.released:
        return f"Version {home.version}, {spoken(home.released)}"
    said = subprocess.run(["git", "-C", root, "log", "-1", "--format=%cs %h"], capture_output=True, text=True)
    date, _, commit = said.stdout.strip().partition(" ")
    state = f"draft of {spoken(date)}, commit {commit}" if said.returncode == 0 and date else "draft"
    return f"Version {home.version}, {state}"


def spoken(date: str) -> str:
    """Return a date as people write it."""
    day = datetime.date.fromisoformat(date)
    return f"{day.day} {day:%B %Y}"


def bibtex(home: Home) -> str:
    """Return the book's entry for a bibliography in BibTeX."""
    fields = {
        "author": " and ".join(f"{{{author}}}" for author in home.authors),
        "title": f"{{{home.title}}}",
        "year": home.released[:4],
        "version": home.version,
        "doi": home.doi,
        "url": home.url or home.repository,
    }
    lines = [f"  {name:<7} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join(["@software{latentlib,", *lines, "}"])


def pages(home: Home) -> dict[str, str]:
    """Return the generated parts of pages that depend on the home, by name."""
    identifier = f"[{home.doi}](https://doi.org/{home.doi}) names this version for good."
    without = "An archived identifier (a DOI) comes with the first release. Until then a commit names a state."
    install = ["pip install .  # in the folder of this book's repository"]
    archive = "`make pdf` prints all pages into one file, `make zip` packs them to be read from disk."
    if home.repository:
        install = [f"pip install git+{home.repository}"]
        files = f"{home.repository}/releases/download/{home.tag}/book-{home.tag}"
        archive = f"[As one PDF]({files}.pdf), or [as a zip]({files}.zip) to unpack and read from disk; `make pdf` and"
        archive += " `make zip` make both anew."
    return {
        "install.md": "\n".join(["```bash", *install, "```"]),
        "citation.md": f"```bibtex\n{bibtex(home)}\n```\n\n{identifier if home.doi else without}",
        "whole.md": archive,
    }


def defects(root: Path, home: Home) -> list[str]:
    """Return what a release may not have: a home that is not named, or is named differently in another place."""
    lacking = [key for key, name in FIELDS.items() if not getattr(home, name) and key != "doi"]  # it follows a release
    found = [f"CITATION.cff lacks {key}" for key in lacking]
    found += [
        f"CITATION.cff has a placeholder for {key}" for key, name in FIELDS.items() if "OWNER" in getattr(home, name)
    ]
    for name in ("pyproject.toml", "notebooks/pyproject.toml"):
        version = tomllib.loads((root / name).read_text())["project"]["version"]
        if version != home.version:
            found.append(f"{name} has version {version}, CITATION.cff {home.version}")
    for path in notebooks(root):
        for branch, address in (match.group(2, 3) for match in CLONE.finditer(path.read_text())):
            if (branch, address) != (home.tag, home.repository):
                found.append(f"{path.relative_to(root)} clones {address} at {branch}: run `make home`")
    return found


def notebooks(root: Path) -> list[Path]:
    """Return all notebooks, sources and stored ones."""
    return sorted(path for suffix in ("py", "ipynb") for path in (root / "notebooks").glob(f"*/*.{suffix}"))


def refuse(root: Path) -> None:
    """Raise a BookError with the first of a release's defects and their number."""
    if found := defects(root, read(root)):
        raise BookError(f"no release: {found[0]}" + f" (and {len(found) - 1} more)" * (len(found) > 1))


def main(root: Path = ROOT) -> int:
    """Write the repository's address and the version's tag into all notebooks, outputs untouched."""
    home = read(root)
    if not home.repository:
        print("home: CITATION.cff names no repository-code", file=sys.stderr)
        return 1
    for path in notebooks(root):
        text = path.read_text()
        told = addressed(text, home)
        if told != text:
            path.write_text(told)
            print(f"{path.relative_to(root)} clones {home.repository} at {home.tag}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
