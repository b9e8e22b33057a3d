"""Breeding by eye in Jupyter: the pages' element, stories, what the kernel draws, and both sides in a JupyterLab."""

import base64

import numpy as np
import pytest
import torch
import traitlets
from laboratory import check_both_themes, run_cell

from latentlib import zoo
from latentlib.widgets.live import by_eye
from latentlib.widgets.live.by_eye import ByEye, ByEyeFigure, marks_of
from latentlib.widgets.live.figures import placeholder
from latentlib.widgets.live.kernel import Desk

SESSION = "document.querySelector('.latent-live').latentLive"


def story(*marks):
    """A story of (picked, locked, strength, again), places from 0."""
    bits = [
        sum(1 << place for place in picked) << 15 | sum(1 << place for place in locked) << 6 | strength << 1 | again
        for picked, locked, strength, again in marks
    ]
    return base64.urlsafe_b64encode(b"".join(mark.to_bytes(3) for mark in bits)).decode()


BEGINNING = ((0, 3), (), 8, 0)
NOTHING = ((), (), 0, 0)


def test_unattended_it_is_the_element_that_the_pages_mount():
    shown = by_eye(dataset="celeba", strength=0.3).data
    assert shown == placeholder(figure="by_eye", linked=True, dataset="celeba", strength=0.3)
    assert "&quot;linked&quot;: true" in shown


@pytest.mark.parametrize("told", ["", story(NOTHING), story(BEGINNING, NOTHING), story(*[BEGINNING] * 200)])
def test_stories_are_taken(told):
    assert ByEyeFigure(story=told).story == told
    assert len(marks_of(told)) == len(told) // 4


@pytest.mark.parametrize(
    "told",
    [
        "AAA",
        "AA+/",
        "äöüß",
        story(NOTHING, NOTHING),  # nobody has children
        story(((1,), tuple(range(9)), 8, 0), NOTHING),  # nor have they room
        story(((1,), (), 21, 0)),  # stronger than 1
        story(*[BEGINNING] * 201),
    ],
)
def test_what_is_no_story_is_refused(told):
    with pytest.raises(traitlets.TraitError, match="story must be one that a figure has told, of at most 200 nines"):
        by_eye(story=told)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"dataset": "cifar10"}, "celeba"),
        ({"strength": 1.1}, r"strength must lie in \[0, 1\]"),
        ({"sigma": 1}, "sigma"),
    ],
)
def test_wrong_values_are_refused(wrong, told):
    with pytest.raises(traitlets.TraitError, match=told):
        by_eye(**wrong)


@pytest.mark.parametrize(
    ("dataset", "narrator"), [("mnist", "recogniser/mnist"), ("fashion_mnist", "judge/fashion_mnist"), ("celeba", None)]
)
def test_the_kernel_draws_what_it_is_asked_for(dataset, narrator):
    latents = torch.randn(5, 100, generator=torch.Generator().manual_seed(0))
    question = {"ask": "start", "view": "a", "settings": {"dataset": dataset}}
    content, parts = Desk(ByEye).answer(question, [latents.numpy().tobytes()])
    fitness, images, genomes, *odds = parts
    generator = zoo.load(f"restoring/{dataset}")
    expected = generator(latents)
    drawn = np.frombuffer(images, dtype=np.uint8).reshape(expected.shape)
    assert np.abs(drawn - 255 * expected.numpy()).max() <= 0.51
    assert content == {"passes": 5}
    assert (len(fitness), genomes) == (20, latents.numpy().tobytes())
    assert len(odds) == (narrator is not None)
    if narrator:
        told = zoo.load_classifier(narrator).log_odds(expected)
        assert np.allclose(np.frombuffer(odds[0], dtype=np.float32).reshape(5, 10), told, atol=1e-3)


FIGURE = """from latentlib.widgets.live import by_eye
figure = by_eye(engine={!r}, dataset={!r}, seed=3)
figure"""
READ = """import torch
latents = torch.tensor(figure.latents)
print('python sees', figure.generation, tuple(latents.shape), figure.picked, len(figure.story))"""
TELL = "figure.story = figure.story[:4]\nfigure.strength = 0.8"


def press(page, name):
    page.locator(".latent-live").get_by_role("button", name=name, exact=True).click()
    page.wait_for_function(f"{SESSION}.state === 'shown' && !{SESSION}.busy")


def begin(page, lab):
    page.goto(lab)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    run_cell(page, 0)
    page.wait_for_selector(".latent-live .ll-primary")
    press(page, "Begin")


@pytest.mark.cells(FIGURE.format("browser", "mnist"), READ, TELL)
def test_python_and_the_browser_breed_the_same_nine(page, lab):
    begin(page, lab)
    page.locator(".ll-individual input").first.focus()
    for key in ("Space", "ArrowRight", "ArrowDown", "Space", "Enter"):  # JupyterLab's command mode would take them
        page.keyboard.press(key)
    page.wait_for_function(f"{SESSION}.at === 1 && {SESSION}.state === 'shown'")
    page.keyboard.press("Space")
    page.keyboard.press("l")
    page.wait_for_timeout(1000)  # in which the front end reports
    run_cell(page, 1)
    page.get_by_text("python sees 1 (9, 100) [4] 8").wait_for()
    run_cell(page, 2)  # the first nine alone, of whom two are picked
    page.wait_for_function(f"{SESSION}.at === 0 && {SESSION}.settings.strength === 0.8")
    assert page.evaluate(f"{SESSION}.report().picked") == [0, 4]
    assert page.locator(".latent-live").get_by_text("Link to this family").is_hidden()
    assert page.complaints == []


SAME = """from latentlib import zoo
images = zoo.load('restoring/celeba')(torch.tensor(figure.latents))
print('the same image', [round(float(level)) for level in 255 * images[4, :, 16, 16]])"""


@pytest.mark.cells(FIGURE.format("kernel", "celeba"), READ, SAME)
def test_the_kernel_draws_in_colour_and_python_has_the_latents(page, lab):
    begin(page, lab)
    page.locator(".ll-individual canvas").nth(1).click()
    press(page, "Breed")
    page.wait_for_timeout(1000)  # in which the front end reports
    run_cell(page, 1)
    page.get_by_text("python sees 1 (9, 100) [] 8").wait_for()
    run_cell(page, 2)
    shown = page.evaluate("""[...document.querySelectorAll('.ll-individual canvas')[4].getContext('2d')
        .getImageData(16, 16, 1, 1).data].slice(0, 3)""")
    page.get_by_text(f"the same image {shown}").wait_for()
    check_both_themes(page, ".latent-live", "live-by-eye-kernel")
    assert page.complaints == []
