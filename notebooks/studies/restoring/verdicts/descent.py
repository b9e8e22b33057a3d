"""JK-44 to JK-52: the contest with gradient descent."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from latentlib.study.claims import Outcome, above, family, within
from latentlib.study.findings import Finding, TooSmallError, at_level, decides, farthest, listing, lowest, only_with
from latentlib.study.statistics import LEVEL, Estimate, jackknife, mean, paired_difference, proportion
from studies.restoring.experiments.tuning import STEP_SIZES
from studies.restoring.settings import COLOUR, GREY
from studies.restoring.verdicts.cubes import datasets, with_replicates
from studies.restoring.verdicts.restoration import GA, gains, scores

GENERATIONS, STEPS = 200, 20_000
SPLITS = ("test", "train")


def long_name(steps: int) -> str:
    """Return the name of the better long descent."""
    return f"gradient descent, {steps:,} steps"


LONG = long_name(STEPS)


def longest(rivals: pd.DataFrame) -> int:
    """Return the number of steps of the long descents, 20,000 at `paper` scale."""
    return int(rivals[rivals["method"].str.startswith("long descent")]["iteration"].max())


def better_descents(rivals: pd.DataFrame, steps: int = STEPS) -> dict[str, str]:
    """Return, by data set, the long descent that does better on the training images, without regard to held-out ones.

    Raises:
        TooSmallError: if no descent took so many steps, as below `paper` scale.
    """
    ends = rivals[rivals["method"].str.startswith("long descent") & (rivals["iteration"] == steps)]
    if ends.empty:
        raise TooSmallError(f"no descent of {steps} steps")
    means = ends[ends["split"] == "train"].groupby(["dataset", "method"])["one_minus_mse"].mean()
    return {name: str(means.xs(name).idxmax()) for name in datasets(ends)}


def with_long(rivals: pd.DataFrame, steps: int = STEPS) -> pd.DataFrame:
    """Return the table with only the better long descent of each data set (`better_descents`), under one name."""
    better = better_descents(rivals, steps)
    long = rivals["method"].str.startswith("long descent")
    chosen = rivals["method"] == rivals["dataset"].map(better)
    return rivals.assign(method=rivals["method"].mask(chosen, long_name(steps)))[~long | chosen]


def equal_time(rivals: pd.DataFrame, timing: pd.DataFrame) -> pd.DataFrame:
    """Compare all generations with the long descent when both get the same time, by data set and batch of targets.

    Columns: dataset, batch, steps (that take as long, by median timings), value, low and high: 1 - MSE of the genetic
    algorithm minus that of descent at the last logged of these steps, over all targets.

    Raises:
        TooSmallError: if no step is logged that early.
    """
    total, generations = longest(rivals), rivals[rivals["method"] == GA]["iteration"].max()
    table, long, rows = with_long(rivals, total), long_name(total), []
    medians = timing.groupby(["dataset", "batch"])[["generation_seconds", "step_seconds"]].median()
    for name, batch, generation, step in medians.reset_index().to_numpy():
        steps = int(generations * generation / step)
        some = table[(table["dataset"] == name) & ((table["method"] != long) | (table["iteration"] <= steps))]
        if long not in set(some["method"]):
            raise TooSmallError(f"no step of descent is logged as early as {generations} generations end")
        lead = gains(some, long, split=None)[name]
        rows.append({"dataset": name, "batch": batch, "steps": steps, **lead.numbers()})
    return pd.DataFrame(rows).drop(columns="n")


def log_steps(timing: pd.DataFrame, warm_up: int) -> dict[tuple[str, int], Estimate]:
    """Return the mean log of gradient steps in the time of a generation, by data set and number of targets at once.

    The first `warm_up` repeats, in which torch allocates its memory, do not count.
    """
    some = timing[timing["repeat"] >= warm_up]
    steps = (some["generation_seconds"] / some["step_seconds"]).map(math.log)
    parts = steps.groupby([some["dataset"], some["batch"]])
    return {(str(name), int(str(batch))): mean(part.to_numpy()) for (name, batch), part in parts}


@decides("JK-44", "timing")
def similar_time(timing: pd.DataFrame, *, factor: float, warm_up: int) -> Finding:
    """Decide whether 200 generations take as long as 20,000 steps."""
    logs = {key: each.mapped(shift=math.log(GENERATIONS / STEPS)) for key, each in log_steps(timing, warm_up).items()}
    name, most = farthest(logs)
    ratios = {key: each.through(math.exp) for key, each in logs.items()}
    reading = f"By data set and targets at once: {listing(ratios, 2)}. Shown: {name}."
    outcome = within(*logs.values(), margin=math.log(factor))
    return Finding(outcome, "time of 200 generations by that of 20,000 Adam steps", most.through(math.exp), reading)


Leads = dict[tuple[str, ...], Estimate]  # by generator, perhaps split, and optimiser, which comes last


def long_of(optimiser: str) -> str:
    """Return the method that is the paper's 20,000 steps of an optimiser from one start."""
    return f"long descent, {optimiser}"


def against_each(rivals: pd.DataFrame, compare: Callable[[pd.DataFrame, str], Estimate], splits: bool = True) -> Leads:
    """Return what a function makes of each generator's scores against each optimiser, of each split or both together.

    Raises:
        TooSmallError: if no descent took 20,000 steps, as below `paper` scale.
    """
    if longest(rivals) != STEPS:
        raise TooSmallError(f"no descent of {STEPS} steps")
    wide = scores(rivals)
    levels = ["dataset", "split"] if splits else ["dataset"]
    parts = {tuple(map(str, key)): part for key, part in wide.groupby(level=levels, sort=False)}
    return {(*key, name): compare(part, long_of(name)) for key, part in parts.items() for name in STEP_SIZES}


def beats_both(leads: Leads, least: float) -> Outcome:
    """Return supported if all leads lie above a number, contradicted if those over both optimisers lie below it once.

    Which optimiser the paper used is not known, so that a generator that beats one of the two decides nothing.
    """
    if above(*leads.values(), threshold=least) == "supported":
        return "supported"
    groups: dict[tuple[str, ...], list[Estimate]] = {}
    for (*place, _), lead in leads.items():
        groups.setdefault(tuple(place), []).append(lead)
    level = family(list(groups))
    if any(all(lead.at(level)[1] < least for lead in group) for group in groups.values()):
        return "contradicted"
    return "inconclusive"


def clearest(leads: Leads) -> tuple[str, Estimate]:
    """Return the name and estimate of the lead whose interval ends lowest: the clearest loss, or the narrowest lead."""
    place = min(leads, key=lambda key: leads[key].high)
    return ", ".join(place), leads[place]


def gap(part: pd.DataFrame, rival: str) -> Estimate:
    """Return the paired difference in 1 - MSE, genetic algorithm minus rival."""
    return paired_difference(part[GA].to_numpy(), part[rival].to_numpy())


def effect(part: pd.DataFrame, rival: str) -> Estimate:
    """Return that difference in units of its standard deviation over targets."""
    differences = (part[GA] - part[rival]).to_numpy()
    return jackknife([differences], lambda values: float(values.mean() / values.std(ddof=1)))


def superiority(part: pd.DataFrame, rival: str) -> Estimate:
    """Return the chance that a score of the genetic algorithm exceeds one of the rival."""
    chance = jackknife([part[[GA, rival]].to_numpy()], lambda pairs: exceeds(pairs[:, 0], pairs[:, 1]))
    return chance.bounded(0, 1)


@decides("JK-45", "rivals", "replicates")
def better_than_descent(rivals: pd.DataFrame, replicates: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the genetic algorithm restores better than a long descent."""
    leads = against_each(with_replicates(rivals, replicates), gap)
    name, smallest = clearest(leads)
    statistic = "1 - MSE after 200 generations minus after 20,000 steps"
    return Finding(beats_both(leads, least), statistic, smallest, f"{listing(leads)}. Shown: {name}.")


@decides("JK-46", "rivals", "replicates")
def clear_difference(rivals: pd.DataFrame, replicates: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the difference is clear on the grey sets."""
    every = with_replicates(rivals, replicates)
    effects = against_each(every[every["dataset"].str.startswith(GREY)], effect, splits=False)
    name, smallest = clearest(effects)
    reading = f"{listing(effects, 2)}. Negative: gradient descent is ahead. Shown: {name}."
    outcome = only_with(GREY, {place for place, _ in effects}, beats_both(effects, least))
    return Finding(outcome, "paired difference by its deviation", smallest, reading)


@decides("JK-47", "rivals")
def category_kept(rivals: pd.DataFrame, *, most: int) -> Finding:
    """Decide whether the genetic algorithm always gives the target's category."""
    grey = with_long(rivals[rivals["dataset"].isin(GREY)])
    lost = 1 - scores(grey, "same_class").astype(float)
    missed, others = int(lost[GA].sum()), int(lost[LONG].sum())
    outcome: Outcome = "inconclusive"
    if missed > most:
        outcome = "contradicted"
    elif others:
        outcome = only_with(GREY, datasets(grey), "supported")
    share = proportion(missed, len(lost))
    reading = (
        f"Of {len(lost)} targets the genetic algorithm misses the class of {missed}, gradient descent of {others}."
    )
    return Finding(outcome, "share of targets whose class the genetic algorithm misses", share, reading)


@decides("JK-48", "rivals")
def outline_only(rivals: pd.DataFrame, *, level: float) -> Finding:
    """Decide whether only the outline is caught on colour sets, with low accuracy."""
    table = with_long(rivals[rivals["dataset"].isin(COLOUR)])
    found = {}
    for column in ("outline", "correlation"):
        wide = scores(table, column)
        for name in datasets(table):
            for method in (GA, LONG):
                found[name, method, column] = mean(wide.loc[name][method].to_numpy())
    signed = {key: beyond(each, 1 if key[2] == "outline" else -1, level) for key, each in found.items()}
    shown = min(signed, key=lambda key: signed[key].high)  # what lies farthest on the wrong side, or least on the right
    outcome = only_with(COLOUR, datasets(table), above(*signed.values()))
    reading = f"{listing(found, 2)}. {at_level(found[shown], found)}"
    return Finding(outcome, f"correlation of pixels ({', '.join(shown)})", found[shown], reading)


def beyond(estimate: Estimate, sign: int, threshold: float) -> Estimate:
    """Return by how much an estimate exceeds the threshold (sign 1) or falls short of it (sign -1)."""
    return estimate.mapped(sign, -sign * threshold)


def exceeds(first: np.ndarray, second: np.ndarray) -> float:
    """Return Vargha and Delaney's A: the chance that one of the first exceeds one of the second."""
    more, same = first[:, None] > second[None], first[:, None] == second[None]
    return float(more.mean() + same.mean() / 2)


@decides("JK-49", "rivals", "replicates")
def higher_distribution(rivals: pd.DataFrame, replicates: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the scores of the genetic algorithm lie above those of descent."""
    found = against_each(with_replicates(rivals, replicates), superiority)
    name, smallest = clearest(found)
    reading = f"{listing(found, 2)}. Half is no difference. Shown: {name}."
    return Finding(beats_both(found, least), "chance that evolution's score exceeds descent's", smallest, reading)


@decides("JK-50", "timing", "rivals")
def fewer_iterations(timing: pd.DataFrame, rivals: pd.DataFrame, *, least: float, warm_up: int) -> Finding:
    """Decide whether the genetic algorithm makes fewer iterations in the same time."""
    logs = log_steps(timing, warm_up)
    name, smallest = lowest(logs)
    counts = {key: each.through(math.exp) for key, each in logs.items()}
    reading = f"By data set and targets at once: {listing(counts, 1)}. {matched(rivals)} Shown: {name}."
    outcome = above(*logs.values(), threshold=math.log(least))
    return Finding(outcome, "gradient steps in the time of a generation", smallest.through(math.exp), reading)


def matched(rivals: pd.DataFrame) -> str:
    """Return in words how many steps of Adam give the score that evolution has after its last generation."""
    adam = rivals["method"] == long_of("adam")
    some = rivals[(adam | (rivals["method"] == GA)) & (rivals["fitness"] == "mse")]
    medians = {name: np.median(steps_to_match(some[some["dataset"] == name])) for name in datasets(some)}
    words = ", ".join(f"{name} {value:.0f}" for name, value in medians.items())
    return f"Adam has the score of the last generation after a median of so many steps: {words}."


def steps_to_match(table: pd.DataFrame) -> np.ndarray:
    """Return the logged step (targets,) at which a long descent first has the genetic algorithm's final score.

    Where it never has, it is the last step logged.
    """
    found = []
    for _, part in table.groupby(["split", "target"]):
        evolved, descent = (part[(part["method"] == GA) == own] for own in (True, False))
        goal = evolved.sort_values("iteration")["one_minus_mse"].iloc[-1]
        reached = descent[descent["one_minus_mse"] >= goal]["iteration"]
        found.append(reached.min() if len(reached) else descent["iteration"].max())
    return np.array(found, dtype=np.float64)


@decides("JK-51", "rivals")
def choice_of_fitness(rivals: pd.DataFrame, *, sure: float) -> Finding:
    """Decide whether it does not matter that descent uses MSE."""
    leads = {
        (fitness, name): lead
        for fitness, column in (("mse", "one_minus_mse"), ("ssim", "ssim"))
        for name, lead in gains(rivals, "adam, starts 10", column, fitness, split=None).items()
    }
    names = datasets(rivals)

    def signs(fitness: str, level: float) -> list[int]:
        """Return for each data set on which side a lead lies at a level: 1, -1, or 0 for neither."""
        ends = [leads[fitness, name].at(level) for name in names]
        return [int(low > sure) - int(high < -sure) for low, high in ends]

    agreement, opposition = (np.multiply(signs("mse", level), signs("ssim", level)) for level in (LEVEL, family(names)))
    outcome: Outcome = "inconclusive"
    if (opposition < 0).any():
        outcome = "contradicted"
    elif (agreement > 0).all():
        outcome = "supported"
    name, most = farthest({key: lead for key, lead in leads.items() if key[0] == "ssim"})
    return Finding(outcome, f"evolution minus Adam, both by SSIM ({name})", most, f"{listing(leads)}.")


@decides("JK-52", "rivals", "replicates")
def better_than_restarts(rivals: pd.DataFrame, replicates: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the genetic algorithm beats descent with restarts at equal cost."""
    every = with_replicates(rivals, replicates)
    leads: Leads = {(name, o): lead for o in STEP_SIZES for name, lead in gains(every, f"{o}, starts 10").items()}
    name, smallest = clearest(leads)
    statistic = f"1 - MSE minus that of descent, ten starts ({name})"
    return Finding(beats_both(leads, least), statistic, smallest, f"{listing(leads)}.")
