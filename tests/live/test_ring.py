"""The figure of the ring, on a page of its own: evolution and gradient descent train two networks, side by side."""

import chromium
import pytest
from chromium import violations
from figure import GENERATION, SESSION, SHOTS, button, until, visit, write_page

# what a run is: its curve, and the points and discriminators of both sides
DIGEST = f"""() => {{ const {{ generation, passes, curve, group, beside }} = {SESSION}.run;
    const sides = [group, beside].map(({{ points, discriminator }}) => [[...points], [...discriminator]]);
    return JSON.stringify([generation, passes, curve, sides]); }}"""
# the middle pixel of what a side draws, and whether the canvas is seen
MIDDLE = """n => [...document.querySelectorAll('.ll-plane')[n].getContext('2d').getImageData(280, 280, 1, 1).data]"""
POSTER = ".latent-live .ll-poster"


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


def finish(page):
    button(page, "Run").click()
    page.wait_for_function(f"{SESSION}.state === 'finished'")


def scripts(page):
    return sorted(url.rsplit("/", 1)[1] for url in page.fetched if "/live/" in url)


def test_its_script_is_fetched_where_it_stands_and_alone(page, address, tmp_path):
    show(page, address)
    button(page, "One step").click()
    until(page, 1)
    assert scripts(page) == ["live.css", "ring.js"]
    page.fetched.clear()
    write_page(tmp_path, "diverse", figure="diverse")
    with chromium.served(tmp_path) as other:
        visit(page, other, "diverse")
    assert scripts(page) == ["live.css", "live.js"]
    assert page.complaints == []


def test_it_works_from_disk(page, folder):
    page.goto((folder / "ring.html").as_uri())
    page.wait_for_selector(".ll-primary")
    button(page, "One step").click()
    until(page, 1)
    assert page.evaluate(f"{SESSION}.run.passes") == 40
    assert page.complaints == []


def test_both_sides_are_seen_and_told(page, address):
    show(page, address, generations=30)
    assert page.locator(POSTER).is_visible()
    assert page.locator(".ll-pair").is_hidden()
    finish(page)
    assert page.locator(POSTER).is_hidden()
    modes, rivals = page.evaluate(f"[{SESSION}.run.group.modes, {SESSION}.run.beside.modes]")
    for name, count in {"evolution": modes, "gradient descent": rivals}.items():
        page.wait_for_selector(f"figcaption:has-text('{name}: {count} of 8 modes')")
        assert page.locator(f".ll-plane[aria-label*='{name}: {count} of 8 modes']").is_visible()
    assert page.locator(".ll-chart svg[aria-label]").count() == 2
    assert "1,200 passes" in page.locator(".ll-curve .ll-numbers").first.inner_text()
    assert page.evaluate(f"{SESSION}.run.curve.at(-1).rival.passes") == 1200
    speech = page.locator(".latent-live [role=status]").inner_text()
    assert speech == f"Finished: generation 30, evolution covers {modes} of 8 modes, gradient descent {rivals}"
    assert page.complaints == []


def test_hostile_clicking_gives_the_run_of_a_calm_reader(page, address):
    show(page, address, generations=12)
    finish(page)
    calm = page.evaluate(DIGEST)
    show(page, address, generations=12)
    page.evaluate("""() => {
        const named = name => [...document.querySelectorAll('.ll-buttons button')].find(b => b.textContent === name);
        for (let i = 0; i < 5; i++) named('One step').click();
        for (let i = 0; i < 6; i++) (named('Run') ?? named('Pause')).click();
        named('Start over').click(); named('One step').click(); named('Start over').click();
    }""")
    page.wait_for_function(f"!{SESSION}.busy")
    for _ in range(4):
        button(page, "One step").dblclick()
    finish(page)
    assert page.evaluate(DIGEST) == calm
    assert page.complaints == []


def test_a_moved_slider_acts_in_the_next_generation_and_another_seed_begins_anew(page, address):
    show(page, address, generations=100_000)
    button(page, "Run").click()
    page.wait_for_function(f"{GENERATION} >= 3")
    page.get_by_label("Mutation rate").press("ArrowRight")
    page.get_by_label("Population").press("ArrowRight")
    page.wait_for_function(f"{SESSION}.run.marks.length === 2")
    button(page, "Pause").click()
    page.wait_for_function(f"!{SESSION}.busy")
    for words in ("mutation 0.11", "population 22"):
        page.wait_for_selector(f"text={words} >> nth=0")
    page.get_by_label("Seed").press("ArrowRight")
    page.wait_for_function(f"{GENERATION} === 0 && !{SESSION}.busy")
    page.wait_for_selector(".ll-earlier", state="attached")
    assert page.complaints == []


def test_what_to_try_is_one_click(page, address):
    show(page, address, generations=4)
    finish(page)
    button(page, "Evolve the generator only").click()
    page.wait_for_function(f"{SESSION}.state === 'finished' && {SESSION}.run.used.evolves === 'generator'")
    assert page.evaluate(f"{SESSION}.run.passes") == 4 * (20 + 3)
    assert page.locator("input[value=generator]").is_checked()
    page.wait_for_selector("figcaption:has-text('evolution of the generator: ')")
    page.wait_for_selector(".ll-legend:has-text('evolving both networks')")
    button(page, "Population 4").click()
    page.wait_for_function(f"{SESSION}.state === 'finished' && {SESSION}.run.used.population === 4")
    assert page.get_by_label("Population").input_value() == "4"
    assert page.complaints == []


def test_the_keyboard_alone_drives_it(page, address):
    show(page, address, generations=100_000)
    page.locator(".ll-segments input:checked").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{SESSION}.settings.evolves") == "generator"
    kinds = []
    for _ in range(9):
        page.keyboard.press("Tab")
        kinds.append(page.evaluate("document.activeElement.type"))
    assert kinds == [*["button"] * 3, "radio", *["range"] * 4, "button"]
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")  # Run, then Pause
    page.wait_for_function(f"{GENERATION} > 3")
    page.keyboard.press("Space")
    page.wait_for_function(f"{SESSION}.state === 'paused' && !{SESSION}.busy")
    stopped = page.evaluate(GENERATION)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # One step
    until(page, stopped + 1)
    assert page.complaints == []


def test_fingers_drive_it(browser, address):
    opened = browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 400, "height": 800}, reduced_motion="reduce"
    )
    page = opened.new_page()
    show(page, address, generations=6)
    page.get_by_text("Discriminator", exact=True).tap()
    button(page, "One step").tap()
    until(page, 1)
    assert page.evaluate(f"{SESSION}.run.used.evolves") == "discriminator"
    box = page.get_by_label("Population").bounding_box()
    page.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    button(page, "One step").tap()
    until(page, 2)
    assert page.evaluate(f"{SESSION}.run.used.population") > 60
    page.locator(".latent-live").get_by_role("button", name="Population 4", exact=True).tap()
    page.wait_for_function(f"{SESSION}.state === 'finished' && {SESSION}.run.used.population === 4")
    for one in page.locator(".latent-live button:visible").all():
        assert one.bounding_box()["height"] >= 43.5
    opened.close()


@pytest.mark.parametrize(("motion", "least", "most"), [("reduce", 2, 5), ("no-preference", 6, 10_000)])
def test_who_wants_little_motion_sees_little(page, address, motion, least, most):
    page.emulate_media(reduced_motion=motion)
    show(page, address, population=4, generations=100_000)
    button(page, "Run").click()
    page.wait_for_function(f"{GENERATION} > 3")
    drawn = page.evaluate("""() => new Promise(told => {
        let count = 0;
        const counter = new MutationObserver(() => count++);
        counter.observe(document.querySelector('.latent-live .ll-chart'), {childList: true});
        setTimeout(() => (counter.disconnect(), told(count)), 3000); })""")
    assert least <= drawn <= most
    button(page, "Pause").click()
    page.wait_for_function(f"{SESSION}.state === 'paused' && !{SESSION}.busy")
    page.wait_for_selector(f".ll-plane[aria-label*='generation {page.evaluate(GENERATION)}, evolution']")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_it_may_play_by_itself_but_not_for_those_who_want_no_motion(page, address, motion):
    page.emulate_media(reduced_motion=motion)
    show(page, address, play=True, generations=100_000)
    if motion == "reduce":
        page.wait_for_timeout(1000)
        assert page.evaluate(GENERATION) == -1
        assert page.locator(POSTER).is_visible()
    else:
        page.wait_for_function(f"{GENERATION} > 2")


def test_a_link_holds_the_run(page, address):
    show(page, address, linked=True, generations=5, evolves="generator", seed=3)
    assert page.locator(".ll-keepsakes").is_visible()
    finish(page)
    first = page.evaluate(DIGEST)
    button(page, "Link to this run").click()
    link = page.get_by_role("textbox", name="Link to this run").input_value()
    assert "#ring&evolves=generator&population=20" in link
    page.goto(link)
    page.reload()
    page.wait_for_selector(".ll-primary")
    finish(page)
    assert page.evaluate(DIGEST) == first
    assert page.complaints == []


def test_no_link_is_offered_where_the_address_holds_no_run(page, address):
    show(page, address)
    assert page.locator(".ll-keepsakes").is_hidden()


def test_without_javascript_and_on_paper_a_stored_frame_stands_there(browser, page, address):
    silent = browser.new_page(java_script_enabled=False)
    silent.goto(f"{address}/ring.html")
    assert "needs JavaScript" in silent.locator("[data-latent-live]").inner_text()
    poster = silent.get_by_role("img", name="Two squares of the plane")
    assert poster.bounding_box()["width"] > 300
    silent.close()
    show(page, address, generations=2)
    page.emulate_media(media="print")
    assert page.locator(POSTER).is_visible()
    page.emulate_media(media="screen")
    finish(page)
    page.emulate_media(media="print")
    assert page.locator(POSTER).is_hidden()
    assert page.locator(".ll-plane:visible").count() == 2


def test_another_theme_draws_the_planes_anew(page, address):
    """The ground shows through where the discriminator is unsure, in the theme's green."""
    show(page, address, generations=1)
    finish(page)
    page.wait_for_selector(".ll-plane >> nth=0")
    light = page.evaluate(MIDDLE, 0)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"light => String(({MIDDLE})(0)) !== String(light)", arg=light)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it_and_it_looks_well(page, address, theme):
    page.emulate_media(color_scheme=theme)
    show(page, address, generations=60, linked=True)
    for width in (400, 1400):
        page.set_viewport_size({"width": width, "height": 1000})
        assert violations(page, ".latent-live") == [], f"{theme}, {width}, before"
        page.locator(".latent-live").screenshot(path=SHOTS / f"ring-poster-{width}-{theme}.png")
    finish(page)
    button(page, "Evolve the generator only").click()
    page.wait_for_function(f"{SESSION}.state === 'finished' && {SESSION}.run.used.evolves === 'generator'")
    page.wait_for_selector(".ll-earlier", state="attached")
    for width in (400, 768, 1400):
        page.set_viewport_size({"width": width, "height": 1000})
        assert violations(page, ".latent-live") == [], f"{theme}, {width}"
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        page.locator(".latent-live").screenshot(path=SHOTS / f"ring-{width}-{theme}.png")
    assert page.complaints == []
