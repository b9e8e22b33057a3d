"""Four classes of Fashion-MNIST, from its files and as the sample that ships."""

import pytest
import torch

from latentlib import data
from latentlib.data import loading

NAME = "fashion_lookalikes"
OFFICIAL = torch.tensor([0, 2, 4, 6])  # T-shirt, pullover, coat, shirt in Fashion-MNIST
SPLITS = pytest.mark.parametrize("split", ["train", "test"])


def distinct(images):
    return {image.numpy().tobytes() for image in images}


@pytest.mark.parametrize(("split", "count"), [("train", 40), ("test", 1_000)])
def test_the_sample_holds_the_classes_in_turn(split, count):
    sample = data.bundled(NAME, split)
    assert sample.images.shape == (4 * count, 1, 28, 28)
    assert torch.equal(sample.labels, torch.arange(4).repeat(count))
    assert len(set(sample.index.tolist())) == 4 * count
    assert (sample.images.amin(), sample.images.amax()) == (0, 1)
    assert len(distinct(sample.images)) == 4 * count


def test_the_samples_splits_share_no_image():
    assert not distinct(data.bundled(NAME, "train").images) & distinct(data.bundled(NAME, "test").images)


def test_the_sample_takes_less_than_two_megabytes():
    assert data.card(NAME).sample.stat().st_size < 2_000_000


def test_the_sample_is_read_where_nothing_else_is(offline):
    assert data.extent(NAME) == "sample"
    assert data.load(NAME, "train").origin == "bundled sample"
    with pytest.raises(FileNotFoundError, match=r"four look-alikes \(28,000 images; .*LATENTLIB_DATA/FashionMNIST/raw"):
        data.training_images(NAME)


def test_classes_are_named_as_in_fashion_mnist():
    assert data.card(NAME).classes == tuple(data.card("fashion_mnist").classes[label] for label in OFFICIAL)


@SPLITS
def test_the_whole_is_what_fashion_mnist_holds_of_the_four(split, official):
    part, whole = official(data.load, NAME, split), official(data.load, "fashion_mnist", split)
    rows = torch.isin(whole.labels, OFFICIAL)
    assert len(part) == data.card(NAME).counts[split] == int(rows.sum())
    assert torch.equal(part.images, whole.images[rows])
    assert torch.equal(OFFICIAL[part.labels], whole.labels[rows])
    assert official(data.extent, NAME) == "whole"


@SPLITS
def test_the_index_of_a_sample_is_its_place_in_the_official_file(split, official):
    sample, whole = data.bundled(NAME, split), official(data.load, "fashion_mnist", split)
    assert torch.equal(whole.images[sample.index], sample.images)
    assert torch.equal(whole.labels[sample.index], OFFICIAL[sample.labels])
    if split == "test":
        assert torch.equal(sample.index.sort().values, torch.isin(whole.labels, OFFICIAL).nonzero().ravel())


def test_held_out_images_are_left_out_of_training(monkeypatch):
    train, test = (data.bundled(NAME, split) for split in ("train", "test"))
    monkeypatch.setattr(loading, "load", lambda name, split, sample: train[:5] + test[7:9] + train[5:10])
    assert torch.equal(data.training_images(NAME).images, train.images[:10])


def test_no_official_training_image_is_held_out(official):
    used = official(data.training_images, NAME)
    assert len(used) == data.card(NAME).counts["train"]
    assert not distinct(used.images) & distinct(data.bundled(NAME).images)
