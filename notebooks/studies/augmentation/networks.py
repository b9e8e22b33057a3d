"""Networks trained within an experiment: GANs of a few images, and classifiers."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, repeat

import torch
from torch import Tensor, nn
from torch.nn import functional

from latentlib.models import gagan
from latentlib.models.inference import folded
from latentlib.models.judge import Judge
from latentlib.randomness import seeded
from latentlib.study.training import recipes
from latentlib.study.training.augment import DiffAugment

RECIPE = recipes.Adversarial(1, batch_size=20, learning_rate=5e-4, average=0.99)  # looked at on draws set aside
LATENTS = 100  # genes of a latent vector
CHANNELS, RIVAL = (64, 32), (32, 16)  # of the generator and the discriminator
CLASSIFIER = (16, 32, 32)  # channels of its convolutions
BATCH, RATE = 32, 2e-3  # of a classifier
TURN, SHIFT = 0.17, 0.14  # classical augmentation: ten degrees, and two pixels of 28 in units of half a side


@dataclass(frozen=True)
class Gan:
    """A trained pair: a generator in its fast form, and its discriminator."""

    generator: nn.Module
    discriminator: nn.Module

    def images(self, count: int, seed: int) -> Tensor:
        """Return images (count, channels, side, side) of random latents."""
        return self.of(torch.randn(count, LATENTS, generator=seeded(seed)))

    @torch.no_grad()
    def of(self, latents: Tensor) -> Tensor:
        """Return the images (n, channels, side, side) of latents (n, genes), or of a set's genome (n * genes,)."""
        device = next(self.generator.parameters()).device
        made: Tensor = self.generator(latents.view(-1, LATENTS).to(device))
        return made


def gan(images: Tensor, steps: int, seed: int, augmented: bool = False) -> Gan:
    """Train a small DCGAN on images (n, channels, side, side); the page does not say which network it used.

    Args:
        images: at least one; batches are of 20 images, or of all if there are fewer.
        steps: of both networks.
        seed: of weights, order and latents.
        augmented: whether the discriminator sees everything through `DiffAugment`.
    """
    shape, random = shape_of(images), seeded(seed)
    recipe = replace(RECIPE, batch_size=min(RECIPE.batch_size, len(images)))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        generator = gagan.Generator(shape, LATENTS, CHANNELS)
        judge = gagan.Discriminator(shape, channels=RIVAL)
        rival = DiffAugment(judge) if augmented else judge
        average = trained(generator, rival, recipe, (images, images.new_zeros(len(images))), steps, random)
    recipes.renormalise(average, seed, count=10)
    return Gan(folded(average.eval()), rival.eval().requires_grad_(False))


def trained(
    generator: nn.Module,
    rival: nn.Module,
    recipe: recipes.Adversarial,
    data: tuple[Tensor, Tensor],
    steps: int,
    random: torch.Generator,
    tell: Callable[[Tensor], None] = lambda labels: None,
) -> nn.Module:
    """Train a generator against a discriminator, and return the running average of the generator.

    Args:
        generator: from latents to images.
        rival: the discriminator.
        recipe: says what a step is, and how many images it takes.
        data: images (n, channels, side, side) and labels (n,), on the device to train on.
        steps: of both networks.
        random: draws batches and latents.
        tell: hears the labels of a batch before its step.
    """
    pair = {"average": copy.deepcopy(generator), "generator": generator, "discriminator": rival}
    networks = nn.ModuleDict(pair).to(data[0].device).train()
    step, _ = recipe.start(networks, random)
    for batch, truth in islice(rounds(*data, recipe.batch_size, random), steps):
        tell(truth)
        step(batch, truth)
    return networks["average"]


def rounds(images: Tensor, labels: Tensor, size: int, random: torch.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield batches for ever, in a new order each round."""
    for _ in repeat(None):
        yield from recipes.batches(images, labels, size, random)


def classifier(
    images: Tensor,
    labels: Tensor,
    classes: tuple[str, ...],
    steps: int,
    seed: int,
    vary: Callable[[Tensor, torch.Generator], Tensor] | None = None,
) -> Judge:
    """Train a small convolutional classifier with Adam.

    Args:
        images: (n, channels, side, side); batches are of 32 images, or of all if there are fewer.
        labels: (n,).
        classes: names of the classes.
        steps: of Adam.
        seed: of weights, order and dropout.
        vary: what becomes of a batch of images before each step.
    """
    random = seeded(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = Judge(shape_of(images), classes, channels=CLASSIFIER).to(images.device).train()
        optimiser = torch.optim.Adam(network.parameters(), RATE)
        for batch, truth in islice(rounds(images, labels, min(BATCH, len(images)), random), steps):
            loss = network.loss(vary(batch, random) if vary else batch, truth)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return network.eval().requires_grad_(False)


def shape_of(images: Tensor) -> tuple[int, int, int]:
    """Return the shape (channels, height, width) of images (n, channels, height, width)."""
    channels, height, width = images.shape[1:]
    return channels, height, width


def classical(images: Tensor, random: torch.Generator) -> Tensor:
    """Return images mirrored, turned by at most ten degrees and shifted by at most two pixels of 28, at random."""
    count = len(images)
    flips = torch.randint(0, 2, (count,), generator=random) * 2.0 - 1
    turns, right, down = torch.rand(3, count, generator=random) * 2 - 1
    cosine, sine = (turns * TURN).cos(), (turns * TURN).sin()
    rows = [
        torch.stack([flips * cosine, -sine, right * SHIFT], 1),
        torch.stack([flips * sine, cosine, down * SHIFT], 1),
    ]
    grid = functional.affine_grid(torch.stack(rows, 1).to(images.device), list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)
