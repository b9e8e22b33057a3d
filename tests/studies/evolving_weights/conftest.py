"""With this file in it, pytest makes the folder's `known_courses` and `quick_games` importable."""

import pytest

from latentlib.data import loading


@pytest.fixture(scope="module", autouse=True)
def shipped_images(tmp_path_factory):
    """Images are those that ship."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LATENTLIB_DATA", raising=False)
        patch.setenv("LATENTLIB_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(loading, "downloaded", lambda card: False)
        yield
