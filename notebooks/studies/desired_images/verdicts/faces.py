"""LI-22 to LI-34: attributes of faces."""

from typing import Any

import numpy as np
import pandas as pd

from latentlib.study.claims import Outcome, above, below, family
from latentlib.study.findings import Finding, TooSmallError, at_level, check_any, decides, decisive, listing, lowest
from latentlib.study.statistics import Estimate, jackknife, paired_difference, proportion
from studies.desired_images.verdicts.runs import (
    at_end,
    at_start,
    at_stop,
    generations,
    of,
    reached,
    typical,
    wishes,
)

ATTRIBUTES = ("Eyeglasses", "Male", "Mouth_Slightly_Open", "Smiling")
MINIMUM = "minimum"
GLASSES, WOMAN_WITH_GLASSES, NOT_SMILING = "Eyeglasses", "Eyeglasses & ~Male", "~Smiling"


def combinations(faces: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the runs of each wish for two attributes; raise a TooSmallError unless there are four wishes."""
    found = {wish: rows for wish, rows in wishes(faces).items() if "&" in wish}
    if len(found) < 4:
        raise TooSmallError(f"{len(found)} of the four combinations were run")
    return found


@decides("LI-22", "faces")
def both_are_shown(faces: pd.DataFrame, *, target: float, least: float) -> Finding:
    """Decide whether the images show both attributes."""
    stops = {wish: at_stop(rows, target) for wish, rows in combinations(faces).items()}
    estimates = {wish: typical(rows["judged"].to_numpy()) for wish, rows in stops.items()}
    name, smallest = lowest(estimates)
    single = ", ".join(f"{bound} {stops[name][f'judged_{bound}'].mean():.2f}" for bound in ("low", "high"))
    end = at_end(of(faces, wish=name))["judged"].mean()
    reading = f"{listing(estimates, 2)}. Shown: {name}; by single judges {single}; after all generations {end:.2f}."
    return Finding(above(*estimates.values(), threshold=least), "judged accuracy at the stop", smallest, reading)


@decides("LI-23", "faces")
def high_accuracy(faces: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether accuracy is high for all four combinations."""
    estimates = {wish: typical(at_end(rows)["accuracy"].to_numpy()) for wish, rows in combinations(faces).items()}
    name, smallest = lowest(estimates)
    outcome = above(*estimates.values(), threshold=least)
    return Finding(outcome, "accuracy of the last pool", smallest, f"{listing(estimates, 3)}. Shown: {name}.")


def wanted_shares(wish: str, rows: pd.DataFrame, who: str = "_judged") -> dict[str, np.ndarray]:
    """Return the share (runs,) of each attribute as the wish wants it, by the judges or (empty) by the recogniser."""
    names = [name for name in ATTRIBUTES if name in wish]
    found: dict[str, np.ndarray] = {}
    for name, column in zip(names, (f"first{who}", f"second{who}"), strict=False):
        share = rows[column].to_numpy()
        found |= {f"~{name}": 1 - share} if f"~{name}" in wish else {name: share}
    return found


@decides("LI-24", "faces")
def single_ones_too(faces: pd.DataFrame, *, target: float, least: float) -> Finding:
    """Decide whether the single attributes become more frequent, too."""
    judged, own = (gains_of_single(faces, target, who) for who in ("_judged", ""))
    name, smallest = lowest(judged)
    reading = f"{listing(judged, 2)}. By the recogniser: {listing(own, 2)}. Shown: {name}."
    outcome = above(*judged.values(), threshold=least)
    return Finding(outcome, "gain in the judged share of a wanted attribute", smallest, reading)


def gains_of_single(faces: pd.DataFrame, target: float, who: str) -> dict[Any, Estimate]:
    """Return by how much the share of each wanted attribute rises up to the stop, by wish and attribute."""
    gains: dict[Any, Estimate] = {}
    for wish, rows in combinations(faces).items():
        last, first = (wanted_shares(wish, some, who) for some in (at_stop(rows, target), at_start(rows)))
        gains |= {(wish, name): paired_difference(last[name], first[name]) for name in last}
    return gains


@decides("LI-25", "combinations")
def first_shares_decide(table: pd.DataFrame, *, share: float, least: float) -> Finding:
    """Decide whether combinations converge at different rates because their first shares differ."""
    points = []
    for _, rows in wishes(table).items():
        first = at_start(rows)["accuracy"].mean()
        if first > 0:
            points.append((np.log2(1 / first), generations(rows, share).mean()))
    if len(points) < 3:
        raise TooSmallError("fewer than three wishes")
    pairs = np.array(points)
    estimate = jackknife([pairs], slope)
    reading = (
        f"{len(pairs)} wishes with first shares from {2 ** -pairs[:, 0].max():.4f} to {2 ** -pairs[:, 0].min():.2f} "
        f"need {pairs[:, 1].min():.1f} to {pairs[:, 1].max():.1f} generations; truncation predicts a slope of about 1."
    )
    statistic = f"generations until {share}, per doubling that is lacking at first"
    return Finding(above(estimate, threshold=least), statistic, estimate, reading)


def slope(pairs: np.ndarray) -> float:
    """Return the slope of the least-squares line through (n, 2), NaN if all points have the same x."""
    x, y = pairs.T
    return float(np.polyfit(x, y, 1)[0]) if np.ptp(x) else float("nan")


def change_of_women(faces: pd.DataFrame, generation: int) -> tuple[np.ndarray, pd.DataFrame]:
    """Return the change (runs,) in the judged share of women up to a generation, and the rows of the first pools."""
    rows = of(faces, wish=WOMAN_WITH_GLASSES)
    first, second = at_start(rows), of(rows, generation=generation).sort_values("run")
    return first["second_judged"].to_numpy() - second["second_judged"].to_numpy(), first


@decides("LI-26", "faces")
def women_dip(faces: pd.DataFrame, *, generation: int, most: float) -> Finding:
    """Decide whether, with 'female with glasses', the share of women falls in the first two generations."""
    change, first = change_of_women(faces, generation)
    estimate = typical(change)
    reading = (
        f"{1 - first['second_judged'].mean():.3f} of the first pools are women by the judges; the share falls in "
        f"{(change < 0).sum()} of {len(change)} runs."
    )
    statistic = f"change in the judged share of women over {generation} generations"
    return Finding(below(estimate, threshold=most), statistic, estimate, reading)


@decides("LI-27", "faces")
def few_women_with_glasses(faces: pd.DataFrame, *, generation: int, least: float) -> Finding:
    """Decide whether the reason is that few of the faces with glasses are women."""
    change, first = change_of_women(faces, generation)
    count = (first["accuracy"] * first["population"]).round().to_numpy()
    estimate = jackknife([np.stack([np.log2(1 + count), change], axis=1)], slope)
    reading = f"The first pools hold {count.min():.0f} to {count.max():.0f} women with glasses, by the recogniser."
    return Finding(above(estimate, threshold=least), "change per doubling of their number", estimate, reading)


@decides("LI-28", "joining")
def minimum_suffices(joining: pd.DataFrame, *, saturated: float, margin: float) -> Finding:
    """Decide whether the minimum is preferable to other ways to join wishes, among them a recogniser trained for it."""
    estimates: dict[Any, Estimate] = {}
    levels = []
    for wish, rows in wishes(joining).items():
        judged = rows.pivot_table(index="run", columns="method", values="judged")
        levels.append(f"{wish}: " + ", ".join(f"{name} {value:.2f}" for name, value in judged.mean().items()))
        if judged.mean().min() < saturated:
            minimum = judged.pop(MINIMUM).to_numpy()
            estimates |= {(wish, name): paired_difference(minimum, judged[name].to_numpy()) for name in judged}
    check_any(estimates)
    outcome = above(*estimates.values(), threshold=-margin)
    name, shown = decisive(estimates, outcome)
    seconds = joining["training_seconds"].max()
    reading = f"{'; '.join(levels)}. Training the joint recogniser took {seconds:.0f} s. Shown: {name}."
    reading = f"{reading} {at_level(shown, estimates)}"
    return Finding(outcome, "judged accuracy, minimum minus another joiner", shown, reading)


@decides("LI-29", "faces")
def avoided(faces: pd.DataFrame, *, target: float, most: float) -> Finding:
    """Decide whether 1 - R avoids an attribute."""
    rows = of(faces, wish=NOT_SMILING)
    last, first = (some["first_judged"].to_numpy() for some in (at_stop(rows, target), at_start(rows)))
    estimate, level = paired_difference(last, first), typical(last)
    outcome: Outcome = "inconclusive"
    if estimate.high < 0 and level.high < most:
        outcome = "supported"
    elif estimate.low > 0:
        outcome = "contradicted"
    last_share = f"{level.value:.3f} [{level.low:.3f}, {level.high:.3f}]"
    reading = f"Smiles by the judges: {first.mean():.3f} at first, {last_share} at the stop."
    return Finding(outcome, "change in the judged share of smiles", estimate, reading)


@decides("LI-30", "faces")
def ninety_per_cent(faces: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether accuracy reaches 90 % for glasses."""
    end = at_end(of(faces, wish=GLASSES))
    estimate = typical(end["accuracy"].to_numpy())
    reading = f"By the judges {end['judged'].mean():.3f}."
    return Finding(above(estimate, threshold=least), "accuracy of the last pool", estimate, reading)


def counted(census: pd.DataFrame, label: str, *where: str) -> Estimate:
    """Return the share of a class among the images of the named counts."""
    rows = census[(census["class"] == label) & census["counted"].isin(where)]
    return proportion(int(rows["hits"].sum()), int(rows["images"].sum()))


@decides("LI-31", "census", "published_counts")
def glasses_are_rare(census: pd.DataFrame, published: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether fewer than one in a hundred generated faces wears glasses."""
    estimate = counted(census, GLASSES, "recogniser")
    words = ", ".join(f"{who} {counted(census, GLASSES, who).value:.4f}" for who in ("judge", "training images"))
    others = ", ".join(
        f"{row['class']} {counted(census, row['class'], 'recogniser').value:.3f} ({row['hits'] / row['images']:.3f})"
        for _, row in published.iterrows()
    )
    reading = f"By others: {words}. All attributes, in brackets as published: {others}."
    return Finding(below(estimate, threshold=most), "share of random images with glasses", estimate, reading)


@decides("LI-32", "faces")
def compromise(faces: pd.DataFrame, *, early: float, late: float, least: float) -> Finding:
    """Decide whether 85 % accuracy is a better compromise than 90 %."""
    gains = []
    for _, run in of(faces, wish=GLASSES).groupby("run"):
        before, after = (reached(run, share)["diversity"] for share in (early, late))
        if len(after):
            gains.append(100 * (before.iloc[0] / after.iloc[0] - 1))
    estimate = typical(np.array(gains))
    same = sum(gain == 0 for gain in gains)
    reading = f"In {same} of {len(gains)} runs the generation that passes {early} passes {late}, too."
    outcome = above(estimate, threshold=least)
    return Finding(outcome, f"diversity at {early} more than at {late}, per cent", estimate, reading)


@decides("LI-33", "recognisers")
def recognisers_are_good(recognisers: pd.DataFrame, *, slack: float) -> Finding:
    """Decide whether the recognisers are as accurate as published."""
    found = {row["class"]: proportion(row["hits"], row["images"]) for _, row in recognisers.iterrows()}
    goals = {row["class"]: row["published"] - slack for _, row in recognisers.iterrows()}
    worst = max(goals, key=lambda name: goals[name] - found[name].high)
    outcome: Outcome = "inconclusive"
    if all(goals[name] <= share.high for name, share in found.items()):
        outcome = "supported"
    elif any(goals[name] > share.at(family(found))[1] for name, share in found.items()):
        outcome = "contradicted"
    words = "; ".join(
        f"{row['class']} {found[row['class']].value:.3f} (published {row['published']:.3f})"
        for _, row in recognisers.iterrows()
    )
    return Finding(outcome, "accuracy on held-out images", found[worst], f"{words}. Shown: {worst}.")


@decides("LI-34", "census")
def balanced(census: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the four attributes are fairly balanced."""
    shares = {name: counted(census, name, "training images", "held-out images") for name in ATTRIBUTES}
    name, smallest = lowest(shares)
    outcome = above(smallest, threshold=least)
    return Finding(
        outcome, "lowest share of an attribute in the data", smallest, f"{listing(shares, 3)}. Shown: {name}."
    )
