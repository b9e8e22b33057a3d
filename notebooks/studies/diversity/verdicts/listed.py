"""FE-20: whether the listed networks, as we trained them, give usable images."""

import numpy as np
import pandas as pd

from latentlib.study.findings import Finding, decides, listing
from latentlib.study.statistics import Estimate, TooSmallError, jackknife
from studies.diversity.experiments.listed import GENERATED, REAL, STANDS_FOR, UNTRAINED
from studies.diversity.verdicts.runs import Part, complete, decided, generators, told


@decides("FE-20", "usable")
def usable_images(usable: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the judges are sure of enough images of each network, beside real ones."""
    found = generators(usable)
    shares = {name: relative(rows, GENERATED) for name, rows in found.items()}
    rivals = {name: relative(rows, UNTRAINED) for name, rows in found.items()}
    distances, floors = (
        {name: float(rows.loc[rows["kind"] == kind, "fid"].iloc[0]) for name, rows in found.items()}
        for kind in (GENERATED, REAL)
    )
    reading = (
        f"{listing(shares, 3)}. Before training: {listing(rivals, 3)}. FID: {told(distances, 1)}; "
        f"its floor: {told(floors, 1)}."
    )
    part = Part("share that the judges are sure of, generated over real", shares, least)
    return decided([part], reading, complete(usable, tuple(STANDS_FOR)))


def relative(rows: pd.DataFrame, kind: str) -> Estimate:
    """Return the share of images of a kind that the judges are sure of, on average, divided by that of real ones."""
    made, real = shares_of(rows, kind), shares_of(rows, REAL)
    if not real.any():
        raise TooSmallError("no judge is sure of a real image")
    return jackknife([made, real], lambda made, real: made.mean() / real.mean())


def shares_of(rows: pd.DataFrame, kind: str) -> np.ndarray:
    """Return the share of the judges that are sure of it (images,), for every image of a kind."""
    some = rows[rows["kind"] == kind]
    return np.repeat((some["sure"] / some["judges"]).to_numpy(), some["images"].to_numpy())
