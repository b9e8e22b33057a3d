"""Training a model of the zoo anew, as its entry says."""

import copy
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from latentlib import data, files, training
from latentlib.checks import check_at_least
from latentlib.models.inference import folded
from latentlib.provenance import provenance
from latentlib.zoo.registry import Entry, entry
from latentlib.zoo.storage import save


def train(name: str, seed: int = 0, device: str = "cpu", epochs: int | None = None) -> Path:
    """Train a model as its entry says, from its last checkpoint if there is one, and save it.

    Args:
        name: a key of `ENTRIES`.
        seed: of weights, order and latents.
        device: a torch device.
        epochs: other than the entry's, for trials.

    Returns:
        The path of the weights.
    """
    plan = entry(name)
    recipe = plan.recipe if epochs is None else replace(plan.recipe, epochs=epochs)
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
    options = [f" --seed {seed}"] * bool(seed) + [f" --epochs {epochs}"] * bool(epochs)
    facts = {
        "model": name,
        "about": " ".join([plan.about, *begun[:1]]),
        "command": f"latentlib train {name}{''.join(options)}",
        **described(kept, recipe, history, images),
        **made_by,
    }
    return save(name, kept, facts)


def young(name: str, epochs: int, seed: int = 0, device: str = "cpu", images: data.Images | None = None) -> nn.Module:
    """A generator after so many epochs of its recipe, younger ones being stages of older ones; in its fast form.

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
    images = data.training_images(plan.dataset) if images is None else images
    networks, folder = untrained(plan, seed).to(device), files.cache() / "training"
    known = files.digest(f"{name} {seed} {networks} {len(images)}")
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
