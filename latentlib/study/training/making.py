"""Training a model of the zoo again, according to its plan."""

import copy
import dataclasses
import shutil
from pathlib import Path
from typing import Any

import torch
from torch import nn

from latentlib import data, files
from latentlib.checks import check_at_least
from latentlib.models.inference import folded
from latentlib.randomness import seeded
from latentlib.study.training import checkpoints, recipes
from latentlib.study.training.plans import Plan, plan_of
from latentlib.zoo.storage import save, weights_path


def train(
    name: str,
    seed: int | None = None,
    device: str = "cpu",
    epochs: int | None = None,
    replace: bool = False,
) -> Path:
    """Train a model according to its plan, from its last checkpoint if there is one, and save it.

    Shipped weights are replaced only on request: a trial, or a model that exists already, is saved in its own folder in
    the cache, which `load` takes as `folder`.

    Args:
        name: a model of the zoo.
        seed: of weights, order and latents; another than the plan's makes a trial.
        device: a torch device.
        epochs: another number than the plan's makes a trial.
        replace: whether to replace the zoo's own weights and card.

    Returns:
        The path of the weights.
    """
    plan, options = plan_of(name), spelled(seed, epochs)
    recipe = plan.recipe if epochs is None else dataclasses.replace(plan.recipe, epochs=epochs)
    seed = plan.seed if seed is None else seed
    folder = None if replace else trial_folder(name, seed, recipe.epochs)
    data_set = data.training_images(plan.dataset)
    networks = untrained(plan, seed)
    begun = [plan.warm_up(network) for network in networks.values()] if plan.warm_up else []
    networks = networks.to(device).to(memory_format=torch.channels_last)
    images, labels = data_set.images.to(device), data_set.labels.to(device)
    known = recipes.identity(recipe, networks, images, labels, seed)
    checkpoint = checkpoints.path_of(name, recipe.epochs, known)
    checkpoints.report_others(checkpoint)
    history = recipes.run(recipe, networks, images, labels, checkpoint, seed)
    kept = next(iter(networks.values()))  # the average, or the classifier itself
    if isinstance(recipe, recipes.Adversarial) and recipe.renormalise:
        recipes.renormalise(kept, seed)
    facts = {
        "model": name,
        "about": " ".join([plan.about, *begun[:1]]),
        "command": f"latentlib train {name}{options}",
        **described(kept, recipe, history, data_set),
        **checkpoints.read(checkpoint)["made"],
    }
    return save(name, kept, facts, folder)


def spelled(seed: int | None, epochs: int | None) -> str:
    """Return the command's options for a trial."""
    given = {"seed": seed, "epochs": epochs}
    return "".join(f" --{option} {value}" for option, value in given.items() if value is not None)


def trial_folder(name: str, seed: int, epochs: int) -> Path | None:
    """Return the folder in the cache for the weights of a trial, or None for a model that the zoo still lacks."""
    plan = plan_of(name)
    if (seed, epochs) == (plan.seed, plan.recipe.epochs) and not weights_path(name).exists():
        return None
    return files.cache() / "trials" / f"seed{seed}-epochs{epochs}"


def young(name: str, epochs: int, seed: int = 0, device: str = "cpu", images: data.Images | None = None) -> nn.Module:
    """Return a generator after some epochs of its recipe, in its fast form; younger ones are stages of older ones.

    It is the generator itself: a running average, like the shipped one, would lag behind.

    Args:
        name: a generator of the zoo.
        epochs: at least 1.
        seed: as in `train`.
        device: a torch device.
        images: to train on, instead of all training images of the model's data set.
    """
    check_at_least("epochs", epochs, 1)
    plan = plan_of(name)
    data_set = data.training_images(plan.dataset) if images is None else images
    networks = untrained(plan, seed).to(device)
    pixels, labels = data_set.images.to(device), data_set.labels.to(device)
    known = recipes.identity(plan.recipe, networks, pixels, labels, seed)
    *younger, checkpoint = (checkpoints.path_of(f"young-{name}", age, known) for age in range(1, epochs + 1))
    begun = [stage for stage in younger if stage.exists()]
    if begun and not checkpoint.exists():
        with files.replacing(checkpoint) as part:
            shutil.copyfile(begun[-1], part)
    recipes.run(dataclasses.replace(plan.recipe, epochs=epochs), networks, pixels, labels, checkpoint, seed)
    return folded(networks["generator"].eval().requires_grad_(False))


def described(
    network: nn.Module, recipe: recipes.Recipe, history: list[dict[str, float]], images: data.Images
) -> dict[str, Any]:
    """Return the entries of a card about a network and its training."""
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


def untrained(plan: Plan, seed: int) -> nn.ModuleDict:
    """Return the networks of a recipe with weights drawn from the seed, first the one to keep."""
    seeded(seed)  # rejects what torch would read as another seed
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = plan.build()
        averages = {"average": copy.deepcopy(network)} if plan.recipe.average else {}
        if plan.rival is None:
            return nn.ModuleDict({**averages, "classifier": network})
        return nn.ModuleDict({**averages, "generator": network, "discriminator": plan.rival()})
