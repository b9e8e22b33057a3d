"""What the tests in a JupyterLab do with its page."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SHOTS, AXE = ROOT / "_build/screenshots", ROOT / "frontend/node_modules/axe-core/axe.min.js"


def run_cell(page, number):
    page.locator(".jp-CodeCell .cm-content").nth(number).click()
    page.keyboard.press("Shift+Enter")


def check_both_themes(page, selector, name):
    """Assert that axe finds nothing amiss in either theme, and keep a screenshot of each."""
    page.add_script_tag(path=AXE)
    SHOTS.mkdir(parents=True, exist_ok=True)
    for theme in ("Light", "Dark"):
        page.evaluate(f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})")
        page.wait_for_selector(f"body[data-jp-theme-name='JupyterLab {theme}']", state="attached")
        found = page.evaluate(f"axe.run('{selector}').then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
        assert found == [], theme
        page.locator(selector).screenshot(path=SHOTS / f"{name}-{theme.lower()}.png")
