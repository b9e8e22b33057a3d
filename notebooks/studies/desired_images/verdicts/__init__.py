"""From the chapter's tables to its verdicts, by the rules in `book/claims/desired_images.toml`.

One module per part of the paper; each function decides one claim.
"""

from studies.desired_images.verdicts import digits, either, faces, pool, quality

__all__ = ["digits", "either", "faces", "pool", "quality"]
