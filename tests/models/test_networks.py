import pytest
import torch
from torch import nn
from torchvision import transforms
from torchvision.models import resnet18

from latentlib.models import gagan, jin_ko
from latentlib.models.judge import Judge

SHAPES = [(1, 28, 28), (3, 32, 32)]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_generator_makes_images_from_zero_to_one(shape, random):
    network = jin_ko.Generator(shape, latent_size=11, hidden=16, channels=(8, 4)).eval()
    images = network(10 * torch.randn(5, 11, generator=random))
    assert images.shape == (5, *shape)
    assert 0 <= images.min() < 0.5 < images.max() <= 1


@pytest.mark.parametrize("shape", SHAPES)
def test_the_discriminator_gives_a_logit_an_image(shape, random):
    assert jin_ko.Discriminator(shape).eval()(torch.rand(5, *shape, generator=random)).shape == (5,)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_judge_gives_features_and_logits(shape, random):
    judge = Judge(shape, classes="abcdefg", features=12).eval()
    images = torch.rand(5, *shape, generator=random)
    assert judge.features(images).shape == (5, judge.num_features) == (5, 12)
    assert torch.equal(judge(images), judge.classify(judge.features(images)))


@pytest.mark.parametrize(
    ("shape", "channels"), [((1, 28, 28), (6, 4)), ((1, 28, 28), (8, 6, 4)), ((3, 64, 64), (9, 7, 5, 3))]
)
def test_a_dcgan_makes_images_and_judges_them(shape, channels, random):
    torch.manual_seed(0)  # of the weights
    generator = gagan.Generator(shape, 11, channels).eval()
    with torch.no_grad():
        generator.layers[-2].weight *= 200
    images = generator(torch.randn(5, 11, generator=random))
    assert images.shape == (5, *shape)
    assert 0 <= images.min() < 0.4 < 0.6 < images.max() <= 1
    discriminator = gagan.Discriminator(shape, channels).eval()
    assert discriminator(images).shape == (5,)
    assert discriminator(images[:1]).shape == (1,)


def kinds(network):
    return [type(layer).__name__ for layer in network.layers]


def test_batch_norm_is_everywhere_but_at_the_image_and_the_output():
    assert kinds(gagan.Generator(channels=(6, 4))) == [
        *("Unflatten", "ConvTranspose2d", "BatchNorm2d", "ReLU", "ConvTranspose2d", "BatchNorm2d", "ReLU"),
        *("ConvTranspose2d", "Tanh"),
    ]
    discriminator = gagan.Discriminator(channels=(6, 4))
    assert kinds(discriminator) == [
        *("Conv2d", "LeakyReLU", "Conv2d", "BatchNorm2d", "LeakyReLU", "Conv2d", "Flatten"),
    ]
    assert {layer.negative_slope for layer in discriminator.layers if isinstance(layer, nn.LeakyReLU)} == {0.2}


def test_a_dcgan_starts_with_small_normal_weights():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = gagan.Generator(channels=(64, 32))
    weights = network.layers[1].weight.detach()
    assert float(weights.std()) == pytest.approx(0.02, rel=0.02)
    assert abs(float(weights.mean())) < 0.001
    assert float(network.layers[2].weight.detach().mean()) == pytest.approx(1, abs=0.02)


def test_sides_that_cannot_be_halved_are_rounded_up():
    assert gagan.sides((1, 28, 28), 3) == [4, 7, 14, 28]
    assert gagan.sides((3, 64, 64), 4) == [4, 8, 16, 32, 64]


@pytest.mark.parametrize("kind", [gagan.Generator, gagan.Discriminator])
def test_images_that_are_not_square_are_refused(kind):
    with pytest.raises(ValueError, match="images must be square, got 28x32"):
        kind((1, 28, 32), channels=(6, 4))


def test_the_digit_recogniser_has_three_convolutions(random):
    network = gagan.DigitRecogniser().eval()
    assert kinds(network).count("Conv2d") == 3
    assert network(torch.rand(5, 1, 28, 28, generator=random)).shape == (5, 10)


def test_the_attribute_recogniser_is_a_resnet_with_a_head(random):
    network = gagan.AttributeRecogniser(("a", "b", "c")).eval()
    assert network(torch.rand(5, 3, 64, 64, generator=random)).shape == (5, 3)
    assert not network.exclusive
    assert {*network.trunk.state_dict()} < {*resnet18().state_dict()}


def test_images_are_scaled_as_imagenet_was(random):
    network = gagan.AttributeRecogniser(("a", "b")).eval()
    images = torch.rand(4, 3, 64, 64, generator=random)
    transform = transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    assert torch.allclose(network(images), network.head(network.trunk(transform(images))), atol=1e-6)
