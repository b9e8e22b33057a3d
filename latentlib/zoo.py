"""The trained models that ship, each with a card and a checksum, and the recipe that makes it again."""

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import nn

from latentlib import data, files, training
from latentlib.checks import check_at_least
from latentlib.fitness import realism
from latentlib.models import gagan, jin_ko, judge
from latentlib.models.classifier import Classifier
from latentlib.models.inference import folded
from latentlib.provenance import provenance

WEIGHTS = Path(__file__).parent / "weights"


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
        f"restoring/{name}_seed{seed}": replace(restoring(name, epochs), seed=seed)
        for name, epochs in {"mnist": 20, "cifar10": 30}.items()
        for seed in (1, 2)
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


def weights_path(name: str) -> Path:
    """Where the weights lie; the card lies beside them."""
    return WEIGHTS / f"{name}.safetensors"


def card(name: str) -> dict[str, Any]:
    """The card of a trained model: what it is, data, recipe, seed, sha256, quality, licence."""
    entry(name)
    path = weights_path(name).with_suffix(".json")
    if not path.exists():
        raise FileNotFoundError(f"{name} is not trained yet: run `latentlib train {name}`")
    try:
        found: dict[str, Any] = json.loads(path.read_text())
        return {"sha256": found["sha256"], **found}
    except (json.JSONDecodeError, KeyError) as error:
        raise ValueError(f"{path} is damaged: it is no card with a sha256; fetch the repository again") from error


def load(name: str, device: str | torch.device = "cpu") -> nn.Module:
    """A trained model in evaluation mode, its parameters frozen.

    Raises:
        ValueError: for an unknown name, or weights that are damaged or not those of the card.
        FileNotFoundError: for a model that is not trained yet.
    """
    expected = card(name)["sha256"]
    path = weights_path(name)
    if not path.exists() or files.sha256(path) != expected:
        raise ValueError(
            f"{path} is missing or damaged: its sha256 is not {expected[:12]}…; fetch the repository again"
        )
    network = entry(name).build()
    try:
        network.load_state_dict(safetensors.torch.load_file(path))
    except (SafetensorError, RuntimeError) as error:
        raise ValueError(f"{path} does not fit {type(network).__name__}: {' '.join(str(error).split())}") from error
    return network.eval().requires_grad_(False).to(device)


def load_generator(name: str, device: str | torch.device = "cpu") -> nn.Module:
    """A trained generator in its fast form, `folded`; see `load`. ValueError for a model that is none."""
    if not isinstance(entry(name).recipe, training.Adversarial):
        generators = [known for known, plan in ENTRIES.items() if isinstance(plan.recipe, training.Adversarial)]
        raise ValueError(f"model must be a generator ({', '.join(generators)}), got {name!r}")
    return folded(load(name, device))


def load_classifier(name: str, device: str | torch.device = "cpu") -> Classifier:
    """A trained classifier in the form that is fastest on a CPU, channels last; see `load`.

    Raises:
        ValueError: for a model that is none.
    """
    if not isinstance(entry(name).recipe, training.Supervised):
        known = [known for known, plan in ENTRIES.items() if isinstance(plan.recipe, training.Supervised)]
        raise ValueError(f"model must be a classifier ({', '.join(known)}), got {name!r}")
    return cast(Classifier, load(name, device).to(memory_format=torch.channels_last))


def load_judge(dataset: str) -> judge.Judge:
    """The judge of a data set; see `load`."""
    return cast(judge.Judge, load(f"judge/{dataset}"))


def train(name: str, seed: int | None = None, device: str = "cpu", epochs: int | None = None) -> Path:
    """Train a model as its entry says, from its last checkpoint if there is one, and save it.

    Args:
        name: a key of `ENTRIES`.
        seed: of weights, order and latents, other than the entry's.
        device: a torch device.
        epochs: other than the entry's, for trials.

    Returns:
        The path of the weights.
    """
    plan = entry(name)
    recipe = plan.recipe if epochs is None else replace(plan.recipe, epochs=epochs)
    options = [f" --seed {seed}"] * (seed is not None) + [f" --epochs {epochs}"] * bool(epochs)
    seed = plan.seed if seed is None else seed
    images = data.training_images(plan.dataset)
    networks = untrained(plan, seed)
    begun = [plan.warm_up(network) for network in networks.values()] if plan.warm_up else []
    networks = networks.to(device).to(memory_format=torch.channels_last)
    checkpoint = files.cache() / "training" / f"{files.digest(f'{name} {recipe} {seed} {networks}')}.pt"
    made_by = provenance(seed, device)
    history = training.run(recipe, networks, images.images.to(device), images.labels.to(device), checkpoint, seed)
    kept = next(iter(networks.values()))  # the average, or the classifier itself
    if isinstance(recipe, training.Adversarial) and recipe.renormalise:
        training.renormalise(kept, seed)
    facts = {
        "model": name,
        "about": " ".join([plan.about, *begun[:1]]),
        "command": f"latentlib train {name}{''.join(options)}",
        **described(kept, recipe, history, images),
        **made_by,
    }
    return save(name, kept, facts)


def young(name: str, epochs: int, seed: int = 0, device: str = "cpu") -> nn.Module:
    """A generator after so many epochs of its recipe, younger ones being stages of older ones; in its fast form.

    It is taken as it is: a running average, which the shipped one is, would lag behind.

    Args:
        name: a generator of the zoo.
        epochs: at least 1.
        seed: as of `train`.
        device: a torch device.
    """
    check_at_least("epochs", epochs, 1)
    plan = entry(name)
    images, networks = data.training_images(plan.dataset), untrained(plan, seed).to(device)
    known, folder = files.digest(f"{name} {seed} {networks}"), files.cache() / "training"
    *younger, checkpoint = (folder / f"young-{known}-{age}.pt" for age in range(1, epochs + 1))
    begun = [stage for stage in younger if stage.exists()]
    if begun and not checkpoint.exists():
        with files.replacing(checkpoint) as part:
            shutil.copyfile(begun[-1], part)
    recipe = replace(plan.recipe, epochs=epochs)
    training.run(recipe, networks, images.images.to(device), images.labels.to(device), checkpoint, seed)
    return folded(networks["generator"].eval().requires_grad_(False))


def described(
    network: nn.Module, recipe: training.Recipe, history: list[dict[str, float]], images: data.Images
) -> dict[str, Any]:
    """What a card says of a network and its training."""
    return {
        "architecture": type(network).__name__,
        "parameters": sum(p.numel() for p in network.parameters()),
        "dataset": images.card.name,
        "images": len(images),
        "recipe": {"kind": type(recipe).__name__, **asdict(recipe)},
        "losses": {key: round(value, 4) for key, value in history[-1].items() if key != "seconds"},
        "licence": f"weights MIT; trained on {images.card.title} ({images.card.licence})",
        "seconds": round(sum(epoch["seconds"] for epoch in history)),
    }


def untrained(plan: Entry, seed: int) -> nn.ModuleDict:
    """The networks of a recipe with weights drawn from the seed, the one to keep first."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = plan.build()
        averages = {"average": copy.deepcopy(network)} if plan.recipe.average else {}
        if plan.rival is None:
            return nn.ModuleDict({**averages, "classifier": network})
        return nn.ModuleDict({**averages, "generator": network, "discriminator": plan.rival()})


def save(name: str, network: nn.Module, facts: dict[str, Any]) -> Path:
    """Write weights (float16) and card of a model, weights first; returns the path of the weights."""
    path = weights_path(name)
    tensors = {
        key: (value.half() if value.is_floating_point() else value).cpu().contiguous()
        for key, value in network.state_dict().items()
    }
    with files.replacing(path) as draft:
        draft.write_bytes(safetensors.torch.save(tensors))
    write_card(name, facts | {"bytes": path.stat().st_size, "sha256": files.sha256(path)})
    return path


def write_card(name: str, facts: dict[str, Any]) -> None:
    """Write the card beside the weights."""
    with files.replacing(weights_path(name).with_suffix(".json")) as draft:
        draft.write_text(json.dumps(facts, indent=2) + "\n")


def assess(name: str) -> dict[str, Any]:
    """Measure a trained model on held-out images and write the result into its card as `quality`.

    A classifier's accuracy on the official test set; a generator's realism before the judge of its data set.
    """
    plan = entry(name)
    test = data.load(plan.dataset, "test", sample=False)
    if plan.rival is None:
        quality = realism.accuracies(cast(Classifier, load(name)), test.images, test.labels)
    else:
        real = data.training_images(plan.dataset).images
        quality = realism.assess(load(name), load_judge(plan.dataset), real, test.images)
    write_card(name, card(name) | {"quality": quality})
    return quality
