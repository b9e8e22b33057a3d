"""Sets chosen from a pool of random images by a metric's similarity, without evolution."""

from collections.abc import Callable

import torch
from torch import Tensor

from latentlib.chunks import in_chunks
from studies.diversity.experiments.evaluator import METRICS

ROUNDS = 50  # of k-medoids, at most
ROWS = 10_000  # images that are compared together


class Pool:
    """Compare one image of a pool with all, a row of the Gram matrix at a time.

    Args:
        images: (n, channels, height, width) of any precision; float16 serves pools that would not fit otherwise.
        metric: `rmse` or `ncc`, as in `evaluator.METRICS`.
    """

    def __init__(self, images: Tensor, metric: str) -> None:
        self.pixels, self.metric = images.flatten(1), metric
        self.energy = in_chunks(lambda some: some.float().square().sum(dim=1), self.pixels, ROWS)

    def to(self, one: int) -> Tensor:
        """Return the similarity (n,) float32 of an image to all; 1 where it is undefined, so that none is chosen."""
        pixels, energy = self.pixels[one].float(), self.energy[one]
        products = in_chunks(lambda some: some.float() @ pixels, self.pixels, ROWS)
        if self.metric == "rmse":
            return 1 - ((self.energy + energy - 2 * products).clamp_min(0) / len(pixels)).sqrt()
        return (products / (self.energy * energy).sqrt()).nan_to_num(1.0)

    def all(self) -> Tensor:
        """Return the similarity (n, n) of all images with each other."""
        return METRICS[self.metric](self.pixels[None])[0].nan_to_num(1.0)


def grown(pool: Pool, size: int, joined: Callable[[Tensor, Tensor], Tensor]) -> list[int]:
    """Return the places of `size` images: the one least like the brightest, then those least like the chosen.

    Args:
        pool: at least `size` images.
        size: at least 1.
        joined: of the similarities to those chosen so far and to the next: their sum or their maximum.
    """
    chosen = [int(pool.to(int(pool.energy.argmax())).argmin())]
    against = pool.to(chosen[0])
    while len(chosen) < size:
        against[chosen[-1]] = torch.inf
        chosen.append(int(against.argmin()))
        against = joined(against, pool.to(chosen[-1]))
    return chosen


def greedy(pool: Pool, size: int) -> list[int]:
    """Return the places of images, each with the least mean similarity to those before."""
    return grown(pool, size, torch.add)


def farthest_point(pool: Pool, size: int) -> list[int]:
    """Return the places of images, each with the least maximum similarity to those before (Gonzalez 1985)."""
    return grown(pool, size, torch.maximum)


def medoids(pool: Pool, size: int) -> list[int]:
    """Return the places of the medoids of clusters, by turns of assigning and choosing (Park & Jun 2009)."""
    similar = pool.all()
    centres = farthest_point(pool, size)
    for _ in range(ROUNDS):
        cluster = similar[:, centres].argmax(dim=1)
        cluster[centres] = torch.arange(size, device=cluster.device)
        before, centres = centres, [middle(similar, (cluster == one).nonzero()[:, 0]) for one in range(size)]
        if centres == before:
            break
    return centres


def middle(similar: Tensor, members: Tensor) -> int:
    """Return which of some members of a pool is most similar to the others, from the similarities (n, n) of all."""
    return int(members[similar[members][:, members].sum(dim=1).argmax()])
