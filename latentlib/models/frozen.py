"""Frozen modules: searches run networks in evaluation mode and leave the caller's module unchanged."""

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
MOST = 100  # items of a container to search for modules: longer ones, such as lists of images, are skipped


def frozen(network: Network, device: str | torch.device | None = None) -> Network:
    """Return the network if it is frozen and in evaluation mode, else a copy that is; frozen means no gradients.

    Args:
        network: a module, or a function that calls modules.
        device: a torch device; by default that of the network.

    Raises:
        TypeError: for anything that cannot be called.
        ValueError: for an unavailable device, a module that cannot be copied, or a module in training mode
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
    """Return the device of a name; raise a ValueError if torch does not know it or cannot find it."""
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:  # any of these without a GPU
        raise ValueError(f"device must be one that torch finds here, got {str(name)!r}: {first_line(error)}") from error
    return device


def settled(module: nn.Module, wanted: torch.device | None) -> bool:
    """Return whether a module is in evaluation mode, requires no gradient, and is on the device, if given."""
    tensors = [*module.parameters(), *module.buffers()]
    return (
        not any(part.training for part in module.modules())
        and not any(weights.requires_grad for weights in module.parameters())
        and (wanted is None or all(here(tensor.device, wanted) for tensor in tensors))
    )


def here(found: torch.device, wanted: torch.device) -> bool:
    """Return whether a device is the wanted one, whose index may be unspecified."""
    return found.type == wanted.type and wanted.index in (None, found.index)


def settling(module: nn.Module, device: torch.device | None) -> Any:
    """Return a frozen copy in evaluation mode, on the device if one is given."""
    # tensors left by a forward pass (old weight and spectral norms) have a gradient history and cannot be copied
    left = [value for part in module.modules() for value in vars(part).values() if isinstance(value, Tensor)]
    memo: dict[int, Any] = {id(value): value.detach().clone() for value in left if not value.is_leaf}
    try:
        with torch.no_grad():  # otherwise the weights of a scripted module keep a gradient history
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
    """Return device and dtype of the first floating-point weights of a network; CPU and float32 if it has none."""
    for module in modules_within(network):
        for weights in (*module.parameters(), *module.buffers()):
            if weights.is_floating_point():
                return weights.device, weights.dtype
    return torch.device("cpu"), torch.float32


def modules_within(network: Callable[..., Any]) -> Iterator[nn.Module]:
    """Yield the modules that a call can reach: the network itself and those that its functions use."""
    seen: dict[int, Any] = {}  # keeps the objects alive, so that no id is reused
    waiting: list[Any] = [network]
    while waiting:
        thing = waiting.pop(0)
        if id(thing) not in seen:
            seen[id(thing)] = thing
            if isinstance(thing, nn.Module):
                yield thing
            waiting += within(thing)


def within(thing: Any) -> list[Any]:
    """Return what calling an object may use besides its arguments."""
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
    """Return the modules, functions and containers in a container, or none if it is too long."""
    return [] if len(things) > MOST else [thing for thing in things if isinstance(thing, INTERESTING)]


def used(function: FunctionType) -> list[Any]:
    """Return the values of a function's defaults, closure and global names."""
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
    """Return the global names that code loads, including those of nested functions."""
    names = [step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"]
    return names + [name for part in code.co_consts if isinstance(part, CodeType) for name in loaded(part)]


def of_torch(thing: Any) -> bool:
    """Return whether a class or function is torch's own."""
    return str(getattr(thing, "__module__", "")).split(".")[0] == "torch"


def name_of(network: Callable[..., Any]) -> str:
    """Return the name of a module or function for a message."""
    return str(getattr(network, "__qualname__", type(network).__name__)).split(".")[-1]


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message, or its type if the message is empty."""
    return (str(error).splitlines() or [type(error).__name__])[0]
