"""Frozen modules: a search runs what evaluates throughout, and the caller's module stays as it was."""

import copy
import dis
from collections.abc import Callable, Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

Network = TypeVar("Network", bound=Callable[..., Any])
FUNCTIONS = (FunctionType, MethodType, partial)
INTERESTING = (nn.Module, *FUNCTIONS, list, tuple, dict)
MOST = 100  # items of a container that is looked through: a list of images holds no network


def frozen(network: Network, device: str | torch.device | None = None) -> Network:
    """Return the network itself if all of it evaluates and nothing in it requires a gradient, else such a copy.

    Args:
        network: a module, or a function that calls modules.
        device: a torch device; where the network is unless given.

    Raises:
        TypeError: for anything that cannot be called.
        ValueError: for a device that is not there, a module that cannot be copied, or a module in training mode
            behind a function, a partial, a bound method, a closure or a global name.
    """
    if not callable(network) or isinstance(network, type):
        raise TypeError(f"a torch module or a function is needed, got {network!r}")
    wanted = None if device is None else device_of(device)
    if isinstance(network, nn.Module) and not settled(network, wanted):
        network = settling(network, wanted)
    for module in modules_within(network):
        if any(part.training for part in module.modules()):
            raise ValueError(f"a {type(module).__name__} in training mode hides in {name_of(network)}: call its eval()")
    return network


def device_of(name: str | torch.device) -> torch.device:
    """Return the device of a name; a ValueError where torch knows none or finds it not here."""
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:  # any of them without a GPU
        raise ValueError(f"device must be one that torch finds here, got {str(name)!r}: {first_line(error)}") from error
    return device


def settled(module: nn.Module, wanted: torch.device | None) -> bool:
    """Whether every part evaluates, no parameter requires a gradient, and all stand on the device, if given."""
    tensors = [*module.parameters(), *module.buffers()]
    return (
        not any(part.training for part in module.modules())
        and not any(weights.requires_grad for weights in module.parameters())
        and (wanted is None or all(here(tensor.device, wanted) for tensor in tensors))
    )


def here(found: torch.device, wanted: torch.device) -> bool:
    """Whether a device is the wanted one, of which the index may be left open."""
    return found.type == wanted.type and wanted.index in (None, found.index)


def settling(module: nn.Module, device: torch.device | None) -> Any:
    """Return a copy in evaluation mode, frozen, on the device if one is given."""
    # what a forward pass left behind (old weight and spectral norms) has a gradient's history, which nobody can copy
    left = [value for part in module.modules() for value in vars(part).values() if isinstance(value, Tensor)]
    memo: dict[int, Any] = {id(value): value.detach().clone() for value in left if not value.is_leaf}
    try:
        with torch.no_grad():  # or the weights of a scripted module would come with a history
            copied = copy.deepcopy(module, memo).eval()
    except (TypeError, RuntimeError) as error:
        raise ValueError(
            f"{type(module).__name__} cannot be copied ({first_line(error)}): "
            "hand it over as module.eval().requires_grad_(False)"
        ) from error
    for weights in copied.parameters():  # one by one: a scripted module has no requires_grad_
        weights.requires_grad_(False)
    return copied if device is None else copied.to(device)


def home(network: Callable[..., Any]) -> tuple[torch.device, torch.dtype]:
    """Return device and dtype of the first floating-point weights of a network; the CPU and float32 without any."""
    for module in modules_within(network):
        for weights in (*module.parameters(), *module.buffers()):
            if weights.is_floating_point():
                return weights.device, weights.dtype
    return torch.device("cpu"), torch.float32


def modules_within(network: Callable[..., Any]) -> Iterator[nn.Module]:
    """Yield the modules that a call can reach: the network itself, and those behind its functions."""
    seen: dict[int, Any] = {}  # the things themselves are kept, lest another takes over an id
    waiting: list[Any] = [network]
    while waiting:
        thing = waiting.pop(0)
        if id(thing) not in seen:
            seen[id(thing)] = thing
            if isinstance(thing, nn.Module):
                yield thing
            waiting += within(thing)


def within(thing: Any) -> list[Any]:
    """Return what a call of the thing may use besides its arguments."""
    match thing:
        case nn.Module():
            parts = [part for part in thing.modules() if not of_torch(type(part))]
            functions = [value for part in parts for value in vars(part).values() if isinstance(value, FUNCTIONS)]
            return functions + [type(part).forward for part in parts]
        case FunctionType():
            return [] if of_torch(thing) else used(thing)
        case MethodType():
            return [thing.__self__, thing.__func__]
        case partial():
            return [thing.func, *thing.args, *thing.keywords.values()]
        case list() | tuple():
            return interesting(thing)
        case dict():
            return interesting(thing.values())
        case Tensor() | type() | ModuleType():
            return []
    return [] if of_torch(type(thing)) else interesting(getattr(thing, "__dict__", {}).values())


def interesting(things: Any) -> list[Any]:
    """Return modules, functions and containers of a container that is not too long."""
    return [] if len(things) > MOST else [thing for thing in things if isinstance(thing, INTERESTING)]


def used(function: FunctionType) -> list[Any]:
    """Return what a function's closure, defaults and global names hold."""
    defaults = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    cells = []
    for cell in function.__closure__ or ():
        try:
            cells.append(cell.cell_contents)
        except ValueError:  # a name that is not bound yet
            continue
    names = loaded(function.__code__)
    return [*defaults, *cells, *(function.__globals__[name] for name in names if name in function.__globals__)]


def loaded(code: CodeType) -> list[str]:
    """Return the global names that code loads, that of functions within it included."""
    names = [step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"]
    return names + [name for part in code.co_consts if isinstance(part, CodeType) for name in loaded(part)]


def of_torch(thing: Any) -> bool:
    """Whether a class or function is torch's own."""
    return str(getattr(thing, "__module__", "")).split(".")[0] == "torch"


def name_of(network: Callable[..., Any]) -> str:
    """Return what to call a module or function in a message."""
    return str(getattr(network, "__qualname__", type(network).__name__)).split(".")[-1]


def first_line(error: BaseException) -> str:
    """Return what an error says, in one line."""
    return (str(error).splitlines() or [type(error).__name__])[0]
