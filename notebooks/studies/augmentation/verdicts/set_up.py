"""FW-05, FW-06 and FW-20: the page's data set."""

import pandas as pd

from latentlib.study.claims import Outcome
from latentlib.study.findings import Finding, Part, decided, decides
from latentlib.study.statistics import Estimate, exact
from studies.augmentation.arms import NONE
from studies.augmentation.plan import HUSHEM
from studies.augmentation.verdicts.draws import by_draw, over_draws


@decides("FW-05", "counts")
def counted(counts: pd.DataFrame, *, total: int, test: int) -> Finding:
    """Decide whether the page's counts add up."""
    images, left = int(counts["images"].sum()), int((counts["images"] - counts["training"]).sum())
    outcome: Outcome = "supported" if (images, left) == (total, test) else "contradicted"
    return Finding(outcome, "images of all classes", exact(images, len(counts)), f"Training leaves {left} to test.")


@decides("FW-06", "contest")
def hard(contest: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether a small classifier finds HuSHeM hard."""
    if not (contest["dataset"] == HUSHEM).any():
        return untestable("HuSHeM was not run: its images do not ship.")
    found = {HUSHEM: over_draws(by_draw(contest, "accuracy", HUSHEM, arm=NONE))}
    return decided([Part("accuracy without any addition", found, most, below=True)], "")


@decides("FW-20", "contest")
def grey_suffices(contest: pd.DataFrame, *, margin: float) -> Finding:
    """Report that grey cannot be held against colour, in which HuSHeM was not run."""
    return untestable("HuSHeM was not run in colour: its images do not ship.")


def untestable(reading: str) -> Finding:
    """Return the finding of a rule whose images are not here."""
    return Finding("not testable here", "none", Estimate(0.0, 0.0, 0.0, 0), reading)
