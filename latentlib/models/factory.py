"""Generators by the name of their factory, `module:factory`."""

import importlib
import sys
from pathlib import Path

from latentlib.models.adapter import Adapter, fitted
from latentlib.models.frozen import first_line


def made_by(factory: str, latent_size: int | None = None) -> Adapter:
    """Return an adapter of the generator that a factory makes.

    Args:
        factory: `module:factory`, a function without arguments in an installed module or one in the current folder; it
            returns an adapter, or a generator of images in [0, 1].
        latent_size: number of genes of a latent; required if the generator does not state it.

    A name that is not of this form or not found, and any error in the factory, is a ValueError.
    """
    module, colon, name = factory.partition(":")
    if not (module and colon and name):
        raise ValueError(f"generator must be named module:factory, got {factory!r}")
    sys.path.insert(0, str(Path.cwd()))
    try:
        return fitted(getattr(importlib.import_module(module), name)(), latent_size)
    except (Exception, SystemExit) as error:  # the module is not ours: report whatever it raises
        raise ValueError(f"generator {factory!r}: {type(error).__name__}: {first_line(error)}") from error
    finally:
        sys.path.remove(str(Path.cwd()))
