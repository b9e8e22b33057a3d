"""The trained models that ship, each with a card and a checksum, ready to load."""

from latentlib.zoo.registry import ENTRIES, JUDGED_AS, REPLICATES, Entry, entry, judges, replicate
from latentlib.zoo.storage import (
    card,
    load,
    load_classifier,
    load_generator,
    load_judge,
    save,
    weights_path,
    write_card,
)

__all__ = [
    "ENTRIES",
    "JUDGED_AS",
    "REPLICATES",
    "Entry",
    "card",
    "entry",
    "judges",
    "load",
    "load_classifier",
    "load_generator",
    "load_judge",
    "replicate",
    "save",
    "weights_path",
    "write_card",
]
