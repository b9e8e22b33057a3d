"""Digests of the code behind a number: of a module and all that it imports from the book's own packages."""

import ast
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from latentlib import files
from latentlib.study.tables import UNKNOWN

OWN = ("latentlib", "studies")
MACHINERY = {  # how a number is made and kept, which does not affect its value
    "latentlib",  # holds the version
    "latentlib.files",
    "latentlib.provenance",
    "latentlib.study.chapter",
    "latentlib.study.executors",
    "latentlib.study.source",
    "latentlib.study.sweep",
    "latentlib.study.training.checkpoints",
}


def digest_of(function: Callable[..., Any]) -> str:
    """Return the digest of the code that a function rests on, or `unknown` if its source cannot be read."""
    while isinstance(function, partial):
        function = function.func
    return digest(getattr(function, "__module__", None) or "")


@cache
def digest(*modules: str) -> str:
    """Return a digest of modules and what they import, however late, from their own packages and the book's.

    Comments, docstrings and layout do not count, nor does the machinery of sweeps; the zoo's weights do, if it is
    among the modules.

    Args:
        modules: their full names.

    Returns:
        16 hexadecimal digits, the same on every machine, or `unknown` if the source of a module cannot be read.
    """
    if not all(map(path_of, modules)):
        return UNKNOWN
    packages = {*OWN, *(name.partition(".")[0] for name in modules)}
    found, left = set(modules), list(modules)
    while left:
        own = {name for name in imported(left.pop()) if name.partition(".")[0] in packages} - MACHINERY - found
        found |= own
        left += own
    counted = [f"{name} {content(name)}" for name in sorted(found - MACHINERY)]
    return files.digest("\n".join(counted + shipped() * ("latentlib.zoo.storage" in found)))


@cache
def shipped() -> list[str]:
    """Return the checksums of the zoo's weights, which count like code for whatever loads them."""
    from latentlib.zoo import storage  # late: needs torch, which what loads no weights may do without

    return [files.sha256(path) for path in sorted(storage.WEIGHTS.rglob("*.safetensors"))]


@cache
def path_of(module: str) -> Path | None:
    """Return the source file of a module without importing it, or None."""
    top, *rest = module.split(".")
    try:
        spec = find_spec(top) if top not in ("", "__main__") else None  # each process names a script's module anew
    except ValueError:  # from a module created by hand
        return None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    place = Path(spec.origin) if not rest else Path(spec.origin).parent.joinpath(*rest[:-1], f"{rest[-1]}.py")
    inside = place.with_suffix("") / "__init__.py"
    return next((path for path in (place, inside) if path.is_file()), None)


@cache
def imported(module: str) -> frozenset[str]:
    """Return the modules that a module imports anywhere, with the packages around them and around itself."""
    names = {module}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, (around(module, node.level), node.module)))
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    every = {".".join(parts[:end]) for parts in (name.split(".") for name in names) for end in range(1, len(parts) + 1)}
    return frozenset(name for name in every if name.partition(".")[0] not in sys.stdlib_module_names and path_of(name))


def around(module: str, level: int) -> str:
    """Return the package where a relative import of `level` dots begins, empty for no dot."""
    if not level:
        return ""
    path, parts = path_of(module), module.split(".")
    up = level - (path is not None and path.name == "__init__.py")
    return ".".join(parts[: len(parts) - up])


@cache
def tree(module: str) -> ast.Module:
    """Return the syntax tree of a module, without its docstrings."""
    path = path_of(module)
    assert path is not None
    parsed = ast.parse(path.read_bytes())
    for node in ast.walk(parsed):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:]
    return parsed


def content(module: str) -> str:
    """Return the syntax tree of a module as text."""
    return "".join(spelled(tree(module)))


def spelled(node: Any) -> Iterator[str]:
    """Spell a syntax tree as `ast.dump` does, but identically in every version of Python."""
    if isinstance(node, list):
        for item in node:
            yield from spelled(item)
        yield "."
    elif isinstance(node, ast.AST):
        yield type(node).__name__
        for name, value in ast.iter_fields(node):
            if value is not None and value != []:
                yield f" {name}="
                yield from spelled(value)
        yield ";"
    else:
        yield repr(node)
