"""Checkpoints of trainings: where they are, what they hold, and whether they belong to this very training."""

import sys
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import nn
from tqdm.auto import tqdm

from latentlib import files


def path_of(name: str, epochs: int, known: str) -> Path:
    """Return the path in the cache of the checkpoint of a training over `epochs` epochs; `known` is its `identity`."""
    return files.cache() / "training" / f"{name.replace('/', '-')}-{epochs}-{known}.pt"


def report_others(checkpoint: Path) -> None:
    """Report that training starts from scratch where the cache holds a checkpoint of this name but another identity."""
    stem = checkpoint.stem.rpartition("-")[0]
    if not checkpoint.exists() and any(checkpoint.parent.glob(f"{stem}-*.pt")):
        report(f"{stem} is trained from the start: in {checkpoint.parent} it is of other data, another seed or code")


def write(
    checkpoint: Path,
    state: dict[str, Any],
    networks: nn.Module,
    optimisers: list[torch.optim.Optimizer],
    random: torch.Generator,
) -> None:
    """Write a checkpoint: the state, networks, optimisers and randomness."""
    moved = {
        "networks": networks.state_dict(),
        "optimisers": [optimiser.state_dict() for optimiser in optimisers],
        "random": random.get_state(),
    }
    with files.replacing(checkpoint) as partial:
        torch.save(state | moved, partial)


def restore(
    checkpoint: Path,
    expected: str,
    networks: nn.Module,
    optimisers: list[torch.optim.Optimizer],
    random: torch.Generator,
) -> dict[str, Any]:
    """Restore everything as it was after the checkpoint's epoch, and return its identity, provenance and history.

    Raises:
        ValueError: for a checkpoint of another identity or without history; damage raises errors of other kinds, too.
    """
    state = read(checkpoint)
    if state.get("identity") != expected:
        raise ValueError("it is of other data, another recipe, seed, first weights or code")
    if not state.get("history"):
        raise ValueError("it has no history")
    networks.load_state_dict(state["networks"])
    for optimiser, saved in zip(optimisers, state["optimisers"], strict=True):
        optimiser.load_state_dict(saved)
    random.set_state(state["random"])
    return {key: state[key] for key in ("identity", "made", "history")}


def read(checkpoint: Path) -> dict[str, Any]:
    """Return what a checkpoint holds; raise a ValueError or another error for damage, which torch does not look for."""
    with zipfile.ZipFile(checkpoint) as archive:
        if damaged := archive.testzip():
            raise ValueError(f"{damaged} in it is damaged")
    state: dict[str, Any] = torch.load(checkpoint, weights_only=True, map_location="cpu")
    return state


def report(line: str) -> None:
    """Write a line to standard error without breaking a progress bar."""
    tqdm.write(line, file=sys.stderr)
