import pytest

from latentlib.data import loading


@pytest.fixture(scope="session", autouse=True)
def bundled_images_only(tmp_path_factory):
    """Fixtures of whole modules, too, find no data set but the bundled samples."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LATENTLIB_DATA", raising=False)
        patch.setenv("LATENTLIB_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(loading, "downloaded", lambda card: False)
        yield
