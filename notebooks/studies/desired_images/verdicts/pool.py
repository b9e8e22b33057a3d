"""LI-11 to LI-13, LI-35 and LI-39 to LI-42: what becomes of the pool, and what it is good for."""

import numpy as np
import pandas as pd

from latentlib.study.claims import Outcome, above, below, within
from latentlib.study.findings import Finding, check_any, decides, listing, lowest, only_with
from latentlib.study.statistics import Estimate, of_resamples, paired_difference
from studies.desired_images.experiments.images import TESTED
from studies.desired_images.verdicts.digits import THREE
from studies.desired_images.verdicts.quality import gap
from studies.desired_images.verdicts.runs import (
    at_end,
    at_start,
    correlation,
    of,
    overall,
    reached,
    rising,
    wishes,
)

BOTH = ("mnist", "celeba64")


@decides("LI-11", "digits")
def organised(digits: pd.DataFrame) -> Finding:
    """Decide whether the pool is organised after evolution."""
    threes = of(digits, wish=THREE)
    last, first = (part(threes)["cosine"].to_numpy() for part in (at_end, at_start))
    estimate = paired_difference(last, first)
    reading = f"Mean cosine of two latents {first.mean():.3f} at first, {last.mean():.3f} at last."
    return Finding(above(estimate, threshold=0.05), "gain in mean cosine of two latents", estimate, reading)


def climbs(estimate: Estimate) -> Outcome:
    """Return the outcome by the rule of LI-12 and LI-19."""
    if estimate.low > 0.8:
        return "supported"
    return "contradicted" if estimate.high < 0.5 else "inconclusive"


@decides("LI-12", "digits")
def share_rises(digits: pd.DataFrame) -> Finding:
    """Decide whether the share of wanted images rises over the generations."""
    each = {wish: rising(rows, "judged") for wish, rows in wishes(digits).items()}
    estimate = overall(list(each.values()))
    weakest = min(each, key=lambda wish: float(np.nanmean(each[wish])))
    reading = f"Lowest for {weakest}: {np.nanmean(each[weakest]):.2f}."
    return Finding(climbs(estimate), "rank correlation of generation and judged accuracy", estimate, reading)


def trade(rows: pd.DataFrame) -> np.ndarray:
    """Return the Spearman correlation (runs,) of accuracy and diversity from an accuracy of 0.5 on."""
    values = []
    for _, run in rows.groupby("run"):
        start = reached(run, 0.5)["generation"].min()  # NaN, and so no row, if it is never reached
        late = run[run["generation"] >= start].dropna(subset="diversity")
        values.append(correlation(late["accuracy"].to_numpy(), late["diversity"].to_numpy()))
    return np.array(values)


@decides("LI-13", "digits")
def diversity_falls(digits: pd.DataFrame) -> Finding:
    """Decide whether diversity falls as accuracy rises."""
    estimate = overall([trade(rows) for rows in wishes(digits).values()])
    ends = at_end(digits)["diversity"].mean()
    half = pd.concat([reached(run, 0.5) for _, run in digits.groupby(["wish", "run"])])
    reading = (
        f"Diversity of wanted images, relative to real ones: {half['diversity'].mean():.3f} where half of the pool is "
        f"wanted, {ends:.3f} in the end."
    )
    return Finding(below(estimate), "rank correlation of accuracy and diversity within a run", estimate, reading)


@decides("LI-35", "harvest")
def as_many_as_one_likes(harvest: pd.DataFrame) -> Finding:
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
    return Finding(above(estimate, threshold=0.9), "judged accuracy of latents never selected", estimate, reading)


def told_by_latent(linear: pd.DataFrame) -> Estimate:
    """Return the mean area over the classes, with the interval of the resamples."""
    means = linear.groupby("resample")["area"].mean().sort_index().to_numpy()
    return of_resamples(means, TESTED)


@decides("LI-39", "linear")
def latents_control(linear: pd.DataFrame) -> Finding:
    """Decide whether the latent vector controls the attributes."""
    estimates = {str(name): told_by_latent(rows) for name, rows in linear.groupby("dataset")}
    name, least = lowest(estimates)
    outcome = only_with(BOTH, estimates, above(*estimates.values(), threshold=0.6))
    whole = linear[linear["resample"] == 0]
    classes = ", ".join(f"{label} {value:.2f}" for label, value in zip(whole["class"], whole["area"], strict=True))
    return Finding(outcome, "area under the ROC curve of a linear classifier", least, f"{classes}. Shown: {name}.")


@decides("LI-40", "digits")
def keeps_to_the_prior(digits: pd.DataFrame) -> Finding:
    """Decide whether the evolved pool keeps to the latent distribution."""
    end = at_end(digits)
    estimate = overall([rows["length"].to_numpy() - 1 for rows in wishes(end).values()])
    reading = f"Genes of the last pools have mean {end['mean'].mean():.3f} and variance {end['variance'].mean():.3f}."
    return Finding(within(estimate, margin=0.05), "length of a latent over the prior's, minus 1", estimate, reading)


@decides("LI-41", "harvest")
def fair_measure(harvest: pd.DataFrame) -> Finding:
    """Decide whether accuracy by the recogniser is a fair measure."""
    estimates = {
        str(name): overall([gap(some, "agreed") for some in wishes(rows).values()])
        for name, rows in harvest.groupby("dataset")
    }
    check_any(estimates)
    name, least = lowest(estimates)
    outcome = only_with(BOTH, estimates, above(*estimates.values(), threshold=-0.02))
    levels = harvest.pivot_table(index="dataset", columns="group", values="agreed")
    words = ", ".join(f"{data} {row['pool']:.3f} and {row['random']:.3f}" for data, row in levels.iterrows())
    reading = f"The judge agrees on evolved and on random images: {words}. Differences: {listing(estimates, 3)}. "
    reading += f"Shown: {name}."
    return Finding(outcome, "share on which the judge agrees, evolved minus random", least, reading)


@decides("LI-42", "training")
def first_work(training: pd.DataFrame) -> Finding:
    """Report that no run can decide whether it is the first such work."""
    reading = "A statement on the literature; searching latents for wanted outputs is older than this book can settle."
    return Finding("not testable here", "none", Estimate(0.0, 0.0, 0.0, 0), reading)
