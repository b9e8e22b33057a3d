"""The explorer in a real JupyterLab: it runs, is changed and stopped while it runs, and the kernel keeps listening."""

import time
from pathlib import Path

import nbformat
import pytest

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "restoring" / "explore.ipynb"
SMALLER = {"population = 200": "population = 20", "generations = 200": "generations = 100_000"}  # quick, without end


@pytest.fixture
def write_notebook():
    """Writes the page's notebook as the tests want it."""
    return copy_notebook


def copy_notebook(path: Path) -> None:
    """The notebook with small populations and long runs, without outputs."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            for old, new in SMALLER.items():
                cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


def run_all_cells(page, lab):
    page.goto(lab)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # before, Run would ask which kernel to take
    for name in ("Run", "Run All Cells"):
        page.get_by_role("menuitem", name=name, exact=True).click()
    page.get_by_text("run with mutation ends above every run without.").nth(1).wait_for()  # source, then output


STATUS = "document.querySelector('.latentlib-status').innerText"
GENERATION = f"Number(/generation (\\d+)/.exec({STATUS})?.[1])"
POINTS = "document.querySelector('polyline.now').getAttribute('points').split(' ').length"


def test_the_explorer_runs_is_changed_and_is_stopped(page, lab):
    run_all_cells(page, lab)
    widget = page.locator(".latentlib-explorer")
    page.wait_for_function(f"{STATUS}.startsWith('ready')")
    assert widget.get_by_role("img").count() == 4
    assert page.evaluate(
        "[...document.querySelectorAll('.latentlib-explorer img')].every(i => i.naturalWidth && i.alt)"
    )

    widget.get_by_role("button", name="Run").click()
    page.wait_for_function(f"{GENERATION} > 20 && {POINTS} > 20")
    assert page.evaluate(STATUS).startswith("running")

    slider = widget.get_by_role("slider", name="mutation rate")
    slider.focus()
    before, start = page.evaluate(GENERATION), time.monotonic()
    slider.press("ArrowRight")
    page.wait_for_function(f"{GENERATION} < {before} && document.querySelectorAll('polyline.earlier').length === 1")
    assert time.monotonic() - start < 5, "the kernel listens while it computes"  # 0.3 s where little else runs
    assert widget.get_by_text("0.35", exact=True).is_visible()
    page.wait_for_function(f"{GENERATION} > 20 && {STATUS}.startsWith('running')")
    assert widget.get_by_text("mutation 0.3: ").is_visible()
    assert widget.get_by_text("mutation 0.35: ").is_visible()

    widget.get_by_role("button", name="Stop").click()
    page.wait_for_function(f"{STATUS}.startsWith('stopped')")
    stopped = page.evaluate(STATUS)
    page.wait_for_timeout(1000)  # in which a run would do a hundred generations
    assert page.evaluate(STATUS) == stopped

    widget.get_by_label("fitness", exact=True).select_option("SSIM")
    page.wait_for_function(f"{STATUS}.startsWith('ready')")
    assert widget.locator("polyline.earlier").count() == 0, "curves of another measure do not compare"
    assert page.complaints == []
