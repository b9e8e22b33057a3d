"""Genomes as weights: against the networks themselves, one by one."""

import copy

import pytest
import torch
from torch import nn

from latentlib.models.kumar import dense_pair, ring_pair, small_pair
from latentlib.models.weights import Weights
from latentlib.priors import Normal


@pytest.fixture(autouse=True)
def first_weights():
    with torch.random.fork_rng():
        torch.manual_seed(4)
        yield


def images(count=6):
    return torch.rand(count, 1, 28, 28, generator=torch.Generator().manual_seed(1))


def by_hand(network, inputs):
    """What a network makes of a batch by the statistics of that batch: batch norms as they are in training."""
    own = copy.deepcopy(network).train()
    with torch.no_grad():
        return own(inputs)


@pytest.mark.parametrize("vectorised", [False, True])
@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("make", [small_pair, dense_pair])
def test_a_population_passes_as_each_of_its_networks_does(make, place, vectorised, random):
    networks = [make()[place] for _ in range(4)]
    inputs = images() if place else torch.randn(6, networks[0].latent_size)
    weights = Weights(networks[0], vectorised=vectorised)
    genomes = torch.stack([weights.genome(network) for network in networks])
    expected = torch.stack([by_hand(network, inputs) for network in networks])
    assert torch.allclose(weights.outputs(genomes, inputs), expected, atol=2e-5)
    assert torch.allclose(weights.network(genomes[2])(inputs), expected[2], atol=2e-5)
    own = torch.stack([inputs.flip(0), *[inputs] * 3])
    each = weights.outputs(genomes, own, each=True)
    assert torch.allclose(each[1:], expected[1:], atol=2e-5)
    assert torch.allclose(each[0], by_hand(networks[0], inputs.flip(0)), atol=2e-5)


@pytest.mark.parametrize("vectorised", [False, True])
def test_individuals_share_no_state_and_leave_none(vectorised, random):
    network = small_pair()[0]
    before = copy.deepcopy(network.state_dict())
    weights = Weights(network, vectorised=vectorised)
    genomes, latents = torch.randn(3, weights.genes, generator=random), torch.randn(8, 32)
    alone = [weights.outputs(genomes[row : row + 1], latents)[0] for row in range(3)]
    assert torch.allclose(weights.outputs(genomes.flip(0), latents).flip(0), torch.stack(alone), atol=1e-5)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_chunks_do_not_matter(monkeypatch, random):
    weights = Weights(dense_pair()[1])
    genomes, inputs = torch.randn(7, weights.genes, generator=random), images(5)
    whole = weights.outputs(genomes, inputs)
    monkeypatch.setattr("latentlib.models.weights.ROWS", 11)
    assert torch.allclose(weights.outputs(genomes, inputs), whole, atol=1e-6)
    assert torch.allclose(weights.outputs(genomes, inputs.expand(7, -1, -1, -1, -1), each=True), whole, atol=1e-6)


def test_no_more_than_so_many_inputs_pass_at_once(monkeypatch, random):
    monkeypatch.setattr("latentlib.models.weights.ROWS", 11)
    weights = Weights(ring_pair()[0], vectorised=True)
    seen, passed = [], weights.passed
    monkeypatch.setattr(weights, "passed", lambda some, *rest: seen.append(len(some)) or passed(some, *rest))
    weights.outputs(torch.randn(7, weights.genes, generator=random), torch.randn(5, 2))
    assert seen == [2, 2, 2, 1]


@pytest.mark.parametrize("make", [small_pair, dense_pair, ring_pair])
def test_a_standard_normal_genome_is_a_network_with_first_weights(make, random):
    """Its layers have the spread of torch's own, and norms begin near one and zero."""
    network = make()[0]
    weights = Weights(network)
    drawn = weights.network(Normal().draw((weights.genes,), random))
    for (name, mine), theirs in zip(drawn.named_parameters(), network.parameters(), strict=True):
        if mine.ndim > 1 and mine.numel() > 200:
            assert float(mine.detach().std() / theirs.detach().std()) == pytest.approx(1, abs=0.2), name
        elif mine.ndim == 1 and mine.numel() > 8 and float(theirs.detach().std()) == 0:
            assert float((mine - theirs).detach().std()) == pytest.approx(0.1, abs=0.06), name


def test_around_a_network_the_genome_of_zeros_is_the_network():
    network = small_pair()[0]
    weights = Weights(network, around=True, spread=0.01)
    zero = torch.zeros(weights.genes)
    assert torch.allclose(weights.genome(network), zero)
    assert all(torch.equal(a, b) for a, b in zip(weights.network(zero).parameters(), network.parameters(), strict=True))
    moved = weights.network(zero + 1)
    for part in weights.parts:
        change = (moved.get_parameter(part.name) - network.get_parameter(part.name)).detach()
        layer = network.get_parameter(part.name)
        expected = 0.01 * (0.1 if layer.ndim == 1 else float(layer.detach().square().mean().sqrt()))
        assert torch.allclose(change, torch.full_like(change, expected), atol=1e-6), part.name


def test_a_bias_of_one_number_has_the_scale_of_its_layer():
    network = ring_pair()[1]
    last = network.layers[-1]
    assert last.bias.numel() == 1
    weights = Weights(network)
    assert float(weights.scale[-1]) == pytest.approx(float(last.weight.detach().square().mean().sqrt()))


def test_layers_and_filters_are_the_blocks_of_a_genome():
    network = small_pair()[0]
    weights = Weights(network)
    first, middle, last = (layer for layer in network.layers if isinstance(layer, nn.ConvTranspose2d))
    assert weights.layers == (first.weight.numel(), 64, middle.weight.numel(), 32, last.weight.numel())
    one = [32 * 49] * 32 + [1] * 64 + [32 * 16] * 16 + [1] * 32 + [16 * 16]
    assert weights.filters == tuple(one)
    assert Weights(ring_pair()[0]).layers == (3 * 16, 17 * 16, 17 * 2)
    assert Weights(ring_pair()[0]).filters == (*[2] * 16, *[1] * 16, *[16] * 16, *[1] * 16, 16, 16, 1, 1)


@pytest.mark.parametrize("kind", [nn.ConvTranspose2d, nn.Conv2d, nn.Linear])
def test_a_filter_is_all_weights_into_one_unit(kind):
    """Where only one filter's genes change, only one channel of the output does."""
    layer = nn.Linear(5, 3) if kind is nn.Linear else kind(5, 3, 2)
    weights = Weights(nn.Sequential(layer), around=True)
    inputs = torch.randn(4, 5) if kind is nn.Linear else torch.randn(4, 5, 3, 3)
    size = weights.filters[0]
    genome = torch.zeros(2, weights.genes)
    genome[1, size : 2 * size] = 1
    before, after = weights.outputs(genome, inputs)
    changed = (before - after).abs().amax(dim=[d for d in range(before.ndim) if d != 1])
    assert (changed > 1e-3).tolist() == [False, True, False]


def test_only_chosen_weights_evolve():
    network = small_pair()[0]
    whole = Weights(network)
    last = whole.places("layers.7.")
    weights = Weights(network, around=True, chosen=last)
    assert weights.genes == 16 * 16
    assert weights.layers == weights.filters == (256,)
    other = weights.network(torch.ones(256))
    for name, value in other.named_parameters():
        assert torch.equal(value, network.get_parameter(name)) != name.startswith("layers.7."), name
    assert torch.allclose(weights.genome(other), torch.ones(256), atol=1e-5)
    some = Weights(network, chosen=torch.tensor([0, 7, 60_000 - 1_300]))
    assert some.layers == (2, 1)


def broken(value):
    network = ring_pair()[0]
    with torch.no_grad():
        network.layers[1].weight[0, 0] = value
    return network


def empty(network):
    with torch.no_grad():
        network.layers[1].weight.zero_()
    return network


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Weights(broken(float("nan"))), "weights must be finite float32, got .* in layers.1.weight"),
        (lambda: Weights(ring_pair()[0].double()), "finite float32, got torch.float64"),
        (lambda: Weights(nn.ReLU()), "weights to evolve, got none"),
        (lambda: Weights(empty(ring_pair()[0])), "layer of layers.1.weight must have weights other than zeros"),
        (lambda: Weights(ring_pair()[0], spread=0), "spread must be above 0 and finite, got 0"),
        (lambda: Weights(ring_pair()[0], chosen=torch.tensor([3, 1])), r"ascending places .* \[0, 354\)"),
        (lambda: Weights(ring_pair()[0], chosen=torch.tensor([354])), r"ascending places .* \[0, 354\)"),
        (lambda: Weights(ring_pair()[0]).places("last"), "prefix must begin one of layers.1.weight, .*, got 'last'"),
        (lambda: Weights(ring_pair()[0]).outputs(torch.zeros(2, 9), torch.zeros(1, 2)), "have 354 genes, got 9"),
        (
            lambda: Weights(ring_pair()[0]).genome(ring_pair(8)[0]),
            r"must have layers.1.bias of shape \(16,\), got \(8,\)",
        ),
        (lambda: Weights(ring_pair()[0]).genome(small_pair()[0]), "network must have layers.1.bias of shape"),
    ],
)
def test_what_does_not_fit_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
