"""Plans: how each model of the zoo was trained and can be trained again."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn

from latentlib import data, zoo
from latentlib.models import fernandes, gagan, jin_ko
from latentlib.study.training.recipes import Adversarial, Recipe, Supervised


@dataclass(frozen=True)
class Plan(zoo.Entry):
    """A model of the zoo, how to build it and how to train it.

    Args:
        recipe: what to do with a batch, and how often.
        rival: makes a generator's untrained discriminator.
        warm_up: gives the untrained network better first weights, and describes in a sentence for the card what it did.
        seed: of weights, order and latents; models of one recipe that differ in their seeds are replicates.
    """

    recipe: Recipe = field(kw_only=True)
    rival: Callable[[], nn.Module] | None = field(default=None, kw_only=True)
    warm_up: Callable[[Any], str] | None = field(default=None, kw_only=True)
    seed: int = field(default=0, kw_only=True)


def planned(name: str, recipe: Recipe, **options: Any) -> Plan:
    """Return the plan of a model; the options are the other fields of `Plan`."""
    return Plan(**vars(zoo.entry(name)), recipe=recipe, **options)


def restoring(dataset: str, epochs: int) -> Plan:
    """Return the plan of a generator of chapter `restoring`."""
    rival = partial(jin_ko.Discriminator, data.card(dataset).shape)
    return planned(f"restoring/{dataset}", Adversarial(epochs), rival=rival)


def desired_images(dataset: str, channels: tuple[int, ...], recipe: Adversarial, kind: str = "") -> Plan:
    """Return the plan of a generator of chapter `desired_images`, whose rival has half as many channels."""
    halved = tuple(width // 2 for width in channels)
    rival = partial(gagan.Discriminator, data.card(dataset).shape, channels=halved)
    return planned(f"desired_images/{dataset}{kind}", recipe, rival=rival)


def listed(dataset: str, recipe: Adversarial, narrowed: int = 1) -> Plan:
    """Return the plan of a generator of chapter `diversity`, whose rival is narrowed likewise."""
    channels = tuple(width // narrowed for width in (32, 64, 128, 256))
    rival = partial(fernandes.Discriminator, data.card(dataset).shape, channels)
    return planned(f"diversity/{dataset}", recipe, rival=rival)


def warm_up(recogniser: gagan.AttributeRecogniser) -> str:
    """Give the trunk the weights of an ImageNet ResNet-18 if torch's cache holds one, and report what was done."""
    found = sorted(Path(torch.hub.get_dir(), "checkpoints").glob("resnet18-*.pth"))
    if not found:
        return "No ResNet lay in torch's cache: the trunk was trained from scratch."
    ours, theirs = recogniser.trunk.state_dict(), torch.load(found[0], weights_only=True, map_location="cpu")
    recogniser.trunk.load_state_dict({name: theirs[name] for name in ours})
    return f"The trunk began with the ImageNet weights {found[0].name}."


DIGITS = (256, 128, 64), Adversarial(25, batch_size=128, renormalise=True)
LISTED = Adversarial(
    4, batch_size=32, renormalise=True
)  # Table 1, but for 200 and 800 epochs: half an hour on one core
FACES = Supervised(14, decay=0.997, average=0.98, flip=True, shift=3)
FIRST = {
    **{
        f"restoring/{dataset}": restoring(dataset, epochs)
        for dataset, epochs in {"mnist": 20, "fashion_mnist": 20, "cifar10": 30, "celeba": 60}.items()
    },
    "desired_images/mnist": desired_images("mnist", *DIGITS),
    "desired_images/mnist_uniform": desired_images("mnist", *DIGITS, "_uniform"),
    "desired_images/celeba64": desired_images(
        "celeba64", (256, 128, 64, 32), Adversarial(50, flip=True, renormalise=True)
    ),
    **{f"diversity/{dataset}": listed(dataset, LISTED) for dataset in ("mnist", "fashion_mnist")},
    "diversity/lfw": listed("lfw", replace(LISTED, epochs=60), narrowed=4),
    "recogniser/mnist": planned(
        "recogniser/mnist", Supervised(12, learning_rate=3e-3, decay=0.999, average=0.99, shift=2)
    ),
    "recogniser/celeba64": planned("recogniser/celeba64", FACES, warm_up=warm_up),
    **{
        f"judge/{dataset}": planned(f"judge/{dataset}", Supervised(epochs))
        for dataset, epochs in {"mnist": 6, "fashion_mnist": 6, "cifar10": 10, "celeba": 10}.items()
    },
    "judge/celeba64": planned("judge/celeba64", FACES),
}
PLANS = FIRST | {
    zoo.replicate(name, seed): replace(FIRST[name], seed=seed)
    for name, seeds in zoo.REPLICATES.items()
    for seed in seeds
}


def plan_of(name: str) -> Plan:
    """Return the plan of a model; raise a ValueError naming the known ones for any other."""
    zoo.entry(name)
    return PLANS[name]
