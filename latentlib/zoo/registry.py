"""The models of the zoo: how each is built."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from torch import nn

from latentlib import data
from latentlib.checks import check_choice
from latentlib.models import fernandes, gagan, jin_ko, judge


@dataclass(frozen=True)
class Entry:
    """How a model of the zoo is built.

    Args:
        build: a function that makes the untrained network.
        dataset: name of the data set it is trained on.
        about: one sentence about the model, for its card.
        generates: whether it is a generator; otherwise it is a classifier.
    """

    build: Callable[[], nn.Module]
    dataset: str
    about: str
    generates: bool = True


def restoring(dataset: str) -> Entry:
    """Return the entry of the generator of chapter `restoring` for a data set."""
    build = partial(jin_ko.Generator, data.card(dataset).shape)
    return Entry(build, dataset, "Generator of Jin & Ko 2020, section III-B.")


def desired_images(dataset: str, channels: tuple[int, ...], uniform: bool = False) -> Entry:
    """Return the entry of the generator of chapter `desired_images` for a data set."""
    build = partial(gagan.Generator, data.card(dataset).shape, channels=channels, uniform=uniform)
    about = "DCGAN of Li et al. (GAGAN), section IV-A" + ", fed from U[0, 1] (section IV-C)" * uniform + "."
    return Entry(build, dataset, about)


def listed(dataset: str, epochs: int, build: Callable[[], nn.Module], told: str = "") -> Entry:
    """Return the entry of the generator of chapter `diversity` for a data set; `epochs` are those of the paper."""
    shorter = f"trained for far fewer epochs than the paper's {epochs}"
    return Entry(build, dataset, f"Generator as listed by Fernandes et al. 2020, section 3.1{told}; {shorter}.")


def recognising(dataset: str, build: Callable[[], nn.Module]) -> Entry:
    """Return the entry of the recogniser of chapter `desired_images` for a data set."""
    return Entry(build, dataset, "Recogniser of Li et al. (GAGAN), section IV-A: a fitness.", generates=False)


def judging(dataset: str, **options: Any) -> Entry:
    """Return the entry of the judge for a data set."""
    card = data.card(dataset)
    build = partial(judge.Judge, card.shape, card.classes, card.exclusive, **options)
    return Entry(build, dataset, "Classifier that judges generated images; never a fitness.", generates=False)


def judges(dataset: str) -> tuple[str, ...]:
    """Return the names of the models that judge images of a data set, with the one of its cards first."""
    first = f"judge/{JUDGED_AS.get(dataset, dataset)}"
    return first, *(replicate(first, seed) for seed in REPLICATES.get(first, ()))


def replicate(name: str, seed: int) -> str:
    """Return the name of the model of the same recipe with another seed."""
    return f"{name}_seed{seed}"


JUDGED_AS = {"lfw": "celeba64"}  # images without labels: the data set whose judges see them
SMALL_FACES = ", its channels a quarter of the listed ones; LFW stands for Facity, and CelebA's judges measure it"
REPLICATES = {  # models of one recipe that differ in their seeds, besides the first: a claim needs more than one
    "restoring/mnist": (1,),
    "restoring/cifar10": (1,),
    **{f"judge/{dataset}": (1, 2) for dataset in ("mnist", "fashion_mnist", "celeba")},
    "judge/celeba64": (1, 2, 3),
    "recogniser/mnist": (2, 3, 4),
}
ENTRIES = {
    **{f"restoring/{dataset}": restoring(dataset) for dataset in ("mnist", "fashion_mnist", "cifar10", "celeba")},
    "desired_images/mnist": desired_images("mnist", (256, 128, 64)),
    "desired_images/mnist_uniform": desired_images("mnist", (256, 128, 64), uniform=True),
    "desired_images/celeba64": desired_images("celeba64", (256, 128, 64, 32)),
    "diversity/mnist": listed("mnist", 200, fernandes.Generator),
    "diversity/fashion_mnist": listed("fashion_mnist", 800, fernandes.Generator),
    "diversity/lfw": listed("lfw", 1000, partial(fernandes.face_generator, narrowed=4), SMALL_FACES),
    "recogniser/mnist": recognising("mnist", gagan.DigitRecogniser),
    "recogniser/celeba64": recognising("celeba64", partial(gagan.AttributeRecogniser, data.card("celeba64").classes)),
    **{f"judge/{dataset}": judging(dataset) for dataset in ("mnist", "fashion_mnist", "cifar10", "celeba")},
    "judge/celeba64": judging("celeba64", channels=(16, 32, 64, 64)),
}
ENTRIES |= {replicate(name, seed): ENTRIES[name] for name, seeds in REPLICATES.items() for seed in seeds}


def entry(name: str) -> Entry:
    """Return the entry of a model; raise a ValueError that lists the known ones for an unknown name."""
    check_choice("model", name, tuple(ENTRIES))
    return ENTRIES[name]
