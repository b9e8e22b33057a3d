"""Training a model of the zoo anew, as its entry says."""

import copy
import dataclasses
import shutil
from pathlib import Path
from typing import Any

import torch
from torch import nn

from latentlib import checkpoints, data, files, training
from latentlib.checks import check_at_least
from latentlib.models.inference import folded
from latentlib.randomness import seeded
from latentlib.zoo.registry import Entry, entry
from latentlib.zoo.storage import save, weights_path


def train(
    name: str,
    seed: int | None = None,
    device: str = "cpu",
    epochs: int | None = None,
    replace: bool = False,
) -> Path:
    """Train a model as its entry says, from its last checkpoint if there is one, and save it.

    What ships is not replaced unless asked for: a trial, and a model that is there, go to a folder of their own in the
    cache, which `load` takes as `folder`.

    Args:
        name: a key of `ENTRIES`.
        seed: of weights, order and latents; other than the entry's for a trial.
        device: a torch device.
        epochs: other than the entry's, for a trial.
        replace: whether the zoo's own weights and card are replaced.

    Returns:
        The path of the weights.
    """
    plan, options = entry(name), spelled(seed, epochs)
    recipe = plan.recipe if epochs is None else dataclasses.replace(plan.recipe, epochs=epochs)
    seed = plan.seed if seed is None else seed
    folder = None if replace else trial_folder(name, seed, recipe.epochs)
    data_set = data.training_images(plan.dataset)
    networks = untrained(plan, seed)
    begun = [plan.warm_up(network) for network in networks.values()] if plan.warm_up else []
    networks = networks.to(device).to(memory_format=torch.channels_last)
    images, labels = data_set.images.to(device), data_set.labels.to(device)
    known = training.identity(recipe, networks, images, labels, seed)
    checkpoint = checkpoints.path_of(name, recipe.epochs, known)
    checkpoints.report_others(checkpoint)
    history = training.run(recipe, networks, images, labels, checkpoint, seed)
    kept = next(iter(networks.values()))  # the average, or the classifier itself
    if isinstance(recipe, training.Adversarial) and recipe.renormalise:
        training.renormalise(kept, seed)
    facts = {
        "model": name,
        "about": " ".join([plan.about, *begun[:1]]),
        "command": f"latentlib train {name}{options}",
        **described(kept, recipe, history, data_set),
        **checkpoints.read(checkpoint)["made"],
    }
    return save(name, kept, facts, folder)


def spelled(seed: int | None, epochs: int | None) -> str:
    """Return the options of the command that make a trial."""
    given = {"seed": seed, "epochs": epochs}
    return "".join(f" --{option} {value}" for option, value in given.items() if value is not None)


def trial_folder(name: str, seed: int, epochs: int) -> Path | None:
    """Return the folder in the cache for the weights of a trial, None for a model that the zoo still lacks."""
    plan = entry(name)
    if (seed, epochs) == (plan.seed, plan.recipe.epochs) and not weights_path(name).exists():
        return None
    return files.cache() / "trials" / f"seed{seed}-epochs{epochs}"


def young(name: str, epochs: int, seed: int = 0, device: str = "cpu", images: data.Images | None = None) -> nn.Module:
    """Return a generator after so many epochs of its recipe, younger ones being stages of older ones, in its fast form.

    It is taken as it is: a running average, which the shipped one is, would lag behind.

    Args:
        name: a generator of the zoo.
        epochs: at least 1.
        seed: as of `train`.
        device: a torch device.
        images: to learn from, instead of all training images of the model's data set.
    """
    check_at_least("epochs", epochs, 1)
    plan = entry(name)
    data_set = data.training_images(plan.dataset) if images is None else images
    networks = untrained(plan, seed).to(device)
    pixels, labels = data_set.images.to(device), data_set.labels.to(device)
    known = training.identity(plan.recipe, networks, pixels, labels, seed)
    *younger, checkpoint = (checkpoints.path_of(f"young-{name}", age, known) for age in range(1, epochs + 1))
    begun = [stage for stage in younger if stage.exists()]
    if begun and not checkpoint.exists():
        with files.replacing(checkpoint) as part:
            shutil.copyfile(begun[-1], part)
    training.run(dataclasses.replace(plan.recipe, epochs=epochs), networks, pixels, labels, checkpoint, seed)
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
        "recipe": {"kind": type(recipe).__name__, **dataclasses.asdict(recipe)},
        "losses": {key: round(value, 4) for key, value in history[-1].items() if key != "seconds"},
        "licence": f"weights MIT; trained on {images.card.title} ({images.card.licence})",
        "seconds": round(sum(epoch["seconds"] for epoch in history)),
    }


def untrained(plan: Entry, seed: int) -> nn.ModuleDict:
    """Return the networks of a recipe with weights drawn from the seed, the one to keep first."""
    seeded(seed)  # refuses what torch takes for another seed
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = plan.build()
        averages = {"average": copy.deepcopy(network)} if plan.recipe.average else {}
        if plan.rival is None:
            return nn.ModuleDict({**averages, "classifier": network})
        return nn.ModuleDict({**averages, "generator": network, "discriminator": plan.rival()})
