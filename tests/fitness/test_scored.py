"""Goals of one's own, on outputs of any shape."""

import numpy as np
import pytest
import torch
from torch import nn

from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness import Scored
from latentlib.models import adapt


def made(latents):
    """Rows (n, 6) of latents (n, 6)."""
    return 3 * latents


def drawn(runs=2, population=5):
    return torch.randn(runs, population, 6, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    "goal",
    [
        lambda rows: rows.square().sum(dim=1),
        lambda rows: (rows.numpy().astype(float) ** 2).sum(axis=1),
        lambda rows: [float(row @ row) for row in rows],
    ],
    ids=["torch", "numpy", "list"],
)
@pytest.mark.parametrize("minimise", [False, True])
def test_a_goal_is_what_the_function_says(goal, minimise):
    found = Scored(made, goal, runs=2, genes=6, minimise=minimise)(drawn())
    assert found.dtype == torch.float32
    assert torch.allclose(found, 9 * drawn().square().sum(dim=2) * (-1 if minimise else 1))


def test_a_goal_evolves():
    goal = np.arange(6.0)
    fitness = Scored(made, lambda rows: np.abs(rows.numpy() - goal).sum(axis=1), genes=6, minimise=True)
    run = GeneticAlgorithm(population=40).evolve(fitness, generations=30, seed=0)
    assert float(run.best.fitness) > 0.5 * float(run.history.best[0])
    assert np.allclose(run.best.fitness, -np.abs(3 * run.best.latents.numpy() - goal).sum(axis=1), atol=1e-5)


def test_images_tiles_and_sounds_of_any_shape_are_judged():
    for shape in [(2,), (6, 4, 4), (10, 3, 5), (400,)]:
        generator = adapt(nn.Sequential(nn.Linear(6, int(np.prod(shape))), nn.Unflatten(1, shape)), 6, output="raw")
        seen = []
        Scored(generator, lambda outputs, seen=seen: seen.append(outputs.shape) or outputs.flatten(1).mean(dim=1))(
            drawn(1)
        )
        assert seen[-1] == (5, *shape)


def test_a_gradient_passes_through_a_goal_in_torch():
    latents = drawn().requires_grad_()
    Scored(made, lambda rows: rows.square().sum(dim=1), runs=2, genes=6)(latents).sum().backward()
    assert torch.allclose(latents.grad, 18 * latents.detach())


def test_a_noisy_goal_says_so():
    assert Scored(made, lambda rows: torch.rand(len(rows)), genes=6, noisy=True).noisy
    assert not Scored(made, lambda rows: rows[:, 0], genes=6).noisy


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (lambda rows: rows.sum(), r"a number per output, shape \(\d+,\), got shape \(\)"),
        (lambda rows: rows, r"a number per output, shape \(\d+,\), got shape \(\d+, 6\)"),
        (lambda rows: None, "a number per output, got None"),
        (lambda rows: ["far"] * len(rows), r"a number per output, got \['far'"),
    ],
)
def test_a_goal_that_gives_no_number_per_output_is_refused(goal, message):
    with pytest.raises((ValueError, TypeError), match=message):
        Scored(made, goal, genes=6)
