"""FE-16 and FE-17: what the metrics follow, and where they steer."""

import pandas as pd

from latentlib.study.claims import family
from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, highest, listing, lowest
from latentlib.study.statistics import Estimate
from studies.diversity.verdicts.correlations import partial, spearman
from studies.diversity.verdicts.runs import FIRST, GENETIC, cells, complete, generators, of, ratio

METRICS = ("rmse", "ncc")


@decides("FE-16", "random_sets")
def perceived(random_sets: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether diversity by the metrics agrees with that which judges see, at equal brightness."""
    agree, raw, bright = {}, {}, {}
    for name, rows in generators(random_sets).items():
        for metric in METRICS:
            diversity = -rows[f"{metric}_mean"]
            agree[name, metric] = partial(diversity, rows["spread"], rows["brightness"])
            raw[name, metric] = spearman(diversity, rows["spread"])
            bright[name, metric] = spearman(diversity, rows["brightness"])
    reading = (
        f"Given brightness: {listing(agree, 2)}. Raw: {listing(raw, 2)}. With brightness itself: {listing(bright, 2)}."
    )
    part = Part("partial rank correlation of metric and judges", agree, least)
    return decided([part], reading, complete(random_sets))


def steered(searches: pd.DataFrame) -> dict[str, dict[str, Estimate]]:
    """Return, by generator and goal, what sets evolved by it gain in the other metric, of what that itself gains."""
    found, shares = cells(searches), {}
    for name in generators(searches):
        if not all((name, metric) in found for metric in METRICS):
            raise TooSmallError(f"{name} was not run with both metrics")
        shares[name] = {
            goal: ratio(
                of(found[name, goal], GENETIC, f"by_{other}") - of(found[name, goal], FIRST, f"by_{other}"),
                of(found[name, other], GENETIC, f"by_{other}") - of(found[name, other], FIRST, f"by_{other}"),
            )
            for goal, other in zip(METRICS, METRICS[::-1], strict=True)
        }
    return shares


@decides("FE-17", "searches")
def steer_differently(searches: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether sets evolved by one metric gain little in the other."""
    shares = steered(searches)
    flat = {(name, f"evolved by {goal}"): e for name, both in shares.items() for goal, e in both.items()}
    statistic, listed = "gain in the other metric, of what that itself gains", listing(flat, 2)
    if all(estimate.high < least for estimate in flat.values()) and complete(searches):
        name, shown = highest(flat)
        return Finding("supported", statistic, shown, f"{listed}. Shown: {name}.")
    level = family(shares)
    for generator, both in shares.items():
        if all(estimate.at(level)[0] > least for estimate in both.values()):
            name, shown = lowest(both)
            return Finding("contradicted", statistic, shown, f"{listed}. Shown: {generator}, evolved by {name}.")
    name, shown = highest(flat)
    return Finding("inconclusive", statistic, shown, f"{listed}. Shown: {name}.")
