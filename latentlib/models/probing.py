"""Inspecting a generator before a search: its outputs, their range, and whether a latent always gives the same one."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

COUNT = 64  # outputs looked at
BATCH = 16
ROUNDING = 1e-3  # of the range: smaller differences count as rounding (TF32 included)
SEED = 0
MOST_OUTLIERS = 0.5
UNDERSHOOT = 0.1

Outputs = Callable[[Tensor, Tensor], Tensor]  # latents (n, genes) and their runs (n,) to outputs (n, ...)


@dataclass(frozen=True)
class Seen:
    """Summary of the outputs of a generator.

    Args:
        count: number of outputs looked at.
        shape: shape of one output.
        low: least value.
        high: greatest value.
        repeats: whether the same latents give the same outputs.
        sample: one output of each batch (batches, ...).
    """

    count: int
    shape: tuple[int, ...]
    low: float
    high: float
    repeats: bool
    sample: Tensor

    def __str__(self) -> str:
        what = f"outputs of shape {self.shape}"
        if len(self.shape) == 3:
            channels, height, width = self.shape
            what = f"images of {channels} channel{'s' * (channels > 1)} and {height}x{width} pixels"
        again = "the same" if self.repeats else "another"
        return (
            f"{self.count} {what} seen, from {self.low:.4g} to {self.high:.4g}; "
            f"the same latent gives {again} output each time"
        )


@torch.no_grad()
def look(outputs: Outputs, latents: Tensor, run: Tensor) -> Seen:
    """Inspect the outputs of latents (n, genes) of the runs (n,), in batches; torch's random state is kept.

    Raises:
        TypeError: for outputs that are not floating-point numbers.
        ValueError: for outputs that are not one per latent, not finite, or dependent on the rest of the batch.
    """
    parts = torch.split(torch.arange(len(latents), device=latents.device), BATCH)
    with random_state_kept(latents.device):
        lows, highs, kept = [], [], []
        for number, part in enumerate(parts):
            images = outputs(latents[part], run[part])
            check_outputs(images, len(part))
            lows.append(float(images.min()))
            highs.append(float(images.max()))
            kept.append(5 * number % len(part))
            if number == 0:
                first, sample = images.clone(), images[:1].clone()
            else:
                sample = torch.cat([sample, images[kept[-1] :][:1]])
        low, high = min(lows), max(highs)
        slack = ROUNDING * max(high - low, ROUNDING)
        repeats = far(outputs(latents[parts[0]], run[parts[0]]), first) <= slack
        # each latent in another batch, and at another place in it
        places = torch.stack([part[place] for part, place in zip(parts, kept, strict=True)]).flip(0)
        apart = far(outputs(latents[places], run[places]).flip(0), sample)
    if repeats and apart > slack:
        raise ValueError(
            f"the generator's output for a latent must not depend on the rest of its batch, but changed by {apart:.3g} "
            "in another batch: has it a batch norm without running statistics?"
        )
    return Seen(len(latents), tuple(first.shape[1:]), low, high, repeats, sample)


def far(first: Tensor, second: Tensor) -> float:
    """Return the greatest absolute difference between two tensors of the same shape."""
    return float((first - second).abs().max())


def check_outputs(outputs: Tensor, count: int) -> None:
    """Raise an error unless there are `count` outputs of finite floating-point numbers."""
    if not outputs.is_floating_point():
        raise TypeError(
            f"the generator must return floating-point numbers, got {outputs.dtype}: "
            "convert them, such as with select=lambda made: made / 255"
        )
    if outputs.ndim == 0 or len(outputs) != count or outputs.numel() == 0:
        raise ValueError(
            f"the generator must return one output per latent, got shape {tuple(outputs.shape)} for {count} latents"
        )
    if not bool(outputs.isfinite().all()):
        raise ValueError("the generator's outputs must be finite, got NaN or infinity")


@contextmanager
def random_state_kept(device: torch.device) -> Iterator[None]:
    """Restore torch's global random state, on the CPU and on the device, after the block."""
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        yield


def first_tensor(made: Any) -> Tensor:
    """Return the first tensor of what a generator returned: itself, or one in a tuple, list or dictionary."""
    if isinstance(made, Tensor):
        return made
    parts = made.values() if isinstance(made, Mapping) else made if isinstance(made, tuple | list) else ()
    for part in parts:
        if isinstance(part, Tensor):
            return part
    raise TypeError(f"the generator must return a tensor, or a tuple, list or dictionary with one, got {type(made)}")


def check_range(seen: Seen, output: str, clamp: bool, ends_in_tanh: bool) -> None:
    """Raise a ValueError that names the right option unless the values seen fit `output`.

    Args:
        seen: summary of the generator's own outputs.
        output: as in `adapt`.
        clamp: as in `adapt`.
        ends_in_tanh: whether the generator's last layer is known to be a tanh, even if its outputs lie in [0, 1].
    """
    low, high, found = seen.low, seen.high, f"got values from {seen.low:.4g} to {seen.high:.4g}"
    unit = low >= -ROUNDING and high <= 1 + ROUNDING
    undershoots = -UNDERSHOOT < low < -ROUNDING and high > 0.5  # what clearly belongs in [0, 1] but for ringing
    tanh = low >= -1 - ROUNDING and high <= 1 + ROUNDING
    if output in ("tanh", "logits") and unit and not (output == "tanh" and ends_in_tanh):
        raise ValueError(
            f"output={output!r} does not fit outputs that lie in [0, 1] already, {found} in {seen.count} of them: "
            "latentlib.models.adapt(..., output='unit')"
        )
    if output == "tanh" and undershoots and not ends_in_tanh:
        raise ValueError(
            f"output='tanh' is for values from about -1 to 1, {found} in {seen.count} outputs: "
            "latentlib.models.adapt(..., output='unit', clamp=True) if they are meant for [0, 1]"
        )
    if output == "unit" and not unit and tanh:
        raise ValueError(
            f"the generator's outputs must lie in [0, 1], {found}: latentlib.models.adapt(..., output='tanh')"
        )
    if (output == "unit" and not unit) or (output == "tanh" and not tanh):
        least = 0 if output == "unit" else -1
        wanted = f"the generator's outputs must lie in [{least}, 1] for output={output!r}, {found}"
        beyond = float(((seen.sample < least) | (seen.sample > 1)).float().mean())
        if not clamp:
            raise ValueError(
                f"{wanted}: latentlib.models.adapt with output='logits' for logits, output='raw' for what is no "
                "image, or clamp=True for outliers"
            )
        if beyond > MOST_OUTLIERS:
            raise ValueError(f"{wanted}: clamp=True is for outliers, not for {beyond:.0%} of the values")
