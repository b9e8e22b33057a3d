"""What a discriminator of few images sees of them."""

import pytest
import torch
from torch import nn

from latentlib.study.training.augment import DiffAugment, coloured, cut_out, shifted

COUNT = 400


class Seen(nn.Module):
    """A discriminator that keeps what it is shown and returns its means."""

    def __init__(self):
        super().__init__()
        self.images = None

    def forward(self, images):
        self.images = images
        return images.mean(dim=(1, 2, 3))


@pytest.fixture(autouse=True)
def pinned():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def spot(count=COUNT, height=16, width=24):
    """Black images (count, 2, height, width) with one bright pixel in the middle."""
    images = torch.zeros(count, 2, height, width)
    images[:, :, height // 2, width // 2] = 1
    return images


def test_images_pass_as_they_are_in_evaluation_and_varied_in_training():
    network, images = DiffAugment(Seen()), torch.rand(6, 3, 16, 16)
    assert torch.equal(network.eval()(images), images.mean(dim=(1, 2, 3)))
    assert network.discriminator.images is images
    assert network.train()(images).shape == (6,)
    assert network.discriminator.images.shape == images.shape
    assert (network.discriminator.images != images).flatten(1).any(dim=1).all()


def test_gradients_pass_to_what_is_not_hidden():
    images = torch.rand(50, 1, 16, 16, requires_grad=True)
    DiffAugment(Seen()).train()(images).sum().backward()
    assert images.grad.isfinite().all()
    share = (images.grad != 0).float().mean()
    assert share > 0.9, "a shift of the mean reaches every pixel"
    plain = torch.rand(50, 1, 16, 16, requires_grad=True)
    cut_out(shifted(plain)).sum().backward()
    assert set(plain.grad.unique().tolist()) <= {0.0, 1.0}
    assert 0.5 < plain.grad.mean() < 0.95


def test_brightness_and_contrast_vary_by_a_quarter_and_a_half():
    images = torch.rand(COUNT, 1, 8, 8)
    varied = coloured(images)
    added = varied.mean(dim=(1, 2, 3)) - images.mean(dim=(1, 2, 3))
    factor = varied.std(dim=(1, 2, 3)) / images.std(dim=(1, 2, 3))
    for found, low, high in ((added, -0.25, 0.25), (factor, 0.5, 1.5)):
        assert low - 1e-5 <= found.min() < low + 0.02
        assert high - 0.02 < found.max() <= high + 1e-5
    assert abs(torch.corrcoef(torch.stack([added, factor]))[0, 1]) < 0.15


def test_shifts_are_by_whole_pixels_up_to_an_eighth_of_each_side():
    moved = shifted(spot())
    assert torch.equal(moved[:, 0], moved[:, 1])
    assert (moved.flatten(2).sum(dim=2) == 1).all()
    rows, columns = moved[:, 0].amax(dim=2).argmax(dim=1) - 8, moved[:, 0].amax(dim=1).argmax(dim=1) - 12
    assert set(rows.tolist()) == set(range(-2, 3))
    assert set(columns.tolist()) == set(range(-3, 4))


def test_shifts_leave_black_edges():
    moved = shifted(torch.ones(COUNT, 1, 16, 24))[:, 0]
    white = moved.amax(dim=2).sum(dim=1), moved.amax(dim=1).sum(dim=1)
    assert set(white[0].tolist()) == {14, 15, 16}
    assert set(white[1].tolist()) == {21, 22, 23, 24}
    assert torch.equal(moved.sum(dim=(1, 2)), white[0] * white[1]), "what is white is one rectangle"


def test_cut_outs_are_rectangles_of_half_the_sides_that_may_reach_beyond_the_edges():
    dark = 1 - cut_out(torch.ones(4 * COUNT, 2, 16, 24))
    assert torch.equal(dark[:, 0], dark[:, 1])
    height, width = dark[:, 0].amax(dim=2).sum(dim=1), dark[:, 0].amax(dim=1).sum(dim=1)
    assert torch.equal(dark[:, 0].sum(dim=(1, 2)), height * width)
    assert set(height.tolist()) == set(range(4, 9))
    assert set(width.tolist()) == set(range(6, 13))
    assert (dark.mean(dim=0) > 0.05).all(), "every pixel is hidden in some images"


def test_real_and_generated_images_are_varied_alike_but_not_equally():
    images, network = torch.rand(1, 1, 16, 16).expand(COUNT, -1, -1, -1), DiffAugment(Seen()).train()
    sides = []
    for _ in range(2):
        network(images)
        sides.append(network.discriminator.images.flatten(1))
    real, fake = sides
    assert not torch.equal(real, fake)
    error = (real.var(dim=0) / COUNT + fake.var(dim=0) / COUNT).sqrt()
    assert ((real.mean(dim=0) - fake.mean(dim=0)).abs() / error).mean() < 1.2
    assert real.std() == pytest.approx(float(fake.std()), rel=0.05)
