"""What is to be restored."""

import numpy as np
import pytest
import torch

from latentlib import data, zoo
from latentlib.data import loading
from studies.restoring.experiments.targets import background, generated, in_turn, targets_of
from studies.restoring.settings import Settings

GREY = pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist"])


def some(labels, classes=3):
    """Images whose every pixel is their place in the file, of a data set with so many classes."""
    count = len(labels)
    places = torch.arange(count, dtype=torch.float32)[:, None, None, None].expand(-1, 1, 2, 2)
    card = data.Card("toy", "", "", "", "", (1, 2, 2), {}, tuple("abcdefghij"[:classes]), "", "", {})
    return data.Images(places, torch.tensor(labels), torch.arange(count), card, "test", "here")


def places(images):
    return images[:, 0, 0, 0].int().tolist()


@GREY
@pytest.mark.parametrize("split", ["test", "train"])
@pytest.mark.parametrize("scale", ["smoke", "paper"])
def test_grey_targets_are_the_first_that_ship_at_every_scale(dataset, split, scale):
    targets = targets_of(Settings(dataset, scale, targets=20), split)
    assert torch.equal(targets, data.bundled(dataset, split).images[:20])
    assert data.bundled(dataset, split).labels[:20].tolist() == [*range(10), *range(10)]


@GREY
def test_as_many_targets_as_the_settings_say(dataset):
    assert targets_of(Settings(dataset, "quick")).shape == (8, 1, 28, 28)
    assert targets_of(Settings(dataset, "quick", targets=1)).shape == (1, 1, 28, 28)


@GREY
def test_held_out_targets_and_those_of_training_are_other_images(dataset):
    test, train = (targets_of(Settings(dataset, "paper", targets=64), split) for split in ("test", "train"))
    assert len(test) == len(train) == 64
    assert not {image.numpy().tobytes() for image in test} & {image.numpy().tobytes() for image in train}


def test_generated_targets_are_the_images_of_their_latents():
    latents, images = generated(Settings("mnist", "smoke", targets=5))
    assert latents.shape == (5, 100)
    assert images.shape == (5, 1, 28, 28)
    assert (images - zoo.load("restoring/mnist")(latents)).abs().max() < 2e-5, "the plain generator agrees"
    assert 0 <= images.min() < images.max() <= 1


def test_latents_of_generated_targets_are_standard_normal():
    latents, _ = generated(Settings("mnist", "smoke", targets=400))
    assert abs(float(latents.mean())) < 0.02
    assert abs(float(latents.std()) - 1) < 0.02
    assert len(torch.unique(latents, dim=0)) == 400


def test_the_seed_alone_chooses_the_generated_targets():
    first, other = (generated(Settings("mnist", "smoke", seed=seed, targets=2))[0] for seed in (0, 1))
    assert torch.equal(first, generated(Settings("mnist", "paper", targets=2, generations=3))[0])
    assert not torch.equal(first, other)


@pytest.mark.parametrize("dataset", ["cifar10", "celeba"])
def test_at_paper_scale_colour_targets_need_the_real_images(dataset, monkeypatch):
    monkeypatch.setattr(loading, "downloaded", lambda card: False)
    with pytest.raises(FileNotFoundError, match=f"{data.card(dataset).title} .*LATENTLIB_DATA"):
        targets_of(Settings(dataset, "paper"))


@pytest.mark.parametrize("split", ["test", "train"])
def test_at_paper_scale_colour_targets_are_real_images_with_the_classes_in_turn(shared_data, monkeypatch, split):
    monkeypatch.setenv("LATENTLIB_DATA", str(shared_data))
    targets = targets_of(Settings("cifar10", "paper", targets=23), split)
    with np.load(shared_data / "cifar10" / "cifar10_16k_2k.npz") as arrays:
        images, labels = arrays[f"x_{split}"], arrays[f"y_{split}"]
    rows = [np.flatnonzero(labels == target % 10)[target // 10] for target in range(23)]
    assert np.array_equal((targets * 255).round().byte().permute(0, 2, 3, 1).numpy(), images[rows])


def test_the_classes_take_turns_each_in_the_order_of_the_file():
    images = some([2, 2, 0, 1, 1, 0, 2, 0, 1])
    assert places(in_turn(images)) == [2, 3, 0, 5, 4, 1, 7, 8, 6]


def test_the_turns_end_with_the_smallest_class():
    assert places(in_turn(some([2, 2, 0, 1, 0, 2, 0]))) == [2, 3, 0]


def test_background_is_the_share_of_pixels_that_are_dark():
    grey = torch.zeros(3, 1, 4, 5)
    grey[1, 0, 0, :3] = 0.06
    grey[2] = 1
    assert background(grey).tolist() == pytest.approx([1, 17 / 20, 0])


@pytest.mark.parametrize(("value", "share"), [(0, 1), (0.049, 1), (0.051, 0), (1, 0)])
def test_a_pixel_below_a_twentieth_is_dark(value, share):
    assert background(torch.full((1, 1, 2, 2), float(value))).tolist() == [share]


@pytest.mark.parametrize(("colour", "share"), [((0.12, 0, 0), 1), ((0, 0.18, 0), 0), ((0.1, 0.1, 0.1), 0)])
def test_a_coloured_pixel_is_as_dark_as_the_mean_of_its_channels(colour, share):
    image = torch.tensor(colour)[None, :, None, None].expand(1, 3, 6, 6)
    assert background(image).tolist() == [share]


def test_digits_lie_on_a_dark_ground_and_clothes_fill_more_of_theirs():
    digits, clothes = (background(data.bundled(name).images) for name in ("mnist", "fashion_mnist"))
    assert digits.mean() > 0.75 > 0.6 > clothes.mean()
