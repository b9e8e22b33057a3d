"""What needs no training: sizes of networks, noise at epoch 0, and whether the Frechet distance orders corruptions."""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional

from latentlib.models import kumar
from latentlib.randomness import seeded
from latentlib.study.realism import frechet
from studies.evolving_weights.data import real
from studies.evolving_weights.measures import features, judges, of_images
from studies.evolving_weights.settings import Settings

LISTED = [(512, 4, 4), (256, 8, 8), (128, 16, 16), (64, 32, 32), (3, 64, 64)]
STATED = (3, 28, 28)  # of the image, in section 4.1.2
SIDES = range(1, 129)
AT_FIRST = 16  # images of an untrained generator
LEVELS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)  # of a corruption
Row = dict[str, str | float]


def facts(settings: Settings) -> pd.DataFrame:
    """Return rows of `fact`, `detail` and `value`.

    Facts: `sizes`, the share of the listed sizes that the generator has; `stated size`, whether its images have 28
    pixels; `seven convolutions`, whether seven of stride 2 judge 64 pixels; `lowest` and `highest` value of its images
    before they are rescaled; `correlation` of neighbouring pixels of an untrained one, and of white noise;
    `attainable`, the share of sides from 1 to 128 that one deconvolution can make of one pixel; and `order`, Spearman's
    correlation of the distance from real images with the level of a corruption, by corruption and judge; `floor`, the
    distance of real images from real ones, a mean over the judges.
    """
    return pd.DataFrame([*sizes(settings), *at_first(settings), *orders(settings)])


@torch.no_grad()
def sizes(settings: Settings) -> Iterator[Row]:
    """Yield what the listed networks can and cannot do."""
    given, found = torch.randn(2, 128, generator=seeded(settings.seed_of("sample"))), []
    for layer in listed(settings).layers:
        given = layer(given)
        if isinstance(layer, nn.ConvTranspose2d):
            found.append(tuple(given.shape[1:]))
    share = float(np.mean([one == wanted for one, wanted in zip(found, LISTED, strict=True)]))
    yield {"fact": "sizes", "detail": "", "value": share}
    yield {"fact": "stated size", "detail": "", "value": float(found[-1] == STATED)}
    for kernel in (3, 4, 5):
        yield {"fact": "seven convolutions", "detail": f"kernel {kernel}", "value": float(seven(kernel))}
    reached = {made(kernel, stride) for kernel, stride in product(range(1, 129), (1, 2))}
    yield {"fact": "attainable", "detail": "", "value": len(reached & set(SIDES)) / len(SIDES)}


def listed(settings: Settings) -> kumar.Generator:
    """Return the listed generator with first weights of the seed, as it is in training."""
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed_of("networks"))
        return kumar.Generator()


def seven(kernel: int) -> bool:
    """Return whether seven convolutions of stride 2 halve 64 pixels seven times, with the padding that halves."""
    side = 64
    for _ in range(7):
        after = (side + 2 * ((kernel - 1) // 2) - kernel) // 2 + 1
        if side < 2 or 2 * after != side:
            return False
        side = after
    return True


def made(kernel: int, stride: int) -> int:
    """Return the side that a deconvolution makes of one pixel."""
    return int(nn.ConvTranspose2d(1, 1, kernel, stride)(torch.zeros(1, 1, 1, 1)).shape[-1])


@torch.no_grad()
def at_first(settings: Settings) -> Iterator[Row]:
    """Yield what an untrained generator's images are like."""
    random = seeded(settings.seed_of("sample"))
    images = listed(settings)(torch.randn(AT_FIRST, 128, generator=random))
    values = images * 2 - 1
    yield {"fact": "lowest", "detail": "", "value": float(values.min())}
    yield {"fact": "highest", "detail": "", "value": float(values.max())}
    yield {"fact": "correlation", "detail": "untrained", "value": neighbours(images)}
    yield {
        "fact": "correlation",
        "detail": "white noise",
        "value": neighbours(torch.rand(images.shape, generator=random)),
    }


def neighbours(images: Tensor) -> float:
    """Return the correlation of horizontally neighbouring pixels within an image and channel, a mean over them."""
    centred = images - images.mean(dim=(2, 3), keepdim=True)
    left, right = centred[..., :-1], centred[..., 1:]
    along = (left * right).mean(dim=(2, 3)) / (left.square().mean(dim=(2, 3)) * right.square().mean(dim=(2, 3))).sqrt()
    return float(along.mean())


@torch.no_grad()
def orders(settings: Settings) -> Iterator[Row]:
    """Yield how the distance follows the level of each corruption, for each judge."""
    both, random = real(settings), seeded(settings.seed_of("sample"))
    uncorrupted = of_images(settings.dataset, both.training[: settings.compared], both)
    yield {"fact": "floor", "detail": "", "value": uncorrupted["distance"]}
    for place, judge in enumerate(judges(settings.dataset)):
        known = features(judge, both.held_out)
        for name, corrupted in CORRUPTIONS.items():
            worse = [corrupted(both.training[: settings.compared], level, random) for level in LEVELS]
            distances = [frechet(features(judge, images), known) for images in worse]
            ranks = np.argsort(np.argsort(distances))
            order = float(np.corrcoef(range(len(LEVELS)), ranks)[0, 1])
            yield {"fact": "order", "detail": f"{name}, judge {place}", "value": order}


def noisy(images: Tensor, level: float, random: torch.Generator) -> Tensor:
    """Return images with normal noise."""
    return (images + level * torch.randn(images.shape, generator=random)).clamp(0, 1)


def blurred(images: Tensor, level: float, random: torch.Generator) -> Tensor:
    """Return images mixed with themselves in a blur of five pixels."""
    blur = functional.avg_pool2d(images, 5, stride=1, padding=2, count_include_pad=False)
    return torch.lerp(images, blur, 2 * level)


def erased(images: Tensor, level: float, random: torch.Generator) -> Tensor:
    """Return images whose lower part is black."""
    kept = images.clone()
    rows = round(level * images.shape[2])
    kept[:, :, images.shape[2] - rows :] = 0
    return kept


def fewer(images: Tensor, level: float, random: torch.Generator) -> Tensor:
    """Return images of which a share is one and the same."""
    kept = images.clone()
    kept[: round(level * len(images))] = images[0]
    return kept


CORRUPTIONS: dict[str, Callable[[Tensor, float, torch.Generator], Tensor]] = {
    "noise": noisy,
    "blur": blurred,
    "erased": erased,
    "copies": fewer,
}
