"""Networks evolved by what they make of given inputs."""

import torch
from torch import nn

from latentlib.evolution import BlockCrossover, Gaussian, GeneticAlgorithm, PerGene, Uniform
from latentlib.fitness import Performance
from latentlib.models import Weights
from latentlib.models.kumar import small_pair


def line():
    """A line through points, whose slope is 2 and whose height is -1."""
    layer = nn.Linear(1, 1)
    with torch.no_grad():
        layer.weight.fill_(0.5)
    weights = Weights(nn.Sequential(layer))
    inputs = torch.linspace(-1, 1, 9)[:, None]
    wanted = 2 * inputs - 1
    return weights, Performance(weights, inputs, lambda made: -(made - wanted).square().mean(dim=(1, 2)), runs=2)


def test_a_line_is_fitted_by_evolution():
    weights, fitness = line()
    search = GeneticAlgorithm(40, mating_rate=0.5, mutation_rate=0.5, mutation=Gaussian(0.3), mutation_unit=PerGene())
    run = search.evolve(fitness, 150, seed=3)
    for genome in run.best.latents:
        slope, height = (float(part.detach()) for part in weights.network(genome).parameters())
        assert abs(slope - 2) < 0.1
        assert abs(height + 1) < 0.1
    assert run.state.passes.tolist() == (run.history.passes[-1]).tolist()
    assert int(run.passes[0]) % 9 == 0, "a network costs as many passes as it has inputs"


def test_fitness_is_the_goal_of_each_networks_outputs(random):
    network = small_pair()[0]
    weights, latents = Weights(network), torch.randn(6, 32)
    fitness = Performance(weights, latents, lambda images: images.mean(dim=(1, 2, 3, 4)))
    genomes = torch.randn(1, 3, weights.genes, generator=random)
    expected = [float(weights.network(genome)(latents).mean().detach()) for genome in genomes[0]]
    assert torch.allclose(fitness(genomes)[0], torch.tensor(expected), atol=1e-5)
    assert (fitness.genes, fitness.cost) == (weights.genes, 6)


def test_networks_cross_by_filter_and_by_layer(random):
    weights = Weights(small_pair()[0])
    first, second = torch.zeros(8, weights.genes), torch.ones(8, weights.genes)
    for blocks in (weights.layers, weights.filters):
        child, _ = BlockCrossover(Uniform(), blocks)(first, second, random)
        means = torch.stack([part.mean(dim=1) for part in torch.split(child, list(blocks), dim=1)])
        assert set(means.unique().tolist()) == {0.0, 1.0}, "no block is torn"
