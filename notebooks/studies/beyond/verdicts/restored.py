"""BY-01 to BY-08: who restores images best, at equal passes and in equal time."""

import numpy as np
import pandas as pd

from latentlib.study.claims import Outcome, family
from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, listing
from latentlib.study.statistics import Estimate, jackknife
from studies.beyond.plan import EVERY
from studies.beyond.players import (
    ADAM,
    CMA_ES,
    CMA_MAE,
    CMA_ME,
    DEFAULT,
    EVOLVING,
    GENETIC,
    HYBRIDS,
    L_BFGS,
    RANDOM,
    SEP_CMA,
    THEN,
)
from studies.beyond.verdicts.tables import complete, errors, factors, generators, ratios

RATIO = "mean logarithm of the ratio of errors"


def against(
    table: pd.DataFrame, pairs: list[tuple[str, str]], threshold: float, *, below: bool, column: str = "after_1"
) -> Finding:
    """Return the finding that the error of the first of each pair lies on one side of the second's, everywhere."""
    parts = [
        Part(f"{RATIO}, {player} over {other}", ratios(table, player, other, column), threshold, below)
        for player, other in pairs
    ]
    told = " ".join(f"{part.statistic.removeprefix(RATIO)[2:]}: {factors(part.estimates)}." for part in parts)
    return decided(parts, told, complete(table, EVERY))


@decides("BY-01", "restoring")
def strategy_beats_genetic(restoring: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether sep-CMA-ES restores better than the tuned genetic algorithm."""
    return against(restoring, [(SEP_CMA, GENETIC)], most, below=True)


@decides("BY-02", "restoring")
def full_is_worse(restoring: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether a full covariance costs more than it gains."""
    return against(restoring, [(CMA_ES, SEP_CMA)], least, below=False)


@decides("BY-03", "restoring")
def descent_is_ahead(restoring: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether no search without a gradient reaches either descent."""
    pairs = [(search, descent) for search in EVOLVING for descent in (ADAM, L_BFGS)]
    return against(restoring, pairs, least, below=False)


@decides("BY-04", "restoring")
def starts_help(restoring: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether evolution gives Adam better starts than chance does."""
    return against(restoring, [(THEN, ADAM)], most, below=True)


@decides("BY-05", "restoring")
def a_hybrid_wins(restoring: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether one of the hybrids beats the better of both descents, over all generators."""
    found = {name: over_the_better(restoring, name) for name in HYBRIDS}
    highs = {name: estimate.at(family(found))[1] for name, estimate in found.items()}
    best = min(highs, key=lambda name: highs[name])
    outcome: Outcome = "supported" if highs[best] < most else "inconclusive"
    if all(estimate.low > most for estimate in found.values()):
        outcome, best = "contradicted", min(found, key=lambda name: found[name].low)
    if outcome == "supported" and not complete(restoring, EVERY):
        outcome = "inconclusive"
    reading = f"Over the better descent on each target: {factors(found)}. Shown: {best}."
    return Finding(outcome, f"{RATIO}, hybrid over the better of both descents", found[best], reading)


def over_the_better(table: pd.DataFrame, player: str) -> Estimate:
    """Return the mean logarithm of a player's error over the lesser of both descents', the generators alike."""
    samples = [
        errors(rows, player) - np.minimum(errors(rows, ADAM), errors(rows, L_BFGS))
        for rows in generators(table).values()
    ]
    return jackknife(samples, lambda *parts: float(np.mean([part.mean() for part in parts])))


@decides("BY-06", "restoring")
def in_equal_time(restoring: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether Adam restores better in the time that the genetic algorithm takes."""
    found = against(restoring, [(ADAM, GENETIC)], most, below=True, column="timely")
    others = {name: ratios(restoring, name, GENETIC, "timely") for name in (SEP_CMA, L_BFGS)}
    told = " ".join(f"{name}: {factors(some)}." for name, some in others.items())
    return Finding(found.outcome, found.statistic, found.estimate, f"{found.reading} In the same time, {told}")


@decides("BY-07", "restoring")
def operators_matter(restoring: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether tuned operators restore better than those of chapter one."""
    return against(restoring, [(GENETIC, DEFAULT)], most, below=True)


@decides("BY-08", "restoring")
def maps_cost(restoring: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether searches that fill a map restore worse than the strategy alone, and still better than chance."""
    maps = (CMA_ME, CMA_MAE)
    parts = [Part(f"{RATIO}, {name} over {SEP_CMA}", ratios(restoring, name, SEP_CMA), least) for name in maps]
    if not any(part.estimates for part in parts):
        raise TooSmallError("no map was filled")
    beside = {name: ratios(restoring, name, RANDOM) for name in maps}
    reading = " ".join(f"{name} over random search, logarithms: {listing(some, 2)}." for name, some in beside.items())
    return decided(parts, reading, complete(restoring, EVERY))
