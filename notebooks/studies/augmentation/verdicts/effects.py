"""FW-09, FW-10, FW-12, FW-14, FW-17 and FW-18: what added images do for a classifier."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from latentlib.study.claims import Outcome, family, within
from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, listing
from latentlib.study.statistics import Estimate
from studies.augmentation.arms import EVOLVED, LIKE, NONE, RANDOM, SORTED_UNLIKE, UNLIKE
from studies.augmentation.experiments.amounts import AMOUNTS, FEW
from studies.augmentation.plan import HEADS, LOOK_ALIKES
from studies.augmentation.scores import SCORES
from studies.augmentation.verdicts.draws import POINTS, chosen, effect, effects, over_draws

DOSE = 20  # images added to a class that count as one
IMAGES = 40  # real images of a class on the page


def of_evolved(contest: pd.DataFrame) -> dict[str, Estimate]:
    """Return the effect of sets evolved unlike the centroid on every score, in points."""
    return {score: effect(contest, UNLIKE, column=score) for score in SCORES}


@decides("FW-09", "contest")
def better_on_average(contest: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether evolved sets raise every score."""
    found = of_evolved(contest)
    pairs = {RANDOM: (RANDOM, NONE, LOOK_ALIKES), LIKE: (LIKE, NONE, LOOK_ALIKES)}
    beside = effects(contest, pairs | {f"{arm}, {HEADS}": (arm, NONE, HEADS) for arm in (UNLIKE, RANDOM)})
    reading = f"In points: {listing(found, 2)}. Accuracy by other arms: {listing(beside, 2)}."
    return decided([Part("effect of sets evolved unlike the centroid, in points", found, least)], reading)


@decides("FW-10", "contest")
def minimal(contest: pd.DataFrame, *, margin: float) -> Finding:
    """Decide whether the effect on every score is smaller than a margin."""
    found = of_evolved(contest)
    outcome = within(*found.values(), margin=margin)
    name = farthest_off(found, outcome)
    reading = f"In points: {listing(found, 2)}. Shown: {name}."
    return Finding(outcome, "effect of sets evolved unlike the centroid, in points", found[name], reading)


def farthest_off(estimates: Mapping[str, Estimate], outcome: Outcome) -> str:
    """Return the name of the estimate that decides whether all lie within a margin.

    It is the one whose interval reaches farthest from zero or, where one lies outside, that which begins farthest.
    """
    if outcome == "contradicted":
        return max(estimates, key=lambda name: max(estimates[name].low, -estimates[name].high))
    return max(estimates, key=lambda name: max(-estimates[name].low, estimates[name].high))


@decides("FW-12", "contest")
def selection_serves(contest: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether evolved sets serve a classifier better than random images."""
    found = {UNLIKE: effect(contest, UNLIKE, RANDOM)}
    pairs = {
        SORTED_UNLIKE: (SORTED_UNLIKE, RANDOM, LOOK_ALIKES),
        f"{UNLIKE}, {HEADS}": (UNLIKE, RANDOM, HEADS),
    }
    reading = f"Beside it, in points: {listing(effects(contest, pairs), 2)}."
    return decided([Part("accuracy with evolved sets minus with random images, in points", found, least)], reading)


@decides("FW-14", "amounts")
def more_is_better(amounts: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether accuracy rises with the number of generated images."""
    found = {
        f"{images} real, GANs of {known}": over_draws(slopes(rows))
        for (images, known), rows in chosen(amounts).groupby(["images", "gan_data"])
    }
    name = f"{IMAGES} real, GANs of {FEW}"
    if name not in found:
        raise TooSmallError(f"{name} was not run")
    part = Part("points of accuracy by doubling of 1 + added images / 20", {name: found.pop(name)}, least)
    return decided([part], f"Others: {listing(found, 2)}." if found else "")


def slopes(rows: pd.DataFrame) -> pd.Series:
    """Return by seed the slope of accuracy, in points, over log2(1 + n / 20) for n images added to each class."""
    rows = rows[rows["arm"].isin([NONE, RANDOM])]
    table = rows.pivot_table(index="seed", columns="amount", values="accuracy")
    table = table.reindex(columns=list(AMOUNTS)).dropna()
    doublings = np.log2(1 + np.array(AMOUNTS) / DOSE)
    centred = doublings - doublings.mean()
    found: pd.Series = POINTS * (table @ centred) / float(centred @ centred)
    return found


@decides("FW-17", "contest")
def holds_patterns(contest: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether sets evolved by one of four fitnesses serve a classifier better than random images."""
    found = {arm: effect(contest, arm, RANDOM) for arm in EVOLVED}
    lows = {arm: estimate.at(family(found))[0] for arm, estimate in found.items()}
    best = max(lows, key=lambda arm: lows[arm])
    outcome: Outcome = "supported" if lows[best] > least else "inconclusive"
    if all(estimate.high < least for estimate in found.values()):
        outcome, best = "contradicted", max(found, key=lambda arm: found[arm].high)
    reading = f"In points: {listing(found, 2)}. Shown: {best}."
    return Finding(outcome, "accuracy with evolved sets minus with random images, in points", found[best], reading)


@decides("FW-18", "contest")
def viable(contest: pd.DataFrame, *, none: float, random: float) -> Finding:
    """Decide whether evolved sets serve better than no addition, and better than random images."""
    parts = [
        Part(f"accuracy with evolved sets minus {words}, in points", {words: effect(contest, UNLIKE, other)}, least)
        for words, other, least in (("without addition", NONE, none), ("with random images", RANDOM, random))
    ]
    return decided(parts, f"In points: {'; '.join(listing(part.estimates, 2) for part in parts)}.")
