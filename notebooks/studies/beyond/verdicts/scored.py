"""BY-09 and BY-10: goals without any gradient."""

import pandas as pd

from latentlib.study.findings import Finding, Part, decided, decides, listing, told
from studies.beyond.plan import FREE
from studies.beyond.players import EVOLVING, GENETIC, RANDOM, SEP_CMA
from studies.beyond.verdicts.tables import complete, wins


def whole(free: pd.DataFrame) -> bool:
    """Return whether all goals were sought with all their generators."""
    return all(complete(free[free["goal"] == goal], wanted) for goal, wanted in FREE.items())


@decides("BY-09", "free")
def all_beat_chance(free: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether every evolving search is better than random search in nearly every run."""
    found = {name: wins(free, name, RANDOM) for name in EVOLVING}
    parts = [Part(f"share of runs in which {name} beats random search", some, least) for name, some in found.items()]
    lows = {name: min(estimate.value for estimate in some.values()) for name, some in found.items()}
    return decided(parts, f"Least share over goals and generators: {told(lows)}.", whole(free))


@decides("BY-10", "free")
def strategy_leads_without_gradients(free: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether sep-CMA-ES beats the tuned genetic algorithm in more than half of the runs."""
    found = wins(free, SEP_CMA, GENETIC)
    part = Part(f"share of runs in which {SEP_CMA} beats the genetic algorithm", found, least)
    return decided([part], f"Shares: {listing(found, 2)}.", whole(free))
