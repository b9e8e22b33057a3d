import errno
import os
import tempfile
from pathlib import Path

import pytest

from latentlib import files

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


def test_what_a_killed_run_left_is_overwritten(tmp_path):
    path = tmp_path / "result.txt"
    with files.replacing(path) as partial:
        partial.write_text("x")
    partial.write_text("left by a kill, and longer")
    with files.replacing(path) as partial:
        partial.write_text("new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


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
