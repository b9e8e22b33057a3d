"""From the chapter's tables to its verdicts, by the rules in `book/claims/beyond.toml`.

One module for each task; each function decides one claim.
"""

from studies.beyond.verdicts import costs, restored, scored, sets, wanted

__all__ = ["costs", "restored", "scored", "sets", "wanted"]
