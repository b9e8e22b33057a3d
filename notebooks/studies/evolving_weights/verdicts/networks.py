"""KU-22 to KU-24, KU-26 to KU-28, KU-33, KU-34 and KU-36: sizes and ranges, and what cannot be tested here."""

import pandas as pd

from latentlib.study.claims import Outcome
from latentlib.study.findings import Finding, decides, rows_with
from latentlib.study.statistics import Estimate, exact


def holds(so: bool, statistic: str, value: float, reading: str) -> Finding:
    """Return the finding on a fact that is so or not."""
    outcome: Outcome = "supported" if so else "contradicted"
    return Finding(outcome, statistic, exact(value, 1), reading)


def value(facts: pd.DataFrame, fact: str) -> pd.Series:
    """Return the values of a fact."""
    return rows_with(facts, fact=fact)["value"]


@decides("KU-22", "facts")
def listed_sizes(facts: pd.DataFrame, *, share: float) -> Finding:
    """Decide whether the generator's layers give the listed sizes."""
    found = float(value(facts, "sizes").min())
    stated = "gives" if float(value(facts, "stated size").max()) else "does not give"
    return holds(found >= share, "share of the listed sizes", found, f"It {stated} the 3 x 28 x 28 of section 4.1.2.")


@decides("KU-23", "facts")
def seven_convolutions(facts: pd.DataFrame, *, one: float) -> Finding:
    """Decide whether seven convolutions of stride 2 judge an image of 64 pixels."""
    found = float(value(facts, "seven convolutions").max())
    return holds(found >= one, "kernels with which seven halvings fit", found, "Six reach one pixel.")


@decides("KU-24", "facts")
def range_of_tanh(facts: pd.DataFrame, *, low: float, high: float) -> Finding:
    """Decide whether images lie in the range to which real ones are normalised."""
    least, most = float(value(facts, "lowest").min()), float(value(facts, "highest").max())
    return holds(low <= least <= most <= high, "highest value", most, f"Lowest value: {least:.3f}.")


@decides("KU-34", "facts")
def any_size(facts: pd.DataFrame, *, share: float) -> Finding:
    """Decide whether deconvolutions make images of every side up to 128."""
    found = float(value(facts, "attainable").min())
    return holds(
        found >= share, "share of sides that one deconvolution attains", found, "Of complexity nothing is said."
    )


def untestable(reading: str) -> Finding:
    """Return the finding of a claim that cannot be tested here."""
    return Finding("not testable here", "none", Estimate(0.0, 0.0, 0.0, 0), reading)


@decides("KU-26")
def counted() -> Finding:
    """Report that the collection is not here."""
    return untestable("Kaggle's collection is not here; ours has 10,000 faces of another.")


@decides("KU-27")
def curve_of_scores() -> Finding:
    """Report that the figure is missing."""
    return untestable("Fig. 6.5 is missing from the text; its end is KU-01.")


@decides("KU-28")
def curve_of_losses() -> Finding:
    """Report that the figure is missing."""
    return untestable("Fig. 6.6 is missing from the text; its end is KU-02.")


@decides("KU-33")
def faster_than_another() -> Finding:
    """Report that nothing is alike."""
    return untestable("Data, networks and hardware of the other paper all differ.")


@decides("KU-36")
def early_discovery() -> Finding:
    """Report that a way of working is no measurement."""
    return untestable("It is about a way of working, of which the thesis tells no instance.")
