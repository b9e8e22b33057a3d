"""Where the live figure and its run are found in a page, and how a test drives it."""

import json
from pathlib import Path

import pydata_sphinx_theme

from latentlib.widgets.live.figures import placeholder

ROOT = Path(__file__).parents[2]
HTML, SHOTS = ROOT / "_build/html", ROOT / "_build/screenshots"
SESSION = "document.querySelector('.latent-live').latentLive"
GENERATION = f"({SESSION}.run?.generation ?? -1)"
# what a run is: errors of all generations, and the last population's fitness and genes
DIGEST = f"""() => {{ const run = {SESSION}.run;
    const {{ generation, passes, curve, group }} = run;
    return JSON.stringify([generation, passes, curve, [...group.fitness], [...group.genomes]]); }}"""


def visit(page, address, name="notebooks/restoring/explore", **config):
    """Open a page; with `config`, the first figure is mounted by it."""
    if config:
        script = f"""addEventListener('DOMContentLoaded', () => {{
            const place = document.querySelector('[data-latent-live]');
            place.dataset.latentLive = JSON.stringify({json.dumps(config)}); }})"""
        page.add_init_script(script)
    page.goto(f"{address}/{name}.html", wait_until="load")
    page.add_style_tag(content="* { transition: none !important }")
    page.wait_for_selector(".ll-primary")


def button(page, name):
    return page.locator(".latent-live").first.get_by_role("button", name=name, exact=True)


def until(page, generation):
    page.wait_for_function(f"{GENERATION} >= {generation} && !{SESSION}.busy")


def speed(page, wanted):
    """Images a second that the engine evaluates, `wanted` being a fitness or `odds`, at the best of twelve times."""
    button(page, "Start over").click()
    until(page, 0)
    return page.evaluate(f"""async () => {{
        const {{ engine: {{ pool }}, run: {{ group: {{ genomes }} }} }} = {SESSION};
        let best = Infinity;
        for (let i = 0; i < 12; i++) {{
            const began = performance.now();
            await pool.evaluate(genomes, '{wanted}');
            best = Math.min(best, performance.now() - began);
        }}
        return genomes.length / pool.genes / best * 1000; }}""")


PAGE = """<!doctype html><html lang="en" data-content_root="./"><head><meta charset="utf-8"><title>One figure</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<link rel="stylesheet" href="theme/styles/pydata-sphinx-theme.css"><link rel="stylesheet" href="web/book.css">
<script>const dark = matchMedia("(prefers-color-scheme: dark)");
dark.onchange = () => document.documentElement.dataset.theme = dark.matches ? "dark" : "light"; dark.onchange()</script>
<script src="web/live-loader.js" defer></script></head>
<body style="display: block; padding: 0.5rem"><main class="bd-content" style="display: block">{}</main></body></html>"""


def write_page(folder, name, **values):
    """A page of the book's look that holds one live figure and nothing else."""
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
    for link, target in {"theme": theme, "web": ROOT / "book/web"}.items():
        (folder / link).symlink_to(target)
    (folder / f"{name}.html").write_text(PAGE.format(placeholder(**values)))
