"""LI-01 to LI-09, LI-36 and LI-38: how fast a pool of digits evolves, and how far."""

import numpy as np
import pandas as pd

from latentlib.study.claims import above, below, within
from latentlib.study.findings import Finding, TooSmallError, decides, farthest, highest, listing, lowest
from latentlib.study.statistics import Estimate, jackknife, paired_difference
from studies.desired_images.experiments.sure import CLIMBERS
from studies.desired_images.verdicts.runs import (
    at_end,
    at_start,
    correlation,
    crossing,
    generations,
    of,
    overall,
    reached,
    typical,
    wishes,
)

THREE = "Digit(3)"
ENOUGH = 0.98


def judged(digits: pd.DataFrame, sizes: pd.DataFrame) -> dict[str, Estimate]:
    """Return the judged accuracy of the last pool of threes, by size of the pool."""
    tables = pd.concat([of(digits, wish=THREE), sizes])
    return {f"pool {size}": typical(at_end(rows)["judged"].to_numpy()) for size, rows in tables.groupby("population")}


@decides("LI-01", "digits", "sizes")
def almost_only_wanted(digits: pd.DataFrame, sizes: pd.DataFrame) -> Finding:
    """Decide whether almost all images are of the wanted class."""
    estimates = judged(digits, sizes)
    name, least = lowest(estimates)
    end = at_end(of(digits, wish=THREE))
    reading = (
        f"By the judge: {listing(estimates, 3)}; by the recogniser, pool {end['population'].iloc[0]}: "
        f"{end['accuracy'].mean():.3f}. Before evolution the judge counts "
        f"{at_start(of(digits, wish=THREE))['judged'].mean():.3f}. Shown: {name}."
    )
    return Finding(above(*estimates.values(), threshold=0.95), "judged accuracy of the last pool", least, reading)


@decides("LI-02", "rates")
def whatever_the_rate(rates: pd.DataFrame) -> Finding:
    """Decide whether accuracy ends above 98 % whatever the mutation rate."""
    ends = {key: at_end(rows) for key, rows in rates.groupby(["operators", "mutation_rate"])}
    estimates = {key: typical(end["accuracy"].to_numpy()) for key, end in ends.items()}
    name, least = lowest(estimates)
    words = "; ".join(f"{operators}, {rate}: {end['judged'].mean():.3f}" for (operators, rate), end in ends.items())
    reading = f"Shown: {name}. By the judge: {words}."
    return Finding(above(*estimates.values(), threshold=ENOUGH), "lowest mean accuracy", least, reading)


@decides("LI-03", "digits", "rivals")
def four_generations(digits: pd.DataFrame, rivals: pd.DataFrame) -> Finding:
    """Decide whether four generations suffice for the digit 3."""
    threes = of(digits, wish=THREE)
    needed = typical(generations(threes, ENOUGH))
    others = {
        name: generations(of(rivals, wish=THREE, operators=name), ENOUGH).mean()
        for name in rivals["operators"].unique()
    }
    first = at_start(threes)["accuracy"].mean()
    reading = (
        f"Doubling the first share of {first:.3f} takes {np.log2(ENOUGH / first):.1f} generations. Others: "
        + ", ".join(f"{name} {value:.1f}" for name, value in others.items())
        + f" (more than {rivals['generation'].max()}: not reached). All digits: "
        + ", ".join(f"{wish[6]} {generations(rows, ENOUGH).mean():.1f}" for wish, rows in wishes(digits).items())
        + "."
    )
    return Finding(below(needed, threshold=6), "generations until accuracy reaches 0.98", needed, reading)


def largest(timing: pd.DataFrame) -> np.ndarray:
    """Return the seconds (runs,) of the largest pool."""
    return of(timing, population=timing["population"].max())["evolving_seconds"].to_numpy()


@decides("LI-04", "timing")
def two_minutes(timing: pd.DataFrame) -> Finding:
    """Decide whether evolving a pool takes two minutes."""
    seconds = jackknife([largest(timing)], lambda some: float(np.median(some)))
    medians = timing.groupby("population")["evolving_seconds"].median()
    reading = "Medians: " + ", ".join(f"pool {size} {value:.1f} s" for size, value in medians.items()) + "."
    return Finding(below(seconds, threshold=120), "seconds until accuracy reaches 0.98, largest pool", seconds, reading)


@decides("LI-05", "timing", "training")
def cheaper_than_training(timing: pd.DataFrame, training: pd.DataFrame) -> Finding:
    """Decide whether evolving is far cheaper than training the GAN again."""
    cost = float(training["training_seconds"].iloc[0])
    ratio = jackknife([largest(timing)], lambda some: cost / float(np.median(some)))
    outcome = above(ratio, threshold=100)
    outcome = "inconclusive" if outcome == "contradicted" and ratio.high >= 10 else outcome
    reading = f"Training took {cost:.0f} s on {training['trained_on'].iloc[0]}, while other work ran beside it."
    return Finding(outcome, "seconds of training over seconds of evolving", ratio, reading)


@decides("LI-06", "sure")
def cheaper_than_gradients(sure: pd.DataFrame) -> Finding:
    """Decide whether evolution is faster because it needs no gradients."""
    price = sure.assign(price=sure["passes"] / sure["found"].clip(lower=1))
    wide = price.pivot_table(index=["wish", "run"], columns="method", values="price")
    ratios = pd.Series(np.log(wide["gradient ascent"] / wide["evolution"]))
    estimate = overall([rows.to_numpy() for _, rows in ratios.groupby(level="wish")])
    typical_price = ", ".join(f"{method} {value:.1f}" for method, value in wide.mean().items())
    ascent = sure[sure["method"] == "gradient ascent"]
    share = ascent["found"].sum() / ascent["population"].clip(upper=CLIMBERS).sum()
    reading = f"Passes a sure latent: {typical_price}. Of the latents that ascend {share:.2f} become sure."
    return Finding(above(estimate), "log of passes, ascent over evolution", estimate, reading)


def by_rate(rates: pd.DataFrame) -> list[tuple[float, pd.DataFrame]]:
    """Return the runs by rate, where the rate is a share of genes."""
    printed = of(rates, operators="as printed")
    return [(rate, of(printed, mutation_rate=rate)) for rate in sorted(printed["mutation_rate"].unique())]


def against_rate(rates: list[float], values: list[np.ndarray]) -> Estimate:
    """Return the Spearman correlation of rate and value, resampling the seeds, which all rates share."""
    cube = np.stack(values, axis=1)
    repeated = np.broadcast_to(rates, cube.shape)

    def statistic(seeds: np.ndarray) -> float:
        some = cube[seeds]  # (seeds, rates); NaN where a run has no value
        known = np.isfinite(some)
        return correlation(np.broadcast_to(repeated[0], some.shape)[known], some[known])

    estimate = jackknife([np.arange(len(cube))], statistic)
    if not np.isfinite([estimate.value, estimate.low, estimate.high]).all():
        raise TooSmallError("too few runs have a value, or all are alike")
    return estimate


@decides("LI-07", "rates")
def mutation_slows(rates: pd.DataFrame) -> Finding:
    """Decide whether a higher mutation rate slows convergence."""
    parts = by_rate(rates)
    values = [crossing(rows, 0.9) for _, rows in parts]
    estimate = against_rate([rate for rate, _ in parts], values)
    words = ", ".join(f"{rate} {value.mean():.2f}" for (rate, _), value in zip(parts, values, strict=True))
    reading = f"Generations until accuracy reaches 0.9, by rate: {words}."
    return Finding(above(estimate), "rank correlation of mutation rate and generations", estimate, reading)


@decides("LI-08", "rates")
def mutation_diversifies(rates: pd.DataFrame) -> Finding:
    """Decide whether mutation adds to the diversity of the images."""
    parts, values = by_rate(rates), []
    for _, rows in parts:
        firsts = [reached(run, ENOUGH)["diversity"] for _, run in rows.groupby("run")]
        values.append(np.array([first.iloc[0] if len(first) else np.nan for first in firsts]))
    estimate = against_rate([rate for rate, _ in parts], values)
    words = [
        f"{rate} {np.nanmean(value):.3f} ({np.isfinite(value).sum()} of {len(value)} runs)"
        for (rate, _), value in zip(parts, values, strict=True)
        if np.isfinite(value).any()
    ]
    reading = f"Diversity where accuracy first reaches 0.98, by rate: {', '.join(words)}; real threes have 1."
    return Finding(above(estimate), "rank correlation of mutation rate and diversity", estimate, reading)


@decides("LI-09", "crossovers", "digits")
def crossover_hardly_matters(crossovers: pd.DataFrame, digits: pd.DataFrame) -> Finding:
    """Decide whether the crossover operator hardly matters."""
    uniform = of(digits, wish=THREE)
    usual = generations(uniform, ENOUGH)
    estimates = {
        str(name): paired_difference(generations(rows, ENOUGH), usual)
        for name, rows in crossovers.groupby("operators", sort=False)
    }
    name, most = farthest(estimates)
    ends = at_end(crossovers).groupby("operators", sort=False)["diversity"].mean()
    reading = (
        f"Uniform needs {usual.mean():.1f}; others more: {listing(estimates, 1)}. Diversity in the end: uniform "
        f"{at_end(uniform)['diversity'].mean():.3f}, "
        + ", ".join(f"{other} {value:.3f}" for other, value in ends.items())
        + f". Shown: {name}."
    )
    return Finding(within(*estimates.values(), margin=1), "generations more than uniform crossover", most, reading)


@decides("LI-36", "wishes")
def new_target(table: pd.DataFrame) -> Finding:
    """Decide whether a new target needs a few generations and no training."""
    estimates = {wish: typical(generations(rows, 0.95)) for wish, rows in wishes(table).items()}
    name, most = highest(estimates)
    reading = f"{listing(estimates, 1)}. Shown: {name}."
    return Finding(below(*estimates.values(), threshold=10), "generations until accuracy reaches 0.95", most, reading)


@decides("LI-38", "digits", "sizes")
def without_data(digits: pd.DataFrame, sizes: pd.DataFrame) -> Finding:
    """Decide whether generator and recogniser suffice, without the data set."""
    estimates = judged(digits, sizes)
    name, least = lowest(estimates)
    reading = (
        f"Evolution reads no image, which a test makes sure of; the runs are those of LI-01, and end as it says. The "
        f"recogniser itself was trained on labelled images. Shown: {name}."
    )
    return Finding(above(*estimates.values(), threshold=0.95), "judged accuracy of the last pool", least, reading)
