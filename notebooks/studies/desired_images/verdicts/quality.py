"""LI-10, LI-14 to LI-17 and LI-37: how good the images are."""

import numpy as np
import pandas as pd

from latentlib.study.claims import above, below
from latentlib.study.findings import Finding, TooSmallError, decides, highest
from latentlib.study.statistics import jackknife, of_resamples, paired_difference
from studies.desired_images.experiments.broken import IMAGES
from studies.desired_images.plan import LONGER
from studies.desired_images.verdicts.runs import at_stop, correlation, of, overall, typical, wishes


def gap(table: pd.DataFrame, column: str, group: str = "pool", other: str = "random") -> np.ndarray:
    """Return a column of one group minus that of another, run by run (runs,), NaN where one is missing."""
    wide = table.pivot_table(index="run", columns="group", values=column)
    if not {group, other} <= set(wide):
        return np.array([np.nan])
    return (wide[group] - wide[other]).to_numpy()


def as_many(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table without random images where fewer were found than the pool has: LI-10 and LI-16 need as many."""
    return table[(table["group"] != "random") | (table["latents"] == table["population"])]


@decides("LI-10", "harvest")
def clearer(harvest: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether evolved images are clearer than random ones of the same class."""
    digits = as_many(of(harvest, dataset="mnist"))
    estimate = overall([gap(rows, "likeliest") for rows in wishes(digits).values()])
    means = digits.groupby("group")[["likeliest", "fid"]].mean()
    words = ", ".join(f"{name} {row['likeliest']:.3f} and {row['fid']:.0f}" for name, row in means.iterrows())
    reading = f"The judges' largest probability, and FID to real images of the digit: {words}."
    return Finding(
        above(estimate, threshold=least), "judges' largest probability, evolved minus random", estimate, reading
    )


@decides("LI-14", "damage")
def broken_generator(damage: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the generator gives poor images for inputs from [0, 1]."""
    gaps = (damage["fid_uniform"] - damage["fid_normal"]).to_numpy()
    estimate = of_resamples(gaps, IMAGES)
    whole = damage.iloc[0]
    reading = (
        f"FID {whole['fid_uniform']:.0f} from U[0, 1], {whole['fid_normal']:.0f} from N(0, 1); of a generator that "
        f"learnt from U[0, 1], {whole['fid_learnt']:.0f}."
    )
    return Finding(above(estimate, threshold=least), "FID, U[0, 1] minus N(0, 1)", estimate, reading)


@decides("LI-15", "broken")
def mended(broken: pd.DataFrame, *, target: float, least: float) -> Finding:
    """Decide whether the method gets good fives from the broken generator."""
    last = broken["generation"].max()
    standard = last // LONGER
    stopped = at_stop(of(broken, operators="clipped", learnt_from="N(0, 1)"), target)
    estimate = typical(stopped["judged"].to_numpy())
    judged = broken.groupby(["learnt_from", "operators", "generation"])["judged"].mean()
    searches = broken[["learnt_from", "operators"]].drop_duplicates().itertuples(index=False, name=None)
    words = "; ".join(
        f"learnt from {prior}, {operators}: {judged[prior, operators, standard]:.3f}, "
        f"{judged[prior, operators, last]:.3f}"
        for prior, operators in sorted(searches)
    )
    reading = f"These pools stop after {stopped['generation'].mean():.1f} generations. By the judge after {standard} "
    reading += f"generations, and after {last}: {words}."
    outcome = above(estimate, threshold=least)
    return Finding(outcome, "judged accuracy at the stop, latents kept in [0, 1]", estimate, reading)


@decides("LI-16", "ages")
def badly_trained(ages: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether a GAN that is not well trained gives good images."""
    even = as_many(ages)
    estimates = {f"{epochs} epochs": typical(gap(rows, "fid")) for epochs, rows in even.groupby("epochs")}
    name, largest = highest(estimates)
    levels = even.pivot_table(index="epochs", columns="group", values="fid")
    words = ", ".join(f"{epochs} epochs {row['pool']:.0f} and {row['random']:.0f}" for epochs, row in levels.iterrows())
    reading = f"FID to real fives, evolved and random: {words}. Shown: {name}."
    return Finding(below(*estimates.values(), threshold=most), "FID, evolved minus random", largest, reading)


@decides("LI-17", "sharpness")
def sharper_is_surer(sharpness: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the recogniser is more confident of clear images, among those of one class."""
    classes = [part[["confidence", "sharpness"]].to_numpy() for _, part in sharpness.groupby("class")]
    estimate = jackknife(classes, lambda *parts: float(np.mean([correlation(*part.T) for part in parts])))
    whole = correlation(sharpness["confidence"].to_numpy(), sharpness["sharpness"].to_numpy())
    half = sharpness["confidence"].median()
    reading = f"Over all classes together {whole:.2f}. Half of the images have a confidence above {half:.4f}."
    outcome = above(estimate, threshold=least)
    return Finding(outcome, "rank correlation of confidence and sharpness within a class", estimate, reading)


@decides("LI-37", "inputs")
def conditions_harm(inputs: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether conditional inputs harm a generator."""
    wide = inputs.pivot_table(index="seed", columns="kind", values="fid")
    if len(wide) < 2:
        raise TooSmallError("fewer than two seeds")
    estimate = paired_difference(wide["conditional"].to_numpy(), wide["unconditional"].to_numpy())
    means = ", ".join(f"{kind} {value:.1f}" for kind, value in wide.mean().items())
    reading = f"Mean FID: {means}; small generators, trained for {inputs['epochs'].iloc[0]} epochs."
    return Finding(above(estimate, threshold=least), "FID, conditional minus unconditional", estimate, reading)
