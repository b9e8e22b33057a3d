"""Measures of how close restored images are to their targets: both fitnesses, and a judge that is neither."""

import pandas as pd
import torch
from torch import Tensor

from latentlib import zoo
from latentlib.fitness.ssim import moments, ssim
from studies.restoring.experiments.targets import background

SCORES = {"mse": "one_minus_mse", "ssim": "ssim"}  # the column with the score that a fitness maximises


@torch.no_grad()
def measures(dataset: str, images: Tensor, targets: Tensor) -> pd.DataFrame:
    """Measure images against targets, both (n, channels, height, width), one row per target.

    Columns: target (its number), one_minus_mse, ssim, background (share of the target's dark pixels),
    same_class (whether the judge sees the target's class), feature_distance (Euclidean, in the judge's features).
    """
    judge = zoo.load_judge(dataset).to(images.device)
    seen, wanted = judge.features(images), judge.features(targets)
    columns = {
        "one_minus_mse": 1 - (images - targets).square().mean(dim=(1, 2, 3)),
        "ssim": ssim(images, moments(targets)),
        "background": background(targets),
        "same_class": judge.classify(seen).argmax(dim=1) == judge.classify(wanted).argmax(dim=1),
        "feature_distance": (seen - wanted).norm(dim=1),
    }
    return pd.DataFrame({"target": range(len(images)), **{k: v.cpu().numpy() for k, v in columns.items()}})
