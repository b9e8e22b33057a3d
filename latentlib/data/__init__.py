"""Real images: where they come from, what they are, and how to get them.

`load` looks in the folder LATENTLIB_DATA, then in the cache, then lets torchvision download, and at
last takes the sample that ships with the library. `bundled` takes that sample at once, so that what
is computed from it is the same on every machine.
"""

from latentlib.data.cards import CARDS, Card, card
from latentlib.data.loading import Images, bundled, load, training_images

__all__ = ["CARDS", "Card", "Images", "bundled", "card", "load", "training_images"]
