"""JK-28 to JK-40 and JK-43: scores over the iterations."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from latentlib.study.claims import Outcome, above, below, not_above
from latentlib.study.findings import Finding, TooSmallError, decides, farthest, highest, listing, lowest
from latentlib.study.statistics import Estimate, difference, exact, jackknife, mean, proportion
from studies.restoring.settings import COLOUR, GREY
from studies.restoring.verdicts.cubes import at, cube, datasets, together

NAMES = {"mnist": "MNIST", "fashion_mnist": "Fashion_MNIST", "cifar10": "Cifar10", "celeba": "CelebA"}
ITERATIONS = (1, 50, 100, 150, 200, 250, 300)
LAST = 300
Part = Callable[[np.ndarray], np.ndarray]


def table_rows(courses: pd.DataFrame, varied: str) -> pd.DataFrame:
    """Return the rows of Tables 3 and 4 (mutation varied) or 5 and 6 (mating varied)."""
    fixed = "mating_rate" if varied == "mutation_rate" else "mutation_rate"
    return courses[np.isclose(courses[fixed], 0.3) & courses["iteration"].isin(ITERATIONS)]


def centred(cells: np.ndarray) -> np.ndarray:
    """Return the mean scores of one data set without their level."""
    return np.ravel(cells - cells.mean())


def residual(cells: np.ndarray) -> np.ndarray:
    """Return mean scores (rates, iterations) of one data set without their mean over the rates: what the rates do."""
    return np.ravel(cells - cells.mean(axis=0))


def agreement(part: Part, theirs: Sequence[np.ndarray], *ours: np.ndarray) -> float:
    """Return the correlation of a part of the scores (targets, rates, iterations) of each data set with the paper's."""
    first, second = (
        np.concatenate([part(cells) for cells in side]) for side in ([o.mean(axis=0) for o in ours], theirs)
    )
    return float(np.corrcoef(first, second)[0, 1]) if np.ptp(first) and np.ptp(second) else float("nan")


def reliability(samples: Sequence[np.ndarray]) -> float:
    """Return which share of the variance of what the rates do in our mean scores is not noise over the targets.

    Its root is the correlation that perfect agreement would be seen with; it is 0 or less where all may be noise.
    """
    each = [np.stack([residual(cells) for cells in sample]) for sample in samples]  # (targets, cells) of a data set
    noise = np.concatenate([part.var(axis=0, ddof=1) / len(part) for part in each])
    return float(1 - noise.mean() / np.concatenate([part.mean(axis=0) ** 2 for part in each]).mean())


def featureless(iterations: Sequence[int], rates: int) -> np.ndarray:
    """Return the scores (1, rates, iterations) of a curve that knows neither rates nor data sets."""
    curve = 1 - np.exp(-np.array(iterations) / 25)
    return np.broadcast_to(curve, (1, rates, len(curve)))


def replicated(
    fitness: str, varied: str, courses: pd.DataFrame, published: pd.DataFrame, reliable: float, least: float
) -> Finding:
    """Decide whether rates do to our courses what they do to the published ones.

    Raises:
        TooSmallError: if our courses lack rates or iterations of the table.
    """
    rows = table_rows(courses, varied)
    samples = [cube(rows, fitness, name, (varied, "iteration")) for name in datasets(rows)]
    theirs = table_rows(published[published["fitness"].str.lower() == fitness], varied)
    paper = [
        theirs[theirs["dataset"] == NAMES[name]]
        .pivot_table(index=varied, columns="iteration", values="score")
        .to_numpy()
        for name in datasets(rows)
    ]
    if any(ours.shape[1:] != cells.shape for ours, cells in zip(samples, paper, strict=True)):
        raise TooSmallError(f"{samples[0].shape[1:]} cells where the paper has {paper[0].shape}")
    rates, whole = (jackknife(samples, partial(agreement, f, paper)).bounded(-1, 1) for f in (residual, centred))
    nothing = agreement(centred, paper, *[featureless(ITERATIONS, len(cells)) for cells in paper])
    levels = [
        f"{name} {ours.mean(axis=0)[1, -1]:.3f} ({cells[1, -1]:.3f})"
        for name, ours, cells in zip(datasets(rows), samples, paper, strict=True)
    ]
    reading = (
        f"With only the levels removed {whole.value:.2f} [{whole.low:.2f}, {whole.high:.2f}], and {nothing:.2f} for a "
        f"featureless curve. At both rates 0.3 and iteration 300, in brackets the paper's: {', '.join(levels)}."
    )
    share = reliability(samples)
    reading += f" Of the variance of what the rates do in our cells {share:.2f} is no noise over targets" + (
        f", so that perfect agreement would be seen as {share**0.5:.2f}." if share > 0 else "."
    )
    statistic = f"correlation over {sum(cells.size for cells in paper)} cells of what the rates do"
    outcome = above(rates, threshold=least) if share > reliable else "inconclusive"
    return Finding(outcome, statistic, rates, reading)


@decides("JK-28", "courses", "published_courses")
def table_3(courses: pd.DataFrame, published: pd.DataFrame, *, reliable: float, least: float) -> Finding:
    """Decide whether our courses replicate Table 3."""
    return replicated("mse", "mutation_rate", courses, published, reliable, least)


@decides("JK-29", "courses", "published_courses")
def table_4(courses: pd.DataFrame, published: pd.DataFrame, *, reliable: float, least: float) -> Finding:
    """Decide whether our courses replicate Table 4."""
    return replicated("ssim", "mutation_rate", courses, published, reliable, least)


@decides("JK-30", "courses", "published_courses")
def table_5(courses: pd.DataFrame, published: pd.DataFrame, *, reliable: float, least: float) -> Finding:
    """Decide whether our courses replicate Table 5."""
    return replicated("mse", "mating_rate", courses, published, reliable, least)


@decides("JK-31", "courses", "published_courses")
def table_6(courses: pd.DataFrame, published: pd.DataFrame, *, reliable: float, least: float) -> Finding:
    """Decide whether our courses replicate Table 6."""
    return replicated("ssim", "mating_rate", courses, published, reliable, least)


def gain(courses: pd.DataFrame, fitness: str, name: str, start: int, mutation: tuple[float, ...]) -> np.ndarray:
    """Return the gain (targets,) from an iteration to 300, averaged over mutation rates, at mating 0.3."""
    parts = []
    for rate in mutation:
        ends = [at(courses, i, mating_rate=0.3, mutation_rate=rate) for i in (LAST, start)]
        last, first = (cube(rows, fitness, name, ()) for rows in ends)
        parts.append(last - first)
    return np.asarray(np.mean(parts, axis=0))


@decides("JK-32", "courses")
def frozen(courses: pd.DataFrame, *, start: int, margin: float) -> Finding:
    """Decide whether MSE scores freeze at iteration 50."""
    gains = {name: mean(gain(courses, "mse", name, start, (0.4, 0.5))) for name in datasets(courses)}
    name, most = farthest(gains)
    statistic = f"gain from iteration {start} to 300 at mutation 0.4 and 0.5 ({name})"
    return Finding(not_above(*gains.values(), margin=margin), statistic, most, listing(gains))


@decides("JK-33", "courses")
def no_late_update(courses: pd.DataFrame, *, start: int, least: float) -> Finding:
    """Decide whether SSIM scores are hardly updated after iteration 100 at high mutation."""
    leads = {
        name: mean(gain(courses, "ssim", name, start, (0.2, 0.3)) - gain(courses, "ssim", name, start, (0.4, 0.5)))
        for name in datasets(courses)
    }
    name, smallest = lowest(leads)
    statistic = f"gain after iteration {start}, low minus high mutation ({name})"
    return Finding(above(*leads.values(), threshold=least), statistic, smallest, listing(leads))


def delays(courses: pd.DataFrame, fitness: str, name: str, share: float) -> np.ndarray:
    """Return the iteration (targets,) at which a share of the gain is reached, at rates 0.3, interpolated."""
    at(courses, LAST)
    some = courses[np.isclose(courses["mating_rate"], 0.3) & np.isclose(courses["mutation_rate"], 0.3)]
    scores = cube(some, fitness, name, ("iteration",))
    iterations = np.sort(some["iteration"].unique())
    goals = scores[:, 0] + share * (scores[:, -1] - scores[:, 0])
    return np.array([np.interp(goal, row, iterations) for goal, row in zip(goals, scores, strict=True)])


def slower_in_colour(courses: pd.DataFrame, fitness: str, share: float) -> tuple[Estimate, str]:
    """Return how many iterations later colour targets reach a share of their gain, and the means in words."""
    every = {name: delays(courses, fitness, name, share) for name in datasets(courses)}
    grey, colour = together(every, GREY), together(every, COLOUR)
    return difference(colour, grey), ", ".join(f"{name} {found.mean():.0f}" for name, found in every.items())


@decides("JK-34", "courses")
def grey_is_faster(courses: pd.DataFrame, *, share: float, least: float) -> Finding:
    """Decide whether grey sets converge faster."""
    delay, means = slower_in_colour(courses, "mse", share)
    statistic = f"iterations to {share:.0%} of the gain, colour minus grey"
    return Finding(above(delay, threshold=least), statistic, delay, f"Means: {means}.")


@decides("JK-35", "courses")
def grey_is_better_in_ssim(courses: pd.DataFrame, *, share: float, least: float) -> Finding:
    """Decide whether, with SSIM, grey images restore well and colour images slowly."""
    delay, means = slower_in_colour(courses, "ssim", share)
    rows = at(courses, LAST, mating_rate=0.3, mutation_rate=0.3)
    levels = {name: cube(rows, "ssim", name, ()) for name in datasets(rows)}
    lead = difference(together(levels, GREY), together(levels, COLOUR))
    reached = ", ".join(f"{name} {level.mean():.2f}" for name, level in levels.items())
    reading = f"SSIM at 300: {reached}; lead {lead}. Iterations to {share:.0%}: {means}; colour later by {delay}."
    names = {"mean SSIM at iteration 300, grey minus colour": lead, "iterations, colour minus grey": delay}
    statistic = next((name for name, each in names.items() if each.low <= least), next(iter(names)))
    return Finding(above(lead, delay, threshold=least), statistic, names[statistic], reading)


def extent(cells: np.ndarray) -> float:
    """Return the range over rates of the mean of scores (targets, rates)."""
    return float(np.ptp(cells.mean(axis=0)))


@decides("JK-36", "courses")
def mating_hardly_matters(courses: pd.DataFrame, **most: float) -> Finding:
    """Decide whether mating rates hardly differ."""
    rows = at(courses, LAST, mutation_rate=0.3)
    ranges, margins = {}, []
    for fitness, margin in most.items():
        for name in datasets(rows):
            ranges[fitness, name] = jackknife([cube(rows, fitness, name, ("mating_rate",))], extent)
            margins.append(margin)
    relative = {key: e.mapped(1 / margin) for (key, e), margin in zip(ranges.items(), margins, strict=True)}
    name, largest = highest(relative)
    reading = f"Ranges: {listing(ranges)}. Shown, relative to its margin: {name}."
    return Finding(below(*relative.values(), threshold=1), "range over mating rates by margin", largest, reading)


@decides("JK-37", "courses")
def mutation_spreads_more(courses: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether scores vary more with mutation than with mating."""
    leads = {}
    for fitness in ("mse", "ssim"):
        mutation, mating = (
            [cube(at(courses, LAST, **{fixed: 0.3}), fitness, name, (varied,)) for name in datasets(courses)]
            for fixed, varied in (("mating_rate", "mutation_rate"), ("mutation_rate", "mating_rate"))
        )
        joint = [np.stack(pair, axis=1) for pair in zip(mutation, mating, strict=True)]  # (targets, 2, 4)
        leads[fitness] = jackknife(
            joint, lambda *parts: float(np.mean([extent(p[:, 0]) - extent(p[:, 1]) for p in parts]))
        )
    name, smallest = lowest(leads)
    outcome = above(*leads.values(), threshold=least)
    return Finding(outcome, f"range over mutation minus range over mating ({name})", smallest, f"{listing(leads)}.")


@decides("JK-39", "cliff")
def never_decrease(cliff: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether scores never decrease."""
    falls = {
        elitism: proportion(int((changes < 0).sum()), len(changes))
        for elitism in ("our default", "no elitism")
        for changes in [np.concatenate(list(steps(cliff, elitism)))]
    }
    kept, free = falls.values()
    reading = (
        f"Without elitism the share is {free.value:.3f} [{free.low:.3f}, {free.high:.3f}]: the published rows, none "
    )
    reading += "of which falls, need an elite or the best so far."
    outcome: Outcome = "contradicted" if kept.value > most else "supported"
    return Finding(outcome, "share of steps at which the generation's best falls", kept, reading)


def steps(cliff: pd.DataFrame, operators: str) -> Iterator[np.ndarray]:
    """Yield the changes of the generation's best between logged iterations, run by run."""
    some = cliff[cliff["operators"] == operators]
    for _, run in some.groupby(["dataset", "fitness", "mating_rate", "mutation_rate", "target"]):
        yield np.diff(run.sort_values("iteration")["generation_best"].to_numpy())


@decides("JK-40", "averages")
def averages_of_four(averages: pd.DataFrame, *, rounding: float) -> Finding:
    """Decide whether Tables 1 and 2 average the four data sets."""
    worst = averages.assign(size=averages["deviation"].abs()).groupby("iteration")["size"].max()
    iteration, value = int(worst.index.to_numpy()[worst.argmin()]), float(worst.min())
    found = exact(value, int((averages["iteration"] == iteration).sum()))
    outcome: Outcome = "supported" if value <= rounding + 1e-9 else "contradicted"
    reading = f"At iteration {iteration}, which the paper does not name, every cell agrees; the next best iteration is "
    reading += f"off by {float(np.sort(worst.to_numpy())[1]):.4f}. Exact arithmetic on published numbers: no interval."
    return Finding(outcome, "largest deviation at the best iteration", found, reading)


@decides("JK-43", "courses")
def approach(courses: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether images approach their targets."""
    some = courses[np.isclose(courses["mating_rate"], 0.3) & np.isclose(courses["mutation_rate"], 0.3)]
    trends = {}
    for fitness in ("mse", "ssim"):
        for name in datasets(some):
            near = -cube(some, fitness, name, ("iteration",), "feature_distance")
            ranks = [stats.spearmanr(range(near.shape[1]), row).statistic for row in near]
            if np.isnan(ranks).any():
                raise TooSmallError("an image that stands still has no trend")
            trends[fitness, name] = mean(np.array(ranks)).bounded(-1, 1)
    name, smallest = lowest(trends)
    outcome = above(*trends.values(), threshold=least)
    return Finding(outcome, f"Spearman correlation of iteration and nearness ({name})", smallest, listing(trends, 2))
