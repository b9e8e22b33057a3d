import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_training
import torch
from torch import nn

from latentlib import checkpoints, data, training
from latentlib.models import gagan, judge
from latentlib.priors import Normal

RECIPES = [
    training.Supervised(2, batch_size=32),
    training.Supervised(2, batch_size=32, decay=0.9, average=0.9, flip=True, shift=2),
    training.Adversarial(2, batch_size=64, flip=True),
]
BOTH = pytest.mark.parametrize("recipe", RECIPES, ids=["supervised", "averaged", "adversarial"])
pytestmark = pytest.mark.usefixtures("one_thread")


def assert_same_weights(first, second):
    for name, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[name]), name


def losses(history):
    """The history without what the clock says."""
    return [{key: value for key, value in row.items() if key != "seconds"} for row in history]


def moved(first, second):
    """Names of the weights that differ."""
    return {name for name, value in first.state_dict().items() if not torch.equal(value, second.state_dict()[name])}


def test_the_loss_of_a_classifier_falls_and_its_accuracy_rises(fashion, tmp_path):
    networks, history = tiny_training.train(training.Supervised(6, batch_size=32), tmp_path / "c.pt")
    assert len(history) == 6
    assert history[-1]["loss"] < 0.6 * history[0]["loss"]
    classifier = networks["classifier"].eval()
    accuracy = (classifier(fashion.images).argmax(dim=1) == fashion.labels).float().mean()
    assert accuracy > 0.4  # chance: 0.1


def test_both_networks_and_the_average_learn_in_the_adversarial_game(tmp_path):
    recipe = training.Adversarial(1, batch_size=64)
    networks, history = tiny_training.train(recipe, tmp_path / "c.pt")
    assert history[0].keys() == {"loss_d", "loss_g", "seconds"}
    changed = moved(networks, tiny_training.networks(recipe))
    assert {name.split(".")[0] for name in changed} == {"generator", "discriminator", "average"}


def test_the_average_follows_the_generator_as_the_closed_form_says(random):
    average, network = torch.nn.BatchNorm1d(3), torch.nn.BatchNorm1d(3)
    with torch.no_grad():
        network.weight.copy_(torch.tensor([3.0, 4.0, 5.0]))
    network(torch.randn(8, 3, generator=random))
    start = average.weight.clone()
    for _ in range(10):
        training.follow(average, network, 0.9)
    assert torch.allclose(average.weight, network.weight + 0.9**10 * (start - network.weight))
    assert average.num_batches_tracked == network.num_batches_tracked == 1


def test_what_is_kept_of_an_averaged_classifier_comes_first_and_lags_behind(tmp_path):
    recipe = training.Supervised(1, batch_size=32, average=0.9)
    networks, _ = tiny_training.train(recipe, tmp_path / "c.pt")
    start = tiny_training.networks(recipe)
    assert list(networks) == ["average", "classifier"]
    assert_same_weights(start["average"], start["classifier"])
    way = networks["classifier"].classify.weight - start["classifier"].classify.weight
    lag = networks["average"].classify.weight - start["classifier"].classify.weight
    assert 0.1 < float(lag.norm() / way.norm()) < 0.95
    assert moved(networks["average"], start["average"])


def test_the_learning_rate_falls_step_by_step():
    recipe = training.Supervised(1, learning_rate=0.01, decay=0.5)
    step, (optimiser,) = recipe.start(tiny_training.networks(recipe), torch.Generator())
    rates = []
    for _ in range(3):
        rates.append(optimiser.param_groups[0]["lr"])
        step(torch.rand(8, 1, 28, 28), torch.arange(8))
    assert rates == [0.01, 0.005, 0.0025]


def test_renormalised_statistics_are_those_of_the_prior_and_no_weight_moves(random):
    generator = gagan.Generator(latent_size=20, channels=(6, 4))
    before = {name: value.clone() for name, value in generator.named_parameters()}
    drawn = torch.Generator().manual_seed(7)
    latents = [torch.randn(50, 20, generator=drawn) for _ in range(3)]
    training.renormalise(generator, seed=7, count=3, size=50)
    assert all(torch.equal(value, before[name]) for name, value in generator.named_parameters())

    first, norms = generator.layers[:2], [layer for layer in generator.layers if isinstance(layer, nn.BatchNorm2d)]
    values = torch.stack([first(batch) for batch in latents]).detach().double().numpy()  # (3, 50, channels, 4, 4)
    assert norms[0].running_mean.numpy() == pytest.approx(values.mean(axis=(0, 1, 3, 4)), abs=1e-6)
    variance = values.var(axis=(1, 3, 4), ddof=1).mean(axis=0)  # of each batch, as batch norm takes it
    assert norms[0].running_var.numpy() == pytest.approx(variance, rel=1e-4)

    with torch.no_grad():  # normalised by them, the second norm's input is what it was within a batch
        whole = generator.eval().layers[:5](torch.randn(5000, 20, generator=random)).transpose(0, 1).flatten(1)
    assert norms[1].running_mean.numpy() == pytest.approx(whole.mean(dim=1).numpy(), abs=0.1 * float(whole.std()))
    assert norms[1].running_var.numpy() == pytest.approx(whole.var(dim=1).numpy(), rel=0.1)


@pytest.mark.parametrize("shift", [1, 3])
def test_an_image_is_moved_whole_and_its_edges_repeated(shift, random):
    images = torch.rand(200, 2, 7, 9, generator=random)
    seen = set()
    for before, after in zip(images.numpy(), training.varied(images, random, shift=shift).numpy(), strict=True):
        wide = np.pad(before, ((0, 0), (shift, shift), (shift, shift)), mode="edge")
        steps = [(y, x) for y in range(2 * shift + 1) for x in range(2 * shift + 1)]
        (found,) = [(y, x) for y, x in steps if np.array_equal(wide[:, y : y + 7, x : x + 9], after)]
        seen.add(found)
    assert len(seen) > 0.9 * (2 * shift + 1) ** 2


def test_about_half_of_the_images_are_mirrored(random):
    images = torch.rand(400, 3, 6, 5, generator=random)
    made = training.varied(images, random, flip=True)
    same = (made == images).flatten(1).all(dim=1)
    mirrored = (made == images.flip(3)).flatten(1).all(dim=1)
    assert (same ^ mirrored).all()
    assert 150 < int(mirrored.sum()) < 250


def test_images_stay_as_they_are_where_no_variation_is_asked_for(random):
    images = torch.rand(4, 1, 6, 5, generator=random)
    before = random.get_state()
    assert torch.equal(training.varied(images, random), images)
    assert torch.equal(random.get_state(), before)


def test_an_epoch_sees_every_image_once_in_an_order_of_its_own(random):
    images = torch.arange(20.0).view(20, 1, 1, 1)
    epochs = [list(training.batches(images, torch.arange(20), 6, random)) for _ in range(2)]
    for epoch in epochs:
        assert [len(labels) for _, labels in epoch] == [6, 6, 6]
        assert len({int(label) for _, labels in epoch for label in labels}) == 18
        assert all(torch.equal(pixels.flatten().long(), labels) for pixels, labels in epoch)
    assert not torch.equal(epochs[0][0][1], epochs[1][0][1])


@BOTH
def test_interrupted_after_an_epoch_is_uninterrupted(recipe, tmp_path):
    straight, history = tiny_training.train(recipe, tmp_path / "straight.pt")
    _, first = tiny_training.train(replace(recipe, epochs=1), tmp_path / "twice.pt")
    torch.rand(1000)  # whatever happens to the global state in between
    resumed, both = tiny_training.train(recipe, tmp_path / "twice.pt")
    assert losses(first) == losses(history[:1])
    assert losses(both) == losses(history)
    assert both[0]["seconds"] == first[0]["seconds"] > 0  # those of the epoch before the interruption are kept
    assert_same_weights(resumed, straight)


@BOTH
def test_the_seed_decides(recipe, tmp_path):
    recipe = replace(recipe, epochs=1)
    first, again, other = (
        tiny_training.train(recipe, tmp_path / f"{i}.pt", seed)[0] for i, seed in enumerate((0, 0, 1))
    )
    assert_same_weights(first, again)
    assert moved(first, other)


def test_the_callers_randomness_is_left_alone(tmp_path):
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    tiny_training.train(training.Supervised(1, batch_size=128), tmp_path / "c.pt")
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("moment", ["step", "checkpoint"])
def test_killed_and_run_again_is_uninterrupted(moment, tmp_path):
    recipe = training.Supervised(tiny_training.EPOCHS, batch_size=32)
    checkpoint = tmp_path / "killed.pt"
    script = Path(tiny_training.__file__)
    killed = subprocess.run([sys.executable, script, checkpoint, moment], capture_output=True, text=True, timeout=120)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len(torch.load(checkpoint)["history"]) == tiny_training.KILLED_IN_EPOCH - 1
    resumed, _ = tiny_training.train(recipe, checkpoint)
    straight, _ = tiny_training.train(recipe, tmp_path / "straight.pt")
    assert_same_weights(resumed, straight)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["killed.pt", "straight.pt"]


ONE = training.Supervised(1, batch_size=64)


@pytest.fixture
def finished(tmp_path):
    """A checkpoint of one epoch, and the networks that it holds."""
    networks, _ = tiny_training.train(ONE, tmp_path / "c.pt")
    return tmp_path / "c.pt", networks


def again(checkpoint, recipe=ONE, rows=slice(256), seed=0, turned=False):
    """The networks of a training at the same checkpoint, and the number of its epochs that were done now."""
    images = data.bundled("fashion_mnist", "train")[rows]
    networks, steps = tiny_training.networks(recipe), []
    start = type(recipe).start

    def counted(*arguments):
        step, optimisers = start(*arguments)
        return lambda *batch: steps.append(1) or step(*batch), optimisers

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(recipe), "start", counted)
        labels = images.labels.flip(0) if turned else images.labels
        training.run(recipe, networks, images.images, labels, checkpoint, seed)
    return networks, len(steps)


def test_a_finished_checkpoint_is_taken_up(finished, capsys):
    checkpoint, networks = finished
    found, steps = again(checkpoint)
    assert steps == 0
    assert_same_weights(found, networks)
    assert "anew" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "other",
    [
        {"rows": slice(1, 257)},
        {"rows": slice(192)},
        {"turned": True},
        {"seed": 1},
        {"recipe": replace(ONE, learning_rate=1e-3)},
        {"recipe": replace(ONE, shift=1)},
    ],
    ids=["images", "count", "labels", "seed", "learning rate", "shift"],
)
def test_a_finished_checkpoint_of_another_training_is_not_taken_for_this_one(finished, other, tmp_path, capsys):
    checkpoint, _ = finished
    found, steps = again(checkpoint, **other)
    assert steps > 0
    assert f"training starts anew: the checkpoint {checkpoint} cannot be taken up: it is of" in capsys.readouterr().err
    straight, _ = again(tmp_path / "straight.pt", **other)
    assert_same_weights(found, straight)


def test_a_finished_checkpoint_of_other_code_is_not_taken_for_this_training(finished, monkeypatch):
    checkpoint, _ = finished
    monkeypatch.setattr("latentlib.source.digest", lambda *modules: "0" * 16)
    assert again(checkpoint)[1] > 0
    assert again(checkpoint)[1] == 0


def test_a_finished_checkpoint_of_other_first_weights_is_not_taken_for_this_training(finished, monkeypatch):
    checkpoint, _ = finished
    untrained = tiny_training.networks
    monkeypatch.setattr(tiny_training, "networks", lambda recipe: changed(untrained(recipe)))
    assert again(checkpoint)[1] > 0


@pytest.mark.parametrize(
    ("name", "value"), [("classes", tuple("9876543210")), ("prior", Normal()), ("exclusive", False)]
)
def test_a_setting_of_a_network_that_its_weights_do_not_show_makes_another_training(name, value, fashion):
    networks = tiny_training.networks(ONE)
    before = training.identity(ONE, networks, fashion.images, fashion.labels, 0)
    setattr(networks["classifier"], name, value)
    assert training.identity(ONE, networks, fashion.images, fashion.labels, 0) != before


def test_a_training_is_the_same_in_every_mode_and_length(fashion):
    networks = tiny_training.networks(ONE)
    before = training.identity(ONE, networks, fashion.images, fashion.labels, 0)
    longer = replace(ONE, epochs=7)
    assert training.identity(longer, networks.eval(), fashion.images, fashion.labels, 0) == before


def changed(networks):
    with torch.no_grad():
        next(networks.parameters()).mul_(1.5)
    return networks


def one_bit(content):
    place = len(content) // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    "damage",
    [lambda c: c[: len(c) // 2], lambda c: b"", one_bit, lambda c: b"hello", lambda c: b"\x80\x04N."],
    ids=["truncated", "empty", "one bit", "text", "a pickle"],
)
def test_a_damaged_checkpoint_is_reported_and_training_starts_anew(finished, damage, capsys):
    checkpoint, networks = finished
    checkpoint.write_bytes(damage(checkpoint.read_bytes()))
    found, steps = again(checkpoint)
    assert steps > 0
    assert_same_weights(found, networks)
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "anew" in line]
    assert str(checkpoint) in line
    assert again(checkpoint)[1] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda s: s.pop("history"),
        lambda s: s.update(history=[]),
        lambda s: s.update(networks={}),
        lambda s: s["optimisers"].append(s["optimisers"][0]),
        lambda s: s.pop("identity"),
        lambda s: s.update(random=s["random"][:10]),
    ],
    ids=["no history", "empty history", "no weights", "another optimiser", "no identity", "half a random state"],
)
def test_a_checkpoint_that_lacks_something_leaves_no_trace_in_a_training_that_starts_anew(finished, wrong):
    checkpoint, networks = finished
    state = torch.load(checkpoint, weights_only=True)
    wrong(state)
    torch.save(state, checkpoint)
    found, steps = again(checkpoint)
    assert steps > 0
    assert_same_weights(found, networks)


def test_code_in_a_checkpoint_is_not_executed(finished, tmp_path):
    class Evil:
        def __reduce__(self):
            return os.system, (f"touch {tmp_path / 'executed'}",)

    checkpoint, _ = finished
    torch.save({"history": Evil()}, checkpoint)
    assert again(checkpoint)[1] > 0
    assert not (tmp_path / "executed").exists()


def test_a_checkpoint_of_more_epochs_is_kept(finished):
    checkpoint, _ = finished
    before = checkpoint.read_bytes()
    with pytest.raises(ValueError, match=f"{checkpoint} holds 1 epochs, more than the 0 asked for"):
        again(checkpoint, replace(ONE, epochs=0))
    assert checkpoint.read_bytes() == before


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError, "nan"])
def test_what_ends_a_training_leaves_the_epoch_before(stop, tmp_path, monkeypatch):
    recipe, checkpoint = training.Supervised(3, batch_size=64), tmp_path / "c.pt"
    calls, loss = [], judge.Judge.loss

    def breaking(self, images, labels):
        calls.append(1)
        if len(calls) == 6:  # in the second epoch of four steps
            if stop == "nan":
                return loss(self, images, labels) * float("nan")
            raise stop
        return loss(self, images, labels)

    with monkeypatch.context() as patch:
        patch.setattr(judge.Judge, "loss", breaking)
        expected = (ValueError, "losses of epoch 2 are not finite") if stop == "nan" else (stop, None)
        with pytest.raises(expected[0], match=expected[1]):
            again(checkpoint, recipe)
    assert len(torch.load(checkpoint)["history"]) == 1
    resumed, steps = again(checkpoint, recipe)
    assert steps == 8
    assert_same_weights(resumed, again(tmp_path / "straight.pt", recipe)[0])


def test_seconds_add_up_over_sessions(tmp_path):
    _, first = tiny_training.train(ONE, tmp_path / "c.pt")
    _, both = tiny_training.train(replace(ONE, epochs=2), tmp_path / "c.pt")
    _, finished = tiny_training.train(replace(ONE, epochs=2), tmp_path / "c.pt")
    assert sum(row["seconds"] for row in finished) == sum(row["seconds"] for row in both) > first[0]["seconds"]


def test_the_checkpoint_keeps_the_provenance_of_its_beginning(tmp_path, monkeypatch):
    tiny_training.train(ONE, tmp_path / "c.pt")
    made = checkpoints.read(tmp_path / "c.pt")["made"]
    assert made.keys() >= {"seed", "device", "date", "commit", "torch"}
    monkeypatch.setattr("latentlib.provenance.commit", lambda: "later")
    tiny_training.train(replace(ONE, epochs=2), tmp_path / "c.pt")
    assert checkpoints.read(tmp_path / "c.pt")["made"] == made


def test_too_few_images_for_a_batch_are_refused(tmp_path):
    with pytest.raises(ValueError, match="images must be at least 64, got 10"):
        again(tmp_path / "c.pt", rows=slice(10))
