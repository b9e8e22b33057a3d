"""Values that hold tensors: equality and fingerprints by content."""

import hashlib
import inspect
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from types import FunctionType
from typing import Any

import torch
from torch import Tensor, nn


class ByValue:
    """Compare by content; for dataclasses with `eq=False` whose fields may be tensors."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and same(vars(self), vars(other))

    def __hash__(self) -> int:
        return hash(fingerprint(self))


def same(first: Any, second: Any) -> bool:
    """Return whether two values are equal, tensors in shape, dtype and every element."""
    if isinstance(first, Tensor) or isinstance(second, Tensor):
        both = isinstance(first, Tensor) and isinstance(second, Tensor) and first.dtype == second.dtype
        return both and torch.equal(first, second)
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    return bool(first == second)


def fingerprint(value: Any, *without: str) -> str:
    """Return a short digest of a value by content, the same in every process.

    Args:
        value: dataclasses and other objects are described by their class and attributes, modules by class and weights,
            functions by their name, code and closure; what refers to itself is described by its class alone.
        without: fields of a dataclass to leave out.
    """
    try:
        text = described(value, without)
    except RecursionError:
        text = type(value).__qualname__
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def described(value: Any, without: tuple[str, ...] = ()) -> str:
    """Return the text that a fingerprint digests."""
    if isinstance(value, Tensor):
        content = hashlib.sha256(value.detach().cpu().contiguous().numpy().tobytes()).hexdigest()
        return f"{value.dtype}{tuple(value.shape)}{content}"
    if isinstance(value, nn.Module):
        return f"{type(value).__qualname__}{described(value.state_dict())}"
    if isinstance(value, partial):
        return described((value.func, value.args, value.keywords))
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {described(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(described, value))}]"
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    if isinstance(value, FunctionType):  # two of one name, such as lambdas, differ in code or closure
        closure = inspect.getclosurevars(value).nonlocals
        around = {name: held for name, held in closure.items() if not isinstance(held, FunctionType)}
        return f"{value.__module__}.{value.__qualname__}{value.__code__.co_code.hex()}{described(around)}"
    if not hasattr(value, "__dict__") or hasattr(value, "__qualname__"):  # another function, or a class
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', repr(value))}"
    names = [field.name for field in fields(value)] if is_dataclass(value) else sorted(vars(value))
    content = ", ".join(f"{name}={described(getattr(value, name))}" for name in names if name not in without)
    return f"{type(value).__module__}.{type(value).__qualname__}({content})"
