"""The scoreboard as it is used: chips, search and address by mouse and keyboard, by HTTP and from disk, and without
JavaScript, on paper and on a phone."""

import re
from statistics import mean

import pytest
from chromium import violations
from figure import HTML
from needs import need

SHOWN = "() => [...document.querySelectorAll('.claim')].filter(row => row.checkVisibility()).map(row => row.id)"
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(params=["http", "file"])
def board(request, page):
    """A page with the scoreboard, and its address by HTTP or on disk."""
    need("the built book")
    page.root = request.getfixturevalue("address") if request.param == "http" else HTML.as_uri()
    visit(page)
    yield page
    assert page.complaints == []


def visit(page, rest=""):
    page.goto(f"{page.root}/book/scoreboard.html{rest}", wait_until="load")
    page.wait_for_selector(".board-filter:not([hidden])")


def chip(page, name):
    return page.locator(".chip", has_text=name).first


def count(page, **facets):
    """Rows of these facets, whether they are shown or not."""
    return page.locator(".claim" + "".join(f'[data-{name}="{value}"]' for name, value in facets.items())).count()


def query(page):
    return page.url.split("#")[0].partition("?")[2]


def test_chips_choose_by_mouse_and_the_address_keeps_the_choice(board):
    every = len(board.evaluate(SHOWN))
    assert every == count(board) > 100
    chip(board, "contradicted").click()
    chip(board, "supported").click()
    both = count(board, verdict="contradicted") + count(board, verdict="supported")
    assert len(board.evaluate(SHOWN)) == both < every
    chip(board, "Restoring").click()
    chip(board, "implied").click()
    some = board.evaluate(SHOWN)
    at_once = (count(board, verdict=name, study="restoring", kind="implied") for name in ("contradicted", "supported"))
    assert 0 < len(some) == sum(at_once)
    assert query(board) == "verdict=supported,contradicted&study=restoring&kind=implied"
    assert board.locator("[role=status]").last.inner_text() == f"{len(some)} of {every} claims are shown."
    assert not board.locator("#desired-images h2").is_visible()
    board.reload()
    assert board.evaluate(SHOWN) == some
    chip(board, "Show all").click()
    assert len(board.evaluate(SHOWN)) == every
    assert query(board) == ""


def test_the_keyboard_alone_searches_chooses_and_opens(board):
    board.get_by_label("Search", exact=False).last.focus()
    board.keyboard.type("Gradient descent")
    found = board.evaluate(SHOWN)
    assert "jk-45" in found
    assert len(found) < count(board) / 2
    board.keyboard.press("Tab")
    board.keyboard.press("Space")  # the first chip: supported
    fewer = board.evaluate(SHOWN)
    assert 0 < len(fewer) < len(found)
    assert query(board) == "q=Gradient+descent&verdict=supported"
    visit(board, f"?{query(board)}")
    assert board.evaluate(SHOWN) == fewer
    first = board.locator(f"#{fewer[0]}")
    first.locator(".claim-id").focus()
    board.keyboard.press("Tab")
    board.keyboard.press("Enter")
    assert first.locator(".claim-more").is_visible()
    assert "Rule." in first.locator(".claim-more").inner_text()
    board.keyboard.press("Shift+Tab")
    board.keyboard.press("Enter")
    assert board.url.endswith(f"?q=Gradient+descent&verdict=supported#{fewer[0]}")


def test_a_permalink_opens_its_row_even_if_the_choice_hides_it(board):
    visit(board, "?verdict=supported#jk-45")
    row = board.locator("#jk-45")
    assert row.locator(".claim-more").is_visible()
    assert query(board) == ""
    assert board.evaluate("document.querySelector('#jk-45').getBoundingClientRect().top < innerHeight / 2")
    board.locator(".findings").get_by_role("link", name="JK-23").click()
    board.wait_for_function("document.querySelector('#jk-23 details').open")


def test_an_address_that_means_nothing_shows_everything(board):
    visit(board, "?verdict=proved&study=&kind=,,&q=%20#no-such-claim")
    assert len(board.evaluate(SHOWN)) == count(board)


def test_rows_of_scoreboard_and_notebook_lead_to_each_other(board):
    visit(board, "#jk-23")
    board.locator("#jk-23 .claim-links a").first.click()
    board.wait_for_url("**/notebooks/restoring/*.html#jk-23")
    row = board.locator("#jk-23")
    assert row.locator("> details > summary").is_visible()
    assert row.evaluate("row => getComputedStyle(row.querySelector('summary')).display") == "grid"
    row.locator(".claim-id").click()
    board.wait_for_url("**/book/scoreboard.html#jk-23")


def test_links_of_a_row_lead_to_files_that_are_there(board):
    places = board.eval_on_selector_all(".claim-links a", "links => links.map(link => link.href)")
    inside = {re.sub(r"[?#].*", "", place.removeprefix(board.root)) for place in places if place.startswith(board.root)}
    assert len(inside) > 100
    assert [place for place in inside if not (HTML / place.lstrip("/")).exists()] == []
    anchors = {place.removeprefix(board.root) for place in places if place.startswith(board.root) and "#" in place}
    for place in anchors:
        path, _, label = place.partition("#")
        assert f'id="{label}"' in (HTML / path.lstrip("/")).read_text(), place


def test_the_command_is_copied(board):
    visit(board, "#jk-20")
    board.evaluate("document.execCommand = () => true")
    button = board.locator("#jk-20 button.copybtn")
    target = board.evaluate(
        "button => document.querySelector(button.dataset.clipboardTarget).textContent", button.element_handle()
    )
    assert target.startswith("latentlib reproduce restoring --scale paper --only grid")
    button.click()
    board.wait_for_selector("#jk-20 button.copybtn.success")


def test_without_javascript_every_row_is_there_and_opens(browser, address):
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}/book/scoreboard.html")
    assert not page.locator(".board-filter").is_visible()
    rows = page.locator(".claim")
    assert rows.count() > 100
    assert rows.last.is_visible()
    page.locator("#jk-20 summary").first.click()
    assert page.locator("#jk-20 .claim-more").is_visible()
    page.close()


@pytest.mark.parametrize("script", [True, False])
def test_on_paper_every_rule_is_open(browser, address, script):
    page = browser.new_page(java_script_enabled=script)
    page.goto(f"{address}/book/scoreboard.html")
    more = page.locator("#jk-20 .claim-more")
    assert not more.is_visible()
    page.emulate_media(media="print")
    assert more.is_visible()
    assert more.bounding_box()["height"] > 100
    assert page.locator("#jk-20 .claim-more details p").is_visible(), "old rules are open, too"
    assert not page.locator(".board-filter").is_visible()
    page.close()


def test_rows_are_low_and_little_stands_around_them(page, address):
    """However many claims there are; before, a claim took 130 pixels on a wide screen and 280 on a narrow one."""
    page.root = address
    for width, row, around in ((1400, 40, 3_000), (400, 70, 4_500)):
        page.set_viewport_size({"width": width, "height": 900})
        visit(page)
        heights = page.eval_on_selector_all(".claim", "rows => rows.map(row => row.offsetHeight)")
        assert mean(heights) <= row
        assert max(heights) <= 1.5 * row
        assert page.evaluate("document.documentElement.scrollHeight") - sum(heights) < around


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("name", ["book/scoreboard", "notebooks/restoring/cliff"])
def test_axe_finds_nothing_and_open_rows_do_not_overflow(page, address, theme, width, name):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/{name}.html")
    page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
    page.add_style_tag(content="* { transition: none !important }")
    page.evaluate("document.querySelectorAll('.claim details').forEach(row => row.open = true)")
    assert page.evaluate(OVERFLOW) <= 0
    for place in (".claims", ".board-filter", ".findings", ".bars"):
        if page.locator(place).count():
            assert violations(page, place) == []
    assert page.complaints == []
