"""JK-14 and JK-15: the ranges of SSIM and MSE on pairs of real images."""

from dataclasses import replace

import pandas as pd

from latentlib.fitness.ssim import moments, ssim
from studies.restoring.experiments.targets import targets_of
from studies.restoring.settings import Settings

IMAGES = {"smoke": 20, "quick": 100, "paper": 100}


def ranges(settings: Settings) -> pd.DataFrame:
    """Return SSIM and MSE of all ordered pairs of many targets, and of each target with the inverted ones."""
    count = IMAGES[settings.scale]
    images = targets_of(replace(settings, targets=count))
    first, second = images.repeat_interleave(count, dim=0), images.repeat(count, 1, 1, 1)
    rows = []
    for kind, other in (("real", second), ("inverted", 1 - second)):
        similarity, error = ssim(first, moments(other)), (first - other).square().mean(dim=(1, 2, 3))
        rows.append(
            {
                "pairs": kind,
                "n": len(first),
                "ssim_min": float(similarity.min()),
                "ssim_max": float(similarity.max()),
                "ssim_outside": int(((similarity < -1e-6) | (similarity > 1 + 1e-6)).sum()),
                "mse_min": float(error.min()),
                "mse_max": float(error.max()),
                "mse_outside": int((error > 1).sum()),
                "tanh_mse_max": float(4 * error.max()),  # in [-1, 1], differences of the same images are twice as large
                "tanh_mse_outside": int((4 * error > 1).sum()),
            }
        )
    return pd.DataFrame(rows)
