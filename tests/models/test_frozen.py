"""Frozen networks: a copy in place of what still learns, and training mode found wherever it hides."""

import functools

import pytest
import torch
from torch import nn

from latentlib.models.frozen import frozen, home


def network():
    return nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))


def test_what_is_frozen_already_is_not_copied():
    mine = network().eval().requires_grad_(False)
    assert frozen(mine) is mine
    assert frozen(mine, "cpu") is mine


@pytest.mark.parametrize(
    "unsettle",
    [
        lambda module: module.train(),
        lambda module: module.requires_grad_(True),
        lambda module: module[1].train(),
        lambda module: module[0].weight.requires_grad_(True),
    ],
    ids=["training", "learning", "a part in training", "a weight that learns"],
)
def test_what_is_not_is_copied_and_left_as_it_was(unsettle):
    mine = network().eval().requires_grad_(False)
    unsettle(mine)
    before = [(part.training) for part in mine.modules()], [weights.requires_grad for weights in mine.parameters()]
    copied = frozen(mine)
    latents = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    mean = mine[1].running_mean.clone()
    images = copied(latents)
    assert torch.allclose(images[:1], copied(latents[:1]), atol=1e-6)
    assert not images.requires_grad
    assert torch.equal(mine[1].running_mean, mean)
    assert before == (
        [(part.training) for part in mine.modules()],
        [weights.requires_grad for weights in mine.parameters()],
    )
    assert not copied.training
    with torch.no_grad():
        mine[0].weight.zero_()
    assert torch.equal(copied(latents), images)


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning", "ignore::DeprecationWarning")
def test_old_norms_and_scripts_are_copied_too():
    latents = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    normed = nn.Sequential(nn.utils.spectral_norm(nn.Linear(4, 4)), nn.utils.weight_norm(nn.Linear(4, 2)))
    normed(latents)
    copied = frozen(normed)
    assert torch.allclose(copied(latents), normed.eval()(latents), atol=1e-6)
    scripted = torch.jit.trace(network().eval(), latents)
    assert not frozen(scripted)(latents).requires_grad


HIDDEN = network()  # in training mode, by a global name


class Holder:
    def __init__(self, module):
        self.module = module

    def sample(self, latents):
        return self.module(latents)

    __call__ = sample


class Wrapped(nn.Module):
    def __init__(self, module):
        super().__init__()
        self.call = lambda latents: module(latents)

    def forward(self, latents):
        return self.call(latents)


class Global(nn.Module):
    def forward(self, latents):
        return HIDDEN(latents)


HIDING = {
    "closure": lambda module: lambda latents: module(latents),
    "list in a closure": lambda module: (lambda parts: lambda latents: parts[0](latents))([module]),
    "default": lambda module: lambda latents, made_by=module: made_by(latents),
    "partial": lambda module: functools.partial(lambda made_by, latents: made_by(latents), module),
    "method of a module": lambda module: module.forward,
    "method of an object": lambda module: Holder(module).sample,
    "object": Holder,
    "function in a function": lambda module: lambda latents: (lambda: module(latents))(),
    "no_grad": lambda module: torch.no_grad()(lambda latents: module(latents)),
    "module": lambda module: Wrapped(module).eval(),
}


@pytest.mark.parametrize("place", HIDING)
def test_training_mode_is_found_wherever_it_hides(place):
    module = network()
    hiding = HIDING[place](module)
    with pytest.raises(ValueError, match=r"a Sequential in training mode hides in .*: call its eval\(\)"):
        frozen(hiding)
    module.eval()
    assert frozen(hiding) is hiding
    module[1].train()
    with pytest.raises(ValueError, match="in training mode hides"):
        frozen(hiding)


def test_global_names_are_looked_up():
    HIDDEN.train()
    for hiding in (lambda latents: HIDDEN(latents), lambda latents: (lambda: HIDDEN(latents))(), Global().eval()):
        with pytest.raises(ValueError, match="in training mode hides"):
            frozen(hiding)
    HIDDEN.eval()
    for hiding in (lambda latents: HIDDEN(latents), Global().eval()):
        assert frozen(hiding) is hiding


def test_what_cannot_be_copied_says_so():
    mine = network()
    mine.lines = (line for line in "abc")
    with pytest.raises(ValueError, match=r"cannot be copied .*module\.eval\(\)\.requires_grad_\(False\)"):
        frozen(mine)
    assert frozen(mine.eval().requires_grad_(False)) is mine


def test_home_is_where_the_weights_are():
    module = network().double()
    assert home(lambda latents: module(latents)) == (torch.device("cpu"), torch.float64)
    assert home(torch.tanh) == (torch.device("cpu"), torch.float32)
