"""From the chapter's tables to its verdicts, by the rules KU-01 to KU-36 in `book/claims/evolving_weights.toml`.

One module per part of the thesis's argument; each function decides one claim.
"""

from studies.evolving_weights.verdicts import costs, networks, quality, scores, search, techniques

__all__ = ["costs", "networks", "quality", "scores", "search", "techniques"]
