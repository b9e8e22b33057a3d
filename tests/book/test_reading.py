"""How the built pages are read in a real browser: code on and off, wide tables, search, order, screen readers, paper.

Skipped where Chromium or the built book is absent, but not in CI.
"""

import re
from pathlib import Path

import pytest
from book_checks import pages
from book_themes import LETTERS, SIZE, SMALL
from chromium import violations
from test_pages import HTML, NARROW, PAGES, ROOT, SHOTS, WIDE, visit

CODED = "notebooks/restoring/rates"
FOLDS = "article .cell > details.hide"
LABELS = """() => [...document.querySelectorAll('button, summary, select, [role=button]')]
    .filter(control => control.checkVisibility())
    .map(control => control.getAttribute('aria-label') || control.innerText.trim() || control.title
        || `nameless: ${control.outerHTML.slice(0, 99)}`)"""
UNSAID = """[...document.querySelectorAll('article table')]
    .filter(table => table.checkVisibility() && !table.closest('.wider'))
    .filter(table => table.getBoundingClientRect().right
        > document.querySelector('article').getBoundingClientRect().right + 1)
    .map(table => table.innerText.slice(0, 40))"""
CUED = """() => [...document.querySelectorAll('article :is(.picture, .text_html, .pst-scrollable-table-container)')]
    .every(place => place.classList.contains('wider') === place.scrollWidth > place.clientWidth + 1)"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody(page, address, name):
    """Axe's whole list, once wide and light, once narrow and dark."""
    visit(page, address, name)
    for theme, size in {"light": WIDE, "dark": NARROW}.items():
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size(size)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
        page.wait_for_timeout(300)  # the theme looks for what scrolls some time after a change of size
        assert violations(page, "html") == [], f"{name}, {theme}"
    assert page.locator("meta[name=viewport]").count() == 1


@pytest.mark.parametrize("name", [CODED, "book/models", "notebooks/desired_images/faces", "book/api/evolution"])
def test_no_two_controls_of_a_page_have_one_name(page, address, name):
    visit(page, address, name)
    names = page.evaluate(LABELS)
    assert [told for told in names if told.startswith("nameless")] == []
    assert sorted(told for told in names if names.count(told) > 1) == []


def test_one_switch_shows_all_code_and_is_kept_from_page_to_page(page, address):
    visit(page, address, CODED)
    folds, shown = page.locator(FOLDS), page.locator(f"{FOLDS} pre:visible")
    assert folds.count() > 5
    assert shown.count() == 0
    assert page.locator(f"{FOLDS} > summary:visible").count() == 0, "no grey bars"
    page.get_by_role("button", name="Show code", exact=True).focus()
    page.keyboard.press("Enter")
    assert shown.count() == folds.count()
    assert page.locator(f"{FOLDS} > summary:visible").count() == 0
    page.screenshot(path=SHOTS / "code-shown.png")
    visit(page, address, "notebooks/restoring/cliff")
    assert page.locator(f"{FOLDS} pre:visible").count() == page.locator(FOLDS).count() > 0
    page.get_by_role("button", name="Hide code", exact=True).click()
    visit(page, address, CODED)
    assert shown.count() == 0
    visit(page, address, "book/notation")
    assert page.locator(".code-switch").count() == 0, "where there is nothing to switch"
    assert page.complaints == []


def test_what_is_being_read_stays_in_place_when_code_appears(page, address):
    visit(page, address, CODED)
    heading = page.locator("article h2").last
    heading.evaluate("heading => scrollBy({top: heading.getBoundingClientRect().top - 90, behavior: 'instant'})")
    top = "heading => heading.getBoundingClientRect().top"
    before, height = heading.evaluate(top), page.evaluate("document.documentElement.scrollHeight")
    box = page.locator(".code-switch").bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + 5)  # a locator's click would scroll
    assert page.evaluate("document.documentElement.scrollHeight") > height + 500
    assert abs(heading.evaluate(top) - before) < 5


def test_without_scripts_every_cell_can_be_unfolded(browser):
    context = browser.new_context(java_script_enabled=False, viewport=WIDE)
    bare = context.new_page()
    bare.goto((HTML / f"{CODED}.html").as_uri())
    bars = bare.locator(f"{FOLDS} > summary:visible")
    assert bars.count() == bare.locator(FOLDS).count() > 5
    bars.nth(2).click()
    assert bare.locator(FOLDS).nth(2).locator("pre").is_visible()
    context.close()


@pytest.mark.parametrize("name", ["notebooks/desired_images/faces", "notebooks/diversity/eyes", "book/report"])
def test_no_table_goes_on_without_saying_so(page, address, name):
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        visit(page, address, name)
        page.wait_for_function(CUED)
        assert page.evaluate(UNSAID) == []


def test_a_table_that_goes_on_says_so_on_a_telephone(page, address):
    page.set_viewport_size(NARROW)
    visit(page, address, "notebooks/desired_images/faces")
    wide = page.locator(".wider").first
    wide.scroll_into_view_if_needed()
    assert "mask" in wide.evaluate("place => getComputedStyle(place).maskImage === 'none' ? 'no' : 'mask'")
    assert "goes on" in wide.evaluate("place => getComputedStyle(place, '::after').content")
    page.screenshot(path=SHOTS / "wide-table.png")
    assert page.evaluate(CUED)
    wide.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector(".wider.at-end")
    assert wide.evaluate("place => getComputedStyle(place).maskImage") == "none"
    page.set_viewport_size(WIDE)
    page.wait_for_function(CUED)


@pytest.mark.parametrize("name", [CODED, "notebooks/restoring/descent", "notebooks/desired_images/either"])
def test_letters_of_figures_can_be_read_on_a_telephone(page, address, name):
    page.set_viewport_size(NARROW)
    visit(page, address, name)
    figures = page.eval_on_selector_all(
        ".picture img.in-light", "images => images.map(image => [image.src, image.clientWidth])"
    )
    assert len(figures) > 3
    for source, shown in figures:
        svg = (HTML / "_images" / source.rpartition("/")[2]).read_text()
        points = [float(size) * 100 for size in LETTERS.findall(svg)]  # none in a grid of images
        assert all(size / float(SIZE.search(svg)[1]) * shown > SMALL for size in points), source
    page.wait_for_function(CUED)
    assert "figure" in page.locator(".picture.wider").first.evaluate(
        "place => getComputedStyle(place, '::after').content"
    )
    page.emulate_media(media="print")
    assert page.evaluate("[...document.querySelectorAll('.picture')].every(one => one.scrollWidth <= one.clientWidth)")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_who_points_at_a_mark_is_told_its_value(page, address, theme):
    page.emulate_media(color_scheme=theme)
    visit(page, address, CODED)
    picture = page.locator("#fig-rates-table-1 .picture")
    picture.scroll_into_view_if_needed()
    told = picture.evaluate(
        """place => [...place.querySelectorAll('svg rect')].map(mark => {
            const box = mark.getBoundingClientRect();
            const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return there?.closest('rect')?.textContent; })"""
    )
    assert sum(bool(re.fullmatch(r"mating 0\.\d, mutation 0\.\d: 0\.\d+", text or "")) for text in told) == 162
    sheet, image = (picture.locator(one).bounding_box() for one in ("svg", f"img.in-{theme}"))
    assert sheet == pytest.approx(image, abs=1), "they lie on what is shown"


def test_search_works_from_disk_and_tells_what_pages_are_about(page):
    page.goto(f"{(HTML / 'search.html').as_uri()}?q=tournament")
    page.wait_for_selector("#search-results li[data-told] p.context")
    results = page.locator("#search-results ul.search > li")
    assert results.count() > 3
    told = page.locator("#search-results li[data-told] p.context").all_inner_texts()
    assert all(len(text) > 20 for text in told)
    assert page.complaints == []


def test_previous_and_next_follow_the_table_of_contents(page, address):
    path, name = [], PAGES[0]
    visit(page, address, name)
    while True:
        path.append(page.evaluate("DOCUMENTATION_OPTIONS.pagename"))
        following = page.locator("a.right-next")
        if not following.count():
            break
        page.goto(following.evaluate("link => link.href"), wait_until="domcontentloaded")
    assert path == pages(ROOT / "_toc.yml")


def test_every_page_tells_its_edition_and_how_to_cite(page, address):
    for name in ("book/intro", CODED, "book/api/pool"):
        visit(page, address, name)
        line = page.locator("p.edition")
        assert line.inner_text().startswith("Version ")
        line.get_by_role("link").click()
        page.wait_for_url("**/book/cite.html")
    assert "@software{" in page.locator("article pre").first.inner_text()


def test_on_paper_rules_are_open_and_nothing_can_be_pressed(page, address):
    visit(page, address, "book/scoreboard")
    rule = page.locator(".claim > details").first
    page.emulate_media(media="print")
    assert rule.evaluate("fold => getComputedStyle(fold, '::details-content').contentVisibility") == "visible"
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("article details:not([open], .hide)").count() == 0
    assert page.evaluate("document.documentElement.dataset.theme") == "light", "dark letters on white paper"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator("article details[open]").count() == 0
    visit(page, address, "book/intro")
    page.wait_for_selector(".latent-live", state="attached")
    assert page.locator(":is(.latent-live button, .prev-next-footer, .code-switch, .headerlink):visible").count() == 0
    undrawn = page.locator(".latent-live:is([data-state=waiting], [data-state=ready])")
    assert undrawn.count() > 0
    assert undrawn.locator("> *:visible").count() == 0, "a line stands for what has drawn nothing yet"


def test_the_lost_find_back(page, address):
    page.goto(f"{address}/404.html")
    assert violations(page, "html") == []
    page.get_by_role("link", name="Evolving the latent spaces").click()
    page.wait_for_url("**/book/intro.html")
    assert not Path(HTML / "sitemap.xml").exists() or "canonical" in page.content()
