import pytest
import torch

from latentlib.fitness import ReconstructionMSE, ReconstructionSSIM
from latentlib.gradient import GradientDescent


class Quadratic:
    """`-steepness |z - centre|^2`, whose gradient descent has a closed form."""

    genes = 3

    def __init__(self, centres, steepness):
        self.centres, self.steepness, self.runs = centres, steepness, len(centres)

    def __call__(self, latents):
        return -self.steepness * (latents - self.centres[:, None]).square().sum(dim=2)


CENTRES = torch.tensor([[1.0, -2.0, 0.5], [0.0, 0.3, -0.7]])


def points(runs, restarts, genes):
    return torch.randn(runs, restarts, genes, generator=torch.Generator().manual_seed(4))


@pytest.mark.parametrize("steps", [1, 5, 40])
def test_sgd_on_a_quadratic_shrinks_the_distance_as_the_closed_form_says(steps):
    initial, steepness, step_size = points(2, 4, 3), 0.8, 0.05
    run = GradientDescent("sgd", step_size, 4).descend(Quadratic(CENTRES, steepness), steps, initial=initial)
    expected = CENTRES[:, None] + (1 - 2 * steepness * step_size) ** steps * (initial - CENTRES[:, None])
    assert torch.allclose(run.state.genomes, expected, atol=1e-5)


def test_the_first_step_of_adam_is_the_step_size_uphill_in_every_gene():
    initial = points(2, 4, 3)
    run = GradientDescent("adam", 0.03, 4).descend(Quadratic(CENTRES, 0.8), 1, initial=initial)
    expected = initial + 0.03 * (CENTRES[:, None] - initial).sign()
    assert torch.allclose(run.state.genomes, expected, atol=1e-5)


@pytest.mark.parametrize(("optimiser", "step_size"), [("adam", 0.1), ("sgd", 20.0)])
@pytest.mark.parametrize("fitness", [ReconstructionMSE, ReconstructionSSIM])
def test_the_fitness_of_every_restart_of_a_real_target_rises(fitness, optimiser, step_size, generator, targets):
    initial = points(3, 2, 20)
    fitness = fitness(generator, targets)
    run = GradientDescent(optimiser, step_size, 2).descend(fitness, 25, initial=initial)
    assert (run.state.fitness > fitness(initial) + 0.001).all()
    assert (run.history.best.diff(dim=0) >= 0).all()
    assert torch.equal(run.best.fitness, run.history.best[-1])


@pytest.mark.parametrize(("optimiser", "step_size"), [("adam", 0.05), ("sgd", 10.0)])
def test_targets_and_restarts_together_are_each_alone(optimiser, step_size, generator, targets):
    initial = points(3, 2, 20)
    together = GradientDescent(optimiser, step_size, 2).descend(
        ReconstructionMSE(generator, targets), 10, initial=initial
    )
    for run in range(3):
        for restart in range(2):
            alone = GradientDescent(optimiser, step_size).descend(
                ReconstructionMSE(generator, targets[run : run + 1]), 10, initial=initial[run, restart].view(1, 1, -1)
            )
            moved = alone.state.genomes[0, 0] - initial[run, restart]
            assert moved.abs().max() > 0.05
            assert torch.allclose(together.state.genomes[run, restart], alone.state.genomes[0, 0], atol=1e-3)


def test_the_best_is_the_best_of_all_restarts_and_steps():
    seen = []

    class Watched(Quadratic):
        def __call__(self, latents):
            seen.append(super().__call__(latents))
            return seen[-1]

    # the step is too long: the search overshoots and gets worse, so that the best is not the last
    run = GradientDescent("sgd", 1.3, 3).descend(Watched(CENTRES, 0.8), 5, seed=1)
    fitness = torch.stack(seen)
    assert fitness.shape == (6, 2, 3)
    assert torch.equal(run.best.fitness, fitness.amax(dim=(0, 2)))
    assert (run.best.fitness > run.state.fitness.amax(dim=1)).all()
    assert torch.equal(run.best.fitness, Quadratic(CENTRES, 0.8)(run.best.latents[:, None])[:, 0])


def test_the_callback_hears_of_every_step_and_of_the_best_so_far():
    heard = []
    # the step is too long: the search gets worse, and the best must not
    descent = GradientDescent("sgd", 1.3, 3)
    run = descent.descend(Quadratic(CENTRES, 0.8), 5, seed=1, callback=lambda step, best: heard.append((step, best)))
    assert [step for step, _ in heard] == list(range(6))
    scores = torch.stack([best.fitness for _, best in heard])
    assert (scores.diff(dim=0) >= 0).all()
    assert torch.equal(scores, run.history.best)
    for _, best in heard:
        assert torch.equal(Quadratic(CENTRES, 0.8)(best.latents[:, None])[:, 0], best.fitness)
    silent = descent.descend(Quadratic(CENTRES, 0.8), 5, seed=1)
    assert torch.equal(silent.best.latents, run.best.latents)


def test_the_best_that_the_callback_hears_of_stays_as_it_was():
    heard = []
    GradientDescent("adam", 0.1).descend(
        Quadratic(CENTRES, 0.8), 5, callback=lambda step, best: heard.append((best.latents, best.latents.clone()))
    )
    assert all(torch.equal(kept, then) for kept, then in heard)
    assert not torch.equal(heard[0][0], heard[-1][0])


def test_every_step_of_every_restart_is_a_pass():
    run = GradientDescent(restarts=3).descend(Quadratic(CENTRES, 1.0), 4)
    assert run.history.passes.tolist() == [[3 * n] * 2 for n in range(1, 6)]


def test_the_generator_stays_as_it_is_and_gets_no_gradient(generator, targets):
    before = {name: value.clone() for name, value in generator.state_dict().items()}
    GradientDescent().descend(ReconstructionMSE(generator, targets), 3)
    assert all(torch.equal(value, before[name]) for name, value in generator.state_dict().items())
    assert all(parameter.grad is None for parameter in generator.parameters())


def test_the_seed_decides_and_a_given_start_stays_as_it_is():
    first, again, other = (GradientDescent().descend(Quadratic(CENTRES, 1.0), 5, seed) for seed in (0, 0, 1))
    assert torch.equal(first.best.latents, again.best.latents)
    assert not torch.equal(first.best.latents, other.best.latents)
    initial = points(2, 1, 3)
    kept = initial.clone()
    GradientDescent().descend(Quadratic(CENTRES, 1.0), 5, initial=initial)
    assert torch.equal(initial, kept)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"optimiser": "lbfgs"}, "optimiser must be one of adam, sgd, got 'lbfgs'"),
        ({"step_size": 0.0}, "step_size must be above 0 and finite, got 0.0"),
        ({"step_size": float("nan")}, "step_size must be above 0 and finite, got nan"),
        ({"restarts": 0}, "restarts must be at least 1, got 0"),
    ],
)
def test_arguments_out_of_range_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        GradientDescent(**arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"steps": 2, "initial": torch.zeros(2, 3, 3)}, r"must be \(2, 1, 3\) float32, got \(2, 3, 3\)"),
        ({"steps": 2, "initial": torch.full((2, 1, 3), float("nan"))}, "initial population must be finite"),
    ],
)
def test_a_wrong_start_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        GradientDescent().descend(Quadratic(CENTRES, 1.0), **arguments)


@pytest.mark.parametrize(
    ("fitness", "message"),
    [
        (lambda latents: latents.sum(dim=2) * float("nan"), "must be finite, got nan"),
        (lambda latents: latents.sum(dim=(1, 2)), r"must return shape \(2, 1\), got \(2,\)"),
        (lambda latents: latents.detach().sum(dim=2), "differentiable"),
    ],
)
def test_a_fitness_that_cannot_be_climbed_is_named(fitness, message):
    with pytest.raises(ValueError, match=message):
        GradientDescent().descend(fitness, 2, initial=torch.zeros(2, 1, 3))
