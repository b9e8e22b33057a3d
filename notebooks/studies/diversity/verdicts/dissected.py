"""FE-10, FE-11 and FE-26: other settings of MAP-Elites and the genetic algorithm, chosen on runs of their own."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from latentlib.study.claims import Outcome, family
from latentlib.study.findings import (
    Finding,
    Part,
    TooSmallError,
    decided,
    decides,
    decisive,
    listing,
    rows_with,
    told,
    typical,
)
from latentlib.study.statistics import Estimate
from studies.diversity.experiments.descriptors import CMA, OTHERS
from studies.diversity.experiments.dissection import BINS, TOURNAMENTS
from studies.diversity.experiments.evaluator import METRICS
from studies.diversity.experiments.tuning import FACTORS
from studies.diversity.varied import CHOICE, JUDGED, settings
from studies.diversity.verdicts.look import DATASETS
from studies.diversity.verdicts.runs import ELITES, GENETIC, RANDOM, complete, gain, generators, of, ratio

PAPERS = (100, 1)  # bins an axis and rivals for a parent


def end_of(rows: pd.DataFrame, method: str, column: str = "best", **values: Any) -> Any:
    """Return a column (runs,) in the end of a method with some settings, on the runs that judge."""
    return of(rows_with(rows, seed=JUDGED, **values), method, column)


def best_setting(rows: pd.DataFrame) -> tuple[int, int]:
    """Return bins and tournament of the map that ends fittest, on average over the runs for the choice.

    Raises:
        TooSmallError: where a setting was not run.
    """
    known = rows_with(rows, method=ELITES, seed=CHOICE, offspring=1)
    means = {
        (bins, rivals): float(of(rows_with(known, bins=bins, tournament=rivals), ELITES, "best").mean())
        for bins in BINS
        for rivals in TOURNAMENTS
    }
    return max(means, key=lambda setting: means[setting])


def of_map(rows: pd.DataFrame, setting: tuple[int, int], column: str = "best") -> Any:
    """Return a column (runs,) in the end of MAP-Elites with bins and tournament, one child at a time."""
    return end_of(rows, ELITES, column, bins=setting[0], tournament=setting[1], offspring=1)


def called(setting: tuple[int, int]) -> str:
    """Return bins and tournament in words."""
    parents = "random parents" if setting[1] == 1 else f"a tournament of {setting[1]}"
    return f"{setting[0]} bins an axis with {parents}"


@decides("FE-10", "dissection")
def unsuitable(dissection: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the genetic algorithm ends fitter than the best of MAP-Elites' settings."""
    some = {name: rows for name, rows in generators(dissection).items() if name in DATASETS}
    chosen = {name: best_setting(rows) for name, rows in some.items()}
    papers, gaps, others = {}, {}, {}
    for name, rows in some.items():
        genetic = end_of(rows, GENETIC, tournament=3)
        gaps[name] = typical(genetic - of_map(rows, chosen[name]))
        papers[name] = typical(genetic - of_map(rows, PAPERS))
        others[name, "without selection"] = typical(genetic - end_of(rows, GENETIC, tournament=1))
        others[name, RANDOM] = typical(genetic - end_of(rows, RANDOM))
    reading = (
        f"Best settings: {listed(chosen)}. Behind the genetic algorithm: {listing(gaps)}; the paper's map "
        f"{listing(papers)}; {listing(others)}. Cells filled: "
        f"{told({name: float(of_map(some[name], chosen[name], 'filled').mean()) for name in some}, 0)}; of the "
        f"paper's {told({name: float(of_map(some[name], PAPERS, 'filled').mean()) for name in some}, 0)}."
    )
    part = Part("fitness of the genetic algorithm minus that of the best map", gaps, least)
    return decided([part], reading, complete(dissection, DATASETS))


def listed(settings: Mapping[str, tuple[int, int]]) -> str:
    """Return settings by generator in words."""
    return "; ".join(f"{name} {called(setting)}" for name, setting in settings.items())


@decides("FE-11", "descriptors", "dissection")
def bottleneck(descriptors: pd.DataFrame, dissection: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether other descriptors bring MAP-Elites half the way to the genetic algorithm on every generator."""
    known = {name: generators(dissection)[name] for name in generators(descriptors) if name in generators(dissection)}
    shares: dict[str, dict[str, Estimate]] = {choice: {} for choice in OTHERS}
    filled, rival = {}, {}
    for name, rows in known.items():
        described, papers = generators(descriptors)[name], of_map(rows, PAPERS)
        lead = end_of(rows, GENETIC, tournament=3) - papers
        for choice in OTHERS:
            shares[choice][name] = ratio(end_of(described, ELITES, descriptors=choice) - papers, lead)
            filled[name, choice] = float(end_of(described, ELITES, "filled", descriptors=choice).mean())
        if (described["method"] == CMA).any():
            rival[name] = ratio(end_of(described, CMA) - papers, lead)
        filled[name, "the paper's"] = float(of_map(rows, PAPERS, "filled").mean())
    flat = {(choice, name): share for choice, some in shares.items() for name, share in some.items()}
    reading = f"{listing(flat, 2)}. {CMA}: {listing(rival, 2)}. Cells filled: {told(filled, 0)}."
    return one_of(shares, least, complete(descriptors) and complete(dissection), reading)


def one_of(shares: Mapping[str, Mapping[str, Estimate]], least: float, whole: bool, reading: str) -> Finding:
    """Return the finding of a rule that wants, for one of several choices, every generator above a threshold.

    It is supported at Holm's level for the choices, and contradicted if every choice has a generator below, which may
    be any of these and so takes Holm's level for them.
    """
    if not all(shares.values()):
        raise TooSmallError("nothing that the rule speaks of was run")
    lows = {choice: min(e.at(family(shares))[0] for e in some.values()) for choice, some in shares.items()}
    highs = {choice: min(e.at(family(some))[1] for e in some.values()) for choice, some in shares.items()}
    best = max(lows, key=lambda choice: lows[choice])
    outcome: Outcome = "supported" if lows[best] > least and whole else "inconclusive"
    if max(highs.values()) < least:
        outcome, best = "contradicted", max(highs, key=lambda choice: highs[choice])
    name, shown = decisive(dict(shares[best]), outcome)
    return Finding(
        outcome,
        "gain by other descriptors, of the genetic algorithm's lead",
        shown,
        f"{reading} Shown: {best}, {name}.",
    )


@decides("FE-26", "tuning")
def settings_suffice(tuning: pd.DataFrame, *, share: float) -> Finding:
    """Decide whether the paper's settings gain nearly as much as the best other setting."""
    papers, *others = settings()
    shares, words = {}, []
    for metric in METRICS:
        rows = rows_with(tuning, metric=metric)
        best = max(others, key=lambda setting: float(gained(rows, CHOICE, setting).mean()))
        shares[metric] = ratio(gained(rows, JUDGED, papers), gained(rows, JUDGED, best))
        words += [f"{metric} {name} {best[name]}" for name in FACTORS if best[name] != papers[name]]
    reading = f"Best other settings: {'; '.join(words)}. Shares: {listing(shares, 3)}."
    return decided([Part("gain of the paper's settings over that of the best other", shares, share)], reading)


def gained(rows: pd.DataFrame, seed: int, setting: Mapping[str, float]) -> np.ndarray:
    """Return the gain (runs,) of the genetic algorithm with a setting on the runs of a seed."""
    return gain(rows_with(rows, seed=seed, **setting), GENETIC)
