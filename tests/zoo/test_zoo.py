import shutil

import pytest
import torch
from tiny_card import FACTS, KEYS, NAME

from latentlib import data, files, zoo
from latentlib.models import jin_ko
from latentlib.zoo import storage


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


@pytest.mark.parametrize("read", [zoo.load, zoo.card, zoo.entry])
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


@pytest.mark.parametrize(
    ("dataset", "names"),
    [
        ("cifar10", ("judge/cifar10",)),
        ("mnist", ("judge/mnist", "judge/mnist_seed1", "judge/mnist_seed2")),
        ("lfw", ("judge/celeba64", "judge/celeba64_seed1", "judge/celeba64_seed2", "judge/celeba64_seed3")),
    ],
)
def test_judges_are_all_of_a_data_set_or_of_the_one_that_stands_for_it(dataset, names):
    assert zoo.judges(dataset) == names
    assert zoo.load_judge(dataset).classes == zoo.load(names[0]).classes
    assert zoo.load_judge(dataset).features(torch.rand(2, *data.card(dataset).shape)).isfinite().all()


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
