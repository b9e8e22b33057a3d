"""Images bred by eye, on a page of their own: by mouse, touch and keyboard, by address, in colour, for everybody."""

import base64
import gzip
import io

import chromium
import pytest
from chromium import violations
from figure import SESSION, SHOTS, button, visit, write_page
from PIL import Image

# what the reader sees: the story, and every pixel of the nine images
DIGEST = f"""() => JSON.stringify([{SESSION}.settings.story, {SESSION}.report().generation,
    ...[...document.querySelectorAll('.ll-individual canvas')].map(canvas => canvas.toDataURL())])"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("by_eye")
    write_page(made, "by_eye", figure="by_eye", linked=True)
    return made


@pytest.fixture(scope="module")
def address(folder):
    with chromium.served(folder) as served:
        yield served


def shown(page):
    """Wait until all that was wished is drawn and on the page."""
    page.wait_for_function(f"{SESSION}.state === 'shown' && !{SESSION}.busy")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def begin(page, address, **config):
    visit(page, address, "by_eye", **({"figure": "by_eye", "linked": True, **config} if config else {}))
    button(page, "Begin").click()
    shown(page)


def image(page, number):
    return page.locator(".ll-individual > label").nth(number - 1)


def padlock(page, number):
    return page.locator(".ll-padlock").nth(number - 1)


def press(page, name):
    button(page, name).click()
    shown(page)


def breed(page, *numbers):
    for number in numbers:
        image(page, number).click()
    press(page, "Breed")


def names(page):
    inputs = page.locator(".ll-individual > label > input")
    return [inputs.nth(i).get_attribute("aria-label") for i in range(9)]


def speech(page):
    return page.locator(".latent-live [role=status]").inner_text()


def pixels(canvas):
    url = canvas.evaluate("canvas => canvas.toDataURL()")
    return Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("RGB")


def test_nothing_heavy_is_loaded_before_it_is_asked_for_and_the_page_is_light(page, address, folder):
    visit(page, address, "by_eye")
    assert not any("weights" in url for url in page.fetched)
    button(page, "Begin").click()
    shown(page)
    loaded = {url.removeprefix(f"{address}/").split("?")[0] for url in page.fetched if url.startswith(address)}
    assert sorted(path.rsplit("/", 1)[1] for path in loaded if "weights" in path) == [
        "weights-mnist.js",
        "weights-recogniser.js",
    ]
    total = sum(len(gzip.compress((folder / path).read_bytes())) for path in loaded)
    print(f"the figure, its weights and the theme's style: {total / 1e6:.2f} MB gzipped")
    assert total < 1.2e6
    for name in ("Fashion-MNIST", "CelebA"):
        page.locator(".latent-live").get_by_text(name, exact=True).click()
        shown(page)
    assert {url.rsplit("-", 1)[1] for url in page.fetched if "weights" in url} == {
        "mnist.js",
        "recogniser.js",
        "fashion_mnist.js",
        "celeba.js",
    }
    assert page.complaints == []


def test_the_picked_have_children_the_locked_stay_and_the_way_back_is_open(page, address):
    begin(page, address, strength=0.3)
    first = page.evaluate(DIGEST)
    image(page, 2).click()
    image(page, 9).click()
    padlock(page, 5).click()
    kept = pixels(page.locator(".ll-individual canvas").nth(4)).tobytes()
    press(page, "Breed")
    assert speech(page).startswith("Generation 1: children of 2 and 9. Looks like a")
    assert pixels(page.locator(".ll-individual canvas").nth(4)).tobytes() == kept
    assert page.evaluate(f"[{SESSION}.report().picked, {SESSION}.has('locked', 4)]") == [[], True]
    second = page.evaluate(DIGEST)
    press(page, "Draw again")
    assert page.evaluate(DIGEST) != second
    assert page.locator(".ll-nine legend").inner_text() == "Generation 1: pick the parents of the next nine"
    press(page, "Back")
    assert page.evaluate(DIGEST).split(",")[1:] == second.split(",")[1:], "the same images"
    press(page, "Back")
    assert page.locator(".ll-picked").count() == 2, "as they were picked"
    assert page.evaluate(DIGEST).split(",")[1:] == first.split(",")[1:]
    assert button(page, "Back").is_disabled()
    press(page, "Forward")
    press(page, "Forward")
    assert button(page, "Forward").is_disabled()
    page.get_by_role("button", name="0: back to this generation").click()
    shown(page)
    assert page.evaluate(f"{SESSION}.report().generation") == 0
    assert page.complaints == []


def test_the_family_tree_follows_who_is_pointed_at(page, address):
    begin(page, address)
    breed(page, 1, 4)
    breed(page, 2)
    words = page.locator(".ll-kin .ll-numbers")
    image(page, 7).hover()
    page.wait_for_function("document.querySelector('.ll-kin .ll-numbers').textContent.startsWith('Image 7')")
    assert words.inner_text() == "Image 7 is a child of 2 of generation 1, and descends from 1 and 4 of the first nine."
    labels = page.locator(".ll-tree canvas")
    assert [labels.nth(i).get_attribute("aria-label") for i in range(3)] == [
        "generation 2, now: image 7",
        "generation 1: 2",
        "generation 0: 1 and 4",
    ]
    assert page.locator(".ll-threads path").first.get_attribute("d").count("M") == 1
    assert page.locator(".ll-threads path").nth(1).get_attribute("d").count("M") == 2
    assert page.complaints == []


def test_what_leads_to_no_children_is_told(page, address):
    begin(page, address)
    button(page, "Breed").click()
    page.wait_for_selector(".ll-alert:has-text('Nobody is picked yet')")
    image(page, 1).click()
    page.wait_for_function("document.querySelector('.ll-alert').hidden")
    for number in range(1, 10):
        padlock(page, number).click()
    button(page, "Breed").click()
    page.wait_for_selector(".ll-alert:has-text('All nine are locked')")
    assert page.evaluate(f"{SESSION}.at") == 0


def test_the_keyboard_alone_breeds(page, address):
    visit(page, address, "by_eye")
    page.locator(".ll-by-eye > .ll-choice input").first.focus()
    for _ in range(2):
        page.keyboard.press("Tab")  # past the slider
    page.keyboard.press("Enter")
    shown(page)
    for _ in range(3):
        page.keyboard.press("Shift+Tab")  # back over the slider and the first lock
    focused = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == names(page)[0]
    page.keyboard.press("ArrowUp")  # there is nothing above
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == names(page)[4]
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("l")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Lock image 4"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "Lock image 5"
    page.keyboard.press("Enter")
    page.wait_for_function(f"{SESSION}.at === 1")
    shown(page)
    assert page.evaluate(f"[{SESSION}.story[0].picked, {SESSION}.story[0].locked]") == [16, 8]
    assert speech(page).startswith("Generation 1: children of 5.")
    page.keyboard.press("Tab")
    page.keyboard.press("Home")  # the slider
    assert page.evaluate(f"{SESSION}.settings.strength") == 0
    assert page.complaints == []


def test_fingers_pick_and_lock_and_nothing_is_too_small_for_them(browser, address):
    touch = browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 400, "height": 800}, reduced_motion="reduce"
    )
    page = touch.new_page()
    visit(page, address, "by_eye")
    button(page, "Begin").tap()
    shown(page)
    for control in page.locator(".ll-individual label, button:visible, .ll-slider input").all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 44, control.evaluate("one => one.outerHTML")
    image(page, 3).tap()
    padlock(page, 6).tap()
    button(page, "Breed").tap()
    page.wait_for_function(f"{SESSION}.at === 1")
    shown(page)
    assert page.evaluate(f"[{SESSION}.story[0].picked, {SESSION}.story[0].locked]") == [4, 32]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    top, low = page.locator(".ll-nine").bounding_box(), button(page, "Breed").bounding_box()
    assert low["y"] + low["height"] - top["y"] < 800, "the nine and what breeds them share the screen"
    touch.close()


def test_an_address_brings_the_family_to_another_reader(page, address):
    begin(page, address)
    page.locator(".latent-live").get_by_text("Fashion-MNIST", exact=True).click()
    shown(page)
    breed(page, 1, 2, 3)
    page.get_by_label("Mutation strength").fill("0.8")
    breed(page, 4)
    press(page, "Draw again")
    image(page, 8).click()
    padlock(page, 7).click()
    mine = page.evaluate(DIGEST)
    button(page, "Link to this family").click()
    field = page.locator(".ll-address")
    field.wait_for()
    link = field.input_value()
    assert len(link) < 150
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector(".ll-individual")
    shown(page)
    assert page.evaluate(DIGEST) == mine
    assert page.evaluate(f"{SESSION}.settings.strength") == 0.8
    assert page.locator(".ll-picked").count() == 1
    press(page, "Back")
    assert page.complaints == []


def test_it_works_from_disk_and_by_address_from_there(page, folder):
    page.goto((folder / "by_eye.html").as_uri() + "#by-eye&dataset=celeba&story=BIAQAAAA")
    page.wait_for_selector(".ll-individual")
    shown(page)
    assert page.evaluate(f"[{SESSION}.engine.pool.workers > 0, {SESSION}.engine.pool.compiled]") == [True, True]
    assert speech(page).startswith("Generation 1: children of 1 and 4. Brightness from")
    image(page, 1).click()
    press(page, "Breed")
    assert page.complaints == []


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist", "celeba"])
def test_images_are_described_and_the_same_without_wasm_and_workers(page, address, dataset):
    digests = []
    for poorer in ({}, {"workers": 0}, {"workers": 1, "wasm": False}):
        begin(page, address, dataset=dataset, **poorer)
        breed(page, 5, 6)
        digests.append(page.evaluate(DIGEST))
    assert digests[0] == digests[1] == digests[2]
    told = names(page)
    assert [name.split(":")[0] for name in told] == [f"Image {number}" for number in range(1, 10)]
    if dataset == "celeba":
        levels = pixels(page.locator(".ll-individual canvas").nth(2)).tobytes()
        assert told[2] == f"Image 3: child of 5 and 6, {sum(levels) / 255 / len(levels):.0%} bright".replace(
            "%", "\u00a0%"
        )
    else:
        assert all(name.endswith((", sure", ", likely", ", unsure")) for name in told)
    assert any("plain JavaScript" in words for words in page.locator(".ll-alert").all_inner_texts())


def test_missing_weights_are_named_and_another_generator_works(page, address):
    page.route("**/weights-celeba.js", lambda route: route.abort())
    visit(page, address, "by_eye", figure="by_eye", dataset="celeba")
    button(page, "Begin").click()
    page.wait_for_selector(".ll-alert:has-text('The generator for CelebA is not to be had')")
    page.locator(".latent-live").get_by_text("MNIST", exact=True).click()
    shown(page)
    assert page.locator(".ll-alert").is_hidden()
    page.unroute("**/weights-celeba.js")
    page.locator(".latent-live").get_by_text("CelebA", exact=True).click()
    shown(page)


def test_a_picture_is_saved(page, address):
    begin(page, address, dataset="celeba")
    with page.expect_download() as download:
        button(page, "Save a picture").click()
    saved = Image.open(download.value.path()).convert("RGB")
    assert saved.size == (4 * 100, 4 * 100 + 34)
    middle = pixels(page.locator(".ll-individual canvas").nth(4))
    assert saved.getpixel((4 * (34 + 16) + 1, 4 * (34 + 16) + 1)) == middle.getpixel((16, 16))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it_and_it_looks_well(page, address, theme):
    page.emulate_media(color_scheme=theme)
    begin(page, address)
    for dataset in ("MNIST", "CelebA"):
        page.locator(".latent-live").get_by_text(dataset, exact=True).click()
        shown(page)
        breed(page, 1, 4)
        padlock(page, 7).click()
        breed(page, 3)
        breed(page, 2, 5, 8)
        image(page, 3).click()
        for alarm in (False, True):
            if alarm:
                image(page, 3).click()
                button(page, "Breed").click()
                page.wait_for_selector(".ll-alert:has-text('Nobody is picked')")
            for width in (400, 768, 1400):
                page.set_viewport_size({"width": width, "height": 1000})
                assert violations(page, ".latent-live") == [], f"{theme}, {width}"
                assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
                shot = SHOTS / f"by-eye-{dataset.lower()}-{width}-{theme}{'-refused' * alarm}.png"
                page.locator(".latent-live").screenshot(path=shot)
    unnamed = page.locator(".latent-live canvas[role=img]:visible:not([aria-label])")
    assert unnamed.count() == 0
    assert page.complaints == []
