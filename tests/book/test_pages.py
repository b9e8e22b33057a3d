"""The built pages in a real browser: nothing missing, nothing from elsewhere, readable wide and narrow, light and dark.

Skipped where Chromium or the built book is absent, but not in CI. Screenshots go to `_build/screenshots`.
"""

import shutil
from pathlib import Path

import pytest
from book_checks import pages

ROOT = Path(__file__).parents[2]
HTML, SHOTS = ROOT / "_build/html", ROOT / "_build/screenshots"
WIDE, NARROW = {"width": 1400, "height": 900}, {"width": 400, "height": 800}
PAGES = pages(ROOT / "_toc.yml")


@pytest.fixture(scope="module", autouse=True)
def no_old_screenshots():
    shutil.rmtree(SHOTS, ignore_errors=True)


def visit(page, address: str, name: str) -> None:
    """Open a page of the book and wait until its pictures and formulas are there."""
    page.goto(f"{address}/{name}.html", wait_until="load")
    page.add_style_tag(content="* { transition: none !important }")  # no picture of a bar on its way out
    page.evaluate("() => window.MathJax?.startup?.promise")
    page.evaluate(SHOWN)


SHOWN = """() => Promise.all([...document.images].map(image => {
    image.loading = 'eager';  // those far below or for the other theme, too
    return image.decode().catch(() => 0); }))"""
BAD_IMAGES = """() => [...document.images]
    .filter(image => !image.complete || !image.naturalWidth || !image.hasAttribute('alt')
                     || (image.closest('article') && image.alt.trim().length < 10))
    .map(image => `${image.src} (alt: ${image.alt})`)"""
# sliders and choices with no script of ours behind them: without a kernel they would do nothing
DEAD = """() => [...document.querySelectorAll(':is(article input, article select, [role=slider], .jupyter-widgets)')]
    .filter(control => !control.closest('.latent-live, .board-filter'))
    .map(control => control.outerHTML)"""
BARE_TABLES = """() => [...document.querySelectorAll('article table')]
    .filter(table => !table.caption?.textContent.trim()
                     && !table.closest('figure.tabled')?.querySelector('figcaption .caption-number'))
    .map(table => table.innerText.slice(0, 80))"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_whole_in_both_themes_and_widths(page, address, name):
    visit(page, address, name)
    assert page.evaluate(BAD_IMAGES) == []
    assert page.evaluate(DEAD) == []
    assert page.evaluate(BARE_TABLES) == [], "tables without caption and number"
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
        for width, size in {"wide": WIDE, "narrow": NARROW}.items():
            page.set_viewport_size(size)
            assert page.evaluate(OVERFLOW) <= 0, f"{name} scrolls sideways when {width} and {theme}"
            page.screenshot(path=SHOTS / f"{name.replace('/', '-')}-{width}-{theme}.png", full_page=True)
    assert page.complaints == []


def test_icons_are_drawn_by_their_font_and_their_script_is_left_out(page, address):
    visit(page, address, "book/intro")
    page.wait_for_function(
        """() => {
            const bare = (family) => family.split(",")[0].replaceAll('"', "");
            const fonts = [...document.fonts].filter((font) => font.status === "loaded");
            const loaded = fonts.map((font) => bare(font.family));
            const icons = [...document.querySelectorAll("[class*='fa-solid'], [class*='fa-brands'], .fas, .fab")];
            const drawn = icons.filter((icon) => icon.checkVisibility());
            const families = drawn.map((icon) => bare(getComputedStyle(icon, "::before").fontFamily));
            return families.length > 2 && families.every((one) => one.includes("Awesome") && loaded.includes(one));
        }"""
    )
    assert not any("fontawesome.js" in url for url in page.fetched)


def test_formulas_are_drawn(page, address):
    visit(page, address, "book/notation")
    assert page.locator("mjx-container svg").count() > 20
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    assert "\\(" not in page.locator("article").inner_text()
    assert page.locator("mjx-assistive-mml").count() > 20, "formulas must be there for screen readers"


def test_a_narrow_table_is_made_of_cards(page, address):
    page.set_viewport_size(NARROW)
    visit(page, address, "book/amendments")
    row = page.locator("table.amended tbody tr").first
    assert row.evaluate("row => getComputedStyle(row).display") == "block"
    assert row.evaluate("row => row.scrollWidth - row.clientWidth") <= 1


def test_the_first_address_leads_to_the_introduction(page, address):
    page.goto(f"{address}/index.html")
    page.wait_for_url("**/book/intro.html")
    assert page.complaints == []


def test_search_finds_a_term(page, address):
    page.goto(f"{address}/search.html?q=tournament")
    page.wait_for_selector("#search-results li")
    assert page.complaints == []
