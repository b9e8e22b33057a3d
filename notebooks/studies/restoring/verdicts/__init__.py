"""From the chapter's tables to its verdicts, by the rules in `book/claims/restoring.toml`.

One module per part of the paper; each function decides one claim, or a few that share a rule.
"""

from studies.restoring.verdicts import convergence, descent, fitnesses, generators, rates, restoration

__all__ = ["convergence", "descent", "fitnesses", "generators", "rates", "restoration"]
