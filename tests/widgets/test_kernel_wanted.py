"""The kernel's answers to the figure of wanted digits, against the library's own pools."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from latentlib import zoo
from latentlib.fitness import wishes
from latentlib.fitness.recognition import Recognition
from latentlib.pool import ALGORITHM1, evolve
from latentlib.widgets.live.kernel import Desk
from latentlib.widgets.live.wanted import Wanted

SETTINGS = {"wish": "Digit(4) | Digit(8)", "pool": 60, "mutation_rate": 0.2, "seed": 3}


@pytest.fixture
def recognised(one_thread):
    """The fitness of a wish, by the networks that the figure has."""
    networks = zoo.load_generator("restoring/mnist"), zoo.load_classifier("recogniser/mnist")
    return lambda wish: Recognition(*networks, wishes.read(wish))


@pytest.fixture
def ask(one_thread):
    """Asks as the figure does; answers with content, fitness, images, genomes and log-odds."""
    desk = Desk(Wanted)

    def asked(what, count=0, draw=0, **settings):
        given = {"ask": what, "view": "one", "settings": SETTINGS | settings, "count": count, "draw": draw}
        content, (fitness, images, genomes, odds) = desk.answer(given, [])
        rows = [torch.frombuffer(bytearray(part), dtype=torch.float32) for part in (fitness, genomes, odds)]
        shown = np.frombuffer(images, np.uint8).reshape(len(rows[0]), 28, 28)
        return content, rows[0], shown, rows[1].view(len(rows[0]), -1), rows[2].view(len(rows[0]), 10)

    return asked


def test_a_run_is_the_librarys(ask, recognised):
    run = evolve(recognised("Digit(4) | Digit(8)"), 0.98, 20, seed=3, algorithm=replace(ALGORITHM1, population=60))
    generations = [ask("start"), *(ask("next") for _ in range(run.state.generation))]
    assert [float(one[1].max()) for one in generations] == run.history.generation_best[:, 0].tolist()
    assert np.cumsum([one[0]["passes"] for one in generations]).tolist() == run.history.passes[:, 0].tolist()
    assert torch.equal(generations[-1][3], run.state.genomes[0])


def test_images_and_odds_are_those_of_the_genomes(ask, recognised):
    fitness = recognised("Digit(4) | Digit(8)")
    for answer in (ask("start"), ask("next"), ask("sample", 10, 1)):
        _, scores, images, genomes, odds = answer
        drawn = fitness.generator(genomes)
        assert np.abs(images - drawn[:, 0].numpy() * 255).max() <= 0.51
        assert torch.allclose(odds, fitness.recogniser.log_odds(drawn), atol=1e-3)
        assert torch.allclose(scores, fitness(genomes[None])[0], atol=1e-4)


def test_another_wish_is_judged_by_what_is_known(ask, recognised):
    ask("start")
    content, scores, _, genomes, _ = ask("next", wish="~Digit(1)")
    assert content["passes"] == 60, "the children alone"
    assert torch.allclose(scores, recognised("~Digit(1)")(genomes[None])[0], atol=1e-4)


def test_a_pool_grows_and_shrinks(ask):
    ask("start")
    assert [len(ask("next", pool=pool)[1]) for pool in (100, 40)] == [100, 40]


def test_samples_are_new_each_time_and_leave_the_pool_as_it_is(ask):
    ask("start")
    pool = ask("next")[3]
    content, *_, first, _ = ask("sample", 50, 1)
    assert (content["generation"], len(first)) == (1, 50)
    assert torch.equal(ask("sample", 50, 1)[3], first)
    second = ask("sample", 50, 2)[3]
    members = {tuple(genome) for genome in pool.tolist()}
    for sample in (first, second):
        assert not members & {tuple(genome) for genome in sample.tolist()}
    assert not torch.equal(first, second)
    _, scores, _, genomes, _ = ask("next")
    assert {tuple(genome) for genome in genomes.tolist()} & members, "the old compete with the children"
    assert len(scores) == 60


@pytest.mark.parametrize(
    ("what", "wrong", "told"),
    [
        ("next", {"mutation_rate": 1.3}, r"mutation_rate must lie in \[0, 1\], got 1.3"),
        ("next", {"wish": "Smiling"}, "the recogniser knows 0, 1"),
        ("sample", {"count": 0, "draw": 1}, "count must be at least 1, got 0"),
        ("descend", {}, "this run can be asked for next, sample, got 'descend'"),
    ],
)
def test_what_cannot_be_done_is_told_and_the_run_goes_on(ask, what, wrong, told):
    ask("start")
    with pytest.raises(ValueError, match=told):
        ask(what, **wrong)
    assert len(ask("next")[1]) == 60
