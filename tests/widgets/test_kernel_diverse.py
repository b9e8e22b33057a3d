"""The kernel's answers to the figure of diverse sets, against the library's own searches."""

import numpy as np
import pytest
import torch

from latentlib import zoo
from latentlib.evolution import Generational, GeneticAlgorithm, MapElites, PerGene, Reset, Tournament
from latentlib.fitness.diversity import Average, Diversity, Maximum, Similarity
from latentlib.widgets.live.diverse import Diverse
from latentlib.widgets.live.kernel import Desk

SIZE = 16
SETTINGS = {
    **{"algorithm": "genetic", "metric": "rmse", "size": SIZE, "bins": 100, "population": 6, "seed": 3},
    **{"mating_rate": 0.7, "mutation_rate": 0.02},
}
RATES = {"mating_rate": 0.7, "mutation_rate": 0.02, "mutation": Reset(), "mutation_unit": PerGene()}
KINDS = {"images": np.uint8, "cells": np.int32}


@pytest.fixture
def ask(one_thread):
    """Asks as the figure does; answers with content, and the parts by their names."""
    desk = Desk(Diverse)

    def asked(what, place=0, **settings):
        given = {"ask": what, "view": "one", "settings": SETTINGS | settings, "place": place}
        content, parts = desk.answer(given, [])
        named = zip(content["names"], parts, strict=True)
        return content, {name: np.frombuffer(part, KINDS.get(name.split()[-1], np.float32)) for name, part in named}

    return asked


def fitness_of(metric):
    return Diversity(zoo.load_generator("restoring/mnist"), SIZE, Similarity(metric))


def test_a_run_of_the_genetic_algorithm_is_the_librarys(ask):
    search = GeneticAlgorithm(6, selection=Tournament(3), survival=Generational(1), **RATES)
    run = search.evolve(fitness_of("rmse"), 3, seed=3)
    answers = [ask("start"), *(ask("next") for _ in range(3))]
    assert [float(parts["best fitness"][0]) for _, parts in answers] == run.history.best[:, 0].tolist()
    assert np.cumsum([content["passes"] for content, _ in answers]).tolist() == run.history.passes[:, 0].tolist()
    assert np.array_equal(answers[-1][1]["genomes"].reshape(6, -1), run.state.genomes[0].numpy())
    assert answers[0][1]["rival fitness"][0] == answers[0][1]["best fitness"][0]
    assert answers[1][0]["work"] == 2 * answers[1][0]["passes"]


def test_the_cells_are_those_of_map_elites_and_can_be_looked_at(ask):
    metric = Similarity("cross_correlation")
    fitness = fitness_of("cross_correlation").with_measures(Average(metric), Maximum(metric))
    run = MapElites(population=6, offspring=6, **RATES).evolve(fitness, 2, seed=3)
    given = {"algorithm": "map_elites", "metric": "ncc"}
    for what in ("start", "next", "next"):
        _, parts = ask(what, **given)
    assert parts["cells"].tolist() == run.state.cells[0].tolist()
    _, look = ask("look", 1, **given)
    assert look["look fitness"][0] == run.state.fitness[0, 1]
    with torch.no_grad():
        expected = fitness.generator(run.state.genomes[0, 1].view(SIZE, -1))
    assert np.abs(look["look images"].reshape(SIZE, 1, 28, 28) - 255 * expected.numpy()).max() <= 0.51
    judge = zoo.load("judge/mnist")
    with torch.no_grad():
        assert np.allclose(look["look features"].reshape(SIZE, -1), judge.features(expected), atol=1e-4)
        assert np.allclose(look["look odds"].reshape(SIZE, 10), judge.log_odds(expected), atol=1e-3)


def test_random_sampling_alone_has_no_rival(ask):
    content, parts = ask("start", algorithm="random")
    assert not any(name.startswith("rival") for name in parts)
    assert ask("next", algorithm="random")[0]["work"] == content["passes"] == 6 * SIZE


def test_a_population_grows_while_it_evolves(ask):
    ask("start")
    assert len(ask("next", population=10)[1]["fitness"]) == 10


@pytest.mark.parametrize(
    ("what", "wrong", "told"),
    [
        ("next", {"mutation_rate": 1.3}, r"mutation_rate must lie in \[0, 1\], got 1.3"),
        ("next", {"population": 5000}, "population must be at most 1000, got 5000"),
        ("look", {"place": 6}, "place must lie between 0 and 5, got 6"),
        ("sample", {}, "this run can be asked for next, look, got 'sample'"),
    ],
)
def test_what_cannot_be_done_is_told_and_the_run_goes_on(ask, what, wrong, told):
    ask("start")
    with pytest.raises(ValueError, match=told):
        ask(what, **wrong)
    assert len(ask("next")[1]["fitness"]) == 6
