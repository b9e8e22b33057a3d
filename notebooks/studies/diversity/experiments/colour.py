"""The genetic algorithm against random sampling on colour images of another data set (FE-18)."""

import pandas as pd

from studies.diversity.experiments.contest import GENETIC, RANDOM, Contest
from studies.diversity.experiments.evaluator import METRICS, fitness_of
from studies.diversity.experiments.searches import course_rows
from studies.diversity.settings import Settings


def colour(settings: Settings) -> pd.DataFrame:
    """Return the courses of two searches by either metric, with no judge.

    Rows and columns as in `searches`, with the `deviation` of the fitness of all sets of a run in every row.
    """
    contest = Contest(settings)
    outcomes = {(metric, GENETIC): contest.outcome(GENETIC, metric)[0] for metric in METRICS}
    by_both = zip(METRICS, contest.outcome(RANDOM, *METRICS), strict=True)
    outcomes |= {(metric, RANDOM): outcome for metric, outcome in by_both}
    rows: list[dict[str, object]] = []
    for key, outcome in outcomes.items():
        fitness = fitness_of(outcome.told[..., 0]).double()
        deviations = [float(some[some.isfinite()].std()) for some in fitness]
        rows += [row | {"deviation": deviations[int(str(row["run"]))]} for row in course_rows(key, outcome, settings)]
    return pd.DataFrame(rows)
