"""Every search behind the one ask/tell does what its library does when it is called directly."""

import importlib
import threading

import cma
import numpy as np
import pytest
import torch
from bowls import GENES, POINTS, RUNS, Bowl, Plain
from ribs.archives import GridArchive
from ribs.emitters import EvolutionStrategyEmitter
from scipy import optimize

from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.gradient import GradientDescent
from latentlib.priors import Normal, Uniform
from studies.beyond.course import problem_of, search
from studies.beyond.players import DESCENDING, GENETIC, PLAYERS
from studies.beyond.rivals import asking, strategies
from studies.beyond.rivals.asking import Asked, Problem, Told
from studies.beyond.rivals.own import Adam, Chance, Genetic
from studies.beyond.rivals.strategies import CMA, Illumination
from studies.beyond.rivals.turned import LBFGS, DifferentialEvolution, Turned

PASSES = 300


def plainly(run, x):
    """The loss of the bowl, reckoned as the searches see it: in float32."""
    return -float(Bowl().rows(torch.tensor(x, dtype=torch.float32)[None], torch.tensor([run]))[0])


@pytest.fixture
def problem():
    return problem_of(Bowl(), PASSES, 3)


@pytest.mark.parametrize("name", PLAYERS)
def test_a_search_gets_better_and_repeats_itself(name):
    for start in list(PLAYERS[name].choices.values())[::2]:
        courses = [search(Bowl(), start(problem_of(Bowl(), PASSES, 3)), PASSES) for _ in range(2)]
        best = courses[0].best
        assert bool((best.fitness > courses[0].after([20])[0]).all())
        assert torch.equal(best.fitness, Bowl().rows(best.latents, torch.arange(RUNS)))
        assert torch.equal(best.latents, courses[1].best.latents)


def test_the_genetic_algorithm_is_that_of_the_library(problem):
    algorithm = GeneticAlgorithm(20, 0.5, 0.5)
    evolved = algorithm.evolve(Bowl(), 15, 3)
    course = search(Bowl(), Genetic(problem, algorithm), int(evolved.passes.min()))
    passes = evolved.history.passes[:, 0]
    assert course.after(passes.tolist())[:, 0].numpy() == pytest.approx(evolved.history.best[:, 0].numpy())


def rowwise(latents):
    """The bowl as a fitness of latents (runs, population, genes)."""
    asked = Asked.of(latents)
    return Bowl().rows(asked.latents, asked.run).view(latents.shape[:2])


def test_chance_is_random_search(problem):
    course = search(Bowl(), Chance(problem, 20), PASSES)
    known = RandomSearch(20).search(rowwise, PASSES, 3, initial=problem.draw(20, problem.random()))
    assert torch.equal(course.best.fitness, known.best.fitness)
    assert torch.equal(course.best.latents, known.best.latents)


def test_adam_takes_the_steps_of_the_chapters_descent(problem):
    first = problem.draw(4, problem.random())
    course = search(Bowl(), Adam(problem, 0.2, 4), PASSES)
    known = GradientDescent("adam", 0.2, 4).descend(rowwise, PASSES // 12 - 1, initial=first)
    assert course.best.fitness.numpy() == pytest.approx(known.best.fitness.numpy(), abs=1e-9)
    assert int(course.passes.max()) == PASSES  # three for each step of each start


def test_adam_stays_where_its_prior_allows():
    problem = Problem(1, 2, Uniform(-1, 1), 100)
    rival = Adam(problem, 0.5, 3)
    for _ in range(10):
        asked = rival.ask()
        rival.tell(Told(torch.zeros(3), torch.full((3, 2), 9.0)))
        assert bool((asked.latents.abs() <= 1).all())
    assert torch.equal(rival.ask().latents, torch.ones(3, 2))


def test_a_climber_without_a_gradient_stays(problem):
    rival = Adam(problem, 0.5, 1)
    first = rival.ask().latents
    rival.tell(Told(torch.zeros(RUNS), torch.full((RUNS, GENES), torch.nan)))
    assert torch.equal(rival.ask().latents, first)


@pytest.mark.parametrize("separable", [False, True])
def test_cma_es_is_that_of_the_library_and_leaves_global_random_numbers_alone(problem, separable):
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    course = search(Bowl(), CMA(problem, 0.5, 10, separable=separable), 300)
    middle, spread = problem.moments()
    for run in range(RUNS):
        draw = np.random.default_rng((3, run)).standard_normal
        options = {"verbose": -9, "seed": np.nan, "popsize": 10, "CMA_diagonal": separable}
        options["randn"] = lambda *shape, draw=draw: draw(shape)
        strategy = cma.CMAEvolutionStrategy(middle.double().numpy(), 0.5 * spread, options)
        best = np.inf
        for _ in range(30):
            asked = strategy.ask()
            losses = [plainly(run, x) for x in asked]
            best = min(best, *losses)
            strategy.tell(asked, losses)
        assert float(course.best.fitness[run]) == pytest.approx(-best, rel=1e-5)
    assert np.array_equal(np.random.get_state()[1], state)  # noqa: NPY002


def test_cma_es_begins_anew_where_it_has_come_to_its_end(problem):
    rival = CMA(problem, 0.3, 6)
    first = rival.strategies[0]
    for _ in range(400):
        asked = rival.ask()
        rival.tell(Told(Bowl().rows(asked.latents, asked.run)))
        if rival.strategies[0] is not first:
            break
    assert rival.strategies[0] is not first
    assert rival.strategies[0].sigma == pytest.approx(rival.step)


@pytest.mark.parametrize("learning", [1.0, 0.01])
def test_cma_me_and_cma_mae_are_those_of_the_library(problem, learning):
    course = search(Bowl(), Illumination(problem, 0.3, 12, learning), 240)
    rows, run = problem.draw(12, problem.random()).numpy()[1], torch.ones(12, dtype=torch.int64)
    slow = learning < 1

    def measured(x):
        values, places = Bowl().measured(torch.tensor(x, dtype=torch.float32), run)
        return values.double().numpy(), places.double().numpy()

    values, places = measured(rows)
    bar = {"learning_rate": learning, "threshold_min": float(values.min())} if slow else {}
    archive = GridArchive(solution_dim=GENES, dims=strategies.BINS, ranges=strategies.RANGES, dtype="float32", **bar)
    archive.add(rows, values, places)
    best, words = values.max(), ("imp", "mu", "basic") if slow else ("2imp", "filter", "no_improvement")
    names = dict(zip(("ranker", "selection_rule", "restart_rule"), words, strict=True))
    start = rows[int(values.argmax())]
    emitter = EvolutionStrategyEmitter(
        archive, x0=start, sigma0=0.3 * problem.moments()[1], es="sep_cma_es", batch_size=12, seed=7, **names
    )
    for _ in range(19):
        asked = emitter.ask()
        values, places = measured(asked)
        best = max(best, values.max())
        emitter.tell(asked, values, places, archive.add(asked, values, places))
    assert float(course.best.fitness[1]) == pytest.approx(best, rel=1e-5)


def test_differential_evolution_is_that_of_scipy(problem):
    course = search(Bowl(), DifferentialEvolution(problem, 20, "rand1bin", 0.6, 0.8), 400)
    middle, spread = (value if isinstance(value, float) else value.numpy() for value in problem.moments())
    box = optimize.Bounds(middle - 4 * spread, middle + 4 * spread)
    for run in range(RUNS):
        known = optimize.differential_evolution(
            lambda columns, run=run: np.array([plainly(run, x) for x in columns.T]),
            box,
            strategy="rand1bin",
            maxiter=19,
            tol=0,
            mutation=0.6,
            recombination=0.8,
            rng=np.random.default_rng((3, run)),
            polish=False,
            init=problem.draw(20, problem.random()).numpy()[run],
            updating="deferred",
            vectorized=True,
        )
        assert float(course.best.fitness[run]) == pytest.approx(-known.fun, rel=1e-5)


def test_l_bfgs_is_that_of_scipy_and_begins_anew_after_each_climb(problem):
    rival = LBFGS(problem, starts=1, memory=10)
    first = rival.ask().latents[0].double().numpy()

    def judged(x):
        rows = torch.tensor(x, dtype=torch.float32)[None].requires_grad_()
        value = Bowl().rows(rows, torch.tensor([0]))[0]
        value.backward()
        return -float(value.detach()), -rows.grad[0].double().numpy()

    known = optimize.minimize(judged, first, jac=True, method="L-BFGS-B", options={"maxcor": 10})
    asked = []
    for _ in range(known.nfev + 1):
        asked.append(rival.ask() if asked else Asked.of(torch.tensor(np.array([first, first]))[:, None]))
        rows = asked[-1]
        answers = [judged(x) for x in rows.latents.double().numpy()]
        slopes = torch.tensor(np.array([slope for _, slope in answers]))
        rival.tell(Told(-torch.tensor([loss for loss, _ in answers]), -slopes))
    rival.close()
    assert known.x == pytest.approx(POINTS[0].numpy(), abs=1e-3)
    nearest = min(float((one.latents[0].double() - torch.tensor(known.x)).norm()) for one in asked[:-1])
    assert nearest < 1e-3
    assert float((asked[-1].latents[0] - POINTS[0]).norm()) > 0.1


@pytest.mark.parametrize("rival", [DifferentialEvolution, LBFGS])
def test_threads_end_with_the_search(problem, rival):
    before = threading.active_count()
    search(Bowl(), rival(problem), PASSES)
    assert threading.active_count() == before


def test_an_error_in_a_thread_reaches_who_asks():
    def work(call):
        call(np.zeros(2))
        raise ZeroDivisionError("in the search")

    one = Turned(work)
    assert one.ask().tolist() == [0, 0]
    one.answers.put(0.0)
    with pytest.raises(ZeroDivisionError, match="in the search"):
        one.ask()


@pytest.mark.parametrize(
    ("start", "package"),
    [(CMA, "cma"), (Illumination, "ribs")],
)
def test_a_search_whose_library_is_absent_says_how_to_get_it(problem, monkeypatch, start, package):
    def absent(name):
        if name.partition(".")[0] == package:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        return importlib.import_module(name)

    monkeypatch.setattr(asking, "import_module", absent)
    with pytest.raises(
        ModuleNotFoundError, match=rf"needs the package {package}, .* pip install 'latentlib\[rivals\]'"
    ):
        start(problem)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda problem: CMA(problem, 0.0), "step must be above 0"),
        (lambda problem: CMA(problem, 0.5, 1), "population must be at least 2, got 1"),
        (lambda problem: Illumination(problem, 0.5, 10, 1.5), r"learning must lie in \[0, 1\], got 1.5"),
        (lambda problem: DifferentialEvolution(problem, 4), "population must be at least 5, got 4"),
        (lambda problem: LBFGS(problem, 0), "starts must be at least 1, got 0"),
        (lambda problem: LBFGS(problem, 1, 0), "memory must be at least 1, got 0"),
        (lambda problem: Adam(problem, -1.0), "step_size must be above 0"),
        (lambda problem: Adam(problem, 0.1, 0), "starts must be at least 1, got 0"),
        (lambda problem: Chance(problem, 0), "population must be at least 1, got 0"),
        (lambda problem: Problem(0, 1, Normal(), 1), "runs must be at least 1, got 0"),
    ],
)
def test_settings_out_of_range_are_named(problem, make, message):
    with pytest.raises(ValueError, match=message):
        make(problem)


def test_players_are_tuned_alike_and_those_that_need_a_gradient_say_so():
    tuned = {name: len(player.choices) for name, player in PLAYERS.items() if len(player.choices) > 1}
    assert set(tuned.values()) == {6}
    assert len(tuned) == len(PLAYERS) - 2
    for name, player in PLAYERS.items():
        rival = next(iter(player.choices.values()))(problem_of(Bowl(), PASSES, 0))
        if name in DESCENDING:
            with pytest.raises(ValueError, match="needs a fitness that is differentiable"):
                search(Plain(), rival, PASSES)
        else:
            assert search(Plain(), rival, PASSES).best.fitness.max() > -20
    assert GENETIC not in DESCENDING
