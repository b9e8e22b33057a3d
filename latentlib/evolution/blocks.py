"""Blocks: a long genome in parts, such as a set of latents or the layers of a network."""

import torch
from torch import Tensor

from latentlib.checks import check_at_least

Blocks = int | tuple[int, ...]  # one size for all blocks, or the size of each


def block_sizes(blocks: Blocks, genes: int) -> list[int]:
    """Return the size of each block; raise a ValueError unless they add up to the genes of a genome."""
    sizes = [blocks] * (genes // blocks) if isinstance(blocks, int) else list(blocks)
    if sum(sizes) != genes:
        raise ValueError(f"blocks must add up to the {genes} genes of a genome, got {blocks}")
    return sizes


def check_blocks(blocks: Blocks) -> None:
    """Raise a ValueError unless every block holds at least one gene."""
    for size in (blocks,) if isinstance(blocks, int) else blocks:
        check_at_least("block size", size, 1)


def stretched(mask: Tensor, blocks: Blocks, genes: int) -> Tensor:
    """Return a mask (..., blocks) of blocks as one (..., genes) of genes; that of a single block stays (..., 1)."""
    if mask.shape[-1] == 1:
        return mask  # says the same of all genes, and costs nothing
    sizes = torch.tensor(block_sizes(blocks, genes), device=mask.device)
    return mask.repeat_interleave(sizes, dim=-1, output_size=genes)
