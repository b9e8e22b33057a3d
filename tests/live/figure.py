"""Where the live figure and its run are found in a page, and how a test drives it."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
HTML, SHOTS = ROOT / "_build/html", ROOT / "_build/screenshots"
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
SESSION = "document.querySelector('.latent-live').latentLive"
GENERATION = f"({SESSION}.run?.generation ?? -1)"
# what a run is: errors of all generations, and the last population's fitness and genes
DIGEST = f"""() => {{ const run = {SESSION}.run;
    const {{ generation, passes, curve, group }} = run;
    return JSON.stringify([generation, passes, curve, [...group.fitness], [...group.genomes]]); }}"""


def visit(page, address, name="book/intro", **config):
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
