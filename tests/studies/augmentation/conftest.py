"""With this file in it, pytest makes the folder's `known_draws` and `small` importable."""

import pytest

from latentlib.data import loading
from latentlib.study.training import recipes


@pytest.fixture(scope="module", autouse=True)
def shipped_images_and_few_latents(tmp_path_factory):
    """Images are those that ship; batch norms are measured on few latents, which takes most of a small GAN's time."""
    renormalise = recipes.renormalise

    def measured_on_few(network, seed, count):
        renormalise(network, seed, 1, len(network.labels) if hasattr(network, "labels") else 20)

    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LATENTLIB_DATA", raising=False)
        patch.setenv("LATENTLIB_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(loading, "downloaded", lambda card: False)
        patch.setattr(recipes, "renormalise", measured_on_few)
        yield
