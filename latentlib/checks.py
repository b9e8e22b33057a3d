"""Checks of arguments: each error names the value given and what is accepted."""

import tempfile
from numbers import Real
from pathlib import Path
from typing import Any

from torch import Tensor

Rate = float | Tensor


def check_rate(name: str, value: Rate) -> None:
    """Raise a ValueError unless a rate, or every rate of a tensor, lies in [0, 1]."""
    if isinstance(value, Tensor) and value.numel() == 0:
        raise ValueError(f"{name} must be a number or one value a run, got an empty tensor")
    low, high = (float(value.min()), float(value.max())) if isinstance(value, Tensor) else (value, value)
    if not (isinstance(low, Real) and 0 <= low <= high <= 1):
        raise ValueError(f"{name} must lie in [0, 1], got {high if isinstance(low, Real) and low >= 0 else low}")


def check_positive(name: str, value: float) -> None:
    """Raise a ValueError unless the value is above 0 and finite."""
    if not (isinstance(value, Real) and 0 < value < float("inf")):
        raise ValueError(f"{name} must be above 0 and finite, got {value}")


def check_at_least(name: str, value: int, least: int) -> None:
    """Raise a ValueError unless the value is a whole number of at least `least`."""
    if not hasattr(value, "__index__"):
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")


def check_choice(name: str, value: Any, accepted: tuple[str, ...]) -> None:
    """Raise a ValueError unless the value is one of those accepted."""
    if value not in accepted:
        raise ValueError(f"{name} must be one of {', '.join(accepted)}, got {value!r}")


def check_operator(name: str, value: Any) -> None:
    """Raise a TypeError unless the value is an operator: a callable, not a class that makes one."""
    if isinstance(value, type) or not callable(value):
        hint = f": write {value.__name__}()" if isinstance(value, type) else ""
        raise TypeError(f"{name} must be an operator, got {value!r}{hint}")


def check_writable(path: Path) -> None:
    """Raise an OSError unless a file can be written to the path; call it before the work starts."""
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a directory, not a file that could be written")
    if path.exists() and not path.is_file():  # a device or a pipe
        raise OSError(f"{path} is no file, and a file would take its place")
    folder = next(folder for folder in path.absolute().parents if folder.exists())  # folders below it can be made
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise OSError(f"{path} cannot be written: {error.strerror}") from error


def sentence(error: BaseException) -> str:
    """Return an error's message in one line, led by its type unless it is a ValueError or an OSError."""
    words = " ".join(str(error).split())
    named = isinstance(error, ValueError | OSError) and not isinstance(error, UnicodeError)
    return words if named and words else f"{type(error).__name__}: {words}".removesuffix(": ")
