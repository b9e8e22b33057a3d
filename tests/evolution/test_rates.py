import pytest
import torch
from toys import Sphere, flat

from latentlib.evolution import Generational, GeneticAlgorithm, PerGene, PerIndividual


def centres(runs):
    return torch.linspace(-1, 1, 5).expand(runs, 5)


def grid(values):
    """Mating and mutation rates (runs,) of every cell."""
    return torch.cartesian_prod(*[torch.tensor(values)] * 2).T


def test_rates_run_by_run_draw_what_the_same_number_draws():
    number = GeneticAlgorithm(population=20, mating_rate=0.3, mutation_rate=0.2)
    tensor = GeneticAlgorithm(population=20, mating_rate=torch.full((4,), 0.3), mutation_rate=torch.full((4,), 0.2))
    first, second = (algorithm.evolve(Sphere(centres(4)), 10) for algorithm in (number, tensor))
    assert torch.equal(first.state.genomes, second.state.genomes)
    assert torch.equal(first.passes, second.passes)


@pytest.mark.parametrize("unit", [PerIndividual(1.0), PerGene()], ids=repr)
def test_a_grid_of_rates_evolves_as_one_batch(unit):
    mating, mutation = grid([0.0, 0.2, 0.9])
    algorithm = GeneticAlgorithm(50, mating, mutation, mutation_unit=unit, survival=Generational(0))
    run = algorithm.evolve(Sphere(centres(9)), 40)
    untouched = (1 - mating) * (1 - mutation if isinstance(unit, PerIndividual) else (1 - mutation) ** 5)
    expected = 50 * 40 * (1 - untouched)
    slack = (
        5 * (2 * 50 * 40 * untouched * (1 - untouched)).sqrt()
    )  # partners change together: at most twice the variance
    assert ((run.passes - 50 - expected).abs() <= slack).all()
    assert (run.best.fitness[1:] > run.best.fitness[0]).all()


def test_the_run_with_both_rates_zero_never_changes_and_uses_no_passes():
    mating, mutation = grid([0.0, 0.5])
    states = []
    run = GeneticAlgorithm(20, mating, mutation).evolve(Sphere(centres(4)), 10, callback=states.append)
    born = {tuple(genome) for genome in states[0].genomes[0].tolist()}
    assert {tuple(genome) for genome in run.state.genomes[0].tolist()} <= born
    assert run.passes[0] == 20
    assert (run.passes[1:] > 20).all()
    assert (run.history.best[:, 0] == run.history.best[0, 0]).all()


def test_a_run_that_only_mates_makes_new_genomes_but_no_new_gene():
    mating, mutation = torch.tensor([0.9, 0.9]), torch.tensor([0.0, 0.9])
    states = []
    run = GeneticAlgorithm(20, mating, mutation).evolve(flat(genes=5), 3, callback=states.append)
    old = [torch.isin(run.state.genomes[i], states[0].genomes[i]) for i in range(2)]
    assert old[0].all()
    assert not old[1].all()
    for position in range(5):
        assert torch.isin(run.state.genomes[0, :, position], states[0].genomes[0, :, position]).all()
    born = {tuple(genome) for genome in states[0].genomes[0].tolist()}
    assert len({tuple(genome) for genome in run.state.genomes[0].tolist()} - born) > 5
