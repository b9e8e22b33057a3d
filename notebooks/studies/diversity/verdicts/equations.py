"""FE-22 to FE-24: the two equations as printed, and the size of the listed network's images."""

import pandas as pd

from latentlib.study.claims import Outcome
from latentlib.study.findings import Finding, Part, decided, decides, listing
from latentlib.study.statistics import exact
from studies.diversity.verdicts.correlations import spearman
from studies.diversity.verdicts.look import DATASETS
from studies.diversity.verdicts.runs import complete, generators


@decides("FE-22", "pairs")
def measures_similarity(pairs: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether equation 2 as printed rises with similarity."""
    found = {name: spearman(rows["printed"], rows["true"]) for name, rows in generators(pairs).items()}
    reading = f"{listing(found, 3)}. Of an image with itself it is {pairs['itself'].mean():.3f}."
    part = Part("rank correlation of equation 2 and the true correlation", found, least)
    return decided([part], reading, complete(pairs, DATASETS))


@decides("FE-23", "bounds")
def within_bounds(bounds: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether equation 1 stays between 0 and 1."""
    share = exact(float(bounds["outside"].sum()) / float(bounds["pairs"].sum()), int(bounds["pairs"].sum()))
    outcome: Outcome = "supported" if share.value <= most else "contradicted"
    if outcome == "supported" and not complete(bounds, DATASETS):
        outcome = "inconclusive"
    reading = f"It lies between {bounds['least'].min():.3f} and {bounds['most'].max():.3f}."
    return Finding(outcome, "share of pairs outside [0, 1]", share, reading)


@decides("FE-24", "listed")
def listed_size(listed: pd.DataFrame, *, size: int) -> Finding:
    """Decide whether the listed generator of faces makes images of the size in the text."""
    sides = listed[listed["network"] == "listed"][["height", "width"]].iloc[0]
    height, width = (int(side) for side in sides)
    outcome: Outcome = "supported" if height == width == size else "contradicted"
    reading = f"It makes {height} x {width} pixels."
    return Finding(outcome, "side of the listed network's images", exact(height, 1), reading)
