"""Sets of 50 latents evolve by the operators that are there, in every reading of the paper's settings."""

import pytest
import torch

from latentlib.evolution import (
    BlockCrossover,
    Creep,
    Generational,
    GeneticAlgorithm,
    Grid,
    MapElites,
    PerBlock,
    PerGene,
    RandomSearch,
    Reset,
    Tournament,
    Uniform,
)
from latentlib.fitness import Average, Diversity, Maximum, Similarity

LATENT, SIZE, POPULATION, GENERATIONS = 20, 50, 12, 25  # as many sets as 25 of the paper's 500 generations of 50 / 4
BY_GENE, BY_IMAGE = Uniform(), BlockCrossover(Uniform(), LATENT)
READINGS = {
    "reset per gene, crossover by gene": (BY_GENE, Reset(), PerGene()),
    "reset per gene, crossover by image": (BY_IMAGE, Reset(), PerGene()),
    "creep per gene": (BY_GENE, Creep(0.5), PerGene()),
    "reset per image": (BY_IMAGE, Reset(), PerBlock(LATENT)),
}


def genetic(crossover, mutation, unit):
    return GeneticAlgorithm(
        POPULATION,
        mating_rate=0.7,
        mutation_rate=0.02,
        selection=Tournament(3),
        crossover=crossover,
        mutation=mutation,
        mutation_unit=unit,
        survival=Generational(1),
    )


@pytest.fixture(scope="module")
def fitness(generator):
    return Diversity(generator, SIZE, runs=3)


@pytest.fixture(scope="module")
def drawn(fitness):
    """The best of random sets, at the images of the searches below."""
    sets = POPULATION * (GENERATIONS + 1)
    return RandomSearch(POPULATION).search(fitness, sets * SIZE)


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS)
def test_a_set_of_50_latents_evolves_beyond_random_sets_at_equal_images(reading, fitness, drawn):
    run = genetic(*reading).evolve(fitness, GENERATIONS)
    assert fitness.genes == SIZE * LATENT
    assert run.best.latents.shape == (3, SIZE * LATENT)
    assert (run.passes <= drawn.passes).all()
    assert (run.best.fitness > drawn.best.fitness).all()
    assert (run.history.best.diff(dim=0) >= 0).all()


def test_crossover_by_image_hands_on_whole_latents(fitness):
    search = GeneticAlgorithm(POPULATION, 1.0, 0.0, crossover=BY_IMAGE)
    state = search.start(fitness)
    parents = {tuple(latent) for latent in state.genomes[0].reshape(-1, LATENT).tolist()}
    children = search.ask(state).latents[0]
    assert {tuple(latent) for latent in children.reshape(-1, LATENT).tolist()} <= parents
    mixed = [
        len({*map(tuple, child.view(SIZE, LATENT).tolist())} - {*map(tuple, parent)})
        for child, parent in zip(children, state.genomes[0].view(-1, SIZE, LATENT).tolist(), strict=True)
    ]
    assert max(mixed) > SIZE / 4


def test_a_map_by_average_and_maximum_similarity_is_filled(generator):
    similarity = Similarity("cross_correlation")
    fitness = Diversity(generator, SIZE, similarity).with_measures(Average(similarity), Maximum(similarity))
    search = MapElites(Grid((100, 100)), POPULATION, offspring=4)
    archive = search.evolve(fitness, 40).state
    assert archive.passes.tolist() == [SIZE * (POPULATION + 40 * 4)]
    assert archive.filled > archive.history.filled[0]
    average, most = archive.measures[0].unbind(dim=1)
    assert torch.allclose(average.float(), -archive.fitness[0])
    assert (most >= average).all()
    assert torch.equal(search.grid.cells_of(archive.measures[0]), archive.cells[0])
    again = fitness.measured(archive.genomes[0], torch.zeros(int(archive.filled), dtype=torch.int64))
    assert torch.allclose(again[1], archive.measures[0], atol=1e-6)
