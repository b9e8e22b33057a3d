"""The kernel's answers to the live figure, against the library's own searches."""

import numpy as np
import pytest
import torch

from latentlib import data, zoo
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.reconstruction import ReconstructionMSE, ReconstructionSSIM
from latentlib.gradient import GradientDescent
from latentlib.widgets.live.kernel import Desk
from latentlib.widgets.live.restoring import Restoring

RATES = {"mating_rate": 0.3, "mutation_rate": 0.3}
SETTINGS = {"dataset": "mnist", "fitness": "mse", "population": 20, "seed": 3, **RATES}


@pytest.fixture
def target(one_thread):
    return data.bundled("mnist").images[4:5]


@pytest.fixture
def ask(target):
    """Asks as the figure does; answers with content, fitness, images and genomes."""
    desk = Desk(Restoring)

    def asked(what, **settings):
        given = {"ask": what, "view": "one", "settings": SETTINGS | settings}
        content, parts = desk.answer(given, [target.numpy().tobytes()] if what == "start" else [])
        fitness, genomes = (np.frombuffer(parts[i], np.float32) for i in (0, 2))
        images = np.frombuffer(parts[1], np.uint8).reshape(len(fitness), 28, 28)
        return content["passes"], fitness, images, torch.tensor(genomes.reshape(len(fitness), -1))

    asked.desk = desk
    return asked


def test_a_run_is_the_librarys(ask, target):
    generations = [ask("start"), *(ask("next") for _ in range(6))]
    fitness = ReconstructionMSE(zoo.load_generator("restoring/mnist"), target)
    run = GeneticAlgorithm(20).evolve(fitness, 6, seed=3)
    assert [float(scores.max()) for _, scores, *_ in generations] == run.history.best[:, 0].tolist()
    assert np.cumsum([passes for passes, *_ in generations]).tolist() == run.history.passes[:, 0].tolist()
    assert torch.equal(generations[-1][3], run.state.genomes[0])


def test_the_images_are_the_genomes_images(ask):
    for what in ("start", "next", "next"):
        _, _, images, genomes = ask(what)
        drawn = zoo.load_generator("restoring/mnist")(genomes)[:, 0] * 255
        assert np.abs(images - drawn.detach().numpy()).max() <= 0.51


def test_moved_controls_act_in_the_next_generation(ask, target):
    ask("start")
    assert len(ask("next", population=40)[1]) == 40
    before = ask("next", population=40)[3]
    passes, scores, images, genomes = ask("next", population=40, fitness="ssim", mating_rate=0.0, mutation_rate=0.0)
    assert passes == 40, "everyone is judged anew, and no child changed"
    assert {tuple(genome) for genome in genomes.tolist()} <= {tuple(genome) for genome in before.tolist()}
    judge = ReconstructionSSIM(zoo.load_generator("restoring/mnist"), target)
    assert torch.allclose(torch.tensor(scores), judge(genomes[None])[0], atol=1e-5)
    assert images.shape == (40, 28, 28)


@pytest.mark.parametrize("fitness", ["mse", "ssim"])
def test_the_rival_is_the_librarys(ask, target, fitness):
    ask("start", fitness=fitness)
    ask("next", fitness="mse")  # the rival keeps its measure
    steps = [ask.desk.answer({"ask": "descend", "view": "one", "steps": count}, []) for count in (1, 2, 2)]
    measure = {"mse": ReconstructionMSE, "ssim": ReconstructionSSIM}[fitness]
    run = GradientDescent().descend(measure(zoo.load_generator("restoring/mnist"), target), 4, seed=3)
    assert [value for content, _ in steps for value in content["fitness"]] == pytest.approx(
        run.history.best[:, 0].tolist(), abs=1e-6
    )
    image = np.frombuffer(steps[-1][1][0], np.float32).reshape(28, 28)
    assert image == pytest.approx(zoo.load_generator("restoring/mnist")(run.best.latents)[0, 0].numpy(), abs=1e-5)


def test_views_have_runs_of_their_own_and_an_ended_one_is_forgotten(ask):
    ask("start")
    ask.desk.answer({"ask": "end", "view": "another"}, [])
    ask("next")
    ask.desk.answer({"ask": "end", "view": "one"}, [])
    with pytest.raises(ValueError, match="does not know this run"):
        ask("next")


def test_a_wrong_setting_is_named_and_the_run_goes_on(ask):
    ask("start")
    with pytest.raises(ValueError, match=r"mutation_rate must lie in \[0, 1\], got 1.3"):
        ask("next", mutation_rate=1.3)
    assert len(ask("next")[1]) == 20
