import errno
import gzip
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from latentlib import files
from latentlib.checks import check_writable

NOBODY = 65534


@pytest.fixture
def read_only():
    """A folder that may be read but not written, by this process too if it is root's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "kept").write_text("old")
        folder.chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(NOBODY)
        yield folder
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


def test_the_file_appears_whole_when_the_block_ends(tmp_path):
    path = tmp_path / "new" / "folder" / "result.txt"
    with files.replacing(path) as partial:
        partial.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "result.txt"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), files.replacing(path) as partial:  # noqa: PT012
        partial.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


WRITER = """
import pathlib, sys, time
from latentlib import files
with files.replacing(pathlib.Path(sys.argv[1])) as partial, partial.open("w") as file:
    file.write("half")
    file.flush()
    print("half", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def elsewhere(tmp_path):
    """Another process that has written half of a file, beside it."""
    path = tmp_path / "result.txt"
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        yield path, other
        other.kill()


def test_two_writers_of_one_path_do_not_trip_over_each_other(elsewhere):
    path, other = elsewhere
    with files.replacing(path) as partial:
        partial.write_text("whole")
    assert path.read_text() == "whole"
    assert len(list(path.parent.iterdir())) == 2, "the other is alive and keeps its own"
    other.kill()
    other.wait()
    assert path.read_text() == "whole"


def test_what_a_killed_writer_left_is_removed_by_the_next_one(elsewhere):
    path, other = elsewhere
    other.kill()
    other.wait()
    (orphan,) = path.parent.iterdir()
    with files.replacing(path.with_name("other.txt")) as partial:
        partial.write_text("of another path")
    assert orphan.exists()
    with files.replacing(path) as partial:
        partial.write_text("new")
    assert sorted(one.name for one in path.parent.iterdir()) == ["other.txt", "result.txt"]


def test_the_last_of_many_writers_counts_and_none_leaves_anything(tmp_path):
    path = tmp_path / "result.txt"

    def write(number):
        with files.replacing(path) as partial:
            partial.write_text(f"{number}" * 1000)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(10, 90)))
    assert len(path.read_text()) == 2000
    assert len(set(path.read_text()[::2])) == 1, "of one writer"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_on_the_disk_before_its_name_is(tmp_path, monkeypatch):
    seen, fsync, replace = [], os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.append("sync") or fsync(descriptor))
    monkeypatch.setattr(Path, "replace", lambda self, target: seen.append("rename") or replace(self, target))
    with files.replacing(tmp_path / "result.txt") as partial:
        partial.write_text("new")
    assert seen == ["sync", "rename", "sync"]


def test_a_new_file_may_be_read_by_whom_the_user_lets(tmp_path):
    before = os.umask(0o027)
    try:
        with files.replacing(tmp_path / "result.txt") as partial:
            partial.write_text("new")
    finally:
        os.umask(before)
    assert (tmp_path / "result.txt").stat().st_mode & 0o777 == 0o640


HOLDER = """
import pathlib, sys, time
from latentlib import files
with files.locked(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_folder_has_one_writer_and_the_lock_of_a_dead_one_does_not_count(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        refused = f"^{tmp_path} is being written by process {holder.pid} on "
        with pytest.raises(BlockingIOError, match=refused), files.locked(tmp_path):
            pass
        holder.kill()
    with files.locked(tmp_path):
        assert str(os.getpid()) in (tmp_path / ".lock").read_text()


def test_a_lock_ends_with_its_block(tmp_path):
    for _ in range(2):
        with pytest.raises(KeyError), files.locked(tmp_path / "new"):  # noqa: PT012
            with pytest.raises(BlockingIOError), files.locked(tmp_path / "new"):
                pass
            raise KeyError


def test_where_a_file_system_has_no_locks_one_writes_all_the_same(tmp_path, monkeypatch):
    def unsupported(*arguments):
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", unsupported)
    (tmp_path / ".result.txt.0123.part").write_text("perhaps of a writer who is alive")
    with files.locked(tmp_path), files.replacing(tmp_path / "result.txt") as partial:
        partial.write_text("new")
    assert (tmp_path / "result.txt").read_text() == "new"
    assert (tmp_path / ".result.txt.0123.part").exists()


def test_a_block_that_writes_nothing_raises_and_keeps_the_old_file(tmp_path):
    path = tmp_path / "result.txt"
    path.write_text("old")
    with pytest.raises(FileNotFoundError), files.replacing(path):
        pass
    assert path.read_text() == "old"


def test_a_read_only_folder_raises(read_only):
    path = read_only / "kept"
    assert path.read_text() == "old"
    with pytest.raises(PermissionError), files.replacing(path) as partial:
        partial.write_text("new")
    assert path.read_text() == "old"
    assert list(read_only.iterdir()) == [path]


def test_checksums_are_those_of_the_standard(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")  # FIPS 180-4, example
    assert files.sha256(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files.digest("abc") == "ba7816bf8f01cfea"


def test_the_cache_is_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("LATENTLIB_CACHE", str(tmp_path / "mine"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert files.cache() == tmp_path / "mine"
    monkeypatch.delenv("LATENTLIB_CACHE")
    assert files.cache() == tmp_path / "xdg" / "latentlib"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert files.cache() == Path.home() / ".cache" / "latentlib"


def test_a_full_disk_says_which_file(tmp_path):
    with (
        pytest.raises(OSError, match=r"No space left on device: .*table\.csv"),
        files.replacing(tmp_path / "table.csv"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({"LATENTLIB_CACHE": "", "XDG_CACHE_HOME": ""}, "{home}/.cache/latentlib"),
        ({"XDG_CACHE_HOME": "~/elsewhere"}, "{home}/elsewhere/latentlib"),
        ({"LATENTLIB_CACHE": "~"}, "{home}"),
        ({"LATENTLIB_CACHE": "~/my cache"}, "{home}/my cache"),
    ],
)
def test_an_empty_variable_counts_as_none_and_a_tilde_is_the_home(monkeypatch, tmp_path, variables, place):
    for name in ("LATENTLIB_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert files.cache() == Path(place.format(home=tmp_path))


@pytest.fixture
def nobody(monkeypatch):
    """No HOME, and a user id without a name, as in a container."""

    def unknown(uid):
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    for name in ("LATENTLIB_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)


def test_a_user_without_a_home_has_a_cache_among_temporary_files(nobody, monkeypatch):
    own = Path(tempfile.gettempdir()) / f"user-{os.getuid()}"
    assert files.cache() == own / ".cache" / "latentlib"
    monkeypatch.setenv("LATENTLIB_CACHE", "~/mine")
    assert files.cache() == own / "mine"


def test_the_home_of_a_user_who_is_not_known_is_refused(monkeypatch):
    monkeypatch.setenv("LATENTLIB_CACHE", "~nobody-of-that-name/cache")
    with pytest.raises(
        ValueError, match="'~nobody-of-that-name/cache' begins with the home of a user that is not known"
    ):
        files.cache()


def test_an_error_without_a_number_keeps_its_message(tmp_path):
    with pytest.raises(gzip.BadGzipFile, match=r"^Not a gzipped file \(b'<h'\)$"), files.replacing(tmp_path / "x"):
        raise gzip.BadGzipFile("Not a gzipped file (b'<h')")


def test_a_pipe_is_no_place_for_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="pipe is no file, and a file would take its place"):
        check_writable(tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()
