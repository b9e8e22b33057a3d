"""Settings of a second, and what a network was shown."""

import torch

from latentlib.randomness import LARGEST
from studies.augmentation.settings import Settings

SIZES = {"scale": "smoke", "seed": LARGEST, "images": 5, "added": 3, "steps": 1, "population": 3, "generations": 2}
SIZES |= {"candidates": 8, "classifiers": 1, "fitting": 1, "tested": 80}
TINY = Settings(**SIZES)


def distinct(*parts):
    """The images of tensors (n, channels, side, side), by their bytes."""
    return {image.contiguous().numpy().tobytes() for images in parts for image in images}


def numbered(count, side=8, first=0):
    """Images (count, 1, side, side), each of its own shade of grey."""
    return ((torch.arange(count) + first + 1) / 1000).view(-1, 1, 1, 1).expand(-1, 1, side, side).clone()
