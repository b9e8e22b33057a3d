"""Files: atomic writing, locks, checksums, and the cache folder."""

import errno
import glob
import hashlib
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: names are still unique, but orphans are kept and no folder is locked
    fcntl = None  # type: ignore[assignment]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path that replaces `path` when the block succeeds and is removed when it fails.

    Each writer has its own temporary name, the content reaches the disk before the rename, and temporary files left
    behind by killed writers of the same path are removed.

    Raises:
        OSError: for a failed write, such as on a full disk, or a block that wrote nothing; names the path.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_orphans(path)
    partial, descriptor = begun(path)
    try:
        yield partial
        if not partial.stat().st_size:
            raise FileNotFoundError(errno.ENOENT, "nothing was written", str(path))
        sync(partial)
        partial.replace(path)
        sync(path.parent)
    except OSError as error:
        if error.errno and error.filename in (None, str(partial)):  # the error of a full disk names no file
            error.filename = str(path)
        raise
    finally:
        partial.unlink(missing_ok=True)
        os.close(descriptor)


def begun(path: Path) -> tuple[Path, int]:
    """Create a temporary file beside a path and return it with its descriptor, locked while that is open."""
    while True:
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        if take(descriptor) is not False and partial.exists():
            return partial, descriptor  # else another writer took it for an orphan before it was locked
        os.close(descriptor)


def remove_orphans(path: Path) -> None:
    """Remove the temporary files beside a path that are no longer locked, since their writers are dead."""
    for orphan in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        with suppress(OSError), orphan.open("rb+") as file:
            if take(file.fileno()):
                orphan.unlink()


def take(descriptor: int) -> bool | None:
    """Lock an open file for this process, and return whether that succeeded; None where locks are not supported."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # some network file systems have no locks
        return None
    return True


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, have reached the disk."""
    with suppress(PermissionError):  # Windows cannot open a folder
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a folder against other processes while the block runs; the lock ends with its process.

    Raises:
        BlockingIOError: if the folder is locked already; names the process.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".lock"
    with path.open("a+", encoding="utf-8") as file:
        if take(file.fileno()) is False:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise BlockingIOError(f"{folder} is being written by {holder}: wait for its end, or name another folder")
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        file.flush()
        yield


def sha256(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(text: str) -> str:
    """Return a short name for a text: the first 16 hexadecimal digits of its sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cache() -> Path:
    """Return where downloads and checkpoints go: LATENTLIB_CACHE, or the user's cache folder.

    A leading `~` is the user's home; an empty variable counts as unset.

    Raises:
        ValueError: for the home of an unknown user.
    """
    named, general = os.environ.get("LATENTLIB_CACHE"), os.environ.get("XDG_CACHE_HOME")
    return expanded(named) if named else expanded(general or "~/.cache") / "latentlib"


def expanded(path: str) -> Path:
    """Return a path with `~` replaced by the user's home, or by a temporary folder of the user if there is no home."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:  # no HOME and no name for the user id, as in containers; or an unknown user
        first, *rest = Path(path).parts
        if first != "~":
            raise ValueError(f"the path {path!r} begins with the home of a user that is not known") from error
        return Path(tempfile.gettempdir(), f"user-{os.getuid()}", *rest)
