"""FW-08, FW-13 and FW-15: what the supervisor makes of its first sets in 500 generations."""

import numpy as np
import pandas as pd

from latentlib.study.findings import Finding, Part, decided, decides, listing, told
from studies.augmentation.experiments.supervision import LAST, SORTED
from studies.augmentation.verdicts.draws import by_draw, over_draws

UNLIKE, ALIKE = False, True  # the centroid: the two directions of the fitness


@decides("FW-08", "supervision")
def told_apart(supervision: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the judges' features tell the last generation's set from a first generation's."""
    found, chosen = (
        over_draws(by_draw(supervision, "told_apart", alike=UNLIKE, stage=stage)) for stage in (LAST, SORTED)
    )
    part = Part("share of images attributed to the right generation", {LAST: found}, least)
    return decided([part], f"Of images sorted by the fitness: {chosen.value:.2f}.")


@decides("FW-13", "supervision")
def more_diverse(supervision: pd.DataFrame, *, originals: float, random: float) -> Finding:
    """Decide whether evolved sets are more spread than the originals, and than random sets."""
    evolved = by_draw(supervision, "spread", alike=UNLIKE, stage=LAST)
    parts, spreads = [], {LAST: float(evolved.mean())}
    for name, column, least in (("originals", "spread_real", originals), ("random sets", "spread_random", random)):
        rival = by_draw(supervision, column, alike=UNLIKE, stage=LAST)
        parts.append(Part("spread of evolved sets minus that of others", {name: over_draws(evolved - rival)}, least))
        spreads[name] = float(rival.mean())
    return decided(parts, f"Spread: {told(spreads)}.")


@decides("FW-15", "supervision")
def steers(supervision: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the two directions of the fitness leave sets of unlike spread, in deviations of random ones."""
    unlike, alike = (by_draw(supervision, "spread", alike=way, stage=LAST) for way in (UNLIKE, ALIKE))
    unit = np.sqrt(2) * by_draw(supervision, "spread_deviation", stage=LAST)  # of a difference of two sets
    found = {LAST: over_draws((unlike - alike) / unit)}
    reading = f"Spread: {told({'unlike': float(unlike.mean()), 'alike': float(alike.mean())})}."
    part = Part("spread of sets evolved unlike minus alike, in deviations of random ones", found, least)
    return decided([part], f"{reading} {listing(found, 2)}.")
