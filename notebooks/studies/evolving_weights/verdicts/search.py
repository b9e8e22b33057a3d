"""KU-07, KU-08, KU-16 to KU-18, KU-32 and KU-35: what the search does, and which of its parts help."""

import numpy as np
import pandas as pd
from scipy import stats

from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, listing, rows_with, told
from latentlib.study.statistics import Estimate, difference, proportion
from studies.evolving_weights.data import MODES
from studies.evolving_weights.settings import (
    ADAM,
    AT_ONCE,
    BOTH,
    FIXED,
    GA,
    IN_TURN,
    OF_DISCRIMINATOR,
    OF_GENERATOR,
    OPPONENT,
    PAIRED,
)
from studies.evolving_weights.verdicts.courses import ends, logs, over_seeds

USUAL = "filter"  # crossover of the chapter's trainings
NEARER = 0.01  # share by which a distance must fall to count as progress
MOSTLY = 0.5  # share of points near a mode, at the optimum


def at_optimum(ring: pd.DataFrame, arm: str, goal: str) -> Estimate:
    """Return the share of runs that end with every mode covered and most points near one."""
    rows = rows_with(ring, arm=arm, goal=goal)
    found = (ends(rows, "modes") == MODES) & (ends(rows, "quality") >= MOSTLY)
    return proportion(int(found.sum()), len(found))


def stuck(rows: pd.DataFrame) -> float:
    """Return the longest share of a course, short of the optimum, in which the distance did not fall by a hundredth."""
    rows = rows.sort_values("epoch")
    short = rows[(rows["modes"] < MODES) | (rows["quality"] < MOSTLY)]
    if short.empty:
        return 0.0
    best, since, longest = np.inf, float(short["epoch"].iloc[0]), 0.0
    for epoch, distance in zip(short["epoch"], short["distance"], strict=True):
        longest = max(longest, epoch - since)
        if distance < best - NEARER * abs(best if np.isfinite(best) else 0):
            best, since = distance, epoch
    return float(longest / rows["epoch"].iloc[-1])


@decides("KU-07", "ring")
def not_stuck(ring: pd.DataFrame, *, plateau: float, modes: float) -> Finding:
    """Decide whether evolution's plateaus are short, and whether it covers about as many modes as Adam."""
    evolved, adam = (rows_with(ring, arm=arm, goal=OPPONENT) for arm in (GA, ADAM))
    plateaus = over_seeds(pd.Series({seed: stuck(rows) for seed, rows in evolved.groupby("seed")}))
    more = over_seeds(ends(evolved, "modes") - ends(adam, "modes"))
    parts = [
        Part("longest plateau, as a share of the run", {GA: plateaus}, plateau, below=True),
        Part("modes covered by evolution minus by Adam", {GA: more}, modes),
    ]
    covered = {arm: float(ends(rows_with(ring, arm=arm, goal=OPPONENT), "modes").mean()) for arm in (GA, ADAM)}
    return decided(parts, f"Modes of {MODES}: {told(covered, 1)}.")


@decides("KU-08", "ring")
def optimal(ring: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether most runs of evolution reach the known optimum."""
    found = {GA: at_optimum(ring, GA, OPPONENT)}
    others = {f"{arm}, {goal}": at_optimum(ring, arm, goal) for arm in (GA, ADAM) for goal in (OPPONENT, FIXED)}
    return decided([Part("share of runs at the optimum", found, least)], f"Shares: {listing(others, 2)}.")


def variant(table: pd.DataFrame, play: str, objective: str = BOTH) -> pd.DataFrame:
    """Return the courses of a reading of the algorithm."""
    return rows_with(table, play=play, objective=objective, crossover=USUAL)


def final(rows: pd.DataFrame) -> pd.Series:
    """Return the logarithm of the distance at the end of each course, by seed."""
    return pd.Series(np.log(ends(rows, "distance")))


def unsteady(rows: pd.DataFrame) -> pd.Series:
    """Return the standard deviation of the log distance over the marks of the second half of each course, by seed."""
    late = rows[rows["epoch"] >= rows["epoch"].max() / 2]
    spread: pd.Series = late.assign(log=np.log(late["distance"])).groupby("seed")["log"].std()
    return spread


@decides("KU-16", "variants")
def dual(variants: pd.DataFrame, *, spread: float, distance: float) -> Finding:
    """Decide whether both objectives together make a training steadier, and no worse, than each alone."""
    both = variant(variants, PAIRED)
    alone = {name: variant(variants, PAIRED, name) for name in (OF_GENERATOR, OF_DISCRIMINATOR)}
    spreads = {name: over_seeds(unsteady(both) - unsteady(rows)) for name, rows in alone.items()}
    distances = {name: over_seeds(final(both) - final(rows)) for name, rows in alone.items()}
    parts = [
        Part("deviation of log FID with both objectives minus with one", spreads, spread, below=True),
        Part("log FID with both objectives minus with one", distances, distance, below=True),
    ]
    return decided(parts, f"Deviation: {listing(spreads, 3)}. Log FID: {listing(distances, 3)}.")


@decides("KU-17", "tournament")
def progress(tournament: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether later networks do better against the same opponents of all ages."""
    goals = {"generators": ("age", tournament["fake_score"]), "discriminators": ("rival", -tournament["loss_d"])}
    found = {}
    for name, (own, success) in goals.items():
        means = tournament.assign(success=success).groupby(["seed", own])["success"].mean()
        orders = {seed: order(values.droplevel("seed")) for seed, values in means.groupby("seed")}
        found[name] = over_seeds(pd.Series(orders))
    part = Part("correlation of age with success against opponents of all ages", found, least)
    return decided([part], listing(found, 2))


def order(values: pd.Series) -> float:
    """Return Spearman's correlation of values with their index, 0 where all are alike."""
    if values.nunique() < 2:
        return 0.0
    return float(stats.spearmanr(values.index, values).statistic)


@decides("KU-18", "variants")
def one_at_a_time(variants: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether turns bring images nearer than changes at once."""
    found = {"at once": over_seeds(final(variant(variants, AT_ONCE)) - final(variant(variants, IN_TURN)))}
    return decided([Part("log FID at once minus in turn", found, least)], "")


@decides("KU-32", "tuning")
def robust(tuning: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether fewer trainings fail by evolution than by Adam, over a grid of steps and seeds."""
    failed = failures(tuning)
    shares = {arm: values.groupby(["pair", "step"]).mean() for arm, values in failed.groupby("arm")}
    if not {ADAM, GA} <= set(shares):
        raise TooSmallError("one of the two arms was not run")
    found = {GA: difference(shares[GA].to_numpy(float), shares[ADAM].to_numpy(float))}
    means = {arm: float(values.mean()) for arm, values in shares.items()}
    part = Part("share of failures of evolution minus of Adam", found, most, below=True)
    return decided([part], f"Failures: {told(means)}.")


def failures(tuning: pd.DataFrame) -> pd.Series:
    """Return whether each training of a grid fails: it gains less than half of what the best of its pair gains."""
    keys = ["pair", "seed", "arm", "step"]
    ordered = tuning.sort_values("epoch").groupby(keys)["distance"]
    gains = ordered.first() - ordered.last()
    best = gains.groupby(["pair", "seed"]).transform("max")
    return gains < best / 2


@decides("KU-35", "variants")
def single(variants: pd.DataFrame, *, worse: float, learnt: float) -> Finding:
    """Decide whether one population of pairs serves as well as two populations, and learns at all."""
    pairs = variant(variants, PAIRED)
    parts = [
        Part(
            "log FID of one population minus of two",
            {"pairs": over_seeds(final(pairs) - final(variant(variants, IN_TURN)))},
            worse,
            below=True,
        ),
        Part(
            "fall of log FID in the course of one population",
            {"pairs": over_seeds(logs(pairs, 0) - final(pairs))},
            learnt,
        ),
    ]
    return decided(parts, "")
