"""From the chapter's tables to its verdicts, by the rules in `book/claims/diversity.toml` and `augmentation.toml`.

One module per part of the paper; each function decides one claim.
"""

from studies.diversity.verdicts import (
    beyond,
    dissected,
    equations,
    exploration,
    listed,
    look,
    order,
    pools,
    speed,
    steering,
)

__all__ = ["beyond", "dissected", "equations", "exploration", "listed", "look", "order", "pools", "speed", "steering"]
