"""From the chapter's tables to its verdicts, by the rules FW-05 to FW-20 in `book/claims/augmentation.toml`.

One module per part of the page; each function decides one claim.
"""

from studies.augmentation.verdicts import effects, generated, power, set_up, supervised

__all__ = ["effects", "generated", "power", "set_up", "supervised"]
