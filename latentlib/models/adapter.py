"""Adapting any generator to the library: latents (n, genes) in, images in [0, 1] or other outputs out."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from latentlib.checks import check_choice
from latentlib.models.frozen import first_line, frozen, home, name_of
from latentlib.models.probing import BATCH, COUNT, SEED, Seen, check_range, first_tensor, look, random_state_kept
from latentlib.priors import Normal, Prior, check_prior, prior_of
from latentlib.randomness import seeded

OUTPUTS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": lambda values: ((values + 1) / 2).clamp(0, 1),
    "unit": lambda values: values.clamp(0, 1),
    "logits": torch.sigmoid,
    "raw": lambda values: values,
}
NOISE = ("drawn", "fixed")
NAMES = ("latent_size", "z_dim")  # attributes that hold the latent size of a generator


class PerRun:
    """An input of the generator that differs between runs.

    Args:
        values: (runs, ...), a tensor or data for one, such as a list of labels.
    """

    def __init__(self, values: Any) -> None:
        self.values = torch.as_tensor(values)
        if self.values.ndim == 0 or len(self.values) == 0:
            raise ValueError(f"an input per run needs shape (runs, ...), got {tuple(self.values.shape)}")


@dataclass(frozen=True)
class Habits:
    """How to call a generator and read its outputs; the arguments are those of `adapt`."""

    output: str
    clamp: bool
    latent_shape: tuple[int, ...] | None
    select: Callable[[Any], Tensor]
    inputs: Mapping[str, Any]
    noise: str | None

    def __post_init__(self) -> None:
        check_choice("output", self.output, tuple(OUTPUTS))
        if self.noise is not None:
            check_choice("noise", self.noise, NOISE)
        sizes = sorted({len(given.values) for given in self.inputs.values() if isinstance(given, PerRun)})
        if len(sizes) > 1:
            raise ValueError(f"all inputs per run must be for as many runs, got {' and '.join(map(str, sizes))}")

    @property
    def runs(self) -> int | None:
        """Number of runs that the inputs are for; None if they serve any."""
        return next((len(given.values) for given in self.inputs.values() if isinstance(given, PerRun)), None)

    def arguments(self, run: Tensor) -> dict[str, Any]:
        """Return the further inputs for a batch of latents that belong to the runs (n,)."""
        return {name: batched(given, run) for name, given in self.inputs.items()}


def batched(given: Any, run: Tensor) -> Any:
    """Return one input for a batch: a row per latent of a `PerRun`, a tensor repeated, anything else unchanged."""
    if isinstance(given, PerRun):
        return given.values.to(run.device)[run]
    return given.to(run.device).expand(len(run), *given.shape) if isinstance(given, Tensor) else given


class Adapter(nn.Module):
    """Call a generator in the form that searches need; made by `adapt`.

    Args:
        generator: frozen.
        latent_size: number of genes of a latent.
        habits: how to call it and read its outputs.
        prior: distribution of its latents.

    Attributes:
        latent_size: number of genes of a latent.
        prior: distribution of its latents.
        runs: number of runs that its inputs are for; None if they serve any.
        noisy: whether the same latent gives a different output each time.
        seen: summary of its outputs, before rescaling.
        sample: a few of its outputs (k, ...).
    """

    def __init__(self, generator: Callable[..., Any], latent_size: int, habits: Habits, prior: Prior) -> None:
        super().__init__()
        self.generator, self.latent_size, self.habits, self.prior = generator, latent_size, habits, prior
        device, self.dtype = home(generator)
        if device.type == "meta":
            raise ValueError(f"{name_of(generator)} has no weights yet, only their shapes: load them first")
        self.runs, self.one_by_one = habits.runs, False
        latents, run = drawn(prior, latent_size).to(device), torch.arange(COUNT, device=device) % (self.runs or 1)
        self.latent_shape = self.accepted_shape(latents[:BATCH], run[:BATCH])
        self.seen = self.looked(latents, run)
        self.noisy = not self.seen.repeats
        self.sample = OUTPUTS[habits.output](self.seen.sample)

    def forward(self, latents: Tensor, run: Tensor | None = None) -> Tensor:
        """Return outputs (n, ...) of latents (n, latent_size), images in [0, 1] unless the outputs are raw.

        Args:
            latents: (n, latent_size).
            run: the run (n,) of each; required if an input differs between runs.
        """
        if run is None:
            if self.runs not in (None, 1):
                raise ValueError(f"inputs are given per run: say the run of each of {len(latents)} latents as run=")
            run = torch.zeros(len(latents), dtype=torch.long, device=latents.device)
        return OUTPUTS[self.habits.output](self.raw(latents, run))

    def raw(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the generator's own outputs (n, ...), as float32 if they are floating-point."""
        if not self.one_by_one:
            return self.called(latents, run, self.latent_shape)
        made = []
        for one, its_run in zip(torch.split(latents, 1), torch.split(run, 1), strict=True):
            with random_state_kept(latents.device):
                torch.manual_seed(SEED)
                made.append(self.called(one, its_run, self.latent_shape))
        return torch.cat(made)

    def called(self, latents: Tensor, run: Tensor, shape: tuple[int, ...]) -> Tensor:
        """Call the generator with a reshaped copy of latents, since some generators write into their inputs."""
        shaped = latents.to(self.dtype, copy=True).reshape(len(latents), *shape)
        made = self.habits.select(self.generator(shaped, **self.habits.arguments(run)))
        return made.float() if made.is_floating_point() else made

    def accepted_shape(self, latents: Tensor, run: Tensor) -> tuple[int, ...]:
        """Return the shape of a latent that the generator accepts: the one given, else flat or spatial."""
        given = self.habits.latent_shape
        errors: dict[tuple[int, ...], Exception] = {}
        for shape in [(self.latent_size,), (self.latent_size, 1, 1)] if given is None else [given]:
            try:
                with torch.no_grad(), random_state_kept(latents.device):
                    self.called(latents, run, shape)
                return shape
            except Exception as error:  # the generator is not ours: report whatever it raises
                errors[shape] = error
        said = "; nor ".join(f"{batch_of(shape)}: {first_line(error)}" for shape, error in errors.items())
        hint = "; further arguments go into inputs=" if "missing" in said else ""
        raise ValueError(f"the generator does not take latents {said}{hint}") from next(iter(errors.values()))

    def looked(self, latents: Tensor, run: Tensor) -> Seen:
        """Inspect the outputs of latents (n, genes), and make them repeatable if noise should be fixed."""
        seen, noise = look(self.raw, latents, run), self.habits.noise
        if not seen.repeats and noise == "fixed":
            self.one_by_one = True
            seen = look(self.raw, latents, run)
        if not seen.repeats and noise != "drawn":
            why = "its noise does not come from torch's random numbers" if noise else "it draws noise"
            raise ValueError(
                f"the generator gives two outputs for the same latent: {why}; adapt(..., noise='drawn') makes a noisy "
                "fitness, noise='fixed' repeats torch's noise at the cost of one latent per pass"
            )
        last = list(self.generator.modules())[-1] if isinstance(self.generator, nn.Module) else None
        check_range(seen, self.habits.output, self.habits.clamp, isinstance(last, nn.Tanh))
        return seen

    def __repr__(self) -> str:
        shape = ", latents " + batch_of(self.latent_shape)
        cost = ", one latent per pass" if self.one_by_one else ""
        return f"Adapter({name_of(self.generator)}{shape}, output={self.habits.output!r}{cost}): {self.seen}"


def adapt(  # noqa: PLR0913 (one option per difference between generators)
    generator: Callable[..., Any],
    latent_size: int | None = None,
    *,
    output: str = "tanh",
    clamp: bool = False,
    latent_shape: tuple[int, ...] | None = None,
    select: Callable[[Any], Tensor] = first_tensor,
    inputs: Mapping[str, Any] | None = None,
    noise: str | None = None,
    prior: Prior | None = None,
    device: str | torch.device | None = None,
) -> Adapter:
    """Adapt your own generator to searches, which leave it unchanged: unless it is frozen already, they use a copy.

    The copy generates 64 outputs to look at; the adapter's `repr` describes them.

    Args:
        generator: a module, or a function that calls modules in evaluation mode, from latents to outputs.
        latent_size: number of genes of a latent; by default the generator's attribute `latent_size` or `z_dim`.
        output: what the generator returns: `tanh`, values in [-1, 1], rescaled to [0, 1]; `unit`, values in [0, 1];
            `logits`, to which the sigmoid is applied; `raw`, left unchanged, for outputs that are not images.
        clamp: whether values beyond [-1, 1] or [0, 1] are outliers to be clamped; otherwise they are an error.
        latent_shape: shape of one latent as the generator accepts it, such as (18, 512); by default (latent_size,) and,
            as in a DCGAN, (latent_size, 1, 1) are tried.
        select: picks the outputs from the value returned; by default its first tensor.
        inputs: further arguments of the generator by name. A tensor is the input for one latent, repeated for each;
            `PerRun` holds one per run; anything else is passed on unchanged.
        noise: how to treat a generator that gives two outputs for the same latent, by default an error. `drawn`: each
            pass draws anew from torch's global random numbers, and the fitness is noisy. `fixed`: the same noise for
            every latent in any batch; each latent then takes a pass of its own, without the speed of batches.
        prior: distribution that latents are drawn from and stay in; by default the generator's `prior`, or N(0, 1).
        device: a torch device; by default that of the generator.

    Raises:
        TypeError: for a generator that cannot be called, or outputs that are not a floating-point tensor.
        ValueError: for an option out of range; for a module in training mode behind a function; for a generator that
            does not accept the latents; for outputs that are out of range, NaN, not one per latent, different for the
            same latent, or dependent on the rest of the batch.
    """
    network = frozen(generator, device)
    habits = Habits(output, clamp, latent_shape, select, inputs or {}, noise)
    size = size_of(generator, latent_size, latent_shape)
    return Adapter(network, size, habits, checked_prior(generator, prior)).eval()


def fitted(generator: Callable[..., Any], latent_size: int | None = None, output: str = "unit") -> Adapter:
    """Return a frozen adapter of the generator, which may be an adapter already.

    Raises:
        ValueError: for a latent size that is not the adapter's; as in `adapt`.
    """
    if not isinstance(generator, Adapter):
        return adapt(generator, latent_size, output=output)
    if latent_size not in (None, generator.latent_size):
        raise ValueError(f"the generator is adapted to {generator.latent_size} genes, got {latent_size}")
    return frozen(generator)


def size_of(generator: Callable[..., Any], given: int | None, shape: tuple[int, ...] | None) -> int:
    """Return the number of genes of a latent; raise a ValueError if it is unknown or contradicts the shape."""
    size = given if given is not None else next((getattr(generator, n) for n in NAMES if hasattr(generator, n)), None)
    if size is None and shape is not None:
        size = math.prod(shape)
    if size is None:
        raise ValueError(f"{name_of(generator)} has no attribute `latent_size`: say how many genes a latent has")
    if type(size) is not int or size < 1:
        raise ValueError(f"latent_size must be a whole number of at least 1, got {size!r}")
    if shape is not None and math.prod(shape) != size:
        raise ValueError(f"latent_shape must hold latent_size = {size} genes, got {shape}")
    return size


def checked_prior(generator: Callable[..., Any], given: Prior | None) -> Prior:
    """Return the prior given, else the generator's or N(0, 1); raise a TypeError if the one given is no prior."""
    if given is not None:
        check_prior(given)
    prior = prior_of(generator, given)
    if isinstance(prior, Prior) and not isinstance(prior, type):
        return prior
    return Normal()  # a foreign generator's `prior` may be something else


def drawn(prior: Prior, genes: int) -> Tensor:
    """Draw the latents (COUNT, genes) to look at; raise a ValueError if the prior does not fit them."""
    try:
        return prior.draw((COUNT, genes), seeded(SEED))
    except RuntimeError as error:
        raise ValueError(f"the prior does not draw latents of {genes} genes: {first_line(error)}") from error


def batch_of(shape: tuple[int, ...]) -> str:
    """Return a batch's shape as text, such as `(n, 100, 1, 1)`."""
    return f"(n, {', '.join(map(str, shape))})"
