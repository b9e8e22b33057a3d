"""The figure of the ring in Jupyter: moved from Python and from the page, computed by the browser."""

import pytest
import traitlets
from laboratory import check_both_themes, run_cell

from latentlib.widgets.live import ring
from latentlib.widgets.live.figures import placeholder
from latentlib.widgets.live.ring import RingFigure

FIGURE = """from latentlib.widgets.live import ring
figure = ring(population=10, mutation_rate=0.2, seed=3, generations=6)
figure"""
MOVE = "figure.mutation_step = 0.3\nfigure.running = True"
READ = """print("python sees", figure.generation, figure.passes, figure.modes in range(9),
    figure.rival_modes in range(9), 0 < figure.fake_score < 1, 0 < figure.rival_real_score < 1)
print("and", figure.population, figure.mutation_step, figure.evolves)"""


def test_unattended_it_is_the_element_that_the_pages_mount_with_a_stored_frame():
    shown = ring(population=40, mutation_step=0.2, evolves="generator").data
    assert shown == placeholder(figure="ring", population=40, mutation_step=0.2, evolves="generator")
    for setting in ('"population": 40', '"mutationStep": 0.2', '"evolves": "generator"', '"figure": "ring"'):
        assert setting.replace('"', "&quot;") in shown
    assert '<svg role="img" aria-label="Two squares of the plane.' in shown
    assert "needs JavaScript" in shown
    assert len(shown) < 25_000, "every notebook that shows the ring stores it"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"population": 21}, "population must be even, got 21"),
        ({"population": 2}, "'population' trait"),
        ({"mutation_rate": 1.3}, r"mutation_rate must lie in \[0, 1\], got 1.3"),
        ({"mutation_step": -0.1}, r"mutation_step must lie in \[0, 1\], got -0.1"),
        ({"evolves": "neither"}, "'evolves' trait"),
        ({"engine": "kernel"}, "'engine' trait"),
        ({"dataset": "mnist"}, "unknown name 'dataset'"),
    ],
)
def test_wrong_values_are_refused(wrong, told):
    with pytest.raises(traitlets.TraitError, match=told):
        ring(**wrong)


def test_the_kernel_says_that_it_does_not_evolve_the_ring():
    figure, sent = RingFigure(), []
    figure.send = lambda content, parts: sent.append(content)
    figure.answer(None, {"id": "a", "ask": "start", "view": "one", "settings": {}}, [])
    assert sent == [{"id": "a", "error": "the ring evolves in the browser, not in the kernel"}]


@pytest.mark.cells(FIGURE, MOVE, READ)
def test_python_and_the_browser_move_the_same_ring(page, lab):
    page.goto(lab)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    run_cell(page, 0)
    page.wait_for_selector(".latent-live .ll-primary")
    figure = page.locator(".latent-live")
    assert figure.get_by_text("Computed in the").is_hidden()
    run_cell(page, 1)
    page.wait_for_function("document.querySelector('.latent-live').dataset.state === 'finished'")
    slider = figure.get_by_label("Population")
    slider.focus()
    slider.press("ArrowUp")  # JupyterLab's command mode would take it
    page.wait_for_timeout(1000)  # in which the front end reports
    run_cell(page, 2)
    page.get_by_text("python sees 6 120 True True True True").wait_for()
    page.get_by_text("and 12 0.3 both").wait_for()
    check_both_themes(page, ".latent-live", "live-ring")
    assert page.complaints == []
