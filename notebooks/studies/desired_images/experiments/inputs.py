"""Other inputs while a generator is trained: a class beside the latent (LI-37), or U[0, 1] for N(0, 1) (LI-A2)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional

from latentlib import data, zoo
from latentlib.models import gagan
from latentlib.study import realism
from latentlib.study.training import plan_of, shortened, training_images
from studies.desired_images.experiments.trained import trained
from studies.desired_images.settings import Settings

EPOCHS = 12
CHANNELS = (128, 64, 32)  # half of the zoo's
CLASSES = 10
IMAGES = {"smoke": 500, "quick": 10_000, "paper": 10_000}


class Conditional(nn.Module):
    """A DCGAN conditioned on a class, which it shows to the discriminator on ten planes behind the image.

    The latent's last gene determines the class, all classes equally often, so that it trains like any other.
    """

    def __init__(self, image_shape: tuple[int, int, int], genes: int = 100) -> None:
        super().__init__()
        self.latent_size = genes + 1
        self.draw = gagan.Generator(image_shape, genes + CLASSES, CHANNELS)

    def forward(self, latents: Tensor) -> Tensor:
        """Return images with planes (n, channels + 10, height, width) of latents (n, genes + 1)."""
        chance = torch.special.ndtr(latents[:, -1])
        labels = (chance * CLASSES).long().clamp(max=CLASSES - 1)
        shown = functional.one_hot(labels, CLASSES).to(latents)
        return with_planes(self.draw(torch.cat([latents[:, :-1], shown], dim=1)), labels)


def with_planes(images: Tensor, labels: Tensor) -> Tensor:
    """Return images (n, channels, height, width) with ten more planes, all 1 for the label and 0 for the others."""
    planes = functional.one_hot(labels, CLASSES).to(images)[:, :, None, None]
    return torch.cat([images, planes.expand(-1, -1, *images.shape[2:])], dim=1)


def inputs(settings: Settings, kinds: Sequence[str] = ("unconditional", "conditional")) -> pd.DataFrame:
    """Return the FID of small generators trained equally long (12 epochs at `paper` scale), one row per kind of input.

    All start from the same seed.

    Args:
        settings: of the cell.
        kinds: `unconditional`, from N(0, 1); `conditional`, the same with a class; `from U[0, 1]`.
    """
    plan, real = plan_of(f"desired_images/{settings.dataset}"), training_images(settings.dataset, settings.scale)
    recipe = shortened(replace(plan.recipe, epochs=EPOCHS), settings.scale)
    shape, count = real.card.shape, IMAGES[settings.scale]
    known = (shape[0] + CLASSES, *shape[1:])
    all_kinds: dict[str, tuple[Callable[[], nn.Module], tuple[int, int, int], Tensor]] = {
        "unconditional": (partial(gagan.Generator, shape, channels=CHANNELS), shape, real.images),
        "conditional": (partial(Conditional, shape), known, with_planes(real.images, real.labels)),
        "from U[0, 1]": (partial(gagan.Generator, shape, channels=CHANNELS, uniform=True), shape, real.images),
    }
    judge, held_out = zoo.load_judge(settings.dataset), data.load(settings.dataset, "test").images
    rows = []
    for kind in kinds:
        build, seen, images = all_kinds[kind]
        rival = partial(gagan.Discriminator, seen, channels=tuple(width // 2 for width in CHANNELS))
        small = replace(plan, build=build, rival=rival, recipe=recipe)
        drawn = realism.sample(trained(small, images, real.labels, settings.seed), count, settings.seed)[:, : shape[0]]
        rows.append({"kind": kind, "epochs": recipe.epochs, "fid": realism.fid(judge, held_out, drawn)})
    return pd.DataFrame(rows)
