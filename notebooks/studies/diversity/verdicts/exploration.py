"""FE-06 to FE-09 and FE-29: what the searches make of the map."""

import numpy as np
import pandas as pd

from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, listing, told, typical
from latentlib.study.statistics import jackknife
from studies.diversity.experiments.maps import FILLABLE
from studies.diversity.verdicts.correlations import spearman
from studies.diversity.verdicts.runs import ELITES, GENETIC, RANDOM, after, cells, complete, generators, of, ratio

HALF, WHOLE = 12, 25  # parts of the evaluations: 12,000 and 25,000
FACES = ("celeba", "ncc")


@decides("FE-06", "searches")
def explores_little(searches: pd.DataFrame, *, area: float, slower: float) -> Finding:
    """Decide whether little of the map is filled, and ever more slowly."""
    areas, growths, chance = {}, {}, {}
    for key, rows in cells(searches).items():
        half, end = after(rows, ELITES, HALF, "filled"), of(rows, ELITES, "filled")
        areas[key] = typical(end / FILLABLE).bounded(0, 1)
        growths[key] = ratio(end - half, half)
        chance[key] = at_random(float(half.mean()))
    reading = (
        f"Filled: {listing(areas, 3)}. Growth: {listing(growths, 2)}; if all cells that can be filled were equally "
        f"likely: {told(chance)}."
    )
    parts = [
        Part("share of the cells filled", areas, area, below=True),
        Part("cells gained in the second half over those of the first", growths, slower, below=True),
    ]
    return decided(parts, reading, complete(searches))


def at_random(half: float) -> float:
    """Return the growth of a map whose cells are equally likely, of which `half` are filled after the first half."""
    left = 1 - half / FILLABLE
    return float((left - left ** (WHOLE / HALF)) / (1 - left)) if 0 < left < 1 else float("nan")


@decides("FE-07", "searches")
def one_cluster(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the filled cells form one cluster."""
    shares = {key: typical(of(rows, ELITES, "cluster")).bounded(0, 1) for key, rows in cells(searches).items()}
    chance = {key: float(of(rows, RANDOM, "cluster").mean()) for key, rows in cells(searches).items()}
    reading = f"{listing(shares, 3)}. Of the cells that random sampling fills: {told(chance, 3)}."
    part = Part("share of the filled cells in the largest cluster", shares, least)
    return decided([part], reading, complete(searches))


@decides("FE-08", "searches")
def towards_less_fit(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the map grows more towards less fit zones."""
    shares = {key: typical(of(rows, ELITES, "less_fit")).bounded(0, 1) for key, rows in cells(searches).items()}
    chance = {key: float(np.nanmean(of(rows, RANDOM, "less_fit"))) for key, rows in cells(searches).items()}
    reading = f"{listing(shares, 3)}. Random sampling: {told(chance, 3)}."
    part = Part("share of new outer cells on the less fit side", shares, least)
    return decided([part], reading, complete(searches))


@decides("FE-09", "searches")
def small_area_of_faces(searches: pd.DataFrame, *, area: float, stay: float) -> Finding:
    """Decide whether faces under NCC begin in a small area and stay in it."""
    first = {key: of(rows, ELITES, "first_filled") for key, rows in cells(searches).items()}
    if FACES not in first or len(first) < 2:
        raise TooSmallError("faces under NCC, or what to compare them with, were not run")
    others = [values for key, values in first.items() if key != FACES]
    smaller = jackknife(
        [first[FACES], *others], lambda faces, *rest: faces.mean() / np.mean([some.mean() for some in rest])
    )
    stayed = typical(of(cells(searches)[FACES], ELITES, "stayed")).bounded(0, 1)
    reading = f"Cells of the first sets: {told({key: float(values.mean()) for key, values in first.items()}, 1)}."
    parts = [
        Part("cells of the first sets over those elsewhere", {FACES: smaller}, area, below=True),
        Part("share of children in cells filled before", {FACES: stayed}, stay),
    ]
    return decided(parts, reading, complete(searches))


@decides("FE-29", "random_sets", "searches")
def axes_are_distinct(random_sets: pd.DataFrame, searches: pd.DataFrame, *, most: float, area: float) -> Finding:
    """Decide whether mean and maximum similarity are distinct enough to span a map."""
    found = {
        (name, metric): spearman(rows[f"{metric}_mean"], rows[f"{metric}_maximum"])
        for name, rows in generators(random_sets).items()
        for metric in ("rmse", "ncc")
    }
    visited = {
        key: typical(of(rows, GENETIC, "filled") / FILLABLE).bounded(0, 1) for key, rows in cells(searches).items()
    }
    reading = f"Correlations: {listing(found, 2)}. Visited: {listing(visited, 3)}."
    parts = [
        Part("rank correlation of mean and maximum", found, most, below=True),
        Part("rank correlation of mean and maximum", found, -most),
        Part("share of the cells that the genetic algorithm visits", visited, area),
    ]
    return decided(parts, reading, complete(searches) and complete(random_sets))
