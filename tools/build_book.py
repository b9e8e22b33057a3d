"""Build the book into `_build/html`: stage its sources, build it strictly, and check the result.

Tracked files stay untouched: jupyter-book reads a copy in `_build/source`, where executed notebooks
replace the stored ones and the generated tables stand beside the pages.

Usage: `python tools/build_book.py [--release]`; for a release nothing may be a placeholder.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import book_chapters
import book_claims
import book_frames
import book_home
import book_models
import book_pages
import book_reference
import book_tables
import book_themes
from book_checks import BookError, check, pages

ROOT = Path(__file__).resolve().parents[1]
JUPYTER_BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]  # wherever the venv is
STRICT = ["-W", "-n", "--keep-going", "-q"]  # -q: warnings and errors only


def sources(root: Path) -> dict[str, bytes]:
    """Return all sources of the book, by path: configuration, pages, tables, notebooks with fresh outputs and rows."""
    paths = [
        root / "_config.yml",
        root / "_toc.yml",
        *(root / "book").rglob("*"),
        *(root / "notebooks").rglob("*.ipynb"),
    ]
    named = {path.relative_to(root): path for path in paths if path.is_file()}
    staged = {
        name.as_posix(): path.read_bytes()
        for name, path in named.items()
        if not any(part.startswith((".", "__pycache__")) for part in name.parts)
    }
    staged |= executed(root, staged)
    try:
        home = book_home.read(root)
        notebooks = {name: content for name, content in staged.items() if name.endswith(".ipynb")}
        made = book_tables.tables(root, notebooks) | book_reference.reference() | book_home.pages(home)
        staged |= {f"book/generated/{name}": text.encode() for name, text in made.items()}
        staged |= book_chapters.staged(root, notebooks)
        staged |= book_claims.with_verdicts(root, notebooks)
        drawn = book_models.pictures(root / "latentlib" / "weights")
        staged |= {f"book/web/{name}": content for name, content in drawn.items()}
        for name in (name for name in staged if name.endswith(".ipynb")):
            shown = book_themes.transparent(book_frames.worded(staged[name]))
            staged[name] = book_home.addressed(shown.decode(), home).encode()
        staged["_config.yml"] = book_home.configured(staged["_config.yml"].decode(), home).encode()
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise BookError(f"the tables cannot be made: {type(error).__name__}: {error}") from error
    return staged


def executed(root: Path, stored: dict[str, bytes]) -> dict[str, bytes]:
    """Return freshly executed notebooks, by the path of the stored ones that they replace."""
    folder, found = root / "_runs" / "book", {}
    for path in sorted((folder / "notebooks").rglob("*.ipynb")):
        name = path.relative_to(folder).as_posix()
        fresh = path.read_bytes()
        if name in stored and cells(fresh) != cells(stored[name]):
            raise BookError(f"{name} has other cells than {path}: run `make notebooks` and `make book`")
        if name in stored:
            found[name] = fresh
    return found


def cells(notebook: bytes) -> list[str]:
    """Return the sources of a notebook's cells."""
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]


def stage(files: dict[str, bytes], target: Path) -> set[str]:
    """Make the folder hold these files and no others, changing only those that differ, and return their names."""
    present = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    changed = present - files.keys()
    for name in changed:
        (target / name).unlink()
    for name, content in files.items():
        path = target / name
        if name not in present or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed.add(name)
    return changed


def build(root: Path) -> None:
    """Stage the sources and run jupyter-book with every warning an error.

    Sphinx repeats the warnings only of pages that it reads again, so the remains of a build that failed or was killed
    would let the next one pass. `passed` marks a state that may be built upon; if it is missing, if pages were added or
    removed, or if scripts changed, all pages are built afresh.
    """
    folder, files = root / "_build", sources(root)
    passed = folder / "passed"
    may_stay = passed.exists()
    passed.unlink(missing_ok=True)
    changed = stage(files, folder / "source")
    front = any(name.startswith(("book/web/", "book/results/", "_")) for name in changed)  # copied only with a page
    if not may_stay or front or changed - files.keys():
        for stale in ("html", ".doctrees"):
            shutil.rmtree(folder / stale, ignore_errors=True)
    command = [*JUPYTER_BOOK, "build", str(folder / "source"), "--path-output", str(root), *STRICT]
    extensions = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH")]))
    if subprocess.run(command, env=os.environ | {"PYTHONPATH": extensions}).returncode:
        raise BookError("jupyter-book failed or warned; its messages stand above")
    passed.touch()


def main(root: Path = ROOT, release: bool = False) -> int:
    """Build and check the book; return 0 if all is well, else 1 after printing in one line what is wrong."""
    html = root / "_build" / "html"
    try:
        if release:
            book_home.refuse(root)
        build(root)
        home, names = book_home.read(root), pages(root / "_toc.yml")
        book_pages.finish(html, names, home, book_home.edition(root, home))
        check(html, names)
    except BookError as error:
        print(f"book: {error}", file=sys.stderr)
        return 1
    print(f"The book is built: open {html / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(release="--release" in sys.argv[1:]))
