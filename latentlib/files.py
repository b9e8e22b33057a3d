"""Writing files so that nothing half-written stays behind."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends well, and goes otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")  # one fixed name: a re-run after a kill cleans up
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        error.filename = error.filename or str(path)  # a full disk does not say which file
        raise
    finally:
        partial.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """The file's checksum in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest(text: str) -> str:
    """A short name for a text: the first 16 digits of its sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cache() -> Path:
    """Where downloads and checkpoints go: LATENTLIB_CACHE, or the user's cache folder."""
    named = os.environ.get("LATENTLIB_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "latentlib"
