"""When added images would help: by how many real ones there are, how many are added, and how good the GAN is."""

from dataclasses import dataclass, replace

import pandas as pd
import torch

from latentlib.checks import check_choice
from studies.augmentation.arms import NONE, RANDOM, UNLIKE
from studies.augmentation.draws import draw
from studies.augmentation.experiments.bench import Bench
from studies.augmentation.settings import Settings

FEW, MANY = "the draw", "1,000 images"  # on which the GANs were trained
AMOUNTS = (0, 20, 40, 80, 160)
REAL = (10, 20, 40, 80, 160)
KNOWN = 1000  # images of a class, of which a better GAN has seen


@dataclass(frozen=True)
class Varied(Settings):
    """Settings of a draw with GANs of other data.

    Args:
        gan_data: `FEW` or `MANY`: whether the GANs know the draw alone, or images that no classifier sees as well.
    """

    gan_data: str = FEW

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("gan_data", self.gan_data, (FEW, MANY))


def amounts(settings: Varied) -> pd.DataFrame:
    """Return the scores, means over the classifiers, one row per `arm` and `amount` added to each class."""
    drawn = draw(settings)
    seen = drawn.training if settings.gan_data == FEW else draw(replace(settings, images=KNOWN)).training
    bench, rows = Bench(replace(settings, added=max(AMOUNTS)), drawn.training, drawn.classes, seen), []
    wide = bench.added(RANDOM)
    for amount in AMOUNTS:
        narrow = replace(bench, settings=replace(settings, added=amount), trained=bench.gans)
        arms = {RANDOM if amount else NONE: tuple(images[:amount] for images in wide)}
        if amount == settings.added:
            arms[UNLIKE] = narrow.added(UNLIKE)
        for arm, added in arms.items():
            found = narrow.fitted(arm, added, [(drawn.test, drawn.labels)])
            means = {name: float(torch.tensor([one[name] for (one,) in found]).mean()) for name in found[0][0]}
            rows.append({"arm": arm, "amount": amount, **means})
    return pd.DataFrame(rows)
