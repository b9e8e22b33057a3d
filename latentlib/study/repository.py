"""The locations in the book's repository, for commands that work on it."""

from pathlib import Path

CHAPTERS = ("restoring", "desired_images", "diversity")  # those that exist so far


def root() -> Path:
    """Return the repository's root: the nearest folder from here upwards that holds `_toc.yml`.

    Raises:
        FileNotFoundError: outside the repository.
    """
    for folder in (Path.cwd(), *Path.cwd().parents, Path(__file__).parents[2]):
        if (folder / "_toc.yml").exists() and (folder / "notebooks").is_dir():
            return folder
    raise FileNotFoundError("this command works on the book's repository: call it from a clone of it")


def results(chapter: str) -> Path:
    """Return the folder of a chapter's tables and verdicts at paper scale, which the book shows."""
    return root() / "book" / "results" / chapter


def runs(chapter: str, scale: str) -> Path:
    """Return the folder of a chapter's tables that are computed at a scale, but not for the book."""
    return root() / "_runs" / scale / chapter


def published() -> Path:
    """Return the folder of the tables printed in the papers."""
    return root() / "book" / "published"


def claims(chapter: str) -> Path:
    """Return the file of a chapter's claims and rules."""
    return root() / "book" / "claims" / f"{chapter}.toml"


def notebooks(chapter: str) -> list[Path]:
    """Return a chapter's notebooks, in the order of the table of contents."""
    order = (root() / "_toc.yml").read_text(encoding="utf-8")
    found = (root() / "notebooks" / chapter).glob("*.py")
    return sorted(found, key=lambda path: order.find(f"{chapter}/{path.stem}"))
