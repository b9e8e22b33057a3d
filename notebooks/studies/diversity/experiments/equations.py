"""The paper's two equations on pairs of real images, and the size of what its listed network makes."""

import pandas as pd
import torch

from latentlib.fitness.diversity import Similarity
from latentlib.models import fernandes
from latentlib.randomness import seeded
from studies.diversity.experiments.judges import real_images
from studies.diversity.settings import Sets

BOUNDED = 100  # real images, of which and of whose inverses all pairs are taken


def pairs(settings: Sets) -> pd.DataFrame:
    """Return equation 2 for pairs of two different real images, as many as `sets`.

    One row per `pair`: `printed`, equation 2; `true`, the normalised cross-correlation; `itself`, equation 2 for the
    pair's first image with itself.
    """
    images = real_images(settings.dataset)
    random = seeded(settings.seed)
    rows = []
    for pair in range(settings.sets):
        one, other = torch.randperm(len(images), generator=random)[:2].tolist()
        both, same = images[[one, other]][None], images[[one, one]][None]
        values = {"printed": Similarity("ncc").pairs(both), "true": Similarity("cross_correlation").pairs(both)}
        values |= {"itself": Similarity("ncc").pairs(same)}
        rows.append({"pair": pair, **{name: float(value) for name, value in values.items()}})
    return pd.DataFrame(rows)


def bounds(settings: Sets) -> pd.DataFrame:
    """Return how many `pairs` of real images and their inverses, in [-1, 1], equation 1 puts `outside` of [0, 1].

    One row, with the `least` and `most` similarity.
    """
    images = real_images(settings.dataset, BOUNDED)
    found = Similarity("rmse", signed=True).pairs(torch.cat([images, 1 - images])[None])[0]
    outside = int(((found < 0) | (found > 1)).sum())
    ends = {"least": float(found.min()), "most": float(found.max())}
    return pd.DataFrame([{"pairs": len(found), "outside": outside, **ends}])


def listed() -> pd.DataFrame:
    """Return the height and width of what the generators of faces make, the listed one and the repaired one."""
    rows = []
    with torch.device("meta"):  # shapes alone
        for name, repaired in {"listed": False, "repaired": True}.items():
            network = fernandes.face_generator(repaired)
            height, width = network(torch.empty(1, network.latent_size)).shape[-2:]
            rows.append({"network": name, "height": height, "width": width})
    return pd.DataFrame(rows)
