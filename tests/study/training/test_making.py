import json
import shutil
from dataclasses import replace
from functools import partial

import pytest
import torch
from tiny_card import FACTS, KEYS, NAME

from latentlib import data, files, zoo
from latentlib.models import gagan, jin_ko
from latentlib.study import training
from latentlib.study.training import recipes
from latentlib.zoo import storage


def test_untrained_networks_come_from_the_seed_and_start_with_their_average():
    first, again, other = (training.untrained(training.plan_of(NAME), seed) for seed in (0, 0, 1))
    for name, value in first.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])
    assert not torch.equal(first["generator"].layers[0].weight, other["generator"].layers[0].weight)
    assert torch.equal(first["generator"].layers[0].weight, first["average"].layers[0].weight)


def test_training_a_model_saves_it_with_its_card(weights, monkeypatch, fashion):
    monkeypatch.setattr(data, "training_images", lambda name: fashion[:128])
    path = training.train("judge/fashion_mnist", seed=3, epochs=1, replace=True)
    card = json.loads(path.with_suffix(".json").read_text())
    assert card.keys() >= KEYS
    assert (card["images"], card["seed"], card["recipe"]["epochs"]) == (128, 3, 1)
    assert card["command"] == "latentlib train judge/fashion_mnist --seed 3 --epochs 1"
    copied = shutil.copytree(weights, weights.with_name("copy"))
    monkeypatch.setattr(storage, "WEIGHTS", copied)  # the card is enough wherever the folder lies
    assert zoo.load("judge/fashion_mnist")(fashion.images[:4]).shape == (4, 10)


@pytest.fixture
def small(weights, monkeypatch, fashion, one_thread):
    """An entry that trains in a second; called with other channels it is another network of the same name."""
    monkeypatch.setattr(data, "training_images", lambda name: fashion[:128])

    def put(*channels):
        build = partial(jin_ko.Generator, latent_size=20, hidden=16, channels=channels)
        rival, recipe = partial(gagan.Discriminator, channels=(8, 8)), training.Adversarial(5, batch_size=32)
        monkeypatch.setitem(zoo.ENTRIES, NAME, replace(zoo.entry(NAME), build=build))
        plan = replace(training.plan_of(NAME), build=build, rival=rival, recipe=recipe)
        monkeypatch.setitem(training.PLANS, NAME, plan)

    put(8, 4)
    return put


def same(first, second):
    return all(map(torch.equal, first.state_dict().values(), second.state_dict().values()))


def test_a_checkpoint_is_taken_up_by_networks_of_its_own_layers_only(small, isolated_cache):
    training.train(NAME, epochs=1, replace=True)
    first = zoo.load(NAME)
    small(6, 4)
    training.train(NAME, epochs=1, replace=True)  # would fail on weights of another shape
    other = zoo.load(NAME)
    assert sum(p.numel() for p in other.parameters()) < sum(p.numel() for p in first.parameters())
    assert len(list((isolated_cache / "training").iterdir())) == 2


def test_what_is_trained_again_with_the_same_layers_goes_on_from_the_checkpoint(small, monkeypatch):
    training.train(NAME, epochs=1, replace=True)
    first = zoo.load(NAME)
    monkeypatch.setattr(recipes, "batches", lambda *arguments: pytest.fail("an epoch was trained again"))
    training.train(NAME, epochs=1, replace=True)
    assert same(first, zoo.load(NAME))


def test_young_generators_are_stages_of_one_training_in_whatever_order_they_are_asked_for(small, monkeypatch):
    epochs, batches = [], recipes.batches
    monkeypatch.setattr(recipes, "batches", lambda *some: epochs.append(1) or batches(*some))
    youngest, oldest = (training.young(NAME, age) for age in (1, 3))
    assert len(epochs) == 3
    assert same(training.young(NAME, 1), youngest)
    assert same(training.young(NAME, 3), oldest)
    assert len(epochs) == 3
    assert not same(youngest, oldest)
    monkeypatch.setenv("LATENTLIB_CACHE", str(files.cache().parent / "other"))
    assert same(training.young(NAME, 3), oldest)
    assert same(training.young(NAME, 1), youngest)
    assert not same(training.young(NAME, 1, seed=1), youngest)


def test_a_young_generator_is_the_network_itself_and_not_its_average(small, fashion, tmp_path, random):
    networks = training.untrained(training.plan_of(NAME), 0)
    recipe = training.Adversarial(2, batch_size=32)
    training.run(recipe, networks, fashion.images[:128], fashion.labels[:128], tmp_path / "c.pt")
    latents = torch.randn(8, 20, generator=random)
    found = training.young(NAME, 2)(latents)
    assert torch.allclose(found, networks["generator"].eval()(latents), atol=1e-5)
    assert not torch.allclose(found, networks["average"].eval()(latents), atol=1e-3)


def test_a_generator_of_no_epochs_is_refused(small):
    with pytest.raises(ValueError, match="epochs must be at least 1, got 0"):
        training.young(NAME, 0)


def test_a_trial_goes_to_the_cache_and_what_ships_stays(small, weights, isolated_cache):
    zoo.save(NAME, zoo.entry(NAME).build(), FACTS)
    before = {path: path.read_bytes() for path in weights.rglob("*.*")}
    shipped = zoo.load(NAME)
    for trial, place in (({"epochs": 1}, "seed0-epochs1"), ({"epochs": 2, "seed": 4}, "seed4-epochs2")):
        path = training.train(NAME, **trial)
        assert path == isolated_cache / "trials" / place / f"{NAME}.safetensors"
        made = zoo.load(NAME, folder=isolated_cache / "trials" / place)
        assert not same(shipped, made)
        assert zoo.card(NAME, path.parents[1])["recipe"]["epochs"] == trial["epochs"]
    assert {path: path.read_bytes() for path in weights.rglob("*.*")} == before


def test_a_whole_training_replaces_what_ships_only_when_asked_to(small, weights, monkeypatch):
    plan = training.plan_of(NAME)
    monkeypatch.setitem(training.PLANS, NAME, replace(plan, recipe=replace(plan.recipe, epochs=1), seed=3))
    first = training.train(NAME)
    assert first == zoo.weights_path(NAME), "a model that is not there yet"
    assert zoo.card(NAME)["seed"] == 3, "the entry's own"
    assert zoo.card(NAME)["command"] == f"latentlib train {NAME}"
    checksum = zoo.card(NAME)["sha256"]
    assert training.train(NAME).parents[1].name == "seed3-epochs1"
    assert training.train(NAME, seed=5, replace=True) == first
    assert zoo.card(NAME)["sha256"] != checksum


def test_other_images_are_another_training_though_a_finished_checkpoint_lies_there(small, monkeypatch, fashion, capsys):
    path = training.train(NAME, epochs=1)
    first = files.sha256(path)
    monkeypatch.setattr(data, "training_images", lambda name: fashion[128:300])
    training.train(NAME, epochs=1)
    assert files.sha256(path) != first
    assert zoo.card(NAME, path.parents[1])["images"] == 172
    assert "restoring-mnist-1 is trained from the start" in capsys.readouterr().err
    monkeypatch.setattr(data, "training_images", lambda name: fashion[:128])
    monkeypatch.setattr(recipes, "batches", lambda *arguments: pytest.fail("the first training is still there"))
    training.train(NAME, epochs=1)
    assert files.sha256(path) == first


def test_the_card_of_a_finished_checkpoint_says_who_made_it(small, monkeypatch):
    facts = zoo.card(NAME, training.train(NAME, epochs=1).parents[1])
    monkeypatch.setattr(recipes, "provenance", lambda *arguments: pytest.fail("made before"))
    monkeypatch.setattr("latentlib.provenance.commit", lambda: "later")
    again = zoo.card(NAME, training.train(NAME, epochs=1).parents[1])
    assert again == facts


@pytest.mark.parametrize("seed", [-1, 2**32, 2**64])
def test_a_seed_that_torch_takes_for_another_is_refused(small, seed):
    with pytest.raises(ValueError, match=f"seed must be a whole number from 0 to 4294967295, got {seed}"):
        training.train(NAME, seed=seed, epochs=1)


def test_a_young_generator_of_other_images_is_another(small, monkeypatch, fashion):
    first = training.young(NAME, 1)
    monkeypatch.setattr(data, "training_images", lambda name: fashion[100:228])
    assert not same(training.young(NAME, 1), first)
