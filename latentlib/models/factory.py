"""Generators by the name of what makes them, `module:factory`."""

import importlib
import sys
from pathlib import Path

from latentlib.models.adapter import Adapter, fitted
from latentlib.models.frozen import first_line


def made_by(factory: str, latent_size: int | None = None) -> Adapter:
    """Return the generator that a factory makes, adapted.

    Args:
        factory: `module:factory`, a function without arguments in a module of the current folder or one installed; it
            returns an adapter, or a generator of images in [0, 1].
        latent_size: genes of a latent, where the generator does not say it.

    Raises:
        ValueError: for a name that is not of this form or leads nowhere, and for whatever the factory raises.
    """
    module, colon, name = factory.partition(":")
    if not (module and colon and name):
        raise ValueError(f"generator must be named module:factory, got {factory!r}")
    sys.path.insert(0, str(Path.cwd()))
    try:
        return fitted(getattr(importlib.import_module(module), name)(), latent_size)
    except Exception as error:  # the module is not ours: whatever it raises is to be said
        raise ValueError(f"generator {factory!r}: {type(error).__name__}: {first_line(error)}") from error
    finally:
        sys.path.remove(str(Path.cwd()))
