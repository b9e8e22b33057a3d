"""A master tournament: the generators of all ages against the discriminators of all ages (KU-17)."""

import pandas as pd
import torch

from latentlib.randomness import seeded
from studies.evolving_weights.course import SCORED, played
from studies.evolving_weights.data import real
from studies.evolving_weights.game import scores
from studies.evolving_weights.networks import players
from studies.evolving_weights.settings import Settings

AGES = (0, 2, 5, 10, 15, 20, 25)  # epochs, besides the last


def tournament(settings: Settings) -> pd.DataFrame:
    """Return one row per `age` of the generator and `rival`, the age of the discriminator, both in epochs.

    Columns: the thesis's four numbers on one batch of real images and latents, the same for all; and `distance`, how
    far the generator of that age is from real images.
    """
    rows, shown = played(settings, AGES)
    both, random = players(settings), seeded(settings.seed_of("scores"))
    size = int(both.generator.prototype.latent_size)  # type: ignore[arg-type]
    latents = torch.randn(SCORED, size, generator=random).to(settings.device)
    images = real(settings).held_out[:SCORED]
    found = []
    for own, (generator, _) in zip(rows, shown, strict=True):
        for other, (_, discriminator) in zip(rows, shown, strict=True):
            ages = {"age": own["epoch"], "rival": other["epoch"], "distance": own["distance"]}
            found.append(ages | scores(both, generator, discriminator, images, latents))
    return pd.DataFrame(found)
