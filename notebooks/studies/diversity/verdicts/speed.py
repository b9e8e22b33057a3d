"""FE-21: how long the metrics take."""

import pandas as pd

from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, listing
from studies.diversity.experiments.timing import DECODING, FEATURES, GRAM, LOOP, SSIM
from studies.diversity.verdicts.runs import ratio

METRICS = ("rmse", "ncc")


@decides("FE-21", "timing")
def fast(timing: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether either metric takes little time beside decoding the images."""
    rows = timing[timing["dataset"] == "mnist"]
    if rows.empty:
        raise TooSmallError("the generator of digits was not timed")
    took = {str(work): some.sort_values("repeat")["took"].to_numpy() for work, some in rows.groupby("work")}
    shares = {work: ratio(took[work], took[DECODING]) for work in took if work != DECODING}
    loops = {metric: shares[LOOP + metric] for metric in METRICS}
    beside = {work: shares[work] for work in (*(GRAM + metric for metric in METRICS), SSIM, FEATURES)}
    reading = f"By a plain loop: {listing(loops, 2)}. {listing(beside, 3)}."
    part = Part("time of the similarity of a set over that of decoding it", loops, most, below=True)
    return decided([part], reading)
