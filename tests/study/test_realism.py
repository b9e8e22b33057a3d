"""Realism against a closed form, and on sets whose answer is known."""

import numpy as np
import pytest
import torch

from latentlib import data, zoo
from latentlib.models.classifier import Classifier
from latentlib.models.judge import Judge
from latentlib.study import realism


@pytest.fixture(scope="module")
def judge():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Judge().eval().requires_grad_(False)


def test_fid_equals_the_closed_form_of_two_normal_distributions(judge):
    first, second = data.bundled("mnist").images, data.bundled("fashion_mnist").images
    a, b = (judge.features(images).double().numpy() for images in (first, second))
    n = len(a)  # the trace of the root of two covariances' product is a nuclear norm of the centred features
    cross = np.linalg.norm((a - a.mean(0)) @ (b - b.mean(0)).T, "nuc") / (n - 1)
    expected = ((a.mean(0) - b.mean(0)) ** 2).sum() + a.var(0, ddof=1).sum() + b.var(0, ddof=1).sum() - 2 * cross
    assert realism.fid(judge, first, second) == pytest.approx(expected, rel=1e-3)


def test_fid_of_a_set_with_itself_is_zero(judge):
    images = data.bundled("mnist").images
    assert realism.fid(judge, images, images) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_the_trained_judge_knows_the_classes(name):
    sample = data.bundled(name, "test")
    likely = realism.probabilities(zoo.load_judge(name), sample.images).argmax(dim=1)
    assert float((likely == sample.labels).float().mean()) > (0.98 if name == "mnist" else 0.88)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_the_generator_draws_every_class(name):
    images = realism.sample(zoo.load_generator(f"restoring/{name}"), 1000, seed=1)
    counts = realism.probabilities(zoo.load_judge(name), images).argmax(dim=1).bincount(minlength=10)
    assert int(counts.min()) >= 30, f"a class is nearly missing: {counts.tolist()} of 1000"


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_the_card_tells_the_realism_that_can_be_measured_again(name):
    quality = zoo.card(f"restoring/{name}")["quality"]
    images = realism.sample(zoo.load_generator(f"restoring/{name}"), quality["images"], seed=0)
    sure = realism.probabilities(zoo.load_judge(name), images).max(dim=1).values > realism.SURE
    assert float(sure.float().mean()) == pytest.approx(quality["confident_share"], abs=0.002)
    assert quality["fid"] > quality["fid_real"] >= 0


class Given(Classifier):
    """Its images, one pixel a class, are its logits."""

    def forward(self, images):
        return images.flatten(1)


def test_a_judge_of_attributes_is_sure_if_it_is_of_every_one():
    likely = torch.tensor([[0.95, 0.02], [0.95, 0.5], [0.2, 0.99]])
    assert realism.sure(Given("ab", exclusive=False), likely).tolist() == [True, False, False]
    assert realism.sure(Given("ab"), torch.tensor([[0.95, 0.05], [0.6, 0.4]])).tolist() == [True, False]


@pytest.mark.parametrize(("first", "second"), [(1, 1), (0, 5), (5, 1), (1, 500)])
def test_too_few_images_for_a_covariance_are_refused(first, second, random):
    features = [torch.randn(count, 64, generator=random) for count in (first, second)]
    with pytest.raises(
        ValueError, match=rf"a covariance needs at least 2 images of each kind, got \({min(first, second)}, 64\)"
    ):
        realism.frechet(*features)


def test_two_images_are_enough_for_a_number(random):
    first, second = (torch.randn(2, 64, generator=random) for _ in range(2))
    assert np.isfinite(realism.frechet(first, second))
    assert realism.frechet(first, first) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_features_that_are_not_finite_are_refused(bad, random):
    first, second = (torch.randn(20, 8, generator=random) for _ in range(2))
    second[3, 4] = bad
    with pytest.raises(ValueError, match="features must be finite"):
        realism.frechet(first, second)


def test_features_of_two_sizes_are_refused(random):
    with pytest.raises(ValueError, match="features must be of one size, got 8 and 9"):
        realism.frechet(torch.randn(20, 8, generator=random), torch.randn(20, 9, generator=random))


def test_fid_of_one_image_is_refused_in_words(judge):
    with pytest.raises(ValueError, match="needs at least 2 images"):
        realism.fid(judge, data.bundled("mnist").images, data.bundled("mnist").images[:1])


def test_kid_is_the_unbiased_kernel_distance_pair_by_pair():
    made, real = torch.rand(5, 3).double(), 4 * torch.rand(7, 3).double()
    scale = float(real.square().mean().sqrt())

    def kernel(x, y):
        return (float(sum(a * b for a, b in zip(x.tolist(), y.tolist(), strict=True))) / scale**2 / 3 + 1) ** 3

    def within(rows):
        pairs = [kernel(rows[i], rows[j]) for i in range(len(rows)) for j in range(len(rows)) if i != j]
        return sum(pairs) / len(pairs)

    across = [kernel(x, y) for x in made for y in real]
    expected = within(made) + within(real) - 2 * sum(across) / len(across)
    assert realism.kid(made, real) == pytest.approx(expected)
    assert realism.kid(7 * made, 7 * real) == pytest.approx(expected), "the unit of features does not matter"
    with pytest.raises(ValueError, match="at least 2 images of each kind, got 1 and 7"):
        realism.kid(made[:1], real)


def test_kid_of_one_distribution_is_zero_on_average(random):
    values = [realism.kid(*torch.randn(2, 40, 4, generator=random)) for _ in range(200)]
    mean, error = torch.tensor(values).mean(), torch.tensor(values).std() / 200**0.5
    assert abs(mean) < 4 * error
    assert realism.kid(torch.randn(40, 4, generator=random) + 2, torch.randn(40, 4, generator=random)) > 10 * abs(mean)
