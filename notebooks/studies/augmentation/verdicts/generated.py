"""FW-07, FW-16 and FW-19: what the GANs of forty images make."""

import numpy as np
import pandas as pd

from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, told
from latentlib.study.statistics import Estimate
from studies.augmentation.experiments.gans import (
    AUGMENTED,
    CONDITIONAL,
    JOINT,
    OTHERS,
    PER_CLASS,
    REAL,
    UNTRAINED,
)
from studies.augmentation.verdicts.draws import by_draw, chosen, over_draws


def by_class(gans: pd.DataFrame, column: str, kind: str) -> pd.Series:
    """Return a column of a kind of images by seed and class."""
    return chosen(gans, kind=kind).set_index(["seed", "name"])[column]


def over_classes(values: pd.Series) -> Estimate:
    """Return the mean over draws of the means over the classes that have a value (seed, name)."""
    return over_draws(values.dropna().groupby("seed").mean())


@decides("FW-07", "gans")
def fairly_good(gans: pd.DataFrame, *, agree: float, apart: float) -> Finding:
    """Decide whether images are recognised nearly as well as real ones without being copies."""
    real = by_draw(gans, "agreement", kind=REAL)
    agreements = {kind: by_draw(gans, "agreement", kind=kind) / real for kind in (PER_CLASS, AUGMENTED, UNTRAINED)}
    distances = {kind: by_draw(gans, "nearest", kind=kind) for kind in agreements}
    words = {
        "Agreement": told({kind: float(values.mean()) for kind, values in agreements.items()}),
        "Distance": told({kind: float(values.mean()) for kind, values in distances.items()}),
    }
    parts = [
        Part("agreement, over that of real images", {"agreement": over_draws(agreements[PER_CLASS])}, agree),
        Part(
            "distance to the nearest training image, over a real one's",
            {"distance": over_draws(distances[PER_CLASS])},
            apart,
        ),
    ]
    return decided(parts, " ".join(f"{name}: {some}." for name, some in words.items()))


@decides("FW-16", "gans")
def one_a_class(gans: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether GANs of all classes make more images of a wrong class."""
    alone = by_class(gans, "fooled", PER_CLASS)
    found = {kind: over_classes(by_class(gans, "fooled", kind) - alone) for kind in (CONDITIONAL, JOINT)}
    shares = {kind: float(by_draw(gans, "fooled", kind=kind).mean()) for kind in (PER_CLASS, CONDITIONAL, JOINT, REAL)}
    part = Part("share seen as another class, minus that of GANs of one class", found, least)
    return decided([part], f"Seen as another class: {told(shares, 3)}.")


@decides("FW-19", "gans")
def follows_its_training_images(gans: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether generated images are nearer to real ones than those of the nearest other class."""
    made, floor, other = (by_class(gans, "fid", kind) for kind in (PER_CLASS, REAL, OTHERS))
    if not (np.isfinite(other - floor) & (other > floor)).all():
        raise TooSmallError("there is nothing to compare with: another class is no farther than the class itself")
    shares = over_classes((made - floor) / (other - floor))
    kinds = {kind: float(by_draw(gans, "fid", kind=kind).mean()) for kind in (PER_CLASS, AUGMENTED, REAL, OTHERS)}
    part = Part("FID above its floor, over that of the nearest class", {PER_CLASS: shares}, most, below=True)
    return decided([part], f"FID: {told(kinds, 1)}.")
