"""The figure of the ring, on a page of its own: two networks learn by evolution and by gradient descent, side by side."""

import chromium
import pytest
from chromium import violations
from figure import GENERATION, SESSION, SHOTS, button, until, visit, write_page


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("ring")
    write_page(made, "ring", figure="ring")
    return made


@pytest.fixture(scope="module")
def address(folder):
    with chromium.served(folder) as served:
        yield served


def show(page, address, **config):
    visit(page, address, "ring", **({"figure": "ring", **config} if config else {}))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it_and_it_looks_well(page, address, theme):
    page.emulate_media(color_scheme=theme)
    show(page, address)
    for width in (400, 1400):
        page.set_viewport_size({"width": width, "height": 1000})
        assert violations(page, ".latent-live") == [], f"{theme}, {width}, before"
        page.locator(".latent-live").screenshot(path=SHOTS / f"ring-poster-{width}-{theme}.png")
    page.evaluate(f"{SESSION}.settings = {{...{SESSION}.settings, generations: 60}}")
    button(page, "Run").click()
    page.wait_for_function(f"{SESSION}.state === 'finished'")
    button(page, "Evolve the generator only").click()
    page.wait_for_function(f"{SESSION}.state === 'finished' && {SESSION}.run.used.evolves === 'generator'")
    page.wait_for_selector(".ll-earlier", state="attached")
    for width in (400, 768, 1400):
        page.set_viewport_size({"width": width, "height": 1000})
        assert violations(page, ".latent-live") == [], f"{theme}, {width}"
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        page.locator(".latent-live").screenshot(path=SHOTS / f"ring-{width}-{theme}.png")
    assert page.complaints == []
