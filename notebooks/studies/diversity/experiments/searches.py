"""Figures 4 to 7: three searches at equal evaluations from shared first sets, by either metric."""

from itertools import combinations

import numpy as np
import pandas as pd
from torch import Tensor

from studies.diversity.experiments import maps, measures
from studies.diversity.experiments.contest import FIRST, RANDOM, Contest, Key, Outcome
from studies.diversity.experiments.evaluator import METRICS, fitness_of
from studies.diversity.experiments.judges import Ensemble, View, ensemble
from studies.diversity.settings import Settings

EARLY = (1, 2, 4, 8, 16)  # populations, after which the course is told besides every part of the whole
PARTS = 25  # so that 12,000 and 20,000 of 25,000 are among them


def searches(settings: Settings) -> pd.DataFrame:
    """Return courses, maps and best sets of three searches by two metrics.

    One row per metric, method, run and number of `evaluated` sets: fitness of the `best` so far, cells `filled`,
    images generated so far (`passes`). Rows of the last number have, besides, what `maps.of_run` returns; `sets` and
    `images`, counted by the evaluator; `deviation`, that of the fitness of all its sets, and so of random ones for
    random sampling; `needed`, the sets until it is as fit as random sampling in the end, as a share of all, 1 if never;
    the measures of the best set by pixels, latents and judges; and the distances of the best set to others (`apart`).
    Rows of the method `first sets` have the means of these measures over the first sets.
    """
    contest = Contest(settings)
    outcomes = contest.outcomes()
    courses = [row for key, outcome in outcomes.items() for row in course_rows(key, outcome, settings)]
    ends = [row for key, outcome in outcomes.items() for row in end_rows(key, outcomes, contest)]
    by = ["metric", "method", "run", "evaluated"]
    judged = pd.DataFrame(ends).merge(apart(outcomes, contest), on=by[:3])
    table = pd.DataFrame(courses).merge(judged.assign(evaluated=settings.evaluations), on=by, how="left")
    return pd.concat([table, pd.DataFrame(first_rows(contest))], ignore_index=True)


def checkpoints(population: int, evaluations: int) -> list[int]:
    """Return the numbers of evaluated sets at which a course is told, the last set among them."""
    early = {population * count for count in EARLY}
    parts = {evaluations * part // PARTS for part in range(1, PARTS + 1)}
    return sorted(count for count in early | parts if population <= count <= evaluations)


def course_rows(key: Key, outcome: Outcome, settings: Settings) -> list[dict[str, object]]:
    """Return the course of every run of a search."""
    rows: list[dict[str, object]] = []
    for run, told in enumerate(outcome.told):
        filled = maps.firsts(maps.cells_of(told)).cumsum(dim=0)
        for count in checkpoints(settings.population, settings.evaluations):
            values = {"evaluated": count, "best": float(outcome.course[run, count - 1])}
            spent = {"filled": int(filled[count - 1]), "passes": count * settings.size}
            rows.append({"metric": key[0], "method": key[1], "run": run, **values, **spent})
    return rows


def end_rows(key: Key, outcomes: dict[Key, Outcome], contest: Contest) -> list[dict[str, object]]:
    """Return the map, the counts and the best set of every run of a search."""
    outcome, rows = outcomes[key], []
    goals = outcomes[key[0], RANDOM].course[:, -1]
    for run, (told, measured) in enumerate(zip(outcome.told, measured_sets(contest, outcome.best), strict=True)):
        fitness = fitness_of(told[:, 0]).double().numpy()
        there = np.flatnonzero((outcome.course[run] >= goals[run]).numpy())
        facts = {
            "sets": len(told),
            "images": int(outcome.images[run]),
            "deviation": float(fitness[np.isfinite(fitness)].std(ddof=1)),
            "needed": (there[0] + 1) / len(told) if len(there) else 1.0,
        }
        found = maps.of_run(told, contest.settings.population)
        rows.append({"metric": key[0], "method": key[1], "run": run, **facts, **found, **measured})
    return rows


def first_rows(contest: Contest) -> list[dict[str, object]]:
    """Return the mean measures of the first sets of every run, which are the same for either metric."""
    rows = []
    for run, sets in enumerate(contest.first_sets):
        means = pd.DataFrame(measured_sets(contest, contest.sets_of(sets))).mean().to_dict()
        place = {"method": FIRST, "run": run, "evaluated": contest.settings.population}
        rows += [{"metric": metric, **place, **means} for metric in METRICS]
    return rows


def measured_sets(contest: Contest, sets: Tensor) -> list[dict[str, float]]:
    """Return the measures of each of some sets of latents (sets, size, latent_size)."""
    return measured_images(contest.images_of(sets), sets, ensemble(contest.settings.dataset, contest.settings.device))


def measured_images(images: Tensor, sets: Tensor, jury: Ensemble) -> list[dict[str, float]]:
    """Return the measures of sets of images (sets, size, channels, height, width) and of their latents, by set."""
    found = measures.of_pixels(images) | {"length": measures.length(sets)}
    return [
        {name: float(values[place]) for name, values in found.items()} | jury.of(some).measures()
        for place, some in enumerate(images)
    ]


def apart(outcomes: dict[Key, Outcome], contest: Contest) -> pd.DataFrame:
    """Return how far, in the judges' features, the best set of each run lies from others.

    `seeds_apart`, mean distance to the best sets of the same search's other runs, NaN without one; `approaches_apart`,
    to those of the other methods by the same metric; `metrics_apart`, to that of the same method by the other metric.
    """
    jury = ensemble(contest.settings.dataset, contest.settings.device)
    views = {key: [jury.of(some) for some in contest.images_of(outcome.best)] for key, outcome in outcomes.items()}
    rows: dict[tuple[str, str, int], dict[str, list[float]]] = {}
    every = [(*key, run) for key, found in views.items() for run in range(len(found))]
    for one, other in combinations(every, 2):
        differing = [place for place in range(3) if one[place] != other[place]]
        if len(differing) == 1:
            name = ("metrics_apart", "approaches_apart", "seeds_apart")[differing[0]]
            distance = view_of(views, one).distance(view_of(views, other))
            for each in (one, other):
                rows.setdefault(each, {}).setdefault(name, []).append(distance)
    names = ("seeds_apart", "approaches_apart", "metrics_apart")
    return pd.DataFrame(
        [
            {"metric": key[0], "method": key[1], "run": key[2]}
            | {name: float(np.mean(rows[key].get(name, [np.nan]))) for name in names}
            for key in every
        ]
    )


def view_of(views: dict[Key, list[View]], key: tuple[str, str, int]) -> View:
    """Return the view of the best set of a search's run."""
    return views[key[0], key[1]][key[2]]
