"""LI-11 to LI-13, LI-35 and LI-39 to LI-42: what becomes of the pool, and what it is good for."""

import numpy as np
import pandas as pd

from latentlib.study.claims import Outcome, above, below, within
from latentlib.study.findings import Finding, decides, highest, listing, lowest, only_with
from latentlib.study.statistics import Estimate, of_resamples, paired_difference
from studies.desired_images.experiments.images import TESTED
from studies.desired_images.verdicts.digits import THREE
from studies.desired_images.verdicts.runs import (
    at_end,
    at_start,
    at_stop,
    of,
    overall,
    rising,
    typical,
    wishes,
)

BOTH = ("mnist", "celeba64")


@decides("LI-11", "digits")
def organised(digits: pd.DataFrame, *, target: float, least: float) -> Finding:
    """Decide whether the pool is organised after evolution."""
    threes = of(digits, wish=THREE)
    last, first = (rows["cosine"].to_numpy() for rows in (at_stop(threes, target), at_start(threes)))
    estimate = paired_difference(last, first)
    end = at_end(threes)["cosine"].mean()
    reading = (
        f"Mean cosine of two latents {first.mean():.3f} at first, {last.mean():.3f} at the stop, {end:.3f} at last."
    )
    return Finding(above(estimate, threshold=least), "gain in mean cosine of two latents", estimate, reading)


def climbs(estimate: Estimate, low: float, high: float) -> Outcome:
    """Return the outcome by the rule of LI-12 and LI-19."""
    if estimate.low > high:
        return "supported"
    return "contradicted" if estimate.high < low else "inconclusive"


@decides("LI-12", "digits")
def share_rises(digits: pd.DataFrame, *, target: float, low: float, high: float) -> Finding:
    """Decide whether the share of wanted images rises over the generations."""
    each = {wish: rising(rows, "judged", target) for wish, rows in wishes(digits).items()}
    estimate = overall(list(each.values()))
    weakest = min(each, key=lambda wish: float(np.nanmean(each[wish])))
    reading = f"Lowest for {weakest}: {np.nanmean(each[weakest]):.2f}."
    return Finding(climbs(estimate, low, high), "rank correlation of generation and judged accuracy", estimate, reading)


@decides("LI-13", "digits")
def diversity_falls(digits: pd.DataFrame, *, target: float, most: float) -> Finding:
    """Decide whether diversity falls as accuracy rises."""
    falls = [
        at_stop(rows, target)["diversity"].to_numpy() - at_start(rows)["diversity"].to_numpy()
        for rows in wishes(digits).values()
    ]
    estimate = overall(falls)
    first, end = (part(digits)["diversity"].mean() for part in (at_start, at_end))
    reading = (
        f"Diversity of wanted images, relative to real ones: {first:.3f} in the first pools, {end:.3f} in the last."
    )
    return Finding(below(estimate, threshold=most), "diversity at the stop minus at first", estimate, reading)


@decides("LI-35", "harvest")
def as_many_as_one_likes(harvest: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether crossover and mutation alone give new wanted images from the pool."""
    drawn = of(harvest, dataset="mnist", group="samples")
    each = {wish: rows["judged"].to_numpy() for wish, rows in wishes(drawn).items()}
    estimate = overall(list(each.values()))
    weakest = min(each, key=lambda wish: float(each[wish].mean()))
    pool = of(harvest, dataset="mnist", group="pool")
    reading = (
        f"The recogniser counts {drawn['accuracy'].mean():.3f}; lowest by the judge for {weakest}: "
        f"{each[weakest].mean():.3f}. Diversity {drawn['diversity'].mean():.3f}, "
        f"that of the pools {pool['diversity'].mean():.3f}; "
        f"{drawn['repeated'].mean():.4f} repeat a member of the pool."
    )
    return Finding(above(estimate, threshold=least), "judged accuracy of latents never selected", estimate, reading)


def told_by_latent(linear: pd.DataFrame) -> Estimate:
    """Return the mean area over the classes, with the interval of the resamples."""
    means = linear.groupby("resample")["area"].mean().sort_index().to_numpy()
    return of_resamples(means, TESTED)


@decides("LI-39", "linear")
def latents_control(linear: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the latent vector controls the attributes."""
    estimates = {str(name): told_by_latent(rows) for name, rows in linear.groupby("dataset")}
    name, smallest = lowest(estimates)
    outcome = only_with(BOTH, estimates, above(*estimates.values(), threshold=least))
    whole = linear[linear["resample"] == 0]
    classes = ", ".join(f"{label} {value:.2f}" for label, value in zip(whole["class"], whole["area"], strict=True))
    return Finding(outcome, "area under the ROC curve of a linear classifier", smallest, f"{classes}. Shown: {name}.")


@decides("LI-40", "digits")
def keeps_to_the_prior(digits: pd.DataFrame, *, target: float, margin: float) -> Finding:
    """Decide whether the evolved pool keeps to the latent distribution."""
    stops = [at_stop(rows, target) for rows in wishes(digits).values()]
    estimate = overall([rows["length"].to_numpy() - 1 for rows in stops])
    stopped, end = pd.concat(stops), at_end(digits)
    reading = (
        f"Genes of these pools have mean {stopped['mean'].mean():.3f} and variance {stopped['variance'].mean():.3f}; "
        f"after all generations the length is {end['length'].mean():.3f} of the prior's."
    )
    return Finding(within(estimate, margin=margin), "length of a latent over the prior's, minus 1", estimate, reading)


COURSES = ("digits", "either", "faces", "broken")


def excess_by_run(*courses: pd.DataFrame, target: float) -> dict[str, np.ndarray]:
    """Return accuracy minus judged accuracy (runs,) where each search stops, by wish and, if broken, by generator."""
    every = pd.concat(courses).assign(learnt_from=lambda table: table["learnt_from"].fillna(""))
    found = {}
    for (wish, learnt_from, operators), rows in every.groupby(["wish", "learnt_from", "operators"], sort=False):
        stopped = at_stop(rows, target)
        name = f"{wish}, inputs learnt from {learnt_from}, {operators}" if learnt_from else str(wish)
        found[name] = (stopped["accuracy"] - stopped["judged"]).to_numpy()
    return found


def excess(*courses: pd.DataFrame, target: float) -> pd.Series:
    """Return the mean excess of the recogniser's count over the judges', by wish."""
    means = {name: values.mean() for name, values in excess_by_run(*courses, target=target).items()}
    return pd.Series(means, name="recogniser's share minus the judges'").rename_axis("wish")


@decides("LI-41", *COURSES, "harvest")
def fair_measure(*tables: pd.DataFrame, target: float, margin: float) -> Finding:
    """Decide whether accuracy by the recogniser is a fair measure, whatever the wish and the generator."""
    *courses, harvest = tables
    found = {name: typical(values) for name, values in excess_by_run(*courses, target=target).items()}
    name, most = highest(found)
    over = {key: each for key, each in found.items() if each.value > margin}
    agreed = harvest.pivot_table(index="dataset", columns="group", values="agreed")
    words = "; ".join(f"{data} {row['pool']:.3f} and {row['random']:.3f}" for data, row in agreed.iterrows())
    reading = (
        f"Above the margin: {listing(over, 2) or 'none'}, of {len(found)}. Of images that the recogniser accepts the "
        f"judges accept, evolved and random: {words}. Shown: {name}."
    )
    return Finding(below(*found.values(), threshold=margin), "accuracy minus judged accuracy", most, reading)


@decides("LI-42", "training")
def first_work(training: pd.DataFrame) -> Finding:
    """Report that no run can decide whether it is the first such work."""
    reading = "A statement on the literature; searching latents for wanted outputs is older than this book can settle."
    return Finding("not testable here", "none", Estimate(0.0, 0.0, 0.0, 0), reading)
