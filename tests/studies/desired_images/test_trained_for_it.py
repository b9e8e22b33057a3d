"""What is trained for a comparison: a recogniser of combinations, a generator that is told its class."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from test_told_of_images import toy
from tiny_recogniser import NAMES, Pixels
from torch import nn

from latentlib import data, zoo
from latentlib.fitness import wishes
from latentlib.models import gagan
from latentlib.study import realism, training
from studies.desired_images.experiments import inputs, joining, recipes
from studies.desired_images.experiments.inputs import Conditional, with_planes
from studies.desired_images.settings import Settings

TINY = Settings("mnist", "smoke", population=20, generations=2, repeats=2)
FACES = Settings("celeba64", "smoke", population=4, generations=1, repeats=2, wish="Male & ~Smiling")
pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.mark.parametrize("how", ["product", "mean"])
def test_both_sides_of_an_and_are_multiplied_or_averaged(how):
    search = toy("Smiling & ~Male")
    pools = search.first_pools()
    likely = torch.sigmoid(20 * (pools - 0.5)).double()
    smiling, female = likely[..., NAMES.index("Smiling")], 1 - likely[..., NAMES.index("Male")]
    expected = smiling * female if how == "product" else (smiling + female) / 2
    assert joining.Joined(search, how)(pools).numpy() == pytest.approx(expected.numpy(), abs=1e-5)


@pytest.fixture
def faceless(monkeypatch):
    """A small generator of coloured noise in place of the trained one, whose quality is no matter here."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        generator = gagan.Generator((3, 64, 64), channels=(4, 4, 4, 4)).eval()
    monkeypatch.setattr(zoo, "load_generator", lambda name, device: generator)
    return generator


class Odd(Pixels):
    """Sees a combination where the first pixel is bright."""

    def forward(self, images):
        return images[:, 0, 0, : len(self.classes)] - 0.5


def test_a_joint_recogniser_and_three_ways_to_join_evolve_the_same_first_pools(monkeypatch, faceless):
    asked, measured = [], []

    def joint(dataset, scale, seed, device):
        asked.append((dataset, scale, seed, device))
        return Odd(joining.NAMES, False).eval(), 12.5

    def measures(search, pools):
        measured.append(pools)
        return joining_measures(search, pools)

    joining_measures = joining.measures
    monkeypatch.setattr(joining, "joint", joint)
    monkeypatch.setattr(joining, "measures", measures)
    found = joining.joining(replace(FACES, seed=3))
    assert asked == [("celeba64", "smoke", 3, "cpu")]
    methods = ["minimum", "product", "mean", "joint recogniser"]
    assert list(zip(found["method"], found["run"], strict=True)) == [(name, run) for name in methods for run in (0, 1)]
    assert set(found["training_seconds"]) == {12.5}
    assert not set(found) & set(vars(FACES)), "a sweep adds the cell's own values"
    assert {"accuracy", "judged", "first_judged", "second_judged"} <= set(found)
    random = torch.Generator().manual_seed(3)
    first = torch.randn(2, 4, 100, generator=random)
    with torch.no_grad():
        fitness = Odd(joining.NAMES, False)
        place = joining.NAMES.index("Male & ~Smiling")
        best, last = (
            fitness(faceless(pools.flatten(0, 1)))[:, place].view(2, -1).max(dim=1).values
            for pools in (first, measured[3])
        )
    assert (last >= best).all(), "the joint recogniser's answer to the wish is what is climbed"


def test_the_joint_recogniser_is_trained_for_all_the_wishes_by_the_zoos_recipe(monkeypatch):
    seen = {}
    labels = torch.tensor([[0, 0, 0, 1], [1, 0, 1, 0], [0, 1, 1, 0], [0, 1, 1, 1], [1, 1, 0, 0]])
    known = SimpleNamespace(images=torch.rand(5, 3, 64, 64), labels=labels, card=data.card("celeba64"))

    def run(recipe, networks, images, targets, checkpoint, seed):
        seen.update(recipe=recipe, networks=networks, images=images, targets=targets, checkpoint=checkpoint, seed=seed)
        with torch.no_grad():
            networks["average"].head[-1].bias += 1
        return [{"loss": 1.0, "seconds": 30.5}, {"loss": 0.5, "seconds": 31.0}]

    monkeypatch.setattr(joining, "training_images", lambda dataset, scale: known)
    monkeypatch.setattr(training, "run", run)
    joining.joint.cache_clear()
    network, seconds = joining.joint("celeba64", "paper", 5, "cpu")
    joining.joint.cache_clear()
    eyeglasses, male, mouth_open, smiling = labels.bool().T
    women = eyeglasses & ~male
    wanted = [smiling & ~male, women, male & mouth_open, male & ~smiling]
    wanted += [women & smiling, women & ~smiling, women & mouth_open]
    assert seen["targets"].tolist() == torch.stack(wanted, dim=1).tolist()
    assert torch.equal(seen["images"], known.images)
    assert (seen["recipe"], seen["seed"]) == (training.plan_of("recogniser/celeba64").recipe, 5)
    assert network.classes[:3] == ("Smiling & ~Male", "Eyeglasses & ~Male", "Male & Mouth_Slightly_Open")
    assert network.classes[3:5] == ("Male & ~Smiling", str(wishes.read("Eyeglasses & ~Male & Smiling")))
    assert not network.exclusive
    assert not network.training
    assert seconds == 61.5, "those of earlier sessions too"
    average, classifier = (dict(seen["networks"][name].named_parameters()) for name in ("average", "classifier"))
    assert torch.equal(network.head[-1].bias, average["head.5.bias"])
    assert all(torch.equal(value, average[name]) for name, value in classifier.items() if name != "head.5.bias")
    shipped = zoo.entry("recogniser/celeba64").build()
    assert {name: value.shape for name, value in shipped.state_dict().items()} == {
        name: value[:4].shape if name.startswith("head.5") else value.shape
        for name, value in network.state_dict().items()
    }


def test_planes_show_the_label():
    images, labels = torch.rand(3, 2, 5, 4), torch.tensor([9, 0, 4])
    made = with_planes(images, labels)
    assert made.shape == (3, 12, 5, 4)
    assert torch.equal(made[:, :2], images)
    expected = np.eye(10)[[9, 0, 4]][:, :, None, None] * np.ones((5, 4))
    assert np.array_equal(made[:, 2:].numpy(), expected)


@pytest.fixture(scope="module")
def told():
    """A conditional generator with random weights."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Conditional((1, 28, 28), genes=6).eval()


@torch.no_grad()
def test_a_conditional_generator_shows_the_class_that_it_is_told(told, monkeypatch):
    latents = torch.randn(2000, 7, generator=torch.Generator().manual_seed(1))
    asked = []
    monkeypatch.setattr(told.draw, "forward", lambda some: asked.append(some) or torch.zeros(len(some), 1, 2, 2))
    made = told(latents)
    assert torch.equal(asked[0][:, :6], latents[:, :6])
    said, shown = asked[0][:, 6:], made[:, 1:, 0, 0]
    assert said.shape == (2000, 10)
    assert torch.equal(said, shown)
    assert (said.sum(dim=1) == 1).all()
    counts = said.sum(dim=0)
    assert (counts - 200).abs().max() < 4 * 200**0.5, "all classes alike often"
    order = latents[:, 6].argsort()
    assert (said.argmax(dim=1)[order].diff() >= 0).all(), "the last gene decides"
    monkeypatch.undo()
    assert told(latents[:3]).shape == (3, 11, 28, 28)
    far = torch.tensor([[0.0] * 6 + [end] for end in (-40.0, 40.0)])
    assert told(far)[:, 1:, 0, 0].argmax(dim=1).tolist() == [0, 9]


@torch.no_grad()
def test_another_class_is_another_image(told):
    latents = torch.zeros(10, 7)
    latents[:, 6] = torch.special.ndtri((torch.arange(10) + 0.5) / 10)
    pictures = told(latents)[:, 0].flatten(1)
    assert torch.pdist(pictures).min() > 0


def test_generators_of_other_inputs_are_trained_as_the_zoos_with_half_its_channels_for_twelve_epochs(monkeypatch):
    monkeypatch.setattr(inputs, "IMAGES", {"paper": 40})
    monkeypatch.setattr(data, "training_images", lambda name: data.bundled(name, "train")[:30])
    ran, renewed = [], []

    def run(recipe, networks, images, labels, checkpoint, seed):
        ran.append((recipe, networks, images, labels, checkpoint, seed))

    monkeypatch.setattr(training, "run", run)
    monkeypatch.setattr(training, "renormalise", lambda network, seed: renewed.append((network, seed)))
    distances = []
    monkeypatch.setattr(inputs.realism, "fid", lambda judge, real, made: distances.append((real, made)) or 7.0)
    kinds = ["unconditional", "conditional", "from U[0, 1]"]
    found = inputs.inputs(replace(TINY, scale="paper", seed=2), kinds)
    assert found.to_dict("list") == {
        "kind": kinds,
        "epochs": [inputs.EPOCHS] * 3,
        "fid": [7.0] * 3,
    }
    assert not set(found) & set(vars(TINY))
    sample = data.bundled("mnist", "train")[:30]
    usual = training.plan_of("desired_images/mnist").recipe
    for recipe, networks, _, labels, _, seed in ran:
        assert (recipe, seed) == (replace(usual, epochs=12), 2)
        assert torch.equal(labels, sample.labels)
        assert list(networks) == ["average", "generator", "discriminator"]
    assert len({checkpoint for *_, checkpoint, _ in ran}) == 3, "each has a checkpoint of its own"
    assert torch.equal(ran[0][2], sample.images)
    assert torch.equal(ran[2][2], sample.images)
    assert torch.equal(ran[1][2], with_planes(sample.images, sample.labels))
    assert [network for network, _ in renewed] == [networks["average"] for _, networks, *_ in ran]
    shipped = zoo.entry("desired_images/mnist").build
    assert tuple(width // 2 for width in shipped.keywords["channels"]) == inputs.CHANNELS
    plain, other, ranking = (networks["generator"] for _, networks, *_ in ran)
    assert (plain.latent_size, other.latent_size, ranking.latent_size) == (100, 101, 100)
    assert widths(plain) == widths(other.draw) == widths(ranking) == [128, 64, 32]
    assert [isinstance(network.layers[0], gagan.Ranks) for network in (plain, ranking)] == [False, True]
    assert [input_of(networks["discriminator"]) for _, networks, *_ in ran] == [1, 11, 1]
    zoos = training.plan_of("desired_images/mnist").rival()
    for _, networks, *_ in ran:
        assert 2 * first_of(networks["discriminator"]).out_channels == first_of(zoos).out_channels
    for real, made in distances:
        assert torch.equal(real, data.bundled("mnist", "test").images)
        assert made.shape == (40, 1, 28, 28)


def widths(generator):
    return [layer.num_features for layer in generator.modules() if isinstance(layer, nn.BatchNorm2d)]


def first_of(discriminator):
    return next(layer for layer in discriminator.modules() if isinstance(layer, nn.Conv2d))


def input_of(discriminator):
    return first_of(discriminator).in_channels


def test_the_papers_recipe_differs_from_the_zoos_in_step_size_and_batch_alone(monkeypatch):
    card = data.card("celeba64")
    faces = data.Images(torch.rand(5, 3, 64, 64), torch.zeros(5, 4), torch.arange(5), card, "test", "nowhere")
    for name in ("training_images", "load"):
        monkeypatch.setattr(data, name, lambda *_: faces)
    ran, drawn = [], []
    monkeypatch.setattr(training, "run", lambda *given: ran.append(given))
    monkeypatch.setattr(training, "renormalise", lambda network, seed: None)
    monkeypatch.setattr(realism, "fid", lambda judge, real, made: drawn.append(made) or float(len(drawn)))
    found = recipes.recipes(replace(TINY, scale="paper", dataset="celeba64", wish="Smiling", seed=1))
    assert found.to_dict("list") == {"recipe": ["ours", "the paper's"], "fid": [1.0, 2.0]}
    (recipe, networks, images, _, _, seed), usual = ran[0], training.plan_of("desired_images/celeba64")
    assert len(ran) == 1
    assert recipe == replace(usual.recipe, learning_rate=0.0005, batch_size=128)  # section IV-A
    assert (torch.equal(images, faces.images), seed) == (True, 1)
    first = training.untrained(usual, 1)["generator"].state_dict()
    assert all(torch.equal(value, first[name]) for name, value in networks["generator"].state_dict().items())
    ours = realism.sample(zoo.load("desired_images/celeba64"), 5, 1)
    assert torch.equal(drawn[0], ours)
    assert torch.equal(drawn[1], realism.sample(networks["average"], 5, 1))
