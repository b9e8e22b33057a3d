"""KU-19 to KU-21: the techniques around the algorithm, and small sets of images."""

import numpy as np
import pandas as pd

from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, listing, rows_with
from studies.evolving_weights.settings import (
    ADAM,
    AUGMENTATION,
    GA,
    NORM,
    NORMALISATION,
    NOTHING,
    OPTIMISER,
    SCHEDULE,
)
from studies.evolving_weights.verdicts.courses import ends, gained, over_seeds
from studies.evolving_weights.verdicts.search import final, unsteady

NAMED = (SCHEDULE, NORMALISATION, AUGMENTATION, NORM, OPTIMISER)


@decides("KU-19", "techniques")
def all_help(techniques: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether leaving out each technique makes images worse."""
    whole = final(rows_with(techniques, without=NOTHING))
    found = {name: over_seeds(final(rows_with(techniques, without=name)) - whole) for name in NAMED}
    return decided([Part("log FID without a technique minus with all", found, least)], listing(found, 2))


@decides("KU-20", "techniques")
def norm_steadies(techniques: pd.DataFrame, *, losses: float, distance: float) -> Finding:
    """Decide whether batch norm makes losses and distance steadier."""
    with_norm, without = (rows_with(techniques, without=name) for name in (NOTHING, NORM))
    steadier = {name: over_seeds(wavering(without, name) - wavering(with_norm, name)) for name in ("loss_g", "loss_d")}
    parts = [
        Part("deviation of a loss without batch norm minus with it", steadier, losses),
        Part(
            "deviation of log FID without minus with",
            {NORM: over_seeds(unsteady(without) - unsteady(with_norm))},
            distance,
        ),
    ]
    return decided(parts, listing(steadier, 3))


def wavering(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return the standard deviation of a column over the marks of the second half of each course, by seed."""
    late: pd.Series = rows[rows["epoch"] >= rows["epoch"].max() / 2].groupby("seed")[column].std()
    return late


@decides("KU-21", "amounts")
def small_sets(amounts: pd.DataFrame, *, worse: float, share: float) -> Finding:
    """Decide whether evolution on few images is hardly worse than on many, and has learnt much of what Adam has."""
    counts = sorted(amounts["images"].unique())
    if len(counts) < 2:
        raise TooSmallError("one number of images was run")
    few, many = (rows_with(amounts, images=count) for count in (counts[0], counts[-1]))
    lost = {arm: over_seeds(final(rows_with(few, arm=arm)) - final(rows_with(many, arm=arm))) for arm in (GA, ADAM)}
    parts = [
        Part("log FID with few images minus with many", {GA: lost[GA]}, worse, below=True),
        Part("gain of evolution on few images as a share of Adam's", {GA: gained(few, GA)}, share),
    ]
    ways = {
        f"{arm}, {count}": float(np.mean(ends(rows_with(amounts, arm=arm, images=count), "distance")))
        for arm in (ADAM, GA)
        for count in counts
    }
    words = "; ".join(f"{name} {value:.0f}" for name, value in ways.items())
    return decided(parts, f"FID: {words}. Log FID with few minus with many: {listing(lost, 2)}.")
