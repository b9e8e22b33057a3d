"""The live figure in a JupyterLab: the same front end, driven from Python, weights from the kernel."""

import nbformat
import pytest
import traitlets
from nbformat import v4

from latentlib.widgets.live import Live, live, placeholder

CELLS = (
    "from latentlib.widgets.live import live\nfigure = live(population=40, generations=12, seed=3)\nfigure",
    "figure.mutation_rate = 0.7\nfigure.running = True",
    "print('python sees', figure.generation, figure.passes > 40, figure.best_fitness > 0.5, len(figure.best_latent))\n"
    "print('and', figure.population)",
)


def test_unattended_it_is_the_element_that_the_pages_mount():
    shown = live(dataset="mnist", mutation_rate=0.4).data
    assert "data-latent-live=" in shown
    assert "&quot;mutationRate&quot;: 0.4" in shown
    assert shown == placeholder(dataset="mnist", mutation_rate=0.4)


@pytest.mark.parametrize("wrong", [{"population": 41}, {"mutation_rate": 1.1}, {"dataset": "celeba"}, {"target": 20}])
def test_wrong_values_are_refused(wrong):
    with pytest.raises(traitlets.TraitError):
        live(**wrong)


def test_the_kernel_sends_weights_or_says_why_not():
    figure, sent = Live(), []
    figure.send = sent.append
    figure.answer(None, {"weights": "mnist"}, None)
    figure.answer(None, {"weights": "celeba"}, None)
    assert sent[0]["file"]["name"] == "mnist"
    assert "dataset must be one of mnist, fashion_mnist" in sent[1]["error"]


@pytest.fixture
def write_notebook():
    """Three cells: the figure, what moves it, what reads it."""

    def write(path):
        notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in CELLS])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, path)

    return write


def test_python_and_the_browser_move_the_same_figure(page, lab):
    page.goto(lab)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".latent-live .ll-primary")
    page.locator(".jp-CodeCell .cm-content").nth(1).click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function("document.querySelector('.latent-live').dataset.state === 'finished'")
    assert page.locator(".ll-slider output").first.inner_text() == "0.70"
    slider = page.locator(".latent-live").get_by_label("Population")
    slider.focus()
    slider.press("ArrowUp")  # JupyterLab's command mode would take it
    page.wait_for_timeout(1000)  # in which the front end reports
    page.locator(".jp-CodeCell .cm-content").nth(2).click()
    page.keyboard.press("Shift+Enter")
    page.get_by_text("python sees 12 True True 100").wait_for()
    page.get_by_text("and 60").wait_for()
    assert page.complaints == []
