import pytest
import torch
from toys import Sphere, plain

from latentlib.evolution import Generational, GeneticAlgorithm, RandomSearch, Rank, Roulette, Tournament, Truncation
from latentlib.gradient import GradientDescent

NAN, INF = float("nan"), float("inf")
CENTRES = torch.zeros(2, 3)


def evolve(fitness, **arguments):
    return GeneticAlgorithm(4).evolve(fitness, 3, **arguments)


@pytest.mark.parametrize("name", ["mating_rate", "mutation_rate", "immigrants"])
@pytest.mark.parametrize("rate", [-0.1, 1.3, NAN])
def test_a_rate_out_of_range_is_named(name, rate):
    with pytest.raises(ValueError, match=rf"^{name} must lie in \[0, 1\], got {rate}$"):
        GeneticAlgorithm(**{name: rate})


@pytest.mark.parametrize("name", ["mating_rate", "mutation_rate"])
@pytest.mark.parametrize(("rates", "culprit"), [([0.5, -0.5], "-0.5"), ([0.5, 1.5], "1.5"), ([0.5, NAN], "nan")])
def test_a_rate_of_one_run_out_of_range_is_named(name, rates, culprit):
    with pytest.raises(ValueError, match=rf"^{name} must lie in \[0, 1\], got {culprit}$"):
        GeneticAlgorithm(**{name: torch.tensor(rates)})


@pytest.mark.parametrize("name", ["mating_rate", "mutation_rate"])
@pytest.mark.parametrize("shape", [(1,), (3,), (2, 1), ()])
def test_rates_for_another_number_of_runs_are_named(name, shape):
    algorithm = GeneticAlgorithm(4, **{name: torch.full(shape, 0.5)})
    with pytest.raises(ValueError, match=rf"{name} must be a number or have shape \(2,\), got shape"):
        algorithm.evolve(Sphere(CENTRES), 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"population": 0}, "population must be at least 2, got 0"),
        ({"population": 1}, "population must be at least 2, got 1"),
        ({"population": 10.0}, "population must be a whole number, got 10.0"),
        ({"population": NAN}, "population must be a whole number, got nan"),
        ({"offspring": 0}, "offspring must be at least 1, got 0"),
        ({"population": 2}, r"population must hold a tournament and its elites \(3\), got 2"),
        ({"population": 4, "selection": Tournament(5)}, r"tournament and its elites \(5\), got 4"),
        ({"population": 4, "survival": Generational(6)}, r"tournament and its elites \(6\), got 4"),
        ({"chunk": 0}, "chunk must be at least 1, got 0"),
        ({"patience": 0}, "patience must be at least 1, got 0"),
    ],
)
def test_sizes_out_of_range_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        GeneticAlgorithm(**arguments)


@pytest.mark.parametrize(
    ("operator", "value", "message"),
    [
        (Tournament, 0, "tournament size must be at least 1, got 0"),
        (Truncation, 1.5, r"truncation share must lie in \[0, 1\], got 1.5"),
        (Rank, 0.9, r"rank pressure must lie in \[1, 2\], got 0.9"),
        (Rank, NAN, r"rank pressure must lie in \[1, 2\], got nan"),
    ],
)
def test_selection_out_of_range_is_named(operator, value, message):
    with pytest.raises(ValueError, match=message):
        operator(value)


def test_roulette_below_its_floor_says_both():
    algorithm = GeneticAlgorithm(4, selection=Roulette(0.5))
    with pytest.raises(ValueError, match=r"roulette needs a fitness of at least its floor 0\.5, got 0\.25"):
        algorithm.evolve(lambda latents: torch.full(latents.shape[:2], 0.25), 3, initial=torch.zeros(2, 4, 3))


@pytest.mark.parametrize("generations", [0, -1])
def test_no_generations_are_named(generations):
    with pytest.raises(ValueError, match=f"generations must be at least 1, got {generations}"):
        GeneticAlgorithm(4).evolve(Sphere(CENTRES), generations)


@pytest.mark.parametrize("kind", ["rows", "function"])
@pytest.mark.parametrize("bad", [NAN, INF])
def test_a_fitness_that_is_not_finite_names_value_run_and_individual(kind, bad):
    initial = torch.arange(24.0).view(2, 4, 3)

    class Bad(Sphere):
        def rows(self, latents, run):
            return torch.where(latents[:, 0] == initial[1, 2, 0], bad, super().rows(latents, run))

    fitness = Bad(CENTRES) if kind == "rows" else plain(Bad(CENTRES))
    with pytest.raises(ValueError, match=f"fitness must be finite or -inf, got {bad} for individual 2 of run 1"):
        evolve(fitness, initial=initial)


@pytest.mark.parametrize("kind", ["rows", "function"])
def test_a_fitness_that_turns_nan_later_is_refused_too(kind):
    class Turning(Sphere):
        def rows(self, latents, run):
            return super().rows(latents, run) + (NAN if self.batches[1:] else 0)

    fitness = Turning(CENTRES) if kind == "rows" else plain(Turning(CENTRES))
    with pytest.raises(ValueError, match="fitness must be finite or -inf, got nan for individual"):
        GeneticAlgorithm(4, mating_rate=1.0).evolve(fitness, 3, initial=torch.zeros(2, 4, 3))


def test_row_fitness_of_the_wrong_shape_is_named():
    fitness = Sphere(CENTRES)
    fitness.rows = lambda latents, run: latents[:, :1]
    with pytest.raises(ValueError, match=r"fitness must return shape \(8,\), got \(8, 1\)"):
        evolve(fitness)


@pytest.mark.parametrize(("dims", "shape"), [((1, 2), r"\(2,\)"), ((0,), r"\(4, 3\)")])
def test_fitness_of_the_wrong_shape_is_named(dims, shape):
    with pytest.raises(ValueError, match=rf"fitness must return shape \(2, 4\), got {shape}"):
        evolve(lambda latents: latents.sum(dim=dims), initial=torch.zeros(2, 4, 3))


@pytest.mark.parametrize(
    ("initial", "message"),
    [
        (torch.zeros(4, 3), r"\(2, 4, 3\) float32, got \(4, 3\)"),
        (torch.zeros(2, 5, 3), r"\(2, 4, 3\) float32, got \(2, 5, 3\)"),
        (torch.zeros(2, 4, 3, dtype=torch.float64), r"\(2, 4, 3\) float32, got .* torch.float64"),
        (torch.full((2, 4, 3), NAN), "initial population must be finite"),
        (torch.full((2, 4, 3), INF), "initial population must be finite"),
    ],
)
def test_a_wrong_initial_population_is_named(initial, message):
    with pytest.raises(ValueError, match=message):
        evolve(Sphere(CENTRES), initial=initial)


@pytest.mark.parametrize(
    "search", [evolve, lambda f: RandomSearch(4).search(f, 8), lambda f: GradientDescent().descend(f, 2)]
)
def test_a_fitness_that_does_not_say_its_shape_needs_an_initial_population(search):
    with pytest.raises(ValueError, match=r"needs an initial population \(runs, population, genes\)"):
        search(plain(Sphere(CENTRES)))


@pytest.mark.parametrize(
    ("population", "passes", "message"),
    [(0, 10, "population must be at least 1, got 0"), (4, 3, "passes must be at least 4, got 3")],
)
def test_random_search_out_of_range_is_named(population, passes, message):
    with pytest.raises(ValueError, match=message):
        RandomSearch(population).search(Sphere(CENTRES), passes)


@pytest.mark.parametrize("bad", [NAN, INF])
def test_random_search_refuses_a_fitness_that_is_not_finite(bad):
    fitness = Sphere(CENTRES)
    fitness.rows = lambda latents, run: torch.full((len(latents),), bad)
    with pytest.raises(ValueError, match="fitness must be finite or -inf, got"):
        RandomSearch(4).search(fitness, 8)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (None, r"fitness must return a tensor of shape \(2, 4\), got NoneType"),
        (1.0, r"fitness must return shape \(2, 4\), got \(\)"),
        ((1, "two"), r"fitness must return a tensor of shape \(2, 4\), got tuple"),
        (torch.zeros(2, 4, dtype=torch.complex64), r"fitness must return shape \(2, 4\), got \(2, 4\) complex"),
    ],
)
def test_what_is_no_fitness_is_named(returned, message):
    with pytest.raises(ValueError, match=message):
        evolve(lambda latents: returned, initial=torch.zeros(2, 4, 3))


@pytest.mark.parametrize("convert", [torch.Tensor.numpy, torch.Tensor.tolist, torch.Tensor.double])
def test_arrays_and_lists_of_numbers_are_a_fitness_too(convert):
    initial = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(0))
    asked = lambda latents: -latents.square().sum(dim=2)  # noqa: E731
    expected = evolve(asked, initial=initial)
    assert torch.equal(
        evolve(lambda latents: convert(asked(latents)), initial=initial).best.fitness, expected.best.fitness
    )


@pytest.mark.parametrize("seed", [-1, 2**32, 2**64, 3.0, NAN, "0", True, None])
def test_a_seed_that_another_would_repeat_or_that_is_none_is_named(seed):
    for search in (evolve, lambda f, seed: RandomSearch(4).search(f, 8, seed)):
        with pytest.raises(ValueError, match=r"seed must be a whole number from 0 to 4294967295, got"):
            search(Sphere(CENTRES), seed=seed)


@pytest.mark.parametrize(("generations", "more"), [(None, None), (3, 3)])
def test_generations_given_twice_or_not_at_all_are_refused(generations, more):
    with pytest.raises(ValueError, match=r"give generations= or more=, one of the two, got"):
        GeneticAlgorithm(4).evolve(Sphere(CENTRES), generations, more=more)


@pytest.mark.parametrize("count", [NAN, INF, 2.5, "3"])
def test_counts_that_are_no_whole_numbers_are_named(count):
    with pytest.raises(ValueError, match=f"generations must be a whole number, got {count!r}"):
        GeneticAlgorithm(4).evolve(Sphere(CENTRES), count)
