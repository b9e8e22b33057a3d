"""FE-01 to FE-05, FE-25, FE-27, FW-01 to FW-03: which search gets how far."""

import numpy as np
import pandas as pd

from latentlib.study.claims import within
from latentlib.study.findings import Finding, Part, decided, decides, farthest, listing, told, typical
from latentlib.study.statistics import Estimate, exact, jackknife
from studies.diversity.verdicts.runs import (
    ELITES,
    GENETIC,
    RANDOM,
    RIVALS,
    after,
    cells,
    complete,
    gain,
    lead,
    of,
    ratio,
)

SIMPLE, BETWEEN, COMPLEX = "mnist", "fashion_mnist", "celeba"
LATE = 20  # parts of the evaluations, of 25, after which a fifth is left: generations 400 to 500


@decides("FE-01", "searches")
def optimises(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the genetic algorithm gains more than chance would."""
    gains = {
        method: {key: ratio(gain(rows, method), of(rows, RANDOM, "deviation")) for key, rows in cells(searches).items()}
        for method in (GENETIC, RANDOM)
    }
    reading = f"In deviations: {listing(gains[GENETIC], 1)}. Random sampling gains {listing(gains[RANDOM], 1)}."
    part = Part("gain over the deviation of random sets", gains[GENETIC], least)
    return decided([part], reading, complete(searches))


@decides("FE-02", "searches")
def beats_chance(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the genetic algorithm ends above random sampling."""
    leads = {key: ratio(lead(rows, GENETIC, RANDOM), of(rows, RANDOM, "deviation")) for key, rows in all_(searches)}
    part = Part("lead over random sampling, in deviations of random sets", leads, least)
    return decided([part], f"In deviations: {listing(leads, 1)}.", complete(searches))


def all_(searches: pd.DataFrame) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    """Return the cells with their names."""
    return list(cells(searches).items())


@decides("FE-03", "searches")
def elites_hardly_lead(searches: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether MAP-Elites leads random sampling by less than half as much as the genetic algorithm."""
    shares = {key: ratio(lead(rows, ELITES, RANDOM), lead(rows, GENETIC, RANDOM)) for key, rows in all_(searches)}
    part = Part("lead over random sampling, MAP-Elites over genetic algorithm", shares, most, below=True)
    return decided([part], f"{listing(shares, 3)}.", complete(searches))


@decides("FE-04", "searches")
def same_order(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the order of the three is the same everywhere."""
    gaps = {
        (*key, f"{one} minus {other}"): typical(lead(rows, one, other))
        for key, rows in all_(searches)
        for one, other in ((GENETIC, ELITES), (ELITES, RANDOM))
    }
    return decided([Part("difference in fitness", gaps, least)], f"{listing(gaps)}.", complete(searches))


@decides("FE-05", "searches")
def lead_narrows(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether MAP-Elites' lead narrows from simple images to complex ones."""
    pairs = {
        key: np.column_stack([lead(rows, ELITES, RANDOM), of(rows, RANDOM, "deviation")])
        for key, rows in all_(searches)
    }
    means = {key: leading(pair) for key, pair in pairs.items()}
    narrower: dict[str, Estimate] = {}
    between = True
    for metric in dict.fromkeys(metric for _, metric in pairs):
        if (SIMPLE, metric) in pairs and (COMPLEX, metric) in pairs:
            both = [pairs[SIMPLE, metric], pairs[COMPLEX, metric]]
            narrower[metric] = jackknife(both, lambda first, last: leading(first) - leading(last))
            middle = means.get((BETWEEN, metric), np.nan)
            between &= bool(means[SIMPLE, metric] > middle > means[COMPLEX, metric])
    part = Part("lead in deviations of random sets, on MNIST minus on faces", narrower, least)
    return decided([part], f"Leads: {told(means)}.", between)


def leading(pairs: np.ndarray) -> float:
    """Return the mean lead over the mean deviation of pairs (runs, 2) of them."""
    return float(pairs[:, 0].mean() / pairs[:, 1].mean())


@decides("FE-25", "searches")
def equal_evaluations(searches: pd.DataFrame, *, margin: float) -> Finding:
    """Decide whether all searches judge equally many sets and images."""
    gaps = [
        lead(rows, rival, GENETIC, column)
        for _, rows in all_(searches)
        for rival in RIVALS
        for column in ("sets", "images")
    ]
    most = exact(float(np.abs(np.concatenate(gaps)).max()), len(gaps[0]) * len(cells(searches)))
    counted = [of(rows, GENETIC, column).mean() for _, rows in all_(searches)[:1] for column in ("sets", "images")]
    reading = f"Each judges {counted[0]:,.0f} sets, {counted[1]:,.0f} images."
    return Finding(within(most, margin=margin), "largest difference in sets or images", most, reading)


@decides("FE-27", "searches")
def still_improves(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the last fifth of the evaluations still gains."""
    shares = {
        key: ratio(of(rows, GENETIC, "best") - after(rows, GENETIC, LATE), gain(rows, GENETIC)).bounded(0, 1)
        for key, rows in all_(searches)
    }
    part = Part("share of the gain in the last fifth", shares, least)
    return decided([part], f"{listing(shares, 3)}.", complete(searches))


@decides("FW-01", "searches")
def little_improvement(searches: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether random sampling and MAP-Elites gain less than half as much as the genetic algorithm."""
    shares = {
        (*key, method): ratio(gain(rows, method), gain(rows, GENETIC))
        for key, rows in all_(searches)
        for method in RIVALS
    }
    part = Part("gain over that of the genetic algorithm", shares, most, below=True)
    return decided([part], f"{listing(shares, 2)}.", complete(searches))


@decides("FW-02", "searches")
def alike(searches: pd.DataFrame, *, fitness: float, spread: float) -> Finding:
    """Decide whether random sampling and MAP-Elites are alike in fitness and to the judges."""
    found: dict[tuple[str, str, str], tuple[Estimate, float]] = {}
    for key, rows in all_(searches):
        found[*key, "fitness"] = ratio(lead(rows, ELITES, RANDOM), lead(rows, GENETIC, RANDOM)), fitness
        found[*key, "spread"] = typical(lead(rows, ELITES, RANDOM, "spread")), spread
    outcome = within(*(estimate for estimate, _ in found.values()), margin=[margin for _, margin in found.values()])
    outcome = "inconclusive" if outcome == "supported" and not complete(searches) else outcome
    scaled = {key: estimate.mapped(1 / margin) for key, (estimate, margin) in found.items()}
    name, most = farthest(scaled)
    reading = f"In margins: {listing(scaled, 2)}. Shown: {name}."
    return Finding(outcome, "MAP-Elites minus random sampling, in margins", most, reading)


@decides("FW-03", "searches")
def efficient_and_diverse(searches: pd.DataFrame, *, share: float, least: float) -> Finding:
    """Decide whether the genetic algorithm needs few sets to be as fit, and ends with more spread."""
    needed = {key: typical(of(rows, GENETIC, "needed")).bounded(0, 1) for key, rows in all_(searches)}
    spreads = {key: typical(lead(rows, GENETIC, RANDOM, "spread")) for key, rows in all_(searches)}
    reading = f"Shares of the sets: {listing(needed, 3)}. Spread: {listing(spreads, 3)}."
    parts = [
        Part("share of the sets until it is as fit as random sampling", needed, share, below=True),
        Part("spread minus that of random sampling", spreads, least),
    ]
    return decided(parts, reading, complete(searches))
