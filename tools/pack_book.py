"""Pack the built book into one zip file, to be unpacked and read from disk: the same bytes for the same pages.

Usage: `python tools/pack_book.py`, after `make book`.
"""

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIRST = (1980, 1, 1, 0, 0, 0)  # the earliest time that zip knows


def pack(html: Path, target: Path) -> None:
    """Write all files of a folder into a zip file, below a folder `book`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(html.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(f"book/{path.relative_to(html).as_posix()}", FIRST)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    build = ROOT / "_build"
    if not (build / "html" / "index.html").exists():
        sys.exit("zip: there is no built book; run `make book`")
    pack(build / "html", build / "book.zip")
    print(f"{build / 'book.zip'}: unpack it and open book/index.html")
