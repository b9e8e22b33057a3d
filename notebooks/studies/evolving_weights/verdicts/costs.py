"""KU-04 to KU-06: time, epochs and memory."""

from dataclasses import replace

import numpy as np
import pandas as pd

from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, listing, rows_with, told
from latentlib.study.statistics import Estimate, exact
from studies.evolving_weights.settings import ADAM, GA
from studies.evolving_weights.verdicts.courses import PAIRS, at, over_seeds

HALF_WAY = 0.5  # of the distance that Adam gains: the goal whose time is taken
USED = 32  # networks in a population of the chapter's trainings


def times(games: pd.DataFrame, pair: str, along: str) -> tuple[Estimate, int]:
    """Return how many times sooner evolution is half way than Adam, by a column such as `took` or `epoch`.

    Where evolution never comes so far, the whole of its course counts, so that the ratio is an upper bound: it may
    contradict, but not support. The number of seeds in which that is so is returned as well.
    """
    adam, evolved = (rows_with(games, pair=pair, arm=arm) for arm in (ADAM, GA))
    first, last = at(adam, "distance", 0), adam.sort_values("epoch").groupby("seed")["distance"].last()
    if not (last < first).all():
        raise TooSmallError("Adam gains nothing, so that there is no way of which to go half")
    goals = first - HALF_WAY * (first - last)
    goals = goals[goals.index.isin(evolved["seed"])]
    sooner = {
        seed: np.log(reached(adam, seed, goal, along) / reached(evolved, seed, goal, along))
        for seed, goal in goals.items()
    }
    nearest = evolved.groupby("seed")["distance"].min()
    late = int((nearest[goals.index] > goals).sum())
    return over_seeds(pd.Series(sooner)).through(lambda value: float(np.exp(value))), late


def arriving(parts: list[Part], reading: str, late: int) -> Finding:
    """Return the finding of a rule about arriving sooner, which nothing supports where evolution does not arrive."""
    finding = decided(parts, f"{reading} Evolution does not arrive in {late} trainings.")
    return replace(finding, outcome="inconclusive") if late and finding.outcome == "supported" else finding


def reached(table: pd.DataFrame, seed: object, goal: float, along: str) -> float:
    """Return where a course first comes as near as a goal, in a straight line from the mark before; else its end."""
    rows = table[table["seed"] == seed].sort_values("epoch")
    places, distances = rows[along].to_numpy(float), rows["distance"].to_numpy(float)
    below = np.flatnonzero(distances <= goal)
    if not len(below) or not below[0]:
        return float(places[-1])
    after = int(below[0])
    share = (distances[after - 1] - goal) / (distances[after - 1] - distances[after])
    return float(places[after - 1] + share * (places[after] - places[after - 1]))


def steps(costs: pd.DataFrame, pair: str, column: str = "per_step") -> pd.Series:
    """Return what a step costs by members of a population; of Adam, by 1."""
    return rows_with(costs, pair=pair).groupby("members")[column].mean()


@decides("KU-04", "costs", "games")
def faster(costs: pd.DataFrame, games: pd.DataFrame, *, epoch: float, goal: float) -> Finding:
    """Decide whether evolution takes less time for an epoch, and to a fixed distance."""
    ratios = {pair: steps(costs, pair)[1] / steps(costs, pair)[USED] for pair in PAIRS}
    found, late = sooner(games, "took")
    parts = [
        Part("seconds of an epoch, Adam's over evolution's", {p: exact(float(r), 1) for p, r in ratios.items()}, epoch),
        Part("seconds to half of Adam's gain, Adam's over evolution's", found, goal),
    ]
    epochs = told({pair: float(ratio) for pair, ratio in ratios.items()}, 3)
    return arriving(parts, f"Epoch: {epochs}. Goal: {listing(found, 2)}.", late)


def sooner(games: pd.DataFrame, along: str) -> tuple[dict[str, Estimate], int]:
    """Return the ratios of `times` by pair, and in how many trainings evolution does not arrive."""
    found = {pair: times(games, pair, along) for pair in PAIRS}
    return {pair: ratio for pair, (ratio, _) in found.items()}, sum(late for _, late in found.values())


@decides("KU-05", "games")
def fewer_epochs(games: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether evolution takes fewer epochs to a fixed distance."""
    found, late = sooner(games, "epoch")
    part = Part("epochs to half of Adam's gain, Adam's over evolution's", found, least)
    return arriving([part], f"{listing(found, 2)}.", late)


@decides("KU-06", "costs")
def inexpensive(costs: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether a step of a population that deserves the name costs less than one of Adam."""
    found = {pair: exact(break_even(steps(costs, pair)), 1) for pair in PAIRS}
    held = {pair: float(steps(costs, pair, "held")[USED] / steps(costs, pair, "held")[1]) for pair in PAIRS}
    part = Part("members of a population whose step costs as much as Adam's", found, least)
    return decided([part], f"{listing(found, 1)}. Memory with {USED} members over Adam's: {told(held, 1)}.")


def break_even(cost: pd.Series) -> float:
    """Return the members of a population whose step costs as much as Adam's, which stands at 1.

    Between two sizes it lies on a straight line; below the smallest, costs are taken as proportional to members.
    """
    adam, evolved = float(cost[1]), cost.drop(1).sort_index()
    sizes, costs = evolved.index.to_numpy(float), np.maximum.accumulate(evolved.to_numpy(float))
    if adam < costs[0]:
        return float(sizes[0] * adam / costs[0])
    return float(np.interp(adam, costs, sizes))
