"""Weights on disk, each with a card beside it and a checksum verified on loading."""

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
from latentlib.zoo.registry import ENTRIES, entry, judges

WEIGHTS = Path(__file__).parents[1] / "weights"


def weights_path(name: str, folder: Path | None = None) -> Path:
    """Return the path of a model's weights, in the zoo or another folder; the card lies beside them."""
    return (folder or WEIGHTS) / f"{name}.safetensors"


def card(name: str, folder: Path | None = None) -> dict[str, Any]:
    """Return the card of a trained model: architecture, data, recipe, seed, sha256, quality, licence.

    Raises:
        ValueError: for an unknown name, or a card that is damaged, missing beside its weights, or of another model.
        FileNotFoundError: for a model that is not trained yet.
    """
    entry(name)
    weights = weights_path(name, folder)
    path = weights.with_suffix(".json")
    if not path.exists():
        if weights.exists():
            raise ValueError(f"the card {path} of {weights.name} is missing: {mending(name, weights)}")
        raise FileNotFoundError(f"{name} is not trained yet: run `latentlib train {name}`")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        model, _ = found["model"], found["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged: no card with a model and its sha256; {mending(name, weights)}") from error
    if model != name:
        raise ValueError(f"{path} is the card of {model}, not of {name}: {mending(name, weights)}")
    return cast(dict[str, Any], found)


def mending(name: str, weights: Path) -> str:
    """Return advice on how to repair a model's files, with the cause of the damage if it is known."""
    if saving(weights).exists():
        return f"saving was cut short between weights and card; `latentlib train {name} --replace` goes on from its end"
    return "fetch the repository again"


def saving(weights: Path) -> Path:
    """Return the marker file that lies beside weights until they and their card are saved."""
    return weights.with_suffix(".saving")


def load(name: str, device: str | torch.device = "cpu", folder: Path | None = None) -> nn.Module:
    """Return a trained model in evaluation mode, with frozen parameters.

    Args:
        name: a key of `ENTRIES`.
        device: a torch device.
        folder: folder of the weights, such as a trial's; by default the zoo's own.

    Raises:
        ValueError: for an unknown name, or weights that are damaged or do not match the card.
        FileNotFoundError: for a model that is not trained yet.
    """
    expected = card(name, folder)["sha256"]
    path = weights_path(name, folder)
    if not path.exists() or files.sha256(path) != expected:
        wrong = f"{path} is missing or damaged: its sha256 is not {expected[:12]}… as on its card"
        raise ValueError(f"{wrong}; {mending(name, path)}")
    network = entry(name).build()
    try:
        network.load_state_dict(safetensors.torch.load_file(path))
    except (SafetensorError, RuntimeError) as error:
        raise ValueError(f"{path} does not fit {type(network).__name__}: {' '.join(str(error).split())}") from error
    return network.eval().requires_grad_(False).to(device)


def load_generator(name: str, device: str | torch.device = "cpu") -> nn.Module:
    """Return a trained generator in its fast form, `folded`, as `load` does; raise a ValueError for a classifier."""
    if not entry(name).generates:
        generators = [known for known, plan in ENTRIES.items() if plan.generates]
        raise ValueError(f"model must be a generator ({', '.join(generators)}), got {name!r}")
    return folded(load(name, device))


def load_classifier(name: str, device: str | torch.device = "cpu") -> Classifier:
    """Return a trained classifier in its fastest form on a CPU, channels last; see `load`.

    Raises:
        ValueError: for a generator; as in `load`.
    """
    if entry(name).generates:
        known = [known for known, plan in ENTRIES.items() if not plan.generates]
        raise ValueError(f"model must be a classifier ({', '.join(known)}), got {name!r}")
    return cast(Classifier, load(name, device).to(memory_format=torch.channels_last))


def load_judge(dataset: str) -> Judge:
    """Return the judge of a data set, the first of `judges`; see `load`."""
    return cast(Judge, load(judges(dataset)[0]))


def save(name: str, network: nn.Module, facts: dict[str, Any], folder: Path | None = None) -> Path:
    """Write the weights (float16) and then the card of a model, and return the path of the weights.

    Args:
        name: a key of `ENTRIES`.
        network: the trained network.
        facts: the card without size and checksum.
        folder: folder of the weights, such as a trial's; by default the zoo's own.
    """
    path = weights_path(name, folder)
    tensors = {
        key: (value.half() if value.is_floating_point() else value).cpu().contiguous()
        for key, value in network.state_dict().items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    saving(path).touch()
    with files.replacing(path) as draft:
        draft.write_bytes(safetensors.torch.save(tensors))
    write_card(name, facts | {"bytes": path.stat().st_size, "sha256": files.sha256(path)}, folder)
    saving(path).unlink()
    return path


def write_card(name: str, facts: dict[str, Any], folder: Path | None = None) -> None:
    """Write the card beside the weights of a model."""
    with files.replacing(weights_path(name, folder).with_suffix(".json")) as draft:
        draft.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
