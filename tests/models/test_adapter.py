"""`adapt`: foreign generators run with an option at most, stay as they were, and are refused in one line."""

import foreign
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness import ReconstructionMSE
from latentlib.models import PerRun, adapt
from latentlib.priors import Normal, Uniform

EIGHT = {
    "dcgan": (foreign.dcgan, 100, {}),
    "conditional": (foreign.Conditional, 64, {"inputs": {"labels": torch.tensor(3)}}),
    "decoder": (foreign.decoder, 20, {"output": "logits"}),
    "styled": (foreign.Styled, None, {"noise": "fixed"}),
    "bounded": (foreign.bounded, 32, {"output": "unit"}),
    "tiles": (foreign.tiles, 32, {"output": "unit"}),
    "wave": (foreign.wave, 50, {}),
    "row": (foreign.row, 16, {"output": "logits"}),
}


@pytest.fixture(autouse=True)
def weights():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def drawn(n, genes, seed=1):
    return torch.randn(n, genes, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("name", EIGHT)
def test_the_readmes_lines_run_with_an_option_at_most(name):
    make, latent_size, options = EIGHT[name]
    generator = adapt(make(), latent_size, **options)
    targets = generator(drawn(2, generator.latent_size))
    run = GeneticAlgorithm(population=20, mutation_rate=0.3).evolve(ReconstructionMSE(generator, targets), 5, seed=0)
    assert targets.min() >= 0
    assert targets.max() <= 1
    assert (run.best.fitness > run.history.best[0]).all()
    assert torch.allclose(
        run.best.fitness, 1 - (generator(run.best.latents) - targets).square().flatten(1).mean(dim=1), atol=1e-6
    )


@pytest.mark.parametrize(
    ("make", "options", "expected"),
    [
        (foreign.wave, {}, lambda raw: raw * 0.5 + 0.5),
        (foreign.wave, {"output": "raw"}, lambda raw: raw),
        (foreign.wave, {"output": "logits"}, lambda raw: 1 / (1 + (-raw).exp())),
        (nn.Sequential, {"output": "tanh", "clamp": True}, lambda raw: ((raw + 1) / 2).clip(0, 1)),
        (lambda: nn.Sequential(nn.Sigmoid()), {"output": "unit"}, lambda raw: raw),
    ],
)
def test_what_is_made_of_the_outputs(make, options, expected):
    network, latents = make().eval(), drawn(9, 50)
    with torch.no_grad():
        raw = network(latents)
    assert torch.allclose(adapt(network, 50, **options)(latents), expected(raw), atol=1e-6)


def test_the_callers_module_learns_on():
    network = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.Linear(16, 64), nn.Tanh()).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    adapted = adapt(network, 8)
    ReconstructionMSE(adapted, torch.rand(1, 64))
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(part.training for part in network.modules())
    optimiser = torch.optim.SGD(network.parameters(), 0.1)
    network(drawn(4, 8)).square().mean().backward()
    optimiser.step()
    assert not torch.equal(network[0].weight, before["0.weight"])
    latents = drawn(5, 8)
    old = adapted(latents)
    assert not torch.allclose(old, (network.eval()(latents) + 1) / 2), "the adapter keeps the weights it saw"


@pytest.mark.parametrize("shape", [None, (100, 1, 1)])
def test_a_latent_is_given_the_shape_the_generator_takes(shape):
    network = foreign.dcgan().eval()
    adapted, latents = adapt(network, 100, latent_shape=shape), drawn(3, 100)
    assert torch.allclose(adapted(latents), (network(latents[:, :, None, None]) + 1) / 2)
    assert adapted.latent_shape == (100, 1, 1)


def test_many_styles_are_one_long_latent():
    adapted = adapt(lambda styles: styles.mean(dim=1).tanh(), latent_shape=(4, 6))
    latents = drawn(5, 24)
    assert adapted.latent_size == 24
    assert torch.allclose(adapted(latents), (latents.view(5, 4, 6).mean(dim=1).tanh() + 1) / 2)


@pytest.mark.parametrize(
    ("wrap", "select"),
    [
        (lambda made: (made, "latents"), {}),
        (lambda made: [None, made], {}),
        (lambda made: {"size": 3, "sample": made}, {}),
        (lambda made: {"mask": made * 0, "sample": made}, {"select": lambda made: made["sample"]}),
    ],
)
def test_the_image_is_found_in_what_is_returned(wrap, select):
    network, latents = foreign.wave().eval(), drawn(3, 50)
    adapted = adapt(lambda latents: wrap(network(latents)), 50, **select)
    assert torch.equal(adapted(latents), (network(latents) + 1) / 2)


def test_an_input_for_all_and_one_per_run():
    network, latents = foreign.Conditional().eval(), drawn(6, 64)
    labels = [1, 5, 7]
    with torch.no_grad():
        alike = network(latents, torch.full((6,), 5))
        run = torch.tensor([0, 2, 1, 1, 0, 2])
        each = network(latents, torch.tensor(labels)[run])
    assert torch.equal(adapt(network, 64, inputs={"labels": torch.tensor(5)})(latents), (alike + 1) / 2)
    adapted = adapt(network, 64, inputs={"labels": PerRun(labels)})
    assert torch.equal(adapted(latents, run), (each + 1) / 2)
    with pytest.raises(ValueError, match=r"inputs are given per run: say the run of each of 6 latents as run="):
        adapted(latents)


def test_each_run_is_judged_with_its_own_input():
    network = foreign.Conditional().eval()
    adapted, runs = adapt(network, 64, inputs={"labels": PerRun([1, 5, 7])}), torch.arange(3)
    hidden = drawn(3, 64)
    fitness = ReconstructionMSE(adapted, adapted(hidden, runs))
    found = fitness(hidden.expand(3, 3, 64))
    assert torch.allclose(found.diagonal(), torch.ones(3))
    assert (found.diagonal() > found.topk(2, dim=1).values[:, 1]).all()
    with pytest.raises(ValueError, match="inputs are for 3 runs, but the fitness has 2"):
        ReconstructionMSE(adapted, torch.rand(2, 1, 8, 8))
    with pytest.raises(ValueError, match="as many runs, got 2 and 3"):
        adapt(network, 64, inputs={"labels": PerRun([1, 5, 7]), "other": PerRun([1, 2])})


def test_noise_is_an_error_until_something_is_said():
    with pytest.raises(ValueError, match=r"two outputs for the same latent: it draws noise; .*'drawn'.*'fixed'"):
        adapt(foreign.Styled())


def test_drawn_noise_makes_a_noisy_fitness():
    adapted, latents = adapt(foreign.Styled(), noise="drawn", clamp=True), drawn(3, 32)
    assert not torch.equal(adapted(latents), adapted(latents))
    assert ReconstructionMSE(adapted, torch.rand(1, 3, 8, 8)).noisy
    assert "another output each time" in repr(adapted)


def test_fixed_noise_is_the_same_for_a_latent_in_any_batch():
    adapted, latents = adapt(foreign.Styled(), noise="fixed"), drawn(7, 32)
    state = torch.get_rng_state()
    together = adapted(latents)
    assert torch.equal(torch.get_rng_state(), state), "the caller's random numbers go on as they were"
    torch.manual_seed(99)
    alone = torch.cat([adapted(one[None]) for one in latents.flip(0)]).flip(0)
    assert torch.equal(together, alone)
    assert not ReconstructionMSE(adapted, torch.rand(1, 3, 8, 8)).noisy
    assert "one latent per pass" in repr(adapted)


def test_saying_what_to_do_with_noise_costs_nothing_where_there_is_none():
    for noise in ("drawn", "fixed"):
        adapted = adapt(foreign.bounded(), 32, output="unit", noise=noise)
        assert (adapted.noisy, adapted.one_by_one) == (False, False)


def test_looking_leaves_torchs_random_numbers_alone():
    network = foreign.Styled()
    state = torch.get_rng_state()
    adapt(network, noise="drawn", clamp=True)
    assert torch.equal(torch.get_rng_state(), state)


def test_the_prior_is_looked_at_and_handed_on():
    seen = []
    adapted = adapt(lambda latents: seen.append(latents) or latents.tanh(), 5, prior=Uniform(2.0, 3.0), output="unit")
    assert torch.cat(seen).min() >= 2
    assert ReconstructionMSE(adapted, torch.rand(1, 5)).prior == Uniform(2.0, 3.0)
    with pytest.raises(ValueError, match="the prior does not draw latents of 5 genes"):
        adapt(torch.tanh, 5, prior=Normal(torch.zeros(4)))


def test_a_generators_own_prior_serves_unless_it_is_something_else():
    network = nn.Sequential(nn.Linear(8, 4), nn.Tanh())
    for own, expected in [(Uniform(0.0, 1.0), Uniform(0.0, 1.0)), (torch.distributions.Normal(0, 1), Normal())]:
        network.prior = own
        assert adapt(network, 8).prior == expected
        assert adapt(network, 8, prior=Uniform(2.0, 3.0)).prior == Uniform(2.0, 3.0)


def test_a_generator_that_writes_into_its_latents_does_no_harm():
    latents = drawn(3, 8)
    kept = latents.clone()
    adapted = adapt(lambda given: given.mul_(2).tanh(), 8)
    assert torch.equal(adapted(latents), ((2 * kept).tanh() + 1) / 2)
    assert torch.equal(latents, kept)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float64])
def test_other_precisions_give_float32(dtype):
    network, latents = foreign.bounded(), drawn(3, 32)
    adapted = adapt(network.to(dtype), 32, output="unit")
    assert adapted(latents).dtype == torch.float32
    assert torch.allclose(adapted(latents), network.double()(latents.double()).float(), atol=2e-3)


def test_gradients_reach_the_latents_and_nothing_else():
    network = foreign.wave()
    latents = drawn(3, 50).requires_grad_()
    adapt(network, 50)(latents).sum().backward()
    assert latents.grad.abs().max() > 0
    assert all(weights.grad is None for weights in network.parameters())


def test_the_repr_says_what_was_seen():
    said = repr(adapt(foreign.dcgan(), 100))
    assert said.startswith(
        "Adapter(Sequential, latents (n, 100, 1, 1), output='tanh'): 64 images of 3 channels and 8x8"
    )
    said = repr(adapt(foreign.row(), 16, output="raw"))
    low, high = (float(part) for part in said.split("seen, from ")[1].split(";")[0].split(" to "))
    assert low < 0 < high
    assert "64 outputs of shape (7,)" in said
    assert said.endswith("the same latent gives the same output each time")


class Batchwise(nn.Module):
    """Normalised by its batch, evaluating or not."""

    def forward(self, latents):
        return functional.batch_norm(latents, None, None, training=True).tanh()


class Placed(nn.Module):
    """Noise of its own for each place in the batch."""

    def forward(self, latents):
        return (latents + torch.arange(float(len(latents)))[:, None] / 5).tanh()


REFUSED = {
    "batch statistics": (Batchwise, 8, {}, "must not depend on the rest of its batch.*batch norm"),
    "noise by place": (Placed, 8, {}, "must not depend on the rest of its batch"),
    "sigmoid as tanh": (foreign.bounded, 32, {}, r"output='tanh' does not fit .* \[0, 1\] already.*output='unit'"),
    "sigmoid as logits": (foreign.bounded, 32, {"output": "logits"}, r"output='logits' does not fit .*output='unit'"),
    "tanh as unit": (
        foreign.wave,
        50,
        {"output": "unit"},
        r"must lie in \[0, 1\], got .*adapt\(\.\.\., output='tanh'\)",
    ),
    "outliers": (nn.Sequential, 8, {}, r"must lie in \[-1, 1\] .*output='logits'.*clamp=True"),
    "pixels": (lambda: lambda z: 255 * z.sigmoid(), 8, {"clamp": True}, r"is for outliers, not for \d+% of the values"),
    "bytes": (lambda: lambda z: (255 * z.sigmoid()).byte(), 8, {}, "floating-point numbers, got torch.uint8.*select="),
    "NaN": (lambda: lambda z: z * float("nan"), 8, {}, "must be finite"),
    "one for all": (lambda: lambda z: z[:1].tanh(), 8, {}, r"one output per latent, got shape \(1, 8\) for 16 latents"),
    "nothing": (lambda: lambda z: None, 8, {}, "must return a tensor"),
    "latent size": (foreign.dcgan, 31, {}, r"take latents \(n, 31\): .*; nor \(n, 31, 1, 1\): .*31 channels"),
    "no labels": (foreign.Conditional, 64, {}, "missing 1 required .*'labels'.*further arguments go into inputs="),
    "no size": (foreign.bounded, None, {}, "Sequential has no attribute `latent_size`"),
    "size 0": (foreign.bounded, 0, {}, "latent_size must be a whole number of at least 1, got 0"),
    "size as text": (foreign.bounded, "32", {}, "latent_size must be a whole number of at least 1, got '32'"),
    "two sizes": (foreign.bounded, 32, {"latent_shape": (4, 4)}, r"must hold latent_size = 32 genes, got \(4, 4\)"),
    "output": (
        foreign.bounded,
        32,
        {"output": "sigmoid"},
        "output must be one of tanh, unit, logits, raw, got 'sigmoid'",
    ),
    "noise": (foreign.bounded, 32, {"noise": "none"}, "noise must be one of drawn, fixed, got 'none'"),
    "device": (foreign.bounded, 32, {"device": "gpu"}, "device must be one that torch finds here, got 'gpu'"),
    "prior": (foreign.bounded, 32, {"prior": "uniform"}, "prior must draw and repair latents.*got 'uniform'"),
    "a path": (lambda: "G.pt", 32, {}, "a torch module or a function is needed, got 'G.pt'"),
    "a class": (lambda: foreign.Styled, 32, {}, "a torch module or a function is needed, got <class"),
    "no weights": (lambda: foreign.dcgan().to("meta"), 100, {}, "no weights yet"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_one_line_says_what_does_not_fit(case):
    make, latent_size, options, message = REFUSED[case]
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        adapt(make(), latent_size, **options)
    assert "\n" not in str(caught.value)


def test_noise_that_is_not_torchs_cannot_be_fixed():
    random = np.random.default_rng(0)
    with pytest.raises(ValueError, match="its noise does not come from torch's random numbers"):
        adapt(lambda latents: (latents + float(random.normal())).tanh(), 8, noise="fixed")


def test_images_in_0_to_1_of_a_tanh_are_believed():
    network = nn.Sequential(nn.Linear(8, 4), nn.Tanh())
    with torch.no_grad():
        network[0].weight.mul_(0.01)
        network[0].bias.fill_(0.5)
    assert adapt(network, 8)(drawn(3, 8)).min() > 0.7
