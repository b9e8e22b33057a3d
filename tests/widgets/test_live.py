"""The live figure in a JupyterLab: the same front end, driven from Python, weights from the kernel."""

from pathlib import Path

import nbformat
import pytest
import traitlets
from nbformat import v4

from latentlib.widgets.live import Live, live, placeholder

ROOT = Path(__file__).parents[2]
SHOTS, AXE = ROOT / "_build/screenshots", ROOT / "frontend/node_modules/axe-core/axe.min.js"
FIGURE = (
    "from latentlib.widgets.live import live\nfigure = live(engine={!r}, population=40, seed=3, generations={})\nfigure"
)
MOVE = "figure.mutation_rate = 0.7\nfigure.running = True"
READ = """print("python sees", figure.generation, figure.passes > 40, figure.best_fitness > 0.5,
    len(figure.best_latent))
print('and', figure.population, figure.engine)"""
LIBRARY = """from latentlib import data, zoo
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness import ReconstructionMSE
fitness = ReconstructionMSE(zoo.load_generator("restoring/mnist"), data.bundled("mnist").images[:1])
run = GeneticAlgorithm(40, 0.3, 0.7).evolve(fitness, 12, seed=3)
print('the library\\'s run', abs(float(run.best.fitness) - figure.best_fitness) < 1e-5)"""
SESSION = "document.querySelector('.latent-live').latentLive"


def test_unattended_it_is_the_element_that_the_pages_mount():
    shown = live(dataset="mnist", mutation_rate=0.4).data
    assert "data-latent-live=" in shown
    assert "&quot;mutationRate&quot;: 0.4" in shown
    assert shown == placeholder(dataset="mnist", mutation_rate=0.4)


@pytest.mark.parametrize(
    "wrong", [{"population": 41}, {"mutation_rate": 1.1}, {"dataset": "celeba"}, {"target": 20}, {"engine": "cloud"}]
)
def test_wrong_values_are_refused(wrong):
    with pytest.raises(traitlets.TraitError):
        live(**wrong)


def test_where_no_kernel_is_the_browser_computes():
    assert "engine" not in live(dataset="mnist", engine="kernel").data


def test_the_kernel_sends_weights_or_says_why_not():
    figure, sent = Live(), []
    figure.send = lambda content, parts: sent.append(content)
    figure.answer(None, {"id": "a", "ask": "weights", "dataset": "mnist"}, [])
    figure.answer(None, {"id": "b", "ask": "weights", "dataset": "celeba"}, [])
    figure.answer(None, {"id": "c", "ask": "next", "view": "unknown"}, [])
    assert [content["id"] for content in sent] == ["a", "b", "c"]
    assert sent[0]["file"]["name"] == "mnist"
    assert "dataset must be one of mnist, fashion_mnist" in sent[1]["error"]
    assert sent[2]["error"] == "it does not know this run"


@pytest.fixture
def write_notebook(request):
    """A notebook of the cells that the test is marked with."""

    def write(path):
        sources = request.node.get_closest_marker("cells").args
        notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, path)

    return write


def run_cell(page, number):
    page.locator(".jp-CodeCell .cm-content").nth(number).click()
    page.keyboard.press("Shift+Enter")


def show_figure(page, lab):
    page.goto(lab)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    run_cell(page, 0)
    page.wait_for_selector(".latent-live .ll-primary")


def drive_from_both_sides(page, lab):
    """Python moves and starts the figure, the keyboard moves it on, Python reads what came of it."""
    show_figure(page, lab)
    run_cell(page, 1)
    page.wait_for_function("document.querySelector('.latent-live').dataset.state === 'finished'")
    assert page.locator(".ll-slider output").first.inner_text() == "0.70"
    slider = page.locator(".latent-live").get_by_label("Population")
    slider.focus()
    slider.press("ArrowUp")  # JupyterLab's command mode would take it
    page.wait_for_timeout(1000)  # in which the front end reports
    run_cell(page, 2)
    page.get_by_text("python sees 12 True True 100").wait_for()


@pytest.mark.cells(FIGURE.format("browser", 12), MOVE, READ)
def test_python_and_the_browser_move_the_same_figure(page, lab):
    drive_from_both_sides(page, lab)
    page.get_by_text("and 60 browser").wait_for()
    assert page.complaints == []


@pytest.mark.cells(FIGURE.format("kernel", 12), MOVE, READ, LIBRARY)
def test_the_kernel_evolves_the_same_figure_by_the_library(page, lab):
    drive_from_both_sides(page, lab)
    page.get_by_text("and 60 kernel").wait_for()
    run_cell(page, 3)
    page.get_by_text("the library's run True").wait_for()
    assert page.complaints == []


@pytest.mark.cells(FIGURE.format("kernel", 100_000), "figure.mutation_rate = 0.6\nprint('heard', figure.running)")
def test_the_kernel_hears_while_it_evolves_and_a_moved_slider_acts_at_once(page, lab):
    show_figure(page, lab)
    figure = page.locator(".latent-live")
    figure.get_by_role("button", name="Run").click()
    page.wait_for_function(f"{SESSION}.run?.generation > 5")
    figure.get_by_label("Population").press("ArrowRight")
    page.wait_for_function(f"{SESSION}.run.group.fitness.length === 60")
    run_cell(page, 1)
    page.get_by_text("heard True").wait_for()
    page.wait_for_function(f"{SESSION}.run.marks.length === 2 && {SESSION}.run.used.mutationRate === 0.6")
    page.wait_for_function(f"{SESSION}.speed > 0 && {SESSION}.run.generation > 20")
    figure.get_by_role("button", name="Pause").click()
    page.wait_for_function(f"{SESSION}.state === 'paused' && !{SESSION}.busy")
    stopped = page.evaluate(f"{SESSION}.run.generation")
    figure.get_by_role("button", name="One step").click()
    page.wait_for_function(f"{SESSION}.run.generation === {stopped + 1}")
    page.add_script_tag(path=AXE)
    SHOTS.mkdir(parents=True, exist_ok=True)
    for theme in ("Light", "Dark"):
        page.evaluate(f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})")
        page.wait_for_selector(f"body[data-jp-theme-name='JupyterLab {theme}']", state="attached")
        found = page.evaluate("axe.run('.latent-live').then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
        assert found == [], theme
        figure.screenshot(path=SHOTS / f"live-kernel-{theme.lower()}.png")
    figure.get_by_text("browser", exact=True).click()  # another engine: another run, from the beginning
    page.wait_for_function(f"{SESSION}.run?.generation === 0 && {SESSION}.engine.pool")
    assert page.complaints == []
