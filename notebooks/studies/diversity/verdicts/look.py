"""FE-12 to FE-15, FE-28, FE-30 and FW-04: how the best sets look, to judges and by their pixels."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pandas as pd

from latentlib.study.claims import Outcome, family, not_above
from latentlib.study.findings import (
    Finding,
    Part,
    TooSmallError,
    decided,
    decides,
    farthest,
    highest,
    listing,
    lowest,
    told,
    typical,
)
from latentlib.study.statistics import Estimate, jackknife
from studies.diversity.plan import GENERATORS
from studies.diversity.verdicts.pools import distances
from studies.diversity.verdicts.runs import ELITES, FIRST, GENETIC, RIVALS, cells, complete, generators, lead, of

NEAREST = 50  # random sets whose brightness is nearest to an evolved one's
DIGITS_AND_CLOTHES, FACES = ("mnist", "fashion_mnist"), ("celeba",)
DATASETS = tuple(dataset for dataset, replicate in GENERATORS if not replicate)


@decides("FE-12", "searches")
def different_sets(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether sets of two approaches, or metrics, differ more than those of two seeds."""
    estimates = {}
    for name, rows in generators(searches).items():
        means = rows.groupby(["seed", "run"])[["seeds_apart", "approaches_apart", "metrics_apart"]].mean().dropna()
        for number, kind in enumerate(("approaches", "metrics"), start=1):
            together = [some.to_numpy()[:, [0, number]] for _, some in means.groupby("seed")]  # runs side by side
            estimates[name, kind] = apart_over_seeds(together)
    part = Part("distance of best sets over that between two seeds", estimates, least)
    return decided([part], f"{listing(estimates, 3)}.", complete(searches))


def apart_over_seeds(together: Sequence[np.ndarray]) -> Estimate:
    """Return the mean distance of each run's set to others over that of two runs' sets, with runs as units.

    A distance between two runs belongs to both, and goes with either.

    Args:
        together: by group of runs that were compared (runs, 2): mean distances to the other runs of the group, and to
            what else is compared.
    """
    totals = [group[:, 0].sum() for group in together]

    def statistic(*kept: np.ndarray) -> float:
        sums, counts = 0.0, 0.0
        for some, group, total in zip(kept, together, totals, strict=True):
            n, gone = len(group), len(group) - len(some)
            sums += (n - 1) * (total / 2 - (total - some[:, 0].sum()))  # of all pairs, without those of who is gone
            counts += (n - 1) * (n / 2 - gone)
        other = np.concatenate(kept)[:, 1].mean()
        return float(other / (sums / counts)) if counts > 0 and sums > 0 else float("nan")

    return jackknife(together, statistic)


def beyond_controls(searches: pd.DataFrame, controls: pd.DataFrame, column: str, dataset: str) -> np.ndarray:
    """Return a column (runs,) of the set evolved by RMSE minus that of the random sets nearest in brightness."""
    rows, known = cells(searches).get((dataset, "rmse")), generators(controls).get(dataset)
    if rows is None or known is None or len(known) < NEAREST:
        raise TooSmallError(f"{dataset} was not run, or has fewer than {NEAREST} controls")
    gaps = []
    for value, brightness in zip(of(rows, GENETIC, column), of(rows, GENETIC, "brightness"), strict=True):
        near = (known["brightness"] - brightness).abs().nsmallest(NEAREST).index
        gaps.append(value - known.loc[near, column].mean())
    return np.array(gaps)


def less_overlap(searches: pd.DataFrame, controls: pd.DataFrame, least: float) -> Part:
    """Return what FE-13 asks."""
    gaps = {name: typical(-beyond_controls(searches, controls, "overlap", name)) for name in DIGITS_AND_CLOTHES}
    return Part("overlap of sets as bright, minus that of evolved ones", gaps, least)


def unlike_borders(searches: pd.DataFrame, controls: pd.DataFrame, least: float) -> Part:
    """Return what FW-04 asks besides: the spread of the border's colour on faces."""
    gaps = {name: typical(beyond_controls(searches, controls, "border", name)) for name in FACES}
    return Part("spread of the border's colour, minus that of sets as bright", gaps, least)


def brighter(searches: pd.DataFrame, controls: pd.DataFrame, names: Sequence[str]) -> dict[str, float]:
    """Return by how much the sets evolved by RMSE are brighter than their controls, where that is most, by data set."""
    gaps = {name: beyond_controls(searches, controls, "brightness", name) for name in names}
    return {name: float(some[np.abs(some).argmax()]) for name, some in gaps.items()}


def more_contrast(searches: pd.DataFrame, least: float) -> Part:
    """Return what FE-14 asks: sets evolved by NCC minus those evolved by RMSE, paired by run."""
    found, gaps = cells(searches), {}
    for name in DATASETS:
        if (name, "ncc") in found and (name, "rmse") in found:
            for column in ("brightness_spread", "contrast"):
                by_ncc, by_rmse = (of(found[name, metric], GENETIC, column) for metric in ("ncc", "rmse"))
                gaps[name, column] = typical(by_ncc - by_rmse)
    return Part("contrast between images, evolved by NCC minus by RMSE", gaps, least)


@decides("FE-13", "searches", "controls")
def little_overlap(searches: pd.DataFrame, controls: pd.DataFrame, *, least: float, near: float) -> Finding:
    """Decide whether RMSE chooses images that overlap less than in sets as bright."""
    part, apart = less_overlap(searches, controls, least), brighter(searches, controls, DIGITS_AND_CLOTHES)
    reading = f"{listing(part.estimates, 4)}. Evolved sets are brighter than these controls by {told(apart, 3)}."
    if max(map(abs, apart.values())) > near:
        name, shown = lowest(part.estimates)
        return Finding("inconclusive", part.statistic, shown, f"{reading} So none is as bright. Shown: {name}.")
    return decided([part], reading, complete(searches, DIGITS_AND_CLOTHES))


@decides("FE-14", "searches")
def contrast(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether NCC promotes contrast between images, beside RMSE."""
    part = more_contrast(searches, least)
    return decided([part], f"{listing(part.estimates, 4)}.", complete(searches, DATASETS))


@decides("FW-04", "searches", "controls")
def overlap_and_contrast(searches: pd.DataFrame, controls: pd.DataFrame, *, least: float, near: float) -> Finding:
    """Decide whether RMSE gives little overlap and unlike backgrounds, and NCC contrast."""
    parts = [more_contrast(searches, least)]
    for names, made in ((DIGITS_AND_CLOTHES, less_overlap), (FACES, unlike_borders)):
        with suppress(TooSmallError):
            if max(map(abs, brighter(searches, controls, names).values())) <= near:
                parts.append(made(searches, controls, least))
    reading = " ".join(f"{part.statistic.capitalize()}: {listing(part.estimates, 4)}." for part in parts)
    return decided(parts, reading, complete(searches, DATASETS) and len(parts) == 3)


@decides("FE-15", "searches")
def most_diverse(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the judges find the genetic algorithm's set the most diverse."""
    gaps = {
        (*key, column, rival): typical(lead(rows, GENETIC, rival, column))
        for key, rows in cells(searches).items()
        for column in ("spread", "vendi")
        for rival in RIVALS
    }
    words = [
        f"{column} {told({key: float(np.mean(of(rows, GENETIC, column))) for key, rows in cells(searches).items()})}"
        for column in ("classes", "evenness", "near", "sure")
    ]
    reading = f"Of the evolved sets: {'. '.join(words)}."
    return decided([Part("genetic algorithm minus rival", gaps, least)], reading, complete(searches))


def more_than_random(searches: pd.DataFrame, method: str, column: str) -> dict[tuple[str, str], Estimate]:
    """Return, by cell, a column of a method's best sets minus its mean over the first sets, paired by run."""
    return {key: typical(lead(rows, method, FIRST, column)).bounded(-1, 1) for key, rows in cells(searches).items()}


@decides("FE-28", "searches", "pooled")
def on_the_manifold(searches: pd.DataFrame, pooled: pd.DataFrame, *, margin: float) -> Finding:
    """Decide whether the judges are as sure of evolved images as of random ones."""
    gaps, elites = (more_than_random(searches, method, "sure") for method in (GENETIC, ELITES))
    outcome = not_above(*(gap.mapped(-1) for gap in gaps.values()), margin=margin)
    outcome = "inconclusive" if outcome == "supported" and not complete(searches) else outcome
    name, shown = (lowest if outcome == "contradicted" else farthest)(gaps)
    lengths = {key: float(of(rows, GENETIC, "length").mean()) for key, rows in cells(searches).items()}
    reading = f"{listing(gaps, 3)}. MAP-Elites: {listing(elites, 3)}. Lengths of latents: {told(lengths, 3)}. "
    reading += f"{distances(pooled)} Shown: {name}."
    return Finding(outcome, "share sure of, evolved minus random", shown, reading)


@decides("FE-30", "searches")
def uncovers_weakness(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether evolved sets hold more images that no judge is sure of."""
    gaps = more_than_random(searches, GENETIC, "unsure")
    metrics = {metric: {key: gap for key, gap in gaps.items() if key[1] == metric} for _, metric in gaps}
    ends = {metric: [gap.at(family(metrics)) for gap in some.values()] for metric, some in metrics.items()}
    if any(all(low > least for low, _ in some) for some in ends.values()) and complete(searches):
        best = max(ends, key=lambda metric: min(low for low, _ in ends[metric]))
        name, shown = lowest(metrics[best])
        return Finding("supported", "share no judge is sure of, evolved minus random", shown, said(gaps, name))
    refuted = all(gap.high < least for gap in gaps.values())
    name, shown = highest(gaps)
    outcome: Outcome = "contradicted" if refuted else "inconclusive"
    return Finding(outcome, "share no judge is sure of, evolved minus random", shown, said(gaps, name))


def said(gaps: dict[tuple[str, str], Estimate], name: str) -> str:
    """Return the reading of estimates of which one is shown."""
    return f"{listing(gaps, 3)}. Shown: {name}."
