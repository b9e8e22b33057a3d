"""Weights on disk, each with a card beside it whose checksum is compared on loading."""

import json
from pathlib import Path
from typing import Any, cast

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import nn

from latentlib import files
from latentlib.models.classifier import Classifier
from latentlib.models.inference import folded
from latentlib.models.judge import Judge
from latentlib.training import Adversarial, Supervised
from latentlib.zoo.registry import ENTRIES, entry

WEIGHTS = Path(__file__).parents[1] / "weights"


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
    if not isinstance(entry(name).recipe, Adversarial):
        generators = [known for known, plan in ENTRIES.items() if isinstance(plan.recipe, Adversarial)]
        raise ValueError(f"model must be a generator ({', '.join(generators)}), got {name!r}")
    return folded(load(name, device))


def load_classifier(name: str, device: str | torch.device = "cpu") -> Classifier:
    """A trained classifier in the form that is fastest on a CPU, channels last; see `load`.

    Raises:
        ValueError: for a model that is none.
    """
    if not isinstance(entry(name).recipe, Supervised):
        known = [known for known, plan in ENTRIES.items() if isinstance(plan.recipe, Supervised)]
        raise ValueError(f"model must be a classifier ({', '.join(known)}), got {name!r}")
    return cast(Classifier, load(name, device).to(memory_format=torch.channels_last))


def load_judge(dataset: str) -> Judge:
    """The judge of a data set; see `load`."""
    return cast(Judge, load(f"judge/{dataset}"))


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
