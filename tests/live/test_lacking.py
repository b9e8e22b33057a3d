"""What the live figure says, and what still works, where something is missing or damaged."""

import pytest
from figure import HTML, button, until, visit

NO_STORAGE = """for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } })"""


def weights_answer(page, body=None):
    """Let the weights be missing, or something else."""
    answer = (lambda route: route.fulfill(body=body)) if body is not None else (lambda route: route.abort())
    page.route("**/weights-mnist.js", answer)


@pytest.mark.parametrize("damage", ["missing", "cut short", "changed"])
def test_missing_or_damaged_weights_are_named_and_the_rest_works(page, address, damage):
    shipped = (HTML / "_static/live/weights-mnist.js").read_text()
    bodies = {"missing": None, "cut short": shipped[:5000], "changed": shipped.replace('"data": "', '"data": "AAAA')}
    weights_answer(page, bodies[damage])
    visit(page, address, dataset="mnist", population=40)
    button(page, "Run").click()
    page.wait_for_selector("text=The generator for MNIST is not to be had")
    assert page.locator(".ll-primary").inner_text() == "Run"
    page.get_by_label("Fashion-MNIST").check(force=True)
    button(page, "One step").click()
    until(page, 1)
    assert page.locator(".ll-alert").is_hidden()


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        ("delete window.WebAssembly", "plain JavaScript"),
        ("window.Worker = class { constructor() { throw new Error('no') } }", "allows no workers"),
        (NO_STORAGE, "lets pages store nothing"),
    ],
)
def test_a_poorer_browser_is_told_what_it_lacks_and_evolves(page, address, taken, told):
    page.add_init_script(taken)
    visit(page, address, dataset="mnist", population=20)
    button(page, "One step").click()
    until(page, 1)
    page.wait_for_selector(f".ll-alert:has-text('{told}')")


def test_without_javascript_a_sentence_says_what_is_missing(browser, address):
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}/book/intro.html")
    assert "needs JavaScript" in page.locator("[data-latent-live]").first.inner_text()
    assert page.locator(".ll-poster").evaluate("picture => picture.naturalWidth") > 200
    page.close()
