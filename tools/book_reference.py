"""The reference of the book: for each room of the library, directives that print its docstrings.

The pages `book/api/ROOM.md` hold the prose and include what is generated here. Modules, classes and functions are
discovered, so that none is forgotten; a room without a page fails a test.
"""

import inspect
import pkgutil
from importlib import import_module
from types import ModuleType
from typing import Any

import latentlib

# What users of the library do not import: helpers of the rooms, the command, and the notebooks' controls.
INTERNAL = {"__main__", "checkpoints", "checks", "chunks", "cli", "files", "provenance", "randomness", "source"}
INTERNAL |= {"values", "widgets"}
INTERNAL |= {
    "data.formats",
    "evolution.blocks",
    "models.factory",
    "models.frozen",
    "models.probing",
    "study.commands",
}


def rooms() -> list[str]:
    """Return the names of the rooms that the reference shows."""
    return sorted({module.name for module in pkgutil.iter_modules(latentlib.__path__)} - INTERNAL)


def reference() -> dict[str, str]:
    """Return the generated files, by name."""
    return {f"api/{room}.md": "\n\n".join(map(section, modules(room))) + "\n" for room in rooms()}


def modules(room: str) -> list[str]:
    """Return the names of a room and the modules below it, without `latentlib`."""
    path = getattr(import_module(f"latentlib.{room}"), "__path__", [])
    below = (module.name.removeprefix("latentlib.") for module in pkgutil.walk_packages(path, f"latentlib.{room}."))
    found = [room, *below]
    return [name for name in found if not any(f"{name}.".startswith(f"{closed}.") for closed in INTERNAL)]


def section(name: str) -> str:
    """Return a module's part of the reference: its docstring, and every public object under its import name."""
    module = import_module(f"latentlib.{name}")
    lines = ["```{eval-rst}", f".. automodule:: {module.__name__}", "   :no-members:", ""]
    for item in public(module):
        value = getattr(module, item)
        kind = "class" if inspect.isclass(value) else "function"
        lines += [f".. auto{kind}:: {home(module, item)}.{item}", *options(value), ""]
    heading = [f"## {name}", ""] if "." in name else []
    return "\n".join([*heading, *lines, "```"])


def public(module: ModuleType) -> list[str]:
    """Return the public classes and functions that a module defines, in the order of its source.

    They are those in `__all__` of the module or of the package above it; without one, or if the package exports none of
    them, all without a leading underscore.
    """
    defined = [
        name
        for name, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value)) and value.__module__ == module.__name__
    ]
    exported = [
        name for name in defined if name in getattr(module, "__all__", ()) or home(module, name) != module.__name__
    ]
    return exported or [name for name in defined if not name.startswith("_")]


def options(value: Any) -> list[str]:
    """Return the options of a class: its base if it is ours, and the exclusion of methods from another library."""
    if not inspect.isclass(value):
        return []
    base = ["   :show-inheritance:"] if value.__base__.__module__.startswith("latentlib.") else []
    methods = {name: member for name, member in vars(value).items() if inspect.isfunction(member)}
    foreign = [name for name, method in methods.items() if method.__module__ != value.__module__ and name[0] != "_"]
    return base + ([f"   :exclude-members: {', '.join(foreign)}"] if foreign else [])


def home(module: ModuleType, name: str) -> str:
    """Return the package that exports a module's object, or the module itself."""
    package = module.__name__.rpartition(".")[0]
    exports = getattr(import_module(package), "__all__", ())
    same = name in exports and getattr(import_module(package), name) is getattr(module, name)
    return package if same else module.__name__
