import functools

import pytest

from latentlib.data import loading


@pytest.fixture(scope="module")
def official(shared_data, tmp_path_factory):
    """Calls a function of `data` with the official files at hand; what it gave is kept for the whole module."""
    cache = tmp_path_factory.mktemp("cache")

    @functools.cache
    def call(function, *arguments):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LATENTLIB_DATA", str(shared_data))
            patch.setenv("LATENTLIB_CACHE", str(cache))
            return function(*arguments)

    return call


@pytest.fixture
def offline(monkeypatch):
    monkeypatch.setattr(loading, "downloaded", lambda card: False)
