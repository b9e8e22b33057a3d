"""The live figure in a JupyterLab: the same front end, driven from Python, weights from the kernel."""

import pytest
import traitlets
from laboratory import check_both_themes, run_cell

from latentlib.widgets.live import diverse, live, wanted
from latentlib.widgets.live.figures import RestoringFigure, placeholder

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
WANTED = """from latentlib.widgets.live import wanted
figure = wanted(engine={!r}, wish="Digit(1)", pool=100, seed=3)
figure"""
POOL = """from dataclasses import replace
from latentlib import zoo
from latentlib.fitness.recognition import Recognition
from latentlib.fitness.wishes import Digit
from latentlib.pool import ALGORITHM1, evolve
fitness = Recognition(zoo.load_generator("restoring/mnist"), zoo.load_classifier("recogniser/mnist"), Digit(1))
run = evolve(fitness, seed=3, algorithm=replace(ALGORITHM1, population=100))
print('the same pool', figure.passes == int(run.passes), figure.generation == run.state.generation)"""
DIVERSE = """from latentlib.widgets.live import diverse
figure = diverse(engine={!r}, population=6, size=16, seed=3, algorithm={!r}, generations=3)
figure"""
SETS = """from latentlib import zoo
from latentlib.evolution import GeneticAlgorithm, PerGene, Reset
from latentlib.fitness.diversity import Diversity
fitness = Diversity(zoo.load_generator("restoring/mnist"), 16)
rates = dict(mating_rate=0.7, mutation_rate=0.02, mutation=Reset(), mutation_unit=PerGene())
run = GeneticAlgorithm(6, **rates).evolve(fitness, 3, seed=3)
print('the same set', abs(float(run.best.fitness) - figure.best_fitness) < 1e-6, figure.passes == int(run.passes))"""
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


def test_unattended_wishes_are_on_the_element_too():
    shown = wanted(wish="Digit(4)|Digit(8)", pool=100).data
    assert shown == placeholder(figure="wanted", wish="Digit(4) | Digit(8)", pool=100)
    assert "&quot;population&quot;: 100" in shown


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"pool": 101}, "pool must be even, got 101"),
        ({"wish": "Digit(3) & Digit(4)"}, "contradicts itself"),
        ({"wish": "Smiling"}, "the recogniser knows 0, 1"),
        ({"wish": "~(Digit(3) | Digit(4))"}, "must join different digits"),
        ({"wish": "(Digit(3) | Digit(4)) & ~Digit(5)"}, "must join different digits"),
        ({"wish": "Digit(3) | Digit(4) | Digit(3)"}, "must join different digits"),
        ({"wish": "a three"}, "a wish reads like"),
    ],
)
def test_wishes_that_buttons_cannot_say_or_images_not_meet_are_refused(wrong, told):
    with pytest.raises(traitlets.TraitError, match=told):
        wanted(**wrong)


@pytest.mark.parametrize("wish", ["Digit(3)", "~Digit(3)", "Digit(0) | ~Digit(1) | Digit(2)", "~Digit(8) & ~Digit(9)"])
def test_wishes_that_buttons_can_say_are_taken(wish):
    assert f"&quot;wish&quot;: &quot;{wish.replace('&', '&amp;')}&quot;" in wanted(wish=wish).data


def test_unattended_sets_are_on_the_element_too():
    shown = diverse(algorithm="map_elites", mating_rate=0.5, bins=20).data
    assert shown == placeholder(figure="diverse", algorithm="map_elites", mating_rate=0.5, bins=20)
    assert "&quot;matingRate&quot;: 0.5" in shown


@pytest.mark.parametrize(
    "wrong", [{"population": 7}, {"size": 15}, {"size": 51}, {"metric": "ssim"}, {"algorithm": "tabu"}, {"bins": 7}]
)
def test_wrong_sets_are_refused(wrong):
    with pytest.raises(traitlets.TraitError):
        diverse(**wrong)


def test_where_no_kernel_is_the_browser_computes():
    assert "engine" not in live(dataset="mnist", engine="kernel").data


def test_the_kernel_sends_weights_or_says_why_not():
    figure, sent = RestoringFigure(), []
    figure.send = lambda content, parts: sent.append(content)
    figure.answer(None, {"id": "a", "ask": "weights", "name": "mnist"}, [])
    figure.answer(None, {"id": "b", "ask": "weights", "name": "imagenet"}, [])
    figure.answer(None, {"id": "c", "ask": "next", "view": "unknown"}, [])
    assert [content["id"] for content in sent] == ["a", "b", "c"]
    assert sent[0]["file"]["name"] == "mnist"
    assert "weights must be one of mnist, fashion_mnist, recogniser" in sent[1]["error"]
    assert sent[2]["error"] == "it does not know this run"


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
    check_both_themes(page, ".latent-live", "live-kernel")
    figure.get_by_text("browser", exact=True).click()  # another engine: another run, from the beginning
    page.wait_for_function(f"{SESSION}.run?.generation === 0 && {SESSION}.engine.pool")
    assert page.complaints == []


@pytest.mark.cells(
    WANTED.format("browser"),
    "figure.running = True",
    "print('python sees', figure.wish, figure.share > 0.9, figure.passes > 100)\nfigure.wish = 'Digit(4) | ~Digit(8)'",
)
def test_python_and_the_browser_move_the_same_wish(page, lab):
    show_figure(page, lab)
    run_cell(page, 1)
    page.wait_for_function("document.querySelector('.latent-live').dataset.state === 'finished'")
    page.locator(".latent-live").get_by_role("button", name="7: no matter", exact=True).click()
    page.wait_for_timeout(1000)  # in which the front end reports
    run_cell(page, 2)
    page.get_by_text("python sees Digit(1) | Digit(7) True True").wait_for()
    page.wait_for_selector(".ll-formula:has-text('Digit(4) | ~Digit(8)')")
    page.get_by_role("button", name="~8: not wanted", exact=True).wait_for()
    assert page.complaints == []


@pytest.mark.cells(WANTED.format("kernel"), POOL)
def test_the_kernel_evolves_the_same_pool_as_the_library_and_draws_from_it(page, lab):
    show_figure(page, lab)
    figure = page.locator(".latent-live")
    figure.get_by_role("button", name="Run").click()
    page.wait_for_function("document.querySelector('.latent-live').dataset.state === 'finished'")
    page.wait_for_timeout(1000)  # in which the front end reports
    run_cell(page, 1)
    page.get_by_text("the same pool True True").wait_for()
    figure.get_by_role("button", name="Draw new images from the pool").click()
    figure.locator("figcaption", has_text="50 new images, bred from the pool of generation").wait_for()
    figure.get_by_role("button", name="7: no matter", exact=True).click()  # another wish, and another generation
    figure.get_by_role("button", name="One step").click()
    page.wait_for_function(f"{SESSION}.state === 'finished' && {SESSION}.run.used.wish.includes('7')")
    check_both_themes(page, ".latent-live", "live-wanted-kernel")
    assert page.complaints == []


@pytest.mark.cells(
    DIVERSE.format("browser", "map_elites"),
    "figure.running = True",
    "print('python sees', figure.rival_fitness < 0, figure.filled > 6, len(figure.best_set))\nfigure.judge = True",
)
def test_python_and_the_browser_evolve_the_same_sets(page, lab):
    show_figure(page, lab)
    run_cell(page, 1)
    page.wait_for_function("document.querySelector('.latent-live').dataset.state === 'finished'")
    page.wait_for_timeout(1000)  # in which the front end reports
    run_cell(page, 2)
    page.get_by_text("python sees True True 1600").wait_for()
    page.locator(".ll-opinion").get_by_text("sees in the best set").wait_for()
    assert page.complaints == []


@pytest.mark.cells(DIVERSE.format("kernel", "genetic"), SETS)
def test_the_kernel_evolves_the_same_set_as_the_library_and_elites_are_looked_at(page, lab):
    show_figure(page, lab)
    figure = page.locator(".latent-live")
    figure.get_by_role("button", name="Run").click()
    page.wait_for_function("document.querySelector('.latent-live').dataset.state === 'finished'")
    page.wait_for_timeout(1000)  # in which the front end reports
    run_cell(page, 1)
    page.get_by_text("the same set True True").wait_for()
    figure.get_by_text("MAP-Elites", exact=True).click()
    page.wait_for_function(f"{SESSION}.run?.group.cells?.length > 1 && !{SESSION}.busy")
    figure.locator(".ll-map").press("End")  # JupyterLab's command mode would take it
    page.wait_for_function(f"{SESSION}.run.look?.images.length === 16 * 784")
    check_both_themes(page, ".latent-live", "live-diverse-kernel")
    assert page.complaints == []
