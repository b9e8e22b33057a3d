"""The parameters of a notebook, checked: a typing error or a value out of range ends the run at once."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import torch

SHELL = {"exit", "quit", "open", "get_ipython"}  # names that IPython itself puts among the variables


@dataclass(frozen=True)
class Parameters:
    """Base of a chapter's settings."""

    @classmethod
    def read(cls, variables: Mapping[str, Any]) -> Self:
        """The settings among a notebook's variables, which hold nothing else when it is run for the first time.

        papermill injects whatever it is given, a misspelt name too, so a name that is no setting is an error.

        Raises:
            ValueError: for an unknown parameter, or one out of range.
        """
        accepted = [field.name for field in fields(cls)]
        given = {name: value for name, value in variables.items() if is_parameter(name, value)}
        unknown = sorted(set(given) - set(accepted))
        again = any(isinstance(value, cls) for value in variables.values())  # the notebook's second run: all is there
        if unknown and not again:
            raise ValueError(f"unknown parameter {unknown[0]!r}; accepted: {', '.join(accepted)}")
        return cls(**{name: given[name] for name in given if name in accepted})


def is_parameter(name: str, value: Any) -> bool:
    """Whether a notebook's variable is a parameter rather than an import, a definition or IPython's own."""
    imported = callable(value) or type(value).__name__ == "module"
    return not (name.startswith("_") or name in SHELL or name in ("In", "Out") or imported)


def check_integer(name: str, value: Any) -> None:
    """ValueError unless the value is a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} must be a whole number, got {value!r}")


def check_number(name: str, value: Any) -> None:
    """ValueError unless the value is a number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{name} must be a number, got {value!r}")


def check_device(device: str) -> None:
    """ValueError unless torch can compute on the device."""
    try:
        torch.zeros(1, device=device).item()  # which `meta` refuses
    except (RuntimeError, AssertionError, TypeError) as error:
        raise ValueError(f"device must be one that torch can use here, got {device!r}") from error
