"""A network's weights as one long genome, whose blocks are its filters and its layers."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn.modules.batchnorm import _BatchNorm

from latentlib.checks import check_positive

ROWS = 4096  # inputs that pass through networks at once, over all of them: memory stays bounded
NORM_SCALE = 0.1  # of the weights of norms, which begin as ones and zeros and so have no scale of their own
CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)


@dataclass(frozen=True)
class Part:
    """A parameter of a network: its name, the first weight of a genome that is its, its shape, and how it is read.

    `base` and `scale` make weights of genes. The weights of a deconvolution are `turned`, so that those of one
    outgoing filter stand together.
    """

    name: str
    first: int
    shape: tuple[int, ...]
    base: Tensor
    scale: float
    layer: int
    turned: bool

    @property
    def end(self) -> int:
        """The first weight that is another's."""
        return self.first + self.base.numel()


class Weights:
    """Read genomes as weights of a network: of each layer, a base plus its scale times the genes.

    The scale of a layer is the root mean square of its weights as they are given. So genomes of N(0, 1), from which
    searches draw by default, are networks with random weights, and a mutation step counts in units of each layer.
    Batch norms take their statistics from the batch at hand, of one network at a time, and keep none, so that the
    networks of a population have nothing in common. Dropout is off.

    Args:
        network: whose structure is evolved; it is copied and stays unchanged.
        around: whether the genome of zeros is the network as it is given; otherwise its weights are zeros, and those of
            norms as they are given.
        spread: what every scale is multiplied by, above 0.
        chosen: places (genes,) of the weights that evolve, in ascending order; the others stay as they are given. By
            default all evolve; `places` finds those of a layer.
        vectorised: whether a population passes in one batch (`torch.vmap`) or one network after the other; by default
            the former, except with convolutions on a CPU, where it is slower.

    Raises:
        ValueError: for weights that are not finite float32, a layer of zeros, or places that are not of this kind.
    """

    def __init__(
        self,
        network: nn.Module,
        around: bool = False,
        spread: float = 1.0,
        chosen: Tensor | None = None,
        vectorised: bool | None = None,
    ) -> None:
        check_positive("spread", spread)
        self.prototype = without_statistics(network)
        self.scratch = copy.deepcopy(self.prototype).requires_grad_(False)  # has the weights of the network that passes
        self.held = dict(self.scratch.named_parameters())
        self.parts = list(parts(self.prototype, around, spread))
        if not self.parts:
            raise ValueError("network must have weights to evolve, got none")
        self.device = self.parts[0].base.device
        self.base = torch.cat([part.base for part in self.parts])
        self.given = flattened(self.parts, dict(self.prototype.named_parameters()))
        sizes = torch.tensor([part.base.numel() for part in self.parts], device=self.device)
        scales = torch.tensor([part.scale for part in self.parts], device=self.device)
        self.scale = scales.repeat_interleave(sizes)
        self.chosen = None if chosen is None else checked_places(chosen, len(self.base))
        convolves = any(isinstance(module, CONVOLUTIONS) for module in self.prototype.modules())
        self.vectorised = not convolves or self.device.type == "cuda" if vectorised is None else vectorised

    @property
    def genes(self) -> int:
        """Number of weights that evolve."""
        return len(self.base) if self.chosen is None else len(self.chosen)

    @property
    def layers(self) -> tuple[int, ...]:
        """Number of genes of each layer, its bias included, for operators on blocks."""
        sizes = torch.tensor([part.base.numel() for part in self.parts])
        return self.counted(torch.tensor([part.layer for part in self.parts]).repeat_interleave(sizes))

    @property
    def filters(self) -> tuple[int, ...]:
        """Number of genes of each filter, for operators on blocks.

        A filter is all weights into one unit; each entry of a vector is one by itself.
        """
        sizes = [size for part in self.parts for size in filter_sizes(part)]
        return self.counted(torch.arange(len(sizes)).repeat_interleave(torch.tensor(sizes)))

    def counted(self, block: Tensor) -> tuple[int, ...]:
        """Return how many of the weights that evolve each block has, those without any left out."""
        counts = (block if self.chosen is None else block[self.chosen.cpu()]).bincount()
        return tuple(counts[counts > 0].tolist())

    def places(self, prefix: str) -> Tensor:
        """Return the places of all weights whose names begin with a prefix, such as `layers.8.`, for `chosen`.

        Raises:
            ValueError: for a prefix of no name.
        """
        found = [torch.arange(part.first, part.end) for part in self.parts if part.name.startswith(prefix)]
        if not found:
            raise ValueError(f"prefix must begin one of {', '.join(part.name for part in self.parts)}, got {prefix!r}")
        return torch.cat(found)

    def genome(self, network: nn.Module) -> Tensor:
        """Return the genome (genes,) of a network of the same structure.

        Raises:
            ValueError: for a network of other parameters.
        """
        named = dict(network.named_parameters())
        shapes, wanted = ({name: tuple(p.shape) for name, p in some.items()} for some in (named, self.own()))
        if shapes != wanted:
            odd = sorted({name for name in shapes | wanted if shapes.get(name) != wanted.get(name)})[0]
            raise ValueError(f"network must have {odd} of shape {wanted.get(odd)}, got {shapes.get(odd)}")
        genome = (flattened(self.parts, named) - self.base) / self.scale
        return genome if self.chosen is None else genome[self.chosen]

    def network(self, genome: Tensor) -> nn.Module:
        """Return the network of a genome (genes,), whose batch norms take their statistics from the batch at hand."""
        network = copy.deepcopy(self.prototype)
        with torch.no_grad():
            for name, value in self.named(genome[None]).items():
                network.get_parameter(name).copy_(value[0])
        return network

    @torch.no_grad()
    def outputs(self, genomes: Tensor, inputs: Tensor, each: bool = False) -> Tensor:
        """Return the outputs (networks, n, ...) of the networks of genomes, without gradients.

        Args:
            genomes: (networks, genes).
            inputs: (n, ...), which all networks take.
            each: whether every network has inputs of its own, (networks, n, ...).
        """
        at_once = max(1, ROWS // inputs.shape[1 if each else 0])
        own = torch.split(inputs, at_once) if each else [inputs] * -(-len(genomes) // at_once)
        pairs = zip(torch.split(genomes, at_once), own, strict=True)
        return torch.cat([self.passed(some, given, each) for some, given in pairs])

    def passed(self, genomes: Tensor, inputs: Tensor, each: bool) -> Tensor:
        """Return the outputs of networks that pass at once, or one after the other; see `outputs`."""
        named = self.named(genomes)
        if self.vectorised:
            at_once: Tensor = vmap(self.call, in_dims=(0, 0 if each else None))(named, inputs)
            return at_once
        made = []
        for row in range(len(genomes)):
            for name, value in named.items():
                self.held[name].data = channels_last(value[row])
            made.append(self.scratch(channels_last(inputs[row] if each else inputs)))
        return torch.stack(made)

    def call(self, named: dict[str, Tensor], inputs: Tensor) -> Tensor:
        """Return the outputs of one network by its named weights."""
        made: Tensor = functional_call(self.prototype, named, (inputs,))
        return made

    def named(self, genomes: Tensor) -> dict[str, Tensor]:
        """Return the weights (networks, ...) by name of genomes (networks, genes)."""
        if genomes.shape[1] != self.genes:
            raise ValueError(f"genomes must have {self.genes} genes, got {genomes.shape[1]}")
        if self.chosen is None:
            weights = torch.addcmul(self.base, self.scale, genomes)
        else:
            moved = torch.addcmul(self.base[self.chosen], self.scale[self.chosen], genomes)
            weights = self.given.expand(len(genomes), -1).clone().index_copy_(1, self.chosen, moved)
        return {part.name: shaped(weights[:, part.first : part.end], part) for part in self.parts}

    def own(self) -> dict[str, nn.Parameter]:
        """Return the parameters as they were given, by name."""
        return dict(self.prototype.named_parameters())


def channels_last(values: Tensor) -> Tensor:
    """Return images or the weights of convolutions in the layout in which a CPU convolves fastest."""
    return values.contiguous(memory_format=torch.channels_last) if values.ndim == 4 else values


def without_statistics(network: nn.Module) -> nn.Module:
    """Return a copy of a network in evaluation mode whose batch norms neither have nor keep statistics."""
    copied = copy.deepcopy(network).eval()
    for module in copied.modules():
        if isinstance(module, _BatchNorm):
            module.track_running_stats = False
            module.running_mean = module.running_var = module.num_batches_tracked = None
    return copied


def parts(network: nn.Module, around: bool, spread: float) -> Iterator[Part]:
    """Yield the parameters of a network in their order."""
    modules = [module for module in network.modules() if list(module.parameters(recurse=False))]
    owners = {id(p): place for place, module in enumerate(modules) for p in module.parameters(recurse=False)}
    named = list(network.named_parameters())
    ends = accumulate(parameter.numel() for _, parameter in named)
    for (name, parameter), end in zip(named, ends, strict=True):
        if parameter.dtype != torch.float32 or not bool(parameter.isfinite().all()):
            raise ValueError(f"weights must be finite float32, got {parameter.dtype} or NaN or inf in {name}")
        owner = modules[owners[id(parameter)]]
        turned = isinstance(owner, CONVOLUTIONS[3:]) and parameter.ndim > 1
        flat = ordered(parameter.detach(), turned)
        kept = around or is_norm(owner)
        scale = spread * scale_of(owner, name)
        first = end - parameter.numel()
        base = flat if kept else torch.zeros_like(flat)
        yield Part(name, first, tuple(parameter.shape), base, scale, owners[id(parameter)], turned)


def scale_of(owner: nn.Module, name: str) -> float:
    """Return the scale of a layer, that of its weights: their mean square, since a bias may be one number."""
    if is_norm(owner):
        return NORM_SCALE
    largest = max(owner.parameters(recurse=False), key=lambda parameter: parameter.ndim)
    scale = float(largest.detach().square().mean().sqrt())
    if not scale:
        raise ValueError(f"the layer of {name} must have weights other than zeros, by which its scale is known")
    return scale


def is_norm(layer: nn.Module) -> bool:
    """Return whether all parameters of a layer are vectors, as those of norms are."""
    return all(parameter.ndim < 2 for parameter in layer.parameters(recurse=False))


def ordered(parameter: Tensor, turned: bool) -> Tensor:
    """Return a parameter as a vector, in which the weights of a filter stand together."""
    return (parameter.transpose(0, 1) if turned else parameter).reshape(-1)


def shaped(weights: Tensor, part: Part) -> Tensor:
    """Return the parameters (networks, ...) in vectors (networks, size)."""
    if not part.turned:
        return weights.view(-1, *part.shape)
    inputs, outputs, *kernel = part.shape
    return weights.view(-1, outputs, inputs, *kernel).transpose(1, 2)


def filter_sizes(part: Part) -> list[int]:
    """Return the number of weights of each filter of a parameter."""
    filters = part.shape[1] if part.turned else part.shape[0] if part.shape else 1
    return [part.base.numel() // filters] * filters


def flattened(of: list[Part], named: dict[str, nn.Parameter]) -> Tensor:
    """Return parameters as one vector of weights."""
    return torch.cat([ordered(named[part.name].detach(), part.turned) for part in of])


def checked_places(chosen: Tensor, count: int) -> Tensor:
    """Return places of weights; raise a ValueError unless they are ascending whole numbers below a count."""
    whole = chosen.ndim == 1 and chosen.dtype == torch.int64 and len(chosen) > 0
    if not whole or chosen[0] < 0 or chosen[-1] >= count or not bool((chosen.diff() > 0).all()):
        raise ValueError(f"chosen must be ascending places (genes,) int64 in [0, {count}), got {chosen}")
    return chosen
