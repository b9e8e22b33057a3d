import pytest
import torch
from torch import nn

from latentlib.models import adapt, jin_ko
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


@pytest.mark.parametrize("tanh", [True, False])
@pytest.mark.parametrize("spatial", [True, False])
def test_a_generator_of_other_habits_is_adapted(tanh, spatial, random):
    layers = [nn.ConvTranspose2d(6, 3, 8)] if spatial else [nn.Linear(6, 3 * 8 * 8), nn.Unflatten(1, (3, 8, 8))]
    network = nn.Sequential(*layers, nn.Tanh() if tanh else nn.Sigmoid()).train()
    adapted = adapt(network, 6, tanh=tanh, spatial=spatial)
    latents = torch.randn(4, 6, generator=random)
    raw = network(latents[:, :, None, None] if spatial else latents)
    assert torch.allclose(adapted(latents), raw * 0.5 + 0.5 if tanh else raw)
    assert adapted.latent_size == 6
    assert not network.training
    assert not any(parameter.requires_grad for parameter in adapted.parameters())
