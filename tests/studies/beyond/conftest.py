"""With this file in it, pytest makes the folder's `bowls` and `known_contests` importable."""

import pytest

from latentlib.data import loading


@pytest.fixture(scope="module", autouse=True)
def shipped_images_alone(tmp_path_factory):
    """Images are those that ship, and what was tried is found in a cache of the module's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LATENTLIB_DATA", raising=False)
        patch.setenv("LATENTLIB_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(loading, "downloaded", lambda card: False)
        yield
