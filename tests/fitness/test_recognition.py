"""Fitness from a recogniser against the paper's formulas, on a recogniser whose answer is known and on the trained."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny_recogniser import NAMES, Pixels, Plain
from torch import nn

from latentlib import zoo
from latentlib.fitness.recognition import LogRecognition, Recognition, met
from latentlib.fitness.wishes import Digit, Male, Shows, Smiling
from latentlib.models import Recogniser


def fitness(wish, kind=Recognition, exclusive=True, steepness=20.0, runs=1):
    classes = "0123456789" if exclusive else NAMES
    return kind(Plain(len(classes)).eval(), Pixels(classes, exclusive, steepness).eval(), wish, runs)


def latents(runs=2, population=50, genes=10, seed=0):
    return torch.rand(runs, population, genes, generator=torch.Generator().manual_seed(seed))


def chances(some, exclusive, steepness=20.0):
    """Probabilities (runs, population, classes) in double precision."""
    logits = steepness * (some.double() - 0.5)
    return logits.softmax(dim=2) if exclusive else 1 / (1 + (-logits).exp())


def test_single_not_and_or_of_digits_are_the_papers_formulas():
    some = latents()
    p = chances(some, exclusive=True)
    for wish, expected in [
        (Digit(3), p[..., 3]),
        (~Digit(3), 1 - p[..., 3]),
        (Digit(4) | Digit(8), torch.maximum(p[..., 4], p[..., 8])),
        (~Digit(4) & ~Digit(8), torch.minimum(1 - p[..., 4], 1 - p[..., 8])),
    ]:
        found = fitness(wish, runs=2)(some)
        assert found.shape == (2, 50)
        assert torch.allclose(found.double(), expected, atol=1e-6), wish


def test_attributes_are_independent():
    some = latents(genes=4)
    p = chances(some, exclusive=False)
    found = fitness(Smiling & ~Male, exclusive=False, runs=2)(some)
    assert torch.allclose(found.double(), torch.minimum(p[..., 3], 1 - p[..., 1]), atol=1e-6)


def test_the_logarithm_is_exact_where_the_probability_rounds():
    some = latents()
    wish = ~Digit(4) & ~Digit(8)
    p = chances(some, exclusive=True, steepness=120.0)
    others = torch.stack([p[..., [c for c in range(10) if c != digit]].sum(dim=2) for digit in (4, 8)])
    found = fitness(wish, LogRecognition, steepness=120.0, runs=2)(some)
    assert others.amin() < 1e-12, "or else nothing would round"
    assert torch.allclose(found.double(), others.amin(dim=0).log(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", [Recognition, LogRecognition])
def test_the_gradient_is_that_of_the_formula(kind):
    some = latents(runs=1, population=6).double().requires_grad_()
    p = chances(some, exclusive=True, steepness=3.0)[..., 3]
    (expected,) = torch.autograd.grad((p if kind is Recognition else p.log()).sum(), some)
    leaf = some.detach().float().requires_grad_()
    fitness(Digit(3), kind, steepness=3.0)(leaf).sum().backward()
    assert expected.abs().max() > 0.01
    assert torch.allclose(leaf.grad.double(), expected, atol=1e-5)


def test_satisfied_means_the_likeliest_digit_and_attributes_above_a_half():
    some = latents()
    likeliest = some.argmax(dim=2)
    assert torch.equal(fitness(Digit(3)).satisfied(some), likeliest == 3)
    assert torch.equal(fitness(~Digit(3)).satisfied(some), likeliest != 3)
    assert torch.equal(fitness(Digit(4) | Digit(8)).satisfied(some), (likeliest == 4) | (likeliest == 8))
    faces = latents(genes=4)
    found = fitness(Smiling & ~Male, exclusive=False).satisfied(faces)
    assert torch.equal(found, (faces[..., 3] > 0.5) & (faces[..., 1] < 0.5))
    assert 0.1 < found.float().mean() < 0.9


WISHES = [Digit(3), ~Digit(3), Digit(4) | Digit(8), ~Digit(4) & ~Digit(8), Digit(1) | ~(Digit(2) | Digit(3))]


@given(st.sampled_from(WISHES), st.sampled_from([0.5, 2.0, 5.0, 40.0]), st.integers(0, 10**6))
def test_known_fitness_leaves_nothing_undecided(wish, steepness, seed):
    search = fitness(wish, steepness=steepness, runs=2)
    some = latents(population=300, seed=seed)
    assert torch.equal(search.satisfied(some, search(some)), search.satisfied(some))


def test_only_what_is_in_doubt_is_generated_again():
    search, asked = fitness(Digit(3), steepness=40.0, runs=2), []
    some = latents(population=300)
    values = search(some)
    search.generator.forward = lambda rows, run: asked.append(len(rows)) or rows.view(len(rows), 1, 1, -1)
    search.satisfied(some, values)
    doubtful = int(((values > 0.1) & (values < 0.9)).sum())
    assert sum(asked) == doubtful
    assert 0 < doubtful < 100


def test_of_attributes_nothing_is_in_doubt():
    search = fitness(Smiling & ~Male, exclusive=False)
    some = latents(runs=1, genes=4)
    expected = search.satisfied(some)
    values = search(some)
    search.generator.forward = None  # nothing may be generated any more
    assert torch.equal(search.satisfied(some, values), expected)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Shows("cat"), "the recogniser knows 0, 1, .*, 9, but cat names cat"),
        (Digit(3) & ~Digit(3), r"Digit\(3\) & ~Digit\(3\) contradicts itself"),
        (Digit(3) & Digit(4), r"Digit\(3\) & Digit\(4\) contradicts itself"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(wish, message):
    with pytest.raises(ValueError, match=message):
        fitness(wish)


def test_a_recogniser_in_training_mode_is_copied_and_left_as_it_was():
    network = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(10, 10)).train()
    mine = Recogniser(network, tuple("0123456789")).train()
    some = latents(runs=1)
    search = Recognition(Plain(10).eval(), mine, Digit(3))
    images = some[0].view(50, 1, 1, 10)
    expected = network[2](images.flatten(1)).softmax(dim=1)[:, 3]
    assert torch.allclose(search(some)[0], expected, atol=1e-6)
    assert network.training
    assert network[2].weight.requires_grad


def test_a_classifier_without_names_is_refused():
    with pytest.raises(TypeError, match=r"must name its classes: latentlib\.models\.Recogniser\(.*, got Sequential"):
        Recognition(Plain(10).eval(), nn.Sequential(nn.Flatten(), nn.Linear(10, 10)), Digit(3))


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (nn.Conv2d(3, 10, 1), r"recogniser does not take images \(4, 1, 1, 10\): .*3 channels"),
        (nn.Sequential(nn.Flatten(), nn.Linear(10, 9)), r"logits \(n, classes\) = \(4, 10\), got \(4, 9\)"),
    ],
)
def test_a_recogniser_that_does_not_fit_is_named(network, message):
    with pytest.raises(ValueError, match=message):
        Recognition(Plain(10).eval(), Recogniser(network, tuple("0123456789")), Digit(3))


def test_as_many_runs_as_were_announced():
    with pytest.raises(ValueError, match="latents must hold 1 runs, got 2"):
        fitness(Digit(3))(latents())


def test_the_trained_recogniser_finds_the_digits_it_is_shown():
    from latentlib import data

    sample = data.bundled("mnist", "test")
    recogniser = zoo.load_classifier("recogniser/mnist")
    for digit in range(10):
        found = met(Digit(digit), recogniser, sample.images)
        assert float((found == (sample.labels == digit)).float().mean()) > 0.99
