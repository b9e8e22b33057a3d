"""Data sets of real images: their facts, and how to load them.

`load` looks in the folder LATENTLIB_DATA, then in the cache, then downloads with torchvision, and finally falls back on
the sample that ships with the library. `bundled` returns that sample directly, so that results computed from it are the
same on every machine. `folder` reads images of your own.
"""

from latentlib.data.cards import CARDS, Card, card
from latentlib.data.loading import Images, bundled, extent, folder, load, training_images

__all__ = ["CARDS", "Card", "Images", "bundled", "card", "extent", "folder", "load", "training_images"]
