"""A target of the reader's own, by mouse or by keyboard."""

from chromium import violations
from figure import SESSION, SHOTS, button, until, visit


def test_each_stroke_sets_the_target_and_a_blank_drawing_is_refused(page, address):
    visit(page, address, population=40, dataset="mnist")
    button(page, "One step").click()
    until(page, 1)
    page.locator(".ll-targets:not([hidden]) input[value=drawn]").check(force=True)
    page.wait_for_selector("text=The drawing is blank")
    button(page, "Run").click()
    assert page.evaluate(f"[{SESSION}.run, {SESSION}.running]") == [None, False], "not to the old target"
    box = page.locator(".ll-pad").bounding_box()
    sums = []
    for shift in (0, 40):
        page.mouse.move(box["x"] + 60 + shift, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 90 + shift, box["y"] + 130, steps=8)
        page.mouse.up()
        button(page, "One step").click()
        page.wait_for_function(f"{SESSION}.run?.target === {SESSION}.drawing && !{SESSION}.busy")
        sums.append(page.evaluate(f"{SESSION}.run.target.reduce((a, b) => a + b)"))
    assert 10 < sums[0] < sums[1]
    page.wait_for_function("document.querySelector('.ll-alert').hidden")
    page.locator(".latent-live").screenshot(path=SHOTS / "live-drawing.png")
    assert page.complaints == []


INK = "document.querySelector('.ll-pad').getContext('2d').getImageData({}, {}, 1, 1).data[0]"


def test_a_target_can_be_drawn_by_keyboard(page, address):
    visit(page, address, population=40, dataset="mnist")
    page.locator(".ll-targets:not([hidden]) input[value=drawn]").check(force=True)
    pad = page.get_by_role("application", name="Black square of 28 by 28 pixels")
    assert page.locator(".ll-cursor").is_hidden()
    page.keyboard.press("Tab")  # from the choice of a target
    assert pad.evaluate("pad => pad === document.activeElement && pad.matches(':focus-visible')")
    assert page.locator(".ll-cursor").is_visible()
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    speech = page.locator(".latent-live [role=status]")
    assert speech.inner_text() == "row 11, column 15"
    assert page.evaluate(INK.format(14, 10)) == 0
    page.keyboard.press("Space")
    assert speech.inner_text() == "row 11, column 15, painted"
    assert page.evaluate(INK.format(14, 10)) == 255
    for _ in range(9):
        page.keyboard.press("Shift+ArrowDown")
    assert page.evaluate(INK.format(14, 19)) == 255
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    assert speech.inner_text() == "row 20, column 1", "the cursor stays on the square"
    assert page.evaluate(INK.format(0, 19)) == 0
    page.locator(".latent-live").screenshot(path=SHOTS / "live-keyboard.png")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
        assert violations(page, ".latent-live") == [], theme
    button(page, "One step").click()
    until(page, 1)
    assert page.evaluate(f"{SESSION}.run.target.reduce((a, b) => a + b)") > 10
    assert page.complaints == []
