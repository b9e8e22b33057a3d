"""A fast form of trained generators for searches: the same images up to rounding, in half the time."""

import copy

import torch
from torch import nn
from torch.nn.utils import skip_init
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
CONVOLUTIONS = nn.Conv2d | nn.ConvTranspose2d
TAPS = {0: ((1, 1), (0, 3)), 1: ((2, 0), (1, 2))}  # output parity: (place in a 3-wide, tap of a 4-wide kernel)


def folded(generator: nn.Module) -> nn.Module:
    """Return a frozen copy of a generator for inference: batch norms folded, channels last, sub-pixel output.

    Args:
        generator: in evaluation mode; its `layers` are an nn.Sequential in which a batch norm may only follow a
            linear layer or a (de)convolution, otherwise a ValueError.
    """
    layers: list[nn.Module] = list(generator.layers)  # type: ignore[arg-type]
    made: list[nn.Module] = []
    for layer, following in zip(layers, [*layers[1:], None], strict=True):
        if isinstance(following, NORMS) and not isinstance(layer, nn.Linear | CONVOLUTIONS):
            raise ValueError(f"a batch norm behind {type(layer).__name__} cannot be folded")
        if isinstance(layer, nn.Linear) and isinstance(following, NORMS):
            made.append(fuse_linear_bn_eval(layer, following))
        elif isinstance(layer, CONVOLUTIONS) and isinstance(following, NORMS):
            made.append(fuse_conv_bn_eval(layer, following, transpose=isinstance(layer, nn.ConvTranspose2d)))
        elif isinstance(layer, nn.ConvTranspose2d) and doubles(layer):
            made += [sub_pixel(layer), nn.PixelShuffle(2)]
        elif not isinstance(layer, NORMS):
            made.append(layer)
    fast = copy.deepcopy(generator)
    fast.layers = nn.Sequential(*copy.deepcopy(made))
    return fast.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def doubles(layer: nn.ConvTranspose2d) -> bool:
    """Return whether a deconvolution doubles height and width with a kernel of 4."""
    shape = (layer.kernel_size, layer.stride, layer.padding, layer.output_padding, layer.dilation, layer.groups)
    return shape == ((4, 4), (2, 2), (1, 1), (0, 0), (1, 1), 1)


def sub_pixel(doubling: nn.ConvTranspose2d) -> nn.Conv2d:
    """Return the 3x3 convolution that, before a pixel shuffle, equals a doubling deconvolution (Shi et al. 2016).

    A deconvolution with one or three output channels leaves a CPU's vector units idle; four times as many do not.
    """
    inputs, outputs = doubling.weight.shape[:2]
    kernel = torch.zeros(outputs, 2, 2, inputs, 3, 3, device=doubling.weight.device)
    for down, rows in TAPS.items():
        for right, columns in TAPS.items():
            for row, tap_row in rows:
                for column, tap_column in columns:
                    kernel[:, down, right, :, row, column] = doubling.weight[:, :, tap_row, tap_column].T
    bias = doubling.bias is not None
    convolution: nn.Conv2d = skip_init(  # type: ignore[no-untyped-call]
        nn.Conv2d, inputs, 4 * outputs, kernel_size=3, padding=1, bias=bias, device=kernel.device
    )
    with torch.no_grad():
        convolution.weight.copy_(kernel.flatten(0, 2))
        if bias:
            convolution.bias.copy_(doubling.bias.repeat_interleave(4))  # type: ignore[union-attr]
    return convolution
