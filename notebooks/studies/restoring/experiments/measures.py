"""How close restored images come to their targets: by both fitnesses, and by a judge that is neither."""

import pandas as pd
import torch
from torch import Tensor

from latentlib import zoo
from latentlib.fitness.ssim import moments, ssim
from studies.restoring.experiments.targets import background

SCORES = {"mse": "one_minus_mse", "ssim": "ssim"}  # the column that holds what a fitness maximised


@torch.no_grad()
def measures(dataset: str, images: Tensor, targets: Tensor) -> pd.DataFrame:
    """One row a target, for images and targets (n, channels, height, width).

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
