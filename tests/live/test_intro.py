"""The landing page moves: a run that plays by itself, genes in the reader's hands, kinship, links, films."""

import base64
import gzip
import io
import time

import pytest
from chromium import violations, watched
from figure import HTML, SHOTS
from PIL import Image

FIRST = "document.querySelector('#first').latentLive"
EVOLVE = "document.querySelector('#evolve').latentLive"
GENE, CROSS, MUTATION = (f"""[data-latent-live*='"figure": "{name}"']""" for name in ("gene", "cross", "mutation"))
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}


def intro(page, address, fragment=""):
    page.goto(f"{address}/book/intro.html{fragment}", wait_until="load")
    page.wait_for_selector("#evolve .ll-primary")


def drawn(page, place):
    """Bring a figure of genes into view, and wait until it is drawn."""
    page.locator(place).scroll_into_view_if_needed()
    page.wait_for_selector(f"{place}[data-state=drawn]")
    return page.locator(place)


def pixels(canvas):
    """The grey levels of a canvas, in rows."""
    url = canvas.evaluate("canvas => canvas.toDataURL()")
    return Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L")


def heel(figure):
    """Light in the arch before the heel, which a high one leaves dark."""
    box = pixels(figure.locator(".ll-one")).crop((12, 24, 18, 27))
    return sum(box.tobytes())


def test_it_plays_by_itself_slowly_and_pauses_out_of_sight(page, address):
    page.emulate_media(reduced_motion="no-preference")
    intro(page, address)
    page.wait_for_function(f"{FIRST}.run?.generation >= 0")
    began = time.monotonic()
    page.wait_for_function(f"{FIRST}.run.generation >= 4")
    assert time.monotonic() - began > 1.5, "half a second a generation"
    page.locator("#evolve").scroll_into_view_if_needed()
    page.wait_for_function(f"{FIRST}.state === 'paused'")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(f"{FIRST}.state === 'running'")
    page.locator("#first .ll-primary").click()
    page.locator("#evolve").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(700)
    assert page.evaluate(f"{FIRST}.running") is False, "the reader's pause stays"
    assert page.complaints == []


def test_who_wants_little_motion_sees_a_poster_that_is_the_run_after_twenty_generations(page, address):
    intro(page, address)
    poster = page.locator("#first .ll-poster")
    assert poster.is_visible()
    assert page.evaluate(f"{FIRST}.run") is None
    for _ in range(20):
        page.locator("#first").get_by_role("button", name="One step").click()
    page.wait_for_function(f"{FIRST}.run?.generation === 20 && !{FIRST}.busy")
    page.wait_for_selector("#first .ll-grid[aria-label*='generation 20']")
    run = pixels(page.locator("#first .ll-grid"))
    shipped = Image.open(HTML / "_static/poster.png").convert("L")
    assert run.size == shipped.size
    assert run.tobytes() == shipped.tobytes()
    assert poster.is_hidden()


@pytest.mark.parametrize("way", ["http", "file"])
def test_one_gene_is_dragged_by_mouse_and_keyboard_and_the_heel_rises(page, address, way):
    page.goto(f"{address}/book/intro.html" if way == "http" else (HTML / "book/intro.html").as_uri())
    figure = drawn(page, GENE)
    flat = heel(figure)
    box = figure.locator(".ll-strip").bounding_box()
    x, middle = box["x"] + 14.5 * box["width"] / 100, box["y"] + box["height"] / 2
    page.mouse.move(x, middle + 0.4 * box["height"])
    page.mouse.down()
    page.mouse.move(x + 30, middle - 0.25 * box["height"], steps=6)
    page.mouse.up()
    page.wait_for_function("!document.querySelector('.ll-hands').latentHands.busy")
    assert figure.get_by_role("slider", name="Gene 15").input_value() == "1.5"
    assert heel(figure) < 0.6 * flat
    page.locator(GENE).screenshot(path=SHOTS / "intro-gene.png")
    figure.get_by_role("button", name="Back to the shoe").click()
    slider = figure.get_by_role("slider", name="Gene 15")
    slider.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("!document.querySelector('.ll-hands').latentHands.busy")
    assert heel(figure) < 0.6 * flat
    assert page.complaints == []


@pytest.mark.parametrize("way", ["http", "file"])
def test_shoes_are_crossed_and_mutated_by_mouse_and_keyboard(page, address, way):
    page.goto(f"{address}/book/intro.html" if way == "http" else (HTML / "book/intro.html").as_uri())
    figure = drawn(page, CROSS)
    idle = f"!document.querySelector(`{CROSS}`).latentHands.busy"
    before = pixels(figure.locator(".ll-grid").nth(1)).tobytes()
    figure.get_by_role("button", name="Cross again").click()
    page.wait_for_function(idle)
    assert pixels(figure.locator(".ll-grid").nth(1)).tobytes() != before
    figure.get_by_label("Genes of the second parent").focus()
    page.keyboard.press("Home")
    page.wait_for_function(idle)
    parents, children = (pixels(figure.locator(".ll-grid").nth(i)) for i in range(2))
    first = parents.crop((0, 0, 28, 28)).tobytes()
    assert all(children.crop((30 * i, 0, 30 * i + 28, 28)).tobytes() == first for i in range(6)), (
        "all genes from the first"
    )
    figure = drawn(page, MUTATION)
    words = figure.locator("figcaption")
    figure.get_by_label("Mutation rate").focus()
    page.keyboard.press("Home")
    page.wait_for_selector(f"{MUTATION} figcaption:has-text('in the last round 0 of them')")
    page.keyboard.press("End")
    page.wait_for_selector(f"{MUTATION} figcaption:has-text('in the last round 16 of them')")
    once = words.inner_text()
    figure.get_by_role("button", name="Ten times more").click()
    page.wait_for_selector(f"{MUTATION} figcaption:has-text('mutated 11 times')")
    assert words.inner_text() != once
    assert page.complaints == []


def test_fingers_drag_a_gene_meet_a_family_and_find_wide_sliders(browser, address):
    page = watched(browser)
    touch = browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 400, "height": 800}, reduced_motion="reduce"
    )
    page.close()
    page = touch.new_page()
    intro(page, address)
    figure = drawn(page, GENE)
    flat = heel(figure)
    box = figure.locator(".ll-strip").bounding_box()
    page.touchscreen.tap(box["x"] + 14.5 * box["width"] / 100, box["y"] + 0.25 * box["height"])
    page.wait_for_function("!document.querySelector('.ll-hands').latentHands.busy")
    assert heel(figure) < 0.6 * flat
    page.locator("#first .ll-primary").scroll_into_view_if_needed()
    for _ in range(3):
        page.locator("#first").get_by_role("button", name="One step").tap()
    page.wait_for_selector("#first .ll-grid[aria-label*='generation 3,']")
    page.locator("#first .ll-people").tap(position={"x": 60, "y": 20})
    page.wait_for_selector("#first .ll-who:has-text('Number 2 of 40 of generation 3')")
    for slider in page.locator(".latent-live input[type=range]:visible").all():
        assert slider.bounding_box()["height"] >= 44
    for root in ("#first", "#evolve"):
        if root == "#evolve":
            page.locator("#evolve").get_by_role("button", name="One step").tap()
            page.wait_for_selector("#evolve .ll-grid:visible")
        top = page.locator(f"{root} .ll-grid").bounding_box()
        slider = page.locator(f"{root} input[type=range]").first.bounding_box()
        assert slider["y"] + slider["height"] - top["y"] < 600, "population and slider share the screen"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    touch.close()


def test_a_family_is_shown_to_mouse_and_keyboard(page, address):
    intro(page, address)
    for _ in range(6):
        page.locator("#first").get_by_role("button", name="One step").click()
    page.wait_for_selector("#first .ll-grid[aria-label*='generation 6,']")
    who = page.locator("#first .ll-who")
    assert who.inner_text().startswith("The fittest of generation 6")
    people = page.locator("#first .ll-people")
    people.hover(position={"x": 80, "y": 20})
    assert who.inner_text().startswith("Number 2 of 40")
    page.mouse.move(5, 5)
    assert who.inner_text().startswith("The fittest")
    people.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert who.inner_text().startswith("Number 9 of 40")
    assert page.locator("#first .ll-ring").is_visible()
    place, error = page.evaluate(f"""() => {{ const {{ fitness }} = {FIRST}.run.group;
        const place = [...fitness.keys()].sort((a, b) => fitness[b] - fitness[a] || a - b)[8];
        return [place, (1 - fitness[place]).toFixed(4)]; }}""")
    assert error in who.inner_text()
    second = page.evaluate(f"{FIRST}.run.group.parents[{2 * place + 1}]")
    assert (" from B" in page.locator("#first .ll-pedigree .ll-numbers").inner_text()) == (second >= 0)
    page.keyboard.press("Escape")
    assert who.inner_text().startswith("The fittest")
    assert page.complaints == []


def test_words_of_the_text_set_sliders_and_start(page, address):
    intro(page, address)
    page.get_by_role("button", name="set mutation to 0").click()
    page.wait_for_function(f"{EVOLVE}.running && {EVOLVE}.settings.mutationRate === 0 && {EVOLVE}.run?.generation >= 1")
    page.locator("#evolve").get_by_text("full", exact=True).click()
    page.get_by_role("button", name="Now 0.9").press("Enter")
    page.wait_for_function(f"{EVOLVE}.run.marks.some(({{ name, to }}) => name === 'mutationRate' && to === 0.9)")
    page.wait_for_selector("#evolve output:has-text('0.90')")
    assert page.complaints == []


def test_a_link_holds_a_drawing_a_run_and_the_error_to_beat(page, address):
    intro(page, address)
    evolve = page.locator("#evolve")
    evolve.locator(".ll-targets:not([hidden]) input[value=drawn]").check(force=True)
    box = evolve.locator(".ll-pad").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 110, steps=8)
    page.mouse.up()
    for _ in range(3):
        evolve.get_by_role("button", name="One step").click()
    done = f"{EVOLVE}.run?.generation === 3 && !{EVOLVE}.busy"
    page.wait_for_function(done)
    error = page.evaluate(f"{EVOLVE}.run.curve.at(-1).error.mse")
    evolve.get_by_role("button", name="Link to this run").click()
    address_field = evolve.locator(".ll-address")
    address_field.wait_for()
    link = address_field.input_value()
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector(f"#evolve .ll-dare:has-text('{error:.4f} after 3 generations')")
    for _ in range(3):
        evolve.get_by_role("button", name="One step").click()
    page.wait_for_function(done)
    assert page.evaluate(f"{EVOLVE}.run.curve.at(-1).error.mse") == error, "the same run"
    assert violations(page, "#evolve") == []
    assert page.complaints == []


def test_a_picture_and_a_film_are_saved(page, address):
    intro(page, address)
    evolve = page.locator("#evolve")
    assert evolve.get_by_role("button", name="Save a film").is_disabled()
    for _ in range(5):
        evolve.get_by_role("button", name="One step").click()
    page.wait_for_function(f"{EVOLVE}.run?.generation === 5 && !{EVOLVE}.busy")
    saved = {}
    for name in ("Save a picture", "Save a film"):
        with page.expect_download() as download:
            evolve.get_by_role("button", name=name).click()
        saved[name] = Image.open(download.value.path())
    assert (saved["Save a picture"].format, saved["Save a picture"].width) == ("PNG", 640)
    film = saved["Save a film"]
    assert (film.format, film.n_frames) == ("GIF", 6)
    target = page.evaluate(f"[...{EVOLVE}.run.target].map(value => Math.floor(255 * value))")
    film.seek(5)
    shown = film.convert("L").resize((1, 1), box=(56, 56, 57, 57)).getpixel((0, 0))
    assert abs(shown - target[14 * 28 + 14]) <= 1, "the middle of the target, four times as large"
    assert page.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it(page, address, theme):
    page.emulate_media(color_scheme=theme)
    intro(page, address)
    for _ in range(4):
        page.locator("#first").get_by_role("button", name="One step").click()
    page.wait_for_selector("#first .ll-grid[aria-label*='generation 4,']")
    for place in (GENE, CROSS, MUTATION):
        drawn(page, place)
    for width in (400, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        for ours in (".latent-live", ".ll-say"):
            assert violations(page, ours) == [], f"{ours}, {theme}, {width}"
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_first_picture_comes_soon_on_slow_4g_and_the_page_is_light(page, address):
    """Bytes are sent as they are here, where a host would compress them, so the time is an upper bound."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    page.goto(f"{address}/book/intro.html", wait_until="commit")
    page.wait_for_function(
        "document.querySelector('.ll-poster')?.complete && performance.getEntriesByType('paint').length"
    )
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    poster = page.evaluate(
        "performance.getEntriesByType('resource').find(one => one.name.endsWith('poster.png')).responseEnd"
    )
    print(f"slow 4G, uncompressed: first paint {paint:.0f} ms, poster there after {poster:.0f} ms")
    session.send("Network.emulateNetworkConditions", SLOW_4G | {"latency": 0, "downloadThroughput": -1})
    drawn(page, GENE)
    loaded = {url.split("?")[0].removeprefix(address) for url in page.fetched if url.startswith(address)}
    total = sum(len(gzip.compress((HTML / path.lstrip("/")).read_bytes())) for path in loaded)
    print(f"the intro page with its figures and weights: {total / 1e6:.2f} MB gzipped")
    assert sum("weights" in url for url in page.fetched) == 1
    assert total < 2e6
