"""The reference of the book: for each room of the library, directives that print its docstrings.

The pages `book/api/ROOM.md` hold the prose and include what is generated here. Modules, classes and functions are
discovered, so that no new one can be forgotten; a room without a page fails a test.
"""

import inspect
import pkgutil
from importlib import import_module
from types import ModuleType
from typing import Any

import latentlib

# What a user of the library never imports: helpers of the rooms, the command, and what draws the notebooks' controls.
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
    """The rooms that the reference shows, by name."""
    return sorted({module.name for module in pkgutil.iter_modules(latentlib.__path__)} - INTERNAL)


def reference() -> dict[str, str]:
    """The generated files, by name."""
    return {f"api/{room}.md": "\n\n".join(map(section, modules(room))) + "\n" for room in rooms()}


def modules(room: str) -> list[str]:
    """A room and the modules below it, by name without `latentlib`."""
    path = getattr(import_module(f"latentlib.{room}"), "__path__", [])
    found = [room, *(module.name for module in pkgutil.walk_packages(path, f"{room}."))]
    return [name for name in found if not any(f"{name}.".startswith(f"{closed}.") for closed in INTERNAL)]


def section(name: str) -> str:
    """What the reference shows of a module: its docstring, then every public object under the name to import it by."""
    module = import_module(f"latentlib.{name}")
    lines = ["```{eval-rst}", f".. automodule:: {module.__name__}", "   :no-members:", ""]
    for item in public(module):
        value = getattr(module, item)
        kind = "class" if inspect.isclass(value) else "function"
        lines += [f".. auto{kind}:: {home(module, item)}.{item}", *options(value), ""]
    heading = [f"## {name}", ""] if "." in name else []
    return "\n".join([*heading, *lines, "```"])


def public(module: ModuleType) -> list[str]:
    """The classes and functions that a module defines for others, in the order of its source.

    `__all__` says which they are, that of the module or of the package above it; without one, or where the package
    exports nothing of the module, all those without a leading underscore are.
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
    """A class's base where it is ours, and without the methods that another library gave it, as matplotlib does."""
    if not inspect.isclass(value):
        return []
    base = ["   :show-inheritance:"] if value.__base__.__module__.startswith("latentlib.") else []
    methods = {name: member for name, member in vars(value).items() if inspect.isfunction(member)}
    foreign = [name for name, method in methods.items() if method.__module__ != value.__module__ and name[0] != "_"]
    return base + ([f"   :exclude-members: {', '.join(foreign)}"] if foreign else [])


def home(module: ModuleType, name: str) -> str:
    """The package that exports a module's object, or the module itself."""
    package = module.__name__.rpartition(".")[0]
    exports = getattr(import_module(package), "__all__", ())
    same = name in exports and getattr(import_module(package), name) is getattr(module, name)
    return package if same else module.__name__
