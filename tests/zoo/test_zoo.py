import json
import shutil
from dataclasses import replace
from functools import partial

import pytest
import torch

from latentlib import data, files, training, zoo
from latentlib.models import gagan, jin_ko
from latentlib.zoo import storage

NAME = "restoring/mnist"
FACTS = {"model": NAME, "seed": 0}
KEYS = {
    *("model", "about", "architecture", "parameters", "dataset", "images", "recipe", "losses", "command", "licence"),
    *("seed", "device", "date", "commit", "torch", "python", "seconds", "bytes", "sha256"),
}


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """An empty zoo of our own."""
    monkeypatch.setattr(storage, "WEIGHTS", tmp_path / "weights")
    return tmp_path / "weights"


@pytest.fixture
def saved(weights):
    """The untrained generator, saved as if it were trained; the path of its weights."""
    torch.manual_seed(0)
    return zoo.save(NAME, jin_ko.Generator(), FACTS)


def test_a_saved_network_is_loaded_frozen_and_equal_within_half_precision(weights, random):
    network = jin_ko.Generator()
    network(torch.randn(64, 100, generator=random))  # so that batch norm's statistics are not the initial ones
    zoo.save(NAME, network, FACTS)
    loaded = zoo.load(NAME)
    latents = torch.randn(8, 100, generator=random)
    assert (loaded(latents) - network.eval()(latents)).abs().max() < 2e-3
    for name, value in network.state_dict().items():
        assert torch.allclose(loaded.state_dict()[name].double(), value.double(), rtol=2**-11, atol=2**-24), name
    assert not loaded.training
    assert not any(parameter.requires_grad for parameter in loaded.parameters())
    assert {value.dtype for value in loaded.parameters()} == {torch.float32}


def test_the_card_says_size_and_checksum_of_the_weights(saved):
    card = zoo.card(NAME)
    assert card == FACTS | {"bytes": saved.stat().st_size, "sha256": files.sha256(saved)}
    assert sorted(path.name for path in saved.parent.iterdir()) == ["mnist.json", "mnist.safetensors"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-1000]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1])),
        lambda path: path.unlink(),
    ],
    ids=["truncated", "empty", "one bit", "missing"],
)
def test_damaged_weights_are_refused_in_one_line_that_names_the_file(damage, saved):
    damage(saved)
    with pytest.raises(ValueError, match=f"^{saved} is missing or damaged") as error:
        zoo.load(NAME)
    assert "\n" not in str(error.value)


def test_weights_of_another_architecture_are_refused_and_named(saved):
    zoo.save(NAME, jin_ko.Generator(hidden=8), FACTS)
    with pytest.raises(ValueError, match=f"^{saved} does not fit Generator"):
        zoo.load(NAME)


def test_what_is_no_safetensors_file_is_refused_and_named(saved):
    saved.write_bytes(b"not weights")
    zoo.write_card(NAME, FACTS | {"sha256": files.sha256(saved)})
    with pytest.raises(ValueError, match=f"^{saved} does not fit Generator"):
        zoo.load(NAME)


@pytest.mark.parametrize("read", [zoo.load, zoo.card, zoo.entry, zoo.train])
def test_an_unknown_model_is_named_beside_the_known_ones(read):
    with pytest.raises(ValueError, match=r"model must be one of restoring/mnist, .*, got 'restoring/cats'"):
        read("restoring/cats")


def test_a_classifier_is_no_generator(saved):
    assert isinstance(zoo.load_generator(NAME), jin_ko.Generator)
    with pytest.raises(ValueError, match=r"model must be a generator \(restoring/mnist, .*\), got 'judge/mnist'"):
        zoo.load_generator("judge/mnist")


def test_a_model_that_is_not_trained_says_how_to_train_it(weights):
    with pytest.raises(FileNotFoundError, match=f"{NAME} is not trained yet: run `latentlib train {NAME}`"):
        zoo.load(NAME)


def test_untrained_networks_come_from_the_seed_and_start_with_their_average():
    first, again, other = (zoo.untrained(zoo.ENTRIES[NAME], seed) for seed in (0, 0, 1))
    for name, value in first.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])
    assert not torch.equal(first["generator"].layers[0].weight, other["generator"].layers[0].weight)
    assert torch.equal(first["generator"].layers[0].weight, first["average"].layers[0].weight)


@pytest.mark.parametrize("name", zoo.ENTRIES)
def test_every_model_is_trained_and_its_card_complete(name, random):
    card = zoo.card(name)
    assert card.keys() >= KEYS
    assert card["model"] == name
    assert card["bytes"] == zoo.weights_path(name).stat().st_size < 4_000_000
    network = zoo.load(name)
    assert card["parameters"] == sum(parameter.numel() for parameter in network.parameters())
    assert all(value.isfinite().all() for value in network.state_dict().values())


def test_all_weights_together_stay_small_and_belong_to_a_model():
    found = list(storage.WEIGHTS.rglob("*.safetensors"))
    assert sum(path.stat().st_size for path in found) < 40_000_000
    assert {path.relative_to(storage.WEIGHTS).with_suffix("").as_posix() for path in found} == set(zoo.ENTRIES)


def test_training_a_model_saves_it_with_its_card(weights, monkeypatch, fashion):
    monkeypatch.setattr(data, "training_images", lambda name: fashion[:128])
    path = zoo.train("judge/fashion_mnist", seed=3, epochs=1, replace=True)
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
        monkeypatch.setitem(zoo.ENTRIES, NAME, replace(zoo.entry(NAME), build=build, rival=rival, recipe=recipe))

    put(8, 4)
    return put


def same(first, second):
    return all(map(torch.equal, first.state_dict().values(), second.state_dict().values()))


def test_a_checkpoint_is_taken_up_by_networks_of_its_own_layers_only(small, isolated_cache):
    zoo.train(NAME, epochs=1, replace=True)
    first = zoo.load(NAME)
    small(6, 4)
    zoo.train(NAME, epochs=1, replace=True)  # would fail on weights of another shape
    other = zoo.load(NAME)
    assert sum(p.numel() for p in other.parameters()) < sum(p.numel() for p in first.parameters())
    assert len(list((isolated_cache / "training").iterdir())) == 2


def test_what_is_trained_again_with_the_same_layers_goes_on_from_the_checkpoint(small, monkeypatch):
    zoo.train(NAME, epochs=1, replace=True)
    first = zoo.load(NAME)
    monkeypatch.setattr(training, "batches", lambda *arguments: pytest.fail("an epoch was trained again"))
    zoo.train(NAME, epochs=1, replace=True)
    assert same(first, zoo.load(NAME))


def test_young_generators_are_stages_of_one_training_in_whatever_order_they_are_asked_for(small, monkeypatch):
    epochs, batches = [], training.batches
    monkeypatch.setattr(training, "batches", lambda *some: epochs.append(1) or batches(*some))
    youngest, oldest = (zoo.young(NAME, age) for age in (1, 3))
    assert len(epochs) == 3
    assert same(zoo.young(NAME, 1), youngest)
    assert same(zoo.young(NAME, 3), oldest)
    assert len(epochs) == 3
    assert not same(youngest, oldest)
    monkeypatch.setenv("LATENTLIB_CACHE", str(files.cache().parent / "other"))
    assert same(zoo.young(NAME, 3), oldest)
    assert same(zoo.young(NAME, 1), youngest)
    assert not same(zoo.young(NAME, 1, seed=1), youngest)


def test_a_young_generator_is_the_network_itself_and_not_its_average(small, fashion, tmp_path, random):
    networks = zoo.untrained(zoo.entry(NAME), 0)
    recipe = training.Adversarial(2, batch_size=32)
    training.run(recipe, networks, fashion.images[:128], fashion.labels[:128], tmp_path / "c.pt")
    latents = torch.randn(8, 20, generator=random)
    found = zoo.young(NAME, 2)(latents)
    assert torch.allclose(found, networks["generator"].eval()(latents), atol=1e-5)
    assert not torch.allclose(found, networks["average"].eval()(latents), atol=1e-3)


def test_a_generator_of_no_epochs_is_refused(small):
    with pytest.raises(ValueError, match="epochs must be at least 1, got 0"):
        zoo.young(NAME, 0)


def test_a_trial_goes_to_the_cache_and_what_ships_stays(small, weights, isolated_cache):
    zoo.save(NAME, zoo.entry(NAME).build(), FACTS)
    before = {path: path.read_bytes() for path in weights.rglob("*.*")}
    shipped = zoo.load(NAME)
    for trial, place in (({"epochs": 1}, "seed0-epochs1"), ({"epochs": 2, "seed": 4}, "seed4-epochs2")):
        path = zoo.train(NAME, **trial)
        assert path == isolated_cache / "trials" / place / f"{NAME}.safetensors"
        made = zoo.load(NAME, folder=isolated_cache / "trials" / place)
        assert not same(shipped, made)
        assert zoo.card(NAME, path.parents[1])["recipe"]["epochs"] == trial["epochs"]
    assert {path: path.read_bytes() for path in weights.rglob("*.*")} == before


def test_a_whole_training_replaces_what_ships_only_when_asked_to(small, weights, monkeypatch):
    plan = zoo.entry(NAME)
    monkeypatch.setitem(zoo.ENTRIES, NAME, replace(plan, recipe=replace(plan.recipe, epochs=1), seed=3))
    first = zoo.train(NAME)
    assert first == zoo.weights_path(NAME), "a model that is not there yet"
    assert zoo.card(NAME)["seed"] == 3, "the entry's own"
    assert zoo.card(NAME)["command"] == f"latentlib train {NAME}"
    checksum = zoo.card(NAME)["sha256"]
    assert zoo.train(NAME).parents[1].name == "seed3-epochs1"
    assert zoo.train(NAME, seed=5, replace=True) == first
    assert zoo.card(NAME)["sha256"] != checksum


def test_other_images_are_another_training_though_a_finished_checkpoint_lies_there(small, monkeypatch, fashion, capsys):
    path = zoo.train(NAME, epochs=1)
    first = files.sha256(path)
    monkeypatch.setattr(data, "training_images", lambda name: fashion[128:300])
    zoo.train(NAME, epochs=1)
    assert files.sha256(path) != first
    assert zoo.card(NAME, path.parents[1])["images"] == 172
    assert "restoring-mnist-1 is trained from the start" in capsys.readouterr().err
    monkeypatch.setattr(data, "training_images", lambda name: fashion[:128])
    monkeypatch.setattr(training, "batches", lambda *arguments: pytest.fail("the first training is still there"))
    zoo.train(NAME, epochs=1)
    assert files.sha256(path) == first


def test_the_card_of_a_finished_checkpoint_says_who_made_it(small, monkeypatch):
    facts = zoo.card(NAME, zoo.train(NAME, epochs=1).parents[1])
    monkeypatch.setattr(training, "provenance", lambda *arguments: pytest.fail("made before"))
    monkeypatch.setattr("latentlib.provenance.commit", lambda: "later")
    again = zoo.card(NAME, zoo.train(NAME, epochs=1).parents[1])
    assert again == facts


@pytest.mark.parametrize("seed", [-1, 2**32, 2**64])
def test_a_seed_that_torch_takes_for_another_is_refused(small, seed):
    with pytest.raises(ValueError, match=f"seed must be a whole number from 0 to 4294967295, got {seed}"):
        zoo.train(NAME, seed=seed, epochs=1)


def test_weights_of_another_model_with_their_card_are_refused(saved):
    other = zoo.weights_path("restoring/fashion_mnist")
    shutil.copyfile(saved, other)
    shutil.copyfile(saved.with_suffix(".json"), other.with_suffix(".json"))
    with pytest.raises(
        ValueError, match=r"fashion_mnist\.json is the card of restoring/mnist, not of restoring/fashion"
    ):
        zoo.load("restoring/fashion_mnist")


@pytest.mark.parametrize(
    "content", ["null", "[]", "3", '"x"', "{", '{"sha256": "0"}', '{"model": "restoring/mnist"}', ""]
)
def test_a_card_that_is_none_is_refused_in_one_line(saved, content):
    path = saved.with_suffix(".json")
    path.write_text(content)
    with pytest.raises(ValueError, match=f"^{path} is damaged: no card") as error:
        zoo.load(NAME)
    assert "\n" not in str(error.value)


def test_weights_without_their_card_are_not_asked_to_be_trained_again(saved):
    saved.with_suffix(".json").unlink()
    with pytest.raises(ValueError, match=r"the card .*mnist\.json of mnist\.safetensors is missing: fetch") as error:
        zoo.load(NAME)
    assert "train" not in str(error.value)


@pytest.mark.parametrize("there", [True, False])
def test_a_save_cut_short_between_weights_and_card_says_so_and_how_to_mend_it(saved, monkeypatch, there):
    if not there:
        saved.with_suffix(".json").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(storage, "write_card", lambda *arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            zoo.save(NAME, jin_ko.Generator(), FACTS)
    with pytest.raises(ValueError, match=f"cut short between weights and card; `latentlib train {NAME} --replace`"):
        zoo.load(NAME)
    zoo.save(NAME, jin_ko.Generator(), FACTS)
    assert zoo.load(NAME)
    assert sorted(path.name for path in saved.parent.iterdir()) == ["mnist.json", "mnist.safetensors"]


def test_damaged_weights_are_not_taken_for_a_save_cut_short(saved):
    saved.write_bytes(saved.read_bytes()[:-1])
    with pytest.raises(ValueError, match=r"is missing or damaged: .*; fetch the repository again"):
        zoo.load(NAME)


def test_a_young_generator_of_other_images_is_another(small, monkeypatch, fashion):
    first = zoo.young(NAME, 1)
    monkeypatch.setattr(data, "training_images", lambda name: fashion[100:228])
    assert not same(zoo.young(NAME, 1), first)
