"""JK-44 to JK-52: the contest with gradient descent."""

from dataclasses import asdict

import numpy as np
import pandas as pd

from latentlib.study.claims import Outcome, above
from latentlib.study.findings import Finding, TooSmallError, decides, farthest, highest, listing, lowest, only_with
from latentlib.study.statistics import Estimate, jackknife, proportion
from studies.restoring.settings import COLOUR, GREY
from studies.restoring.verdicts.cubes import datasets
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
        rows.append({"dataset": name, "batch": batch, "steps": steps, **asdict(lead)})
    return pd.DataFrame(rows).drop(columns="n")


@decides("JK-44", "timing")
def similar_time(timing: pd.DataFrame) -> Finding:
    """Decide whether 200 generations take as long as 20,000 steps."""
    ratio = timing["generation_seconds"] * GENERATIONS / (timing["step_seconds"] * STEPS)
    ratios = {
        key: jackknife([part.to_numpy()], lambda values: float(np.median(values)))
        for key, part in ratio.groupby([timing["dataset"], timing["batch"]])
    }
    outcome: Outcome = "inconclusive"
    if all(e.low >= 0.5 and e.high <= 2 for e in ratios.values()):
        outcome = "supported"
    elif any(e.high < 0.5 or e.low > 2 for e in ratios.values()):
        outcome = "contradicted"
    name, most = highest(ratios)
    reading = f"By data set and targets at once: {listing(ratios, 2)}. Shown: {name}."
    return Finding(outcome, "time of 200 generations by that of 20,000 Adam steps", most, reading)


@decides("JK-45", "rivals")
def better_than_descent(rivals: pd.DataFrame) -> Finding:
    """Decide whether the genetic algorithm restores better than a long descent."""
    table = with_long(rivals)
    leads = {(name, s): lead for s in SPLITS for name, lead in gains(table, LONG, split=s).items()}
    name, least = lowest(leads)
    optimisers = ", ".join(f"{name} {method.split()[-1]}" for name, method in better_descents(rivals).items())
    reading = f"{listing(leads)}. Optimiser chosen on training images: {optimisers}. Shown: {name}."
    return Finding(above(*leads.values()), "1 - MSE after 200 generations minus after 20,000 steps", least, reading)


@decides("JK-46", "rivals")
def clear_difference(rivals: pd.DataFrame) -> Finding:
    """Decide whether the difference is clear on the grey sets."""
    wide = scores(with_long(rivals))
    effects = {}
    for name in [name for name in datasets(rivals) if name in GREY]:
        part = wide.xs(name, level="dataset")
        gap = part[GA].to_numpy() - part[LONG].to_numpy()
        effects[name] = jackknife([gap], lambda values: float(values.mean() / values.std(ddof=1)))
    name, least = lowest(effects)
    reading = f"{listing(effects, 2)}. Negative: gradient descent is ahead. Shown: {name}."
    outcome = only_with(GREY, effects, above(*effects.values(), threshold=0.8))
    return Finding(outcome, "paired difference by its deviation", least, reading)


@decides("JK-47", "rivals")
def category_kept(rivals: pd.DataFrame) -> Finding:
    """Decide whether the genetic algorithm always gives the target's category."""
    grey = with_long(rivals[rivals["dataset"].isin(GREY)])
    lost = 1 - scores(grey, "same_class").astype(float)
    missed, others = int(lost[GA].sum()), int(lost[LONG].sum())
    outcome: Outcome = "inconclusive"
    if missed:
        outcome = "contradicted"
    elif others:
        outcome = only_with(GREY, datasets(grey), "supported")
    share = proportion(missed, len(lost))
    reading = (
        f"Of {len(lost)} targets the genetic algorithm misses the class of {missed}, gradient descent of {others}."
    )
    return Finding(outcome, "share of targets whose class the genetic algorithm misses", share, reading)


@decides("JK-48", "rivals")
def outline_only(rivals: pd.DataFrame) -> Finding:
    """Decide whether only the outline is caught on colour sets, with low accuracy."""
    table = with_long(rivals[rivals["dataset"].isin(COLOUR)])
    found = {}
    for column in ("outline", "correlation"):
        wide = scores(table, column)
        for name in datasets(table):
            for method in (GA, LONG):
                found[name, method, column] = jackknife([wide.loc[name][method].to_numpy()], lambda v: float(v.mean()))
    signed = {key: beyond(estimate, 1 if key[2] == "outline" else -1) for key, estimate in found.items()}
    name, _ = lowest(signed)
    shown = min(signed, key=lambda key: signed[key].low)
    outcome = only_with(COLOUR, datasets(table), above(*signed.values()))
    return Finding(outcome, f"correlation of pixels ({name})", found[shown], f"{listing(found, 2)}.")


def beyond(estimate: Estimate, sign: int, threshold: float = 0.9) -> Estimate:
    """Return by how much an estimate exceeds the threshold (sign 1) or falls short of it (sign -1)."""
    return estimate.mapped(sign, -sign * threshold)


def exceeds(first: np.ndarray, second: np.ndarray) -> float:
    """Return Vargha and Delaney's A: the chance that one of the first exceeds one of the second."""
    more, same = first[:, None] > second[None], first[:, None] == second[None]
    return float(more.mean() + same.mean() / 2)


@decides("JK-49", "rivals")
def higher_distribution(rivals: pd.DataFrame) -> Finding:
    """Decide whether the scores of the genetic algorithm lie above those of descent."""
    wide = scores(with_long(rivals))
    found = {}
    for name in datasets(rivals):
        for split in SPLITS:
            part = wide.xs((name, split), level=("dataset", "split"))[[GA, LONG]].to_numpy()
            found[name, split] = jackknife([part], lambda p: exceeds(p[:, 0], p[:, 1]))
    name, least = lowest(found)
    reading = f"{listing(found, 2)}. Half is no difference. Shown: {name}."
    return Finding(
        above(*found.values(), threshold=0.5), "chance that evolution's score exceeds descent's", least, reading
    )


@decides("JK-50", "rivals")
def fewer_iterations(rivals: pd.DataFrame) -> Finding:
    """Decide whether the genetic algorithm needs far fewer iterations."""
    by_adam = rivals[rivals["method"].isin([GA, "long descent, adam"]) & (rivals["fitness"] == "mse")]
    table = with_long(by_adam)
    ratios = {}
    for name in datasets(table[table["method"] == LONG]):  # where SGD was better, Adam's course is not known
        part = table[table["dataset"] == name]
        ratios[name] = jackknife([steps_to_match(part) / GENERATIONS], lambda v: float(np.median(v)))
    name, least = lowest(ratios)
    reading = f"Medians: {listing(ratios, 1)}. Shown: {name}."
    outcome = only_with(datasets(rivals), ratios, above(*ratios.values(), threshold=10))
    return Finding(outcome, "Adam steps to match 200 generations, by 200", least, reading)


def steps_to_match(table: pd.DataFrame) -> np.ndarray:
    """Return the logged step (targets,) at which the long descent first has the genetic algorithm's final score."""
    found = []
    for _, part in table.groupby(["split", "target"]):
        goal = part[part["method"] == GA].sort_values("iteration")["one_minus_mse"].iloc[-1]
        reached = part[(part["method"] == LONG) & (part["one_minus_mse"] >= goal)]["iteration"]
        found.append(reached.min() if len(reached) else STEPS)
    return np.array(found, dtype=np.float64)


@decides("JK-51", "rivals")
def choice_of_fitness(rivals: pd.DataFrame) -> Finding:
    """Decide whether it does not matter that descent uses MSE."""
    leads = {
        (fitness, name): lead
        for fitness, column in (("mse", "one_minus_mse"), ("ssim", "ssim"))
        for name, lead in gains(rivals, "adam, starts 10", column, fitness, split=None).items()
    }
    signs = {key: int(lead.low > 0) - int(lead.high < 0) for key, lead in leads.items()}
    pairs = [(signs["mse", name], signs["ssim", name]) for name in datasets(rivals)]
    outcome: Outcome = "inconclusive"
    if any(first * second < 0 for first, second in pairs):
        outcome = "contradicted"
    elif all(first * second > 0 for first, second in pairs):
        outcome = "supported"
    name, most = farthest({key: lead for key, lead in leads.items() if key[0] == "ssim"})
    return Finding(outcome, f"evolution minus Adam, both by SSIM ({name})", most, f"{listing(leads)}.")


@decides("JK-52", "rivals")
def better_than_restarts(rivals: pd.DataFrame) -> Finding:
    """Decide whether the genetic algorithm beats descent with restarts at equal cost."""
    leads = gains(rivals, "adam, starts 10")
    name, least = lowest(leads)
    return Finding(
        above(*leads.values()), f"1 - MSE minus that of Adam, ten starts ({name})", least, f"{listing(leads)}."
    )
