"""The figure of diverse sets, on a page of its own: the best set, its curve, the map by mouse and keyboard, a judge."""

import gzip

import chromium
import pytest
from chromium import violations
from figure import DIGEST, GENERATION, SESSION, SHOTS, button, until, visit, write_page

SMALL = {"population": 6, "size": 16}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("diverse")
    write_page(made, "diverse", figure="diverse")
    return made


@pytest.fixture(scope="module")
def address(folder):
    with chromium.served(folder) as served:
        yield served


def show(page, address, **config):
    visit(page, address, "diverse", **({"figure": "diverse", **config} if config else {}))


def finish(page):
    button(page, "Run").click()
    page.wait_for_function(f"{SESSION}.state === 'finished' && !{SESSION}.busy")


def pick(page, words):
    page.locator(".latent-live").get_by_text(words, exact=True).click()


def test_generator_and_judge_are_loaded_once_and_not_before_they_are_asked_for(page, address, folder):
    show(page, address, **SMALL)
    assert not any("weights" in url for url in page.fetched)
    button(page, "One step").click()
    until(page, 1)
    loaded = [url.removeprefix(f"{address}/") for url in page.fetched if url.startswith(address)]
    assert sorted(url.rsplit("/", 1)[1] for url in loaded if "weights" in url) == [
        "weights-judge.js",
        "weights-mnist.js",
    ]
    total = sum(len(gzip.compress((folder / path.split("?")[0]).read_bytes())) for path in set(loaded))
    print(f"the figure, its weights and the theme's style: {total / 1e6:.2f} MB gzipped")
    assert total < 1.2e6
    assert page.complaints == []


def test_it_works_from_disk(page, folder):
    page.goto((folder / "diverse.html").as_uri())
    page.wait_for_selector(".ll-primary")
    button(page, "One step").click()
    until(page, 1)
    assert page.evaluate(f"{SESSION}.engine.pool.workers") > 0
    assert page.evaluate(f"{SESSION}.engine.pool.compiled")
    assert page.complaints == []


@pytest.mark.parametrize(("algorithm", "metric"), [("genetic", "rmse"), ("map_elites", "ncc")])
def test_a_run_is_the_same_for_any_number_of_workers_and_without_wasm(page, address, algorithm, metric):
    def digest(**config):
        show(page, address, algorithm=algorithm, metric=metric, generations=2, **SMALL, **config)
        finish(page)
        return page.evaluate(DIGEST)

    one, *others = [digest(workers=workers) for workers in (1, 2, 3, 0)]
    assert all(other == one for other in others)
    assert digest(workers=1, wasm=False) == one


def test_the_genetic_algorithm_leaves_random_sampling_behind(page, address):
    show(page, address, generations=25)
    finish(page)
    best, rival = page.evaluate(f"[{SESSION}.run.curve.at(-1).best.mean, {SESSION}.run.curve.at(-1).rival.mean]")
    assert best < rival
    page.locator(f"figcaption:has-text('the best set: mean similarity {best:.4f}')").wait_for()
    page.locator(f"figcaption:has-text('the best of as many random sets: {rival:.4f}')").wait_for()
    page.wait_for_selector(f".ll-legend:has-text('random sampling beside it: {rival:.4f}')")
    assert page.locator(".ll-line.ll-rival").count() == 1
    assert page.locator(".ll-map").is_hidden()
    pick(page, "Random sampling")
    page.wait_for_function(f"{SESSION}.run?.generation === 0 && {SESSION}.run.curve.length && !{SESSION}.busy")
    page.wait_for_selector(".ll-legend:has-text('genetic algorithm')")
    assert page.locator(".ll-line.ll-rival").count() == 0
    pick(page, "NCC")
    page.wait_for_function(f"{SESSION}.earlier.length === 0 && {SESSION}.run?.curve.length && !{SESSION}.busy")
    assert page.complaints == []


def test_cells_of_the_map_are_clicked_and_walked_by_keyboard(page, address):
    show(page, address, algorithm="map_elites", generations=6, **SMALL)
    finish(page)
    chosen = f"{SESSION}.run.look?.cell"
    caption = page.locator(".ll-pair figcaption").first
    field = page.locator(".ll-map")
    box = page.locator(".ll-cell").last.bounding_box()  # the least fit
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(f"{chosen} !== undefined")
    ranking = page.evaluate(f"""(() => {{ const {{ fitness, cells }} = {SESSION}.run.group;
        return [...fitness.keys()].sort((a, b) => fitness[b] - fitness[a] || a - b).map(i => cells[i]); }})()""")
    assert page.evaluate(chosen) == ranking[-1]
    page.wait_for_selector("figcaption:has-text('the set of the chosen cell (mean similarity')")
    field.focus()
    field.press("Home")
    page.wait_for_function(f"{chosen} === {ranking[0]}")
    field.press("ArrowRight")
    page.wait_for_function(f"{chosen} !== {ranking[0]}")
    assert page.evaluate(chosen) // 100 > ranking[0] // 100, "a higher mean similarity"
    page.wait_for_function("document.querySelector('[role=status]').textContent.includes('the set of the chosen cell')")
    field.press("End")
    page.wait_for_function(f"{chosen} === {ranking[-1]}")
    field.press("Escape")
    page.wait_for_function(f"!{SESSION}.run.look")
    page.wait_for_selector("figcaption:has-text('the best set: mean similarity')")
    assert "the best set" in caption.inner_text()
    field.press("End")
    button(page, "Back to the best set").click()
    page.wait_for_function(f"!{SESSION}.run.look")
    assert page.complaints == []


def test_the_keyboard_alone_drives_it(page, address):
    show(page, address, algorithm="map_elites", generations=100_000, **SMALL)
    page.locator(".ll-segments input:checked").first.focus()
    order = []
    for _ in range(12):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.type"))
    assert order == ["radio"] * 2 + ["button"] * 3 + ["radio"] + ["range"] * 5 + ["checkbox"]
    page.keyboard.press("Space")
    assert page.evaluate(f"{SESSION}.settings.judge")
    page.locator(".ll-segments input:checked").first.focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(f"{SESSION}.settings.algorithm") == "genetic"
    button(page, "Run").press("Space")
    page.wait_for_function(f"{GENERATION} > 2")
    button(page, "Pause").press("Enter")
    page.wait_for_function(f"{SESSION}.state === 'paused' && !{SESSION}.busy")
    stopped = page.evaluate(GENERATION)
    button(page, "One step").press("Enter")
    until(page, stopped + 1)
    page.wait_for_function("document.querySelector('[role=status]').textContent.includes('random sampling')")
    button(page, "Start over").press("Enter")
    page.wait_for_function(f"{GENERATION} === 0 && !{SESSION}.busy")
    assert page.complaints == []


def test_a_judge_says_what_it_sees_where_it_is_asked(page, address):
    show(page, address, **SMALL)
    button(page, "One step").click()
    until(page, 1)
    opinion = page.locator(".ll-opinion")
    assert opinion.is_hidden()
    page.get_by_label("Show what a judge sees").check()
    seen = page.evaluate(f"{SESSION}.run.curve.at(-1).best")
    opinion.get_by_text(f"sees in the best set {seen['different']} of 10 digits").wait_for()
    assert opinion.locator("svg").get_attribute("aria-label").startswith("distance by the judge, over")
    counts = ", ".join(f"{digit}: {count}" for digit, count in enumerate(seen["counts"]))
    assert counts in page.locator(".ll-grid").first.get_attribute("aria-label")
    assert sum(seen["counts"]) == 16
    assert page.complaints == []


def test_a_missing_judge_is_named_and_another_try_may_do(page, address):
    page.route("**/weights-judge.js", lambda route: route.abort())
    show(page, address, **SMALL)
    button(page, "Run").click()
    page.wait_for_selector(".ll-alert:has-text('the file weights-judge.js is missing or cannot be reached')")
    page.unroute("**/weights-judge.js")
    button(page, "One step").click()
    until(page, 1)
    assert page.locator(".ll-alert").is_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it_and_it_looks_well(page, address, theme):
    page.emulate_media(color_scheme=theme)
    show(page, address, judge=True, population=10)
    for _ in range(5):
        button(page, "One step").click()
    until(page, 5)
    pick(page, "MAP-Elites")
    page.get_by_label("Mutation rate").fill("0.1")
    button(page, "Run").click()
    page.wait_for_function(f"{GENERATION} > 5")
    for moving in (True, False):
        if not moving:
            button(page, "Pause").click()
            page.wait_for_function(f"!{SESSION}.busy")
            page.locator(".ll-map").press("End")
            page.wait_for_function(f"{SESSION}.run.look")
            page.wait_for_selector("figcaption:has-text('the set of the chosen cell')")
        for width in (400, 768, 1400):
            page.set_viewport_size({"width": width, "height": 1000})
            assert violations(page, ".latent-live") == [], f"{theme}, {width}"
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
            page.locator(".latent-live").screenshot(
                path=SHOTS / f"diverse-{width}-{theme}{'' if moving else '-cell'}.png"
            )
    canvases = page.locator(".latent-live canvas[role=img]:visible")
    assert all(canvases.nth(i).get_attribute("aria-label") for i in range(canvases.count()))
    assert page.complaints == []


def test_it_is_fast_enough_to_watch(page, address):
    """Three generations a second of the first settings where two cores are free; here only that it is not broken."""
    show(page, address, workers=2, generations=5)
    finish(page)
    print(f"{page.evaluate(f'{SESSION}.speed'):.0f} images a second with two workers, in sets")
    assert page.evaluate(f"{SESSION}.speed") > 300
