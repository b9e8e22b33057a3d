"""BY-13 and BY-14: diverse sets."""

import pandas as pd

from latentlib.study.findings import Finding, Part, decided, decides, listing
from latentlib.study.statistics import Estimate, difference
from studies.beyond.experiments.sets import GREEDY, SET_PLAYERS
from studies.beyond.plan import DIVERSE
from studies.beyond.players import GENETIC
from studies.beyond.verdicts.tables import complete, generators, values


def leads(sets: pd.DataFrame, player: str, other: str, column: str) -> dict[str, Estimate]:
    """Return the mean of a column for a player minus that for another, by generator; their runs are not paired."""
    return {
        name: difference(values(rows, player, column), values(rows, other, column))
        for name, rows in generators(sets).items()
    }


@decides("BY-13", "sets")
def greedy_wins(sets: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether a greedy choice from a random pool is less alike than an evolved set."""
    found = leads(sets, GREEDY, GENETIC, "best")
    others = [name for name in SET_PLAYERS if name != GENETIC]
    beside = " ".join(f"{name}: {listing(leads(sets, name, GENETIC, 'best'), 3)}." for name in others)
    part = Part("mean similarity of the evolved set minus that of the chosen one", found, least)
    reading = f"Less alike than the evolved set by: {listing(found, 3)}. {beside}"
    return decided([part], reading, complete(sets, DIVERSE))


@decides("BY-14", "sets")
def greedy_looks_varied(sets: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the chosen sets look more varied to judges, too."""
    found = leads(sets, GREEDY, GENETIC, "spread")
    part = Part("judges' spread of the chosen set minus that of the evolved one", found, least)
    return decided([part], f"By generator: {listing(found, 2)}.", complete(sets, DIVERSE))
