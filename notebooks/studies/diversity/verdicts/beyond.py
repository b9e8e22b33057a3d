"""FE-18 and FE-19: the approach on colour images, and with another criterion."""

import pandas as pd

from latentlib.study.findings import Finding, Part, decided, decides, listing, told
from latentlib.study.statistics import Estimate
from studies.diversity.experiments.criterion import CRITERION
from studies.diversity.verdicts.runs import GENETIC, RANDOM, cells, complete, generators, lead, of, ratio

COLOURED = ("celeba", "cifar10")
JUDGED = ("mnist", "fashion_mnist")


@decides("FE-18", "searches", "colour")
def carries_over(searches: pd.DataFrame, colour: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the genetic algorithm beats random sampling on colour images, too."""
    both = pd.concat([searches[searches["dataset"].isin(COLOURED)], colour], ignore_index=True)
    leads = {key: in_deviations(rows, "best") for key, rows in cells(both).items()}
    part = Part("lead over random sampling, in deviations of random sets", leads, least)
    return decided([part], f"In deviations: {listing(leads, 1)}.", complete(both, COLOURED))


@decides("FE-19", "criterion")
def guides(criterion: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether evolution by a recogniser's evenness of classes leads in the judges'."""
    known = {name: rows for name, rows in generators(criterion).items() if name in JUDGED}
    leads = {name: in_deviations(rows, CRITERION) for name, rows in known.items()}
    pleased = {name: float(lead(rows, GENETIC, RANDOM).mean()) for name, rows in known.items()}
    reading = f"In deviations: {listing(leads, 2)}. Lead in the recogniser's own: {told(pleased, 3)}."
    part = Part("lead in the judges' evenness of classes, in deviations of random sets", leads, least)
    return decided([part], reading, complete(criterion, JUDGED))


def in_deviations(rows: pd.DataFrame, column: str) -> Estimate:
    """Return the genetic algorithm's lead over random sampling over the deviation of random sets."""
    return ratio(lead(rows, GENETIC, RANDOM, column), of(rows, RANDOM, "deviation"))
