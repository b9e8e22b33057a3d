"""The cliff of Tables 1 and 2 in four numbers, for the paper and for each hypothesis about its operators.

The threshold of a match was decided before any hypothesis was run: half of what the paper shows.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from latentlib.study.statistics import mean
from studies.restoring.experiments import published
from studies.restoring.experiments.cliff import HYPOTHESES, MATING, MUTATION

FREEZE = 50  # the iteration from which the paper's MSE scores are constant
STILL = 0.0005  # half a unit in the third decimal


@dataclass(frozen=True)
class Fingerprint:
    """The shape of the scores at the cliff.

    Args:
        step: drop from mutation 0.3 to 0.4 beyond the mean of the drops before and after it, over mating rates.
        spread: range of that step over the mating rates.
        inverted_u: score at mating 0.5 minus the mean of 0.1 and 0.9, at mutation 0.4 and 0.5.
        late_gain: gain after iteration 50 (in shorter runs, after half of them), at mutation 0.4 and 0.5.
    """

    step: float
    spread: float
    inverted_u: float
    late_gain: float


def of_scores(scores: pd.DataFrame, late_gain: float) -> Fingerprint:
    """Return the fingerprint of scores (mating, mutation) at the rates of the experiment."""
    surface = scores.loc[list(MATING), list(MUTATION)].to_numpy()
    drops = -np.diff(surface, axis=1)
    step = drops[:, 1] - (drops[:, 0] + drops[:, 2]) / 2
    low, middle, high = surface[:, 2:].mean(axis=1)
    return Fingerprint(float(step.mean()), float(np.ptp(step)), float(middle - (low + high) / 2), late_gain)


def of_paper(folder: Path, fitness: str) -> Fingerprint:
    """Return the fingerprint of the published tables, averaged over the four data sets."""
    course = published.courses(folder)
    course = course[course["fitness"].str.lower() == fitness]
    above = course[np.isclose(course["mating_rate"], 0.3) & (course["mutation_rate"] > 0.35)]
    level = above.groupby("iteration")["score"].mean()
    scores = surface_of_paper(folder, fitness)
    return of_scores(scores, float(level[100] - level[FREEZE]))  # our runs have 100 iterations


def surface_of_paper(folder: Path, fitness: str) -> pd.DataFrame:
    """Return the published scores at the rates of the experiment: mating rates (index) by mutation rates (columns)."""
    grid = published.grids(folder)
    some = grid[grid["fitness"].str.lower() == fitness]
    scores = some.pivot_table(index="mating_rate", columns="mutation_rate", values="score")
    return scores.loc[list(MATING), list(MUTATION)]


def of_runs(runs: pd.DataFrame) -> Fingerprint:
    """Return the fingerprint of a hypothesis from its runs; a run that has stopped keeps its last score."""
    courses, last = scores_by_iteration(runs), last_scores(runs)
    above = courses.index.get_level_values("mutation_rate") > 0.35
    scores = last.rename("score").reset_index()
    surface = scores.pivot_table(index="mating_rate", columns="mutation_rate", values="score")
    return of_scores(surface, float((last - courses[freeze(runs)])[above].mean()))


def scores_by_iteration(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the best score of each target and pair of rates (index) by iteration, the last one carried on."""
    index = ["dataset", "target", "mating_rate", "mutation_rate"]
    return runs.pivot_table(index=index, columns="iteration", values="best").ffill(axis=1)


def last_scores(runs: pd.DataFrame) -> pd.Series:
    """Return the last score of each target at each pair of rates."""
    courses = scores_by_iteration(runs)
    return courses[courses.columns.max()]


def steps(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the step of every hypothesis with its interval over the targets, in words, a column for each fitness."""
    rows = {}
    for name in HYPOTHESES:
        for fitness, some in runs[runs["operators"] == name].groupby("fitness"):
            targets = [part for _, part in some.groupby(["dataset", "target"])]
            each = np.array([of_runs(part).step for part in targets])
            rows[name, fitness] = str(mean(each)) if len(each) > 1 else f"{each[0]:.4f}, n = {len(each)}"
    return pd.Series(rows).unstack(sort=False).rename_axis("hypothesis")  # noqa: PD010 (of an index of two levels)


def freeze(runs: pd.DataFrame) -> int:
    """Return the iteration after which the late gain counts: 50 of the 100 at `paper` scale, half of shorter runs."""
    logged = runs["iteration"]
    return int(logged[logged <= min(FREEZE, logged.max() / 2)].max())


def matches(found: Fingerprint, paper: Fingerprint) -> dict[str, bool]:
    """Return which features of the paper's fingerprint another one shares."""
    frozen = abs(paper.late_gain) <= STILL
    return {
        "cliff": found.step >= paper.step / 2,
        "at every mating rate": found.step >= paper.step / 2 and found.spread <= found.step,
        "inverted U": found.inverted_u >= paper.inverted_u / 2,
        "frozen" if frozen else "not frozen": (
            abs(found.late_gain) <= STILL if frozen else found.late_gain >= paper.late_gain / 2
        ),
    }


def table(runs: pd.DataFrame, folder: Path, fitness: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the fingerprints of the paper and of every hypothesis under one fitness, and which features they share."""
    some, paper = runs[runs["fitness"] == fitness], of_paper(folder, fitness)
    found = {name: of_runs(some[some["operators"] == name]) for name in HYPOTHESES}
    numbers = pd.DataFrame({"the paper": asdict(paper), **{name: asdict(f) for name, f in found.items()}}).T
    fits = pd.DataFrame({name: matches(f, paper) for name, f in found.items()}).T
    return numbers.rename(columns={"inverted_u": "inverted U", "late_gain": f"gain after {freeze(some)}"}), fits
