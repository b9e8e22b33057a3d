"""Sets of real images (sets, n, ...), by what they are."""

import torch

from latentlib import data


def of(name: str, sets: int = 3, n: int = 5) -> torch.Tensor:
    return data.bundled(name).images[: sets * n].view(sets, n, 1, 28, 28).clone()


SETS = {
    "grey": lambda: of("fashion_mnist"),
    "digits": lambda: of("mnist"),
    "in colour": lambda: of("fashion_mnist", 2, 12).view(2, 4, 3, 28, 28),
    "two images": lambda: of("mnist", 4, 2),
    "no images": lambda: torch.rand(2, 6, 7, generator=torch.Generator().manual_seed(0)),
}
