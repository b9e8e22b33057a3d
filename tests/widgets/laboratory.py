"""What the tests in a JupyterLab do with its page."""

from pathlib import Path

from chromium import violations

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "_build/screenshots"


def run_cell(page, number):
    page.locator(".jp-CodeCell .cm-content").nth(number).click()
    page.keyboard.press("Shift+Enter")


def check_both_themes(page, selector, name):
    """Assert that axe finds nothing amiss in either theme, and keep a screenshot of each."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    for theme in ("Light", "Dark"):
        page.evaluate(f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})")
        page.wait_for_selector(f"body[data-jp-theme-name='JupyterLab {theme}']", state="attached")
        assert violations(page, selector) == [], theme
        page.locator(selector).screenshot(path=SHOTS / f"{name}-{theme.lower()}.png")
