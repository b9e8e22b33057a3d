"""The parameters of a notebook, checked: an unknown name or a value out of range ends the run at once."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, Self

import torch

from latentlib.checks import check_at_least
from latentlib.randomness import LARGEST

MOST = 1_000_000  # of whatever is counted
INJECTED = "# Parameters"  # how the cell begins that papermill inserts after the parameters


@dataclass(frozen=True)
class Parameters:
    """The base of a chapter's settings."""

    @classmethod
    def read(cls, variables: Mapping[str, Any]) -> Self:
        """Return the settings among the variables of a notebook, in which IPython keeps the cells as `In`.

        Raises:
            ValueError: for a parameter that the notebook lacks, or a value out of range.
        """
        check_injected(variables.get("In", ()))
        return cls(**{field.name: variables[field.name] for field in fields(cls) if field.name in variables})


def check_injected(cells: Sequence[str]) -> None:
    """Raise a ValueError if papermill, which injects any name, set one that the parameters' cell lacks."""
    for parameters, injected in pairwise(cells):
        accepted = assigned(parameters)
        if injected.startswith(INJECTED) and (unknown := [name for name in assigned(injected) if name not in accepted]):
            raise ValueError(f"unknown parameter {unknown[0]!r}; accepted: {', '.join(accepted)}")


def assigned(cell: str) -> list[str]:
    """Return the names that a cell assigns; none for a cell with magics, which holds no parameters."""
    try:
        nodes = list(ast.walk(ast.parse(cell)))
    except SyntaxError:
        return []
    return [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def check_integer(name: str, value: Any) -> None:
    """Raise a ValueError unless the value is a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} must be a whole number, got {value!r}")


def check_counts(settings: Any, least: Mapping[str, int]) -> None:
    """Raise a ValueError unless each count, by name with its least value, is a whole number in bounds.

    The upper bounds are those of a seed, and beyond what any machine computes in a lifetime.
    """
    for name, lowest in least.items():
        value, most = getattr(settings, name), LARGEST if name == "seed" else MOST
        check_integer(name, value)
        check_at_least(name, value, lowest)
        if value > most:
            raise ValueError(f"{name} must be at most {most}, got {value}")


def check_number(name: str, value: Any) -> None:
    """Raise a ValueError unless the value is a number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{name} must be a number, got {value!r}")


def check_device(device: str) -> None:
    """Raise a ValueError unless torch can compute on the device."""
    try:
        if not isinstance(device, str):  # None would be torch's default
            raise TypeError
        torch.zeros(1, device=device).item()  # fails on `meta`
    except (RuntimeError, AssertionError, TypeError) as error:
        raise ValueError(f"device must be one that torch can use here, got {device!r}") from error
