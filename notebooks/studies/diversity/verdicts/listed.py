"""FE-20: whether the listed networks, as we trained them, give usable images."""

import numpy as np
import pandas as pd

from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, listing, told
from latentlib.study.statistics import Estimate, jackknife, mean
from studies.diversity.experiments.listed import GENERATED, REAL, STANDS_FOR, UNTRAINED
from studies.diversity.verdicts.runs import complete, generators


@decides("FE-20", "usable")
def usable_images(usable: pd.DataFrame, *, least: float, most: float) -> Finding:
    """Decide whether the judges are sure of enough images of each network, and whether training brought them near."""
    found = generators(usable)
    shares, rivals = ({name: relative(rows, kind) for name, rows in found.items()} for kind in (GENERATED, UNTRAINED))
    left = {name: mean(excess(rows, GENERATED) / excess(rows, UNTRAINED)) for name, rows in found.items()}
    floors = {name: float(distances(rows, REAL).mean()) for name, rows in found.items()}
    reading = (
        f"Shares: {listing(shares, 3)}; before training: {listing(rivals, 3)}. FID, of that before training: "
        f"{listing(left, 3)}; its floor: {told(floors, 1)}."
    )
    parts = [
        Part("share that the judges are sure of, generated over real", shares, least),
        Part("FID less its floor, over that before training", left, most, below=True),
    ]
    return decided(parts, reading, complete(usable, tuple(STANDS_FOR)))


def relative(rows: pd.DataFrame, kind: str) -> Estimate:
    """Return the share of images of a kind that the judges are sure of, on average, divided by that of real ones."""
    made, real = shares_of(rows, kind), shares_of(rows, REAL)
    if not real.any():
        raise TooSmallError("no judge is sure of a real image")
    return jackknife([made, real], lambda made, real: made.mean() / real.mean())


def distances(rows: pd.DataFrame, kind: str) -> np.ndarray:
    """Return the FID (judges,) of the images of a kind in each judge's features."""
    first = rows[rows["kind"] == kind].iloc[0]
    return np.array([first[f"fid_{n}"] for n in range(1, int(first["judges"]) + 1)])


def excess(rows: pd.DataFrame, kind: str) -> np.ndarray:
    """Return the FID (judges,) of the images of a kind less that of real ones."""
    return distances(rows, kind) - distances(rows, REAL)


def shares_of(rows: pd.DataFrame, kind: str) -> np.ndarray:
    """Return the share of the judges that are sure of it (images,), for every image of a kind."""
    some = rows[rows["kind"] == kind]
    return np.repeat((some["sure"] / some["judges"]).to_numpy(), some["images"].to_numpy())
