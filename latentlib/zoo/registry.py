"""The models of the zoo: what each is built of, and the recipe that trains it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from torch import nn

from latentlib import data, training
from latentlib.models import gagan, jin_ko, judge


@dataclass(frozen=True)
class Entry:
    """How a model of the zoo is built and trained.

    Args:
        build: the untrained network.
        dataset: name of the data set it is trained on.
        recipe: how.
        about: one sentence for the card.
        rival: a generator's untrained discriminator.
        warm_up: gives the untrained network better first weights, and says what it did in a sentence for the card.
        seed: of weights, order and latents; models of one recipe that differ in it are replicates.
    """

    build: Callable[[], nn.Module]
    dataset: str
    recipe: training.Recipe
    about: str
    rival: Callable[[], nn.Module] | None = None
    warm_up: Callable[[Any], str] | None = None
    seed: int = 0


def restoring(dataset: str, epochs: int) -> Entry:
    """The generator of chapter `restoring` on a data set."""
    shape, about = data.card(dataset).shape, "Generator of Jin & Ko 2020, section III-B."
    recipe = training.Adversarial(epochs)
    return Entry(partial(jin_ko.Generator, shape), dataset, recipe, about, partial(jin_ko.Discriminator, shape))


def desired_images(
    dataset: str, channels: tuple[int, ...], recipe: training.Adversarial, uniform: bool = False
) -> Entry:
    """The generator of chapter `desired_images` on a data set; its discriminator has half as many channels."""
    shape = data.card(dataset).shape
    about = "DCGAN of Li et al. (GAGAN), section IV-A" + ", fed from U[0, 1] (section IV-C)" * uniform + "."
    rival = partial(gagan.Discriminator, shape, channels=tuple(width // 2 for width in channels))
    build = partial(gagan.Generator, shape, channels=channels, uniform=uniform)
    return Entry(build, dataset, recipe, about, rival)


def judging(dataset: str, recipe: training.Supervised, **options: Any) -> Entry:
    """The judge of a data set."""
    card = data.card(dataset)
    build = partial(judge.Judge, card.shape, card.classes, card.exclusive, **options)
    return Entry(build, dataset, recipe, "Classifier that judges generated images; never a fitness.")


RECOGNISER = "Recogniser of Li et al. (GAGAN), section IV-A: the fitness of chapter `desired_images`."
ENTRIES = {
    **{
        f"restoring/{name}": restoring(name, epochs)
        for name, epochs in {"mnist": 20, "fashion_mnist": 20, "cifar10": 30, "celeba": 60}.items()
    },
    **{
        f"desired_images/{name}": desired_images(
            "mnist", (256, 128, 64), training.Adversarial(25, batch_size=128, renormalise=True), uniform
        )
        for name, uniform in {"mnist": False, "mnist_uniform": True}.items()
    },
    "recogniser/mnist": Entry(
        gagan.DigitRecogniser,
        "mnist",
        training.Supervised(12, learning_rate=3e-3, decay=0.999, average=0.99, shift=2),
        RECOGNISER,
    ),
    "desired_images/celeba64": desired_images(
        "celeba64", (256, 128, 64, 32), training.Adversarial(50, flip=True, renormalise=True)
    ),
    "recogniser/celeba64": Entry(
        partial(gagan.AttributeRecogniser, data.card("celeba64").classes),
        "celeba64",
        training.Supervised(14, decay=0.997, average=0.98, flip=True, shift=3),
        RECOGNISER,
        warm_up=gagan.warm_up,
    ),
    **{
        f"judge/{name}": judging(name, training.Supervised(epochs))
        for name, epochs in {"mnist": 6, "fashion_mnist": 6, "cifar10": 10, "celeba": 10}.items()
    },
    "judge/celeba64": judging(
        "celeba64",
        training.Supervised(14, decay=0.997, average=0.98, flip=True, shift=3),
        channels=(16, 32, 64, 64),
    ),
}


def entry(name: str) -> Entry:
    """The entry of a model; ValueError names the known ones."""
    if name not in ENTRIES:
        raise ValueError(f"model must be one of {', '.join(ENTRIES)}, got {name!r}")
    return ENTRIES[name]
