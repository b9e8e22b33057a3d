"""LI-01 to LI-09, LI-36 and LI-38: how fast a pool of digits evolves, and how far."""

import numpy as np
import pandas as pd

from latentlib.study.claims import above, below, within
from latentlib.study.findings import Finding, decides, farthest, highest, listing, lowest
from latentlib.study.statistics import Estimate, median, paired_difference
from studies.desired_images.experiments.sure import CLIMBERS
from studies.desired_images.operators import PRINTED
from studies.desired_images.verdicts.runs import (
    at_end,
    at_start,
    at_stop,
    crossing,
    generations,
    of,
    overall,
    typical,
    wishes,
)

THREE = "Digit(3)"


def judged(digits: pd.DataFrame, sizes: pd.DataFrame, target: float) -> dict[str, Estimate]:
    """Return the judged accuracy of the pool of threes where it stops, by size of the pool."""
    pools = pd.concat([of(digits, wish=THREE), sizes]).groupby("population")
    return {f"pool {size}": typical(at_stop(rows, target)["judged"].to_numpy()) for size, rows in pools}


@decides("LI-01", "digits", "sizes")
def almost_only_wanted(digits: pd.DataFrame, sizes: pd.DataFrame, *, target: float, least: float) -> Finding:
    """Decide whether almost all images are of the wanted class."""
    estimates = judged(digits, sizes, target)
    name, smallest = lowest(estimates)
    end = at_end(of(digits, wish=THREE))
    reading = (
        f"By the judge: {listing(estimates, 3)}; after all generations, pool {end['population'].iloc[0]}: "
        f"{end['judged'].mean():.3f}. Before evolution the judge counts "
        f"{at_start(of(digits, wish=THREE))['judged'].mean():.3f}. Shown: {name}."
    )
    outcome = above(*estimates.values(), threshold=least)
    return Finding(outcome, "judged accuracy at the stop", smallest, reading)


@decides("LI-02", "rates")
def whatever_the_rate(rates: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether accuracy ends above 98 % whatever the mutation rate."""
    ends = {key: at_end(rows) for key, rows in rates.groupby(["operators", "mutation_rate"])}
    estimates = {key: typical(end["accuracy"].to_numpy()) for key, end in ends.items()}
    name, smallest = lowest(estimates)
    words = "; ".join(f"{operators}, {rate}: {end['judged'].mean():.3f}" for (operators, rate), end in ends.items())
    reading = f"Shown: {name}. By the judge: {words}."
    return Finding(above(*estimates.values(), threshold=least), "lowest mean accuracy", smallest, reading)


@decides("LI-03", "digits", "rivals")
def four_generations(digits: pd.DataFrame, rivals: pd.DataFrame, *, target: float, most: float) -> Finding:
    """Decide whether four generations suffice for the digit 3."""
    threes = of(digits, wish=THREE)
    needed = typical(generations(threes, target))
    others = {
        name: generations(of(rivals, wish=THREE, operators=name), target).mean()
        for name in rivals["operators"].unique()
    }
    first = at_start(threes)["accuracy"].mean()
    reading = (
        f"Doubling the first share of {first:.3f} takes {np.log2(target / first):.1f} generations. Others: "
        + ", ".join(f"{name} {value:.1f}" for name, value in others.items())
        + f" (more than {rivals['generation'].max()}: not reached). All digits: "
        + ", ".join(f"{wish[6]} {generations(rows, target).mean():.1f}" for wish, rows in wishes(digits).items())
        + "."
    )
    return Finding(below(needed, threshold=most), f"generations until accuracy reaches {target}", needed, reading)


def largest(timing: pd.DataFrame) -> np.ndarray:
    """Return the seconds (runs,) of the largest pool."""
    return of(timing, population=timing["population"].max())["evolving_seconds"].to_numpy()


@decides("LI-04", "timing")
def two_minutes(timing: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether evolving a pool takes two minutes."""
    seconds = median(largest(timing))
    medians = timing.groupby("population")["evolving_seconds"].median()
    reading = "Medians: " + ", ".join(f"pool {size} {value:.1f} s" for size, value in medians.items()) + "."
    return Finding(
        below(seconds, threshold=most), "seconds until accuracy reaches 0.98, largest pool", seconds, reading
    )


@decides("LI-05", "timing", "training")
def cheaper_than_training(timing: pd.DataFrame, training: pd.DataFrame, *, least: float, far: float) -> Finding:
    """Decide whether evolving is far cheaper than training the GAN again."""
    cost = float(training["training_seconds"].iloc[0])
    ratio = median(cost / largest(timing))
    outcome = above(ratio, threshold=least)
    outcome = "inconclusive" if outcome == "contradicted" and ratio.high >= far else outcome
    reading = f"Training took {cost:.0f} s on {training['trained_on'].iloc[0]}, while other work ran beside it."
    return Finding(outcome, "seconds of training over seconds of evolving", ratio, reading)


@decides("LI-06", "sure")
def cheaper_than_gradients(sure: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether evolution is faster because it needs no gradients."""
    price = sure.assign(price=sure["passes"] / sure["found"].clip(lower=1))
    wide = price.pivot_table(index=["wish", "run"], columns="method", values="price")
    ratios = pd.Series(np.log(wide["gradient ascent"] / wide["evolution"]))
    estimate = overall([rows.to_numpy() for _, rows in ratios.groupby(level="wish")])
    typical_price = ", ".join(f"{method} {value:.1f}" for method, value in wide.mean().items())
    ascent = sure[sure["method"] == "gradient ascent"]
    share = ascent["found"].sum() / ascent["population"].clip(upper=CLIMBERS).sum()
    reading = f"Passes a sure latent: {typical_price}. Of the latents that ascend {share:.2f} become sure."
    return Finding(above(estimate, threshold=least), "log of passes, ascent over evolution", estimate, reading)


def by_rate(rates: pd.DataFrame, operators: str) -> list[tuple[float, pd.DataFrame]]:
    """Return the runs with some operators, by rate."""
    some = of(rates, operators=operators)
    return [(rate, of(some, mutation_rate=rate)) for rate in sorted(some["mutation_rate"].unique())]


@decides("LI-07", "rates")
def mutation_slows(rates: pd.DataFrame, *, share: float, low: float, high: float, least: float) -> Finding:
    """Decide whether a higher mutation rate slows convergence, in both readings of the rate."""
    delays, words = {}, []
    for operators in rates["operators"].unique():
        needed = {rate: crossing(rows, share) for rate, rows in by_rate(rates, operators)}
        delays[operators] = paired_difference(needed[high], needed[low])
        words.append(f"{operators} " + ", ".join(f"{rate} {values.mean():.2f}" for rate, values in needed.items()))
    name, smallest = lowest(delays)
    reading = f"Generations until accuracy reaches {share}, by rate: {'; '.join(words)}. Shown: {name}."
    statistic = f"generations at rate {high} minus those at {low}"
    return Finding(above(*delays.values(), threshold=least), statistic, smallest, reading)


@decides("LI-08", "rates")
def mutation_diversifies(rates: pd.DataFrame, *, target: float, low: float, high: float, least: float) -> Finding:
    """Decide whether mutation adds to the diversity of the images."""
    found = {rate: at_stop(rows, target)["diversity"].to_numpy() for rate, rows in by_rate(rates, PRINTED)}
    estimate = typical(found[high] - found[low])
    words = ", ".join(f"{rate} {np.nanmean(values):.3f}" for rate, values in found.items())
    reading = f"Diversity at the stop, by rate: {words}; real threes have 1."
    outcome = above(estimate, threshold=least)
    return Finding(outcome, f"diversity at rate {high} minus that at {low}", estimate, reading)


@decides("LI-09", "crossovers", "digits")
def crossover_hardly_matters(
    crossovers: pd.DataFrame, digits: pd.DataFrame, *, target: float, margin: float
) -> Finding:
    """Decide whether the crossover operator hardly matters."""
    uniform = of(digits, wish=THREE)
    usual = generations(uniform, target)
    estimates = {
        str(name): paired_difference(generations(rows, target), usual)
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
    return Finding(within(*estimates.values(), margin=margin), "generations more than uniform crossover", most, reading)


@decides("LI-36", "wishes")
def new_target(table: pd.DataFrame, *, share: float, most: float) -> Finding:
    """Decide whether a new target needs a few generations and no training."""
    estimates = {wish: typical(generations(rows, share)) for wish, rows in wishes(table).items()}
    name, longest = highest(estimates)
    reading = f"{listing(estimates, 1)}. Shown: {name}."
    outcome = below(*estimates.values(), threshold=most)
    return Finding(outcome, f"generations until accuracy reaches {share}", longest, reading)


@decides("LI-38", "digits", "sizes")
def without_data(digits: pd.DataFrame, sizes: pd.DataFrame, *, target: float, least: float) -> Finding:
    """Decide whether generator and recogniser suffice, without the data set."""
    estimates = judged(digits, sizes, target)
    name, smallest = lowest(estimates)
    reading = (
        f"Evolution reads no image, which a test makes sure of; the runs are those of LI-01, and end as it says. The "
        f"recogniser itself was trained on labelled images. Shown: {name}."
    )
    outcome = above(*estimates.values(), threshold=least)
    return Finding(outcome, "judged accuracy at the stop", smallest, reading)
