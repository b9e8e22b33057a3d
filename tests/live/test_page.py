"""The live figure in the built pages: it evolves, the same way however it is driven, and is there for everybody."""

import pytest
from chromium import violations
from figure import DIGEST, GENERATION, HTML, SESSION, SHOTS, button, speed, until, visit


def test_nothing_heavy_is_loaded_before_it_is_asked_for(page, address):
    visit(page, address)
    assert not any("weights" in url for url in page.fetched)
    button(page, "One step").click()
    until(page, 1)
    assert sum("weights" in url for url in page.fetched) == 1
    assert page.complaints == []


def test_no_link_is_offered_where_the_address_holds_no_run(page, address):
    visit(page, address)
    assert button(page, "Save a picture").is_visible()
    assert page.locator(".latent-live").get_by_text("Link to this run").is_hidden()


def test_it_works_from_disk(page):
    page.goto((HTML / "notebooks/restoring/explore.html").as_uri())
    page.wait_for_selector(".ll-primary")
    button(page, "One step").click()
    until(page, 1)
    assert page.evaluate(f"{SESSION}.engine.pool.workers") > 0
    assert page.evaluate(f"{SESSION}.engine.pool.compiled")
    assert page.complaints == []


def calm_run(page, address, workers, **config):
    visit(page, address, workers=workers, population=40, generations=12, dataset="mnist", **config)
    button(page, "Run").click()
    page.wait_for_function(f"{SESSION}.state === 'finished'")
    return page.evaluate(DIGEST)


def test_a_run_is_the_same_for_any_number_of_workers_and_without_wasm(page, address, browser):
    one, *others = [calm_run(page, address, workers) for workers in (1, 2, 3, 0)]
    assert all(other == one for other in others)
    assert calm_run(page, address, 1, wasm=False) == one


def test_hostile_clicking_gives_the_run_of_a_calm_reader(page, address):
    calm = calm_run(page, address, 2)
    visit(page, address, workers=2, population=40, generations=12, dataset="mnist")
    page.evaluate("""() => {
        const named = name => [...document.querySelectorAll('.ll-buttons button')].find(b => b.textContent === name);
        for (let i = 0; i < 5; i++) named('One step').click();
        for (let i = 0; i < 6; i++) (named('Run') ?? named('Pause')).click();
        named('Start over').click(); named('One step').click(); named('Start over').click();
    }""")
    page.wait_for_function(f"!{SESSION}.busy")
    for _ in range(4):
        button(page, "One step").dblclick()
    button(page, "Run").click()
    page.wait_for_function(f"{SESSION}.state === 'finished'")
    assert page.evaluate(DIGEST) == calm
    assert page.complaints == []


def test_a_moved_slider_acts_in_the_next_generation_and_is_marked(page, address):
    visit(page, address, population=40, generations=100_000, dataset="mnist")
    button(page, "Run").click()
    until_running = f"{GENERATION} >= 3"
    page.wait_for_function(until_running)
    slider = page.get_by_label("Population")
    slider.focus()
    slider.press("ArrowRight")
    page.wait_for_function(f"{SESSION}.run.group.fitness.length === 60")
    page.get_by_label("Mutation rate").press("ArrowRight")
    page.wait_for_function(f"{SESSION}.run.marks.length === 2")
    button(page, "Pause").click()
    page.wait_for_function(f"!{SESSION}.busy")
    page.wait_for_selector("text=mutation 0.35")
    assert page.locator(".ll-mark").count() == 2
    button(page, "Start over").click()
    page.wait_for_selector(".ll-earlier", state="attached")
    assert page.evaluate(GENERATION) == 0
    assert page.complaints == []


def test_the_keyboard_alone_drives_it(page, address):
    visit(page, address, generations=100_000)
    page.locator(".ll-segments input:checked").first.focus()
    order = []
    for _ in range(9):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.type + ' ' + document.activeElement.textContent"))
    assert [kind.split()[0] for kind in order] == ["radio", *["button"] * 3, "radio", *["range"] * 4]
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # One step
    until(page, 1)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")  # Run, then Pause
    page.wait_for_function(f"{GENERATION} > 3")
    page.keyboard.press("Space")
    page.wait_for_function(f"{SESSION}.state === 'paused' && !{SESSION}.busy")
    stopped = page.evaluate(GENERATION)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until(page, stopped + 1)
    page.wait_for_function(
        f"document.querySelector('.latent-live [role=status]').textContent.includes('generation {stopped + 1}')"
    )
    assert page.complaints == []


@pytest.mark.parametrize(("motion", "least", "most"), [("reduce", 2, 5), ("no-preference", 8, 10_000)])
def test_who_wants_little_motion_sees_little(page, address, motion, least, most):
    """Drawings in three seconds of a run, which has some hundred generations in that time."""
    page.emulate_media(reduced_motion=motion)
    visit(page, address, population=20, generations=100_000, dataset="mnist")
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
    done = page.evaluate(GENERATION)
    page.wait_for_selector(f".ll-grid[aria-label*='20 images of generation {done},']")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it_and_it_looks_well(page, address, theme):
    page.emulate_media(color_scheme=theme)
    visit(page, address)
    page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
    for rate in range(2):
        page.get_by_label("Mutation rate").fill(str(0.3 + 0.4 * rate))
        button(page, "Start over").click()
        page.wait_for_function(f"{GENERATION} === 0 && !{SESSION}.busy")
        for _ in range(12):
            button(page, "One step").click()
        until(page, 12)
    page.get_by_label("Mating rate").fill("0.8")
    for _ in range(8):
        button(page, "One step").click()
    until(page, 20)
    page.wait_for_selector(".ll-earlier", state="attached")
    for width in (400, 768, 1400):
        page.set_viewport_size({"width": width, "height": 1000})
        assert violations(page, ".latent-live") == [], f"{theme}, {width}"
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        page.locator(".latent-live").screenshot(path=SHOTS / f"live-{width}-{theme}.png")
    canvases = page.locator(".latent-live canvas[role=img]:visible")
    assert all(canvases.nth(i).get_attribute("aria-label") for i in range(canvases.count()))


def test_gradient_descent_goes_along_in_the_chapter(page, address):
    visit(page, address)
    page.evaluate(f"{SESSION}.settings = {{...{SESSION}.settings, generations: 30, population: 40}}")
    button(page, "Run").click()
    page.wait_for_function(f"{SESSION}.state === 'finished'")
    course = page.evaluate(f"{SESSION}.run.descent.curve.map(point => point.error.mse)")
    assert len(course) == 61
    passes = page.evaluate(f"{SESSION}.run.descent.curve.map(point => point.passes)")
    assert passes == [3 * step for step in range(1, 62)], "a step is one pass forwards and a way back"
    assert course[-1] < course[0] / 2
    page.wait_for_selector(".ll-line.ll-rival", state="attached")
    assert violations(page, ".latent-live") == []
    page.locator(".latent-live").screenshot(path=SHOTS / "live-descent.png")
    assert page.complaints == []


def test_the_engine_is_fast(page, address):
    """Two thousand images a second where two cores are free; here only that it is not broken, and the figure."""
    visit(page, address, workers=2, dataset="mnist")
    images = speed(page, "mse")
    print(f"{images:.0f} images a second with two workers")
    assert images > 400
