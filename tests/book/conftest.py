from pathlib import Path

import pytest
import small_book


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small repository, in a folder with a space in its name."""
    return small_book.make(tmp_path / "a clone")
