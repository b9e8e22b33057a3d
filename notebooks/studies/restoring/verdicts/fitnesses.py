"""JK-10 to JK-17: the two fitness functions."""

import numpy as np
import pandas as pd
from scipy import stats

from latentlib.study.claims import above, below
from latentlib.study.findings import Finding, TooSmallError, decides, highest, listing, lowest, only_with
from latentlib.study.statistics import Estimate, jackknife, mean, paired_difference, proportion
from studies.restoring.settings import COLOUR
from studies.restoring.verdicts.cubes import datasets
from studies.restoring.verdicts.restoration import GA, final


def both(rivals: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a measure of the images that the genetic algorithm restored by each fitness, one row per target.

    Raises:
        TooSmallError: for a target restored by only one of the fitnesses.
    """
    parts = [final(rivals, fitness).assign(fitness=fitness) for fitness in ("mse", "ssim")]
    evolved = pd.concat([part[part["method"] == GA] for part in parts])
    index = ["dataset", "split", "target"]
    if (evolved.groupby(index).size() != 2).any():
        raise TooSmallError("some targets were restored by one fitness only")
    return evolved.pivot_table(index=index, columns="fitness", values=column, aggfunc="first")


def by_dataset(wide: pd.DataFrame) -> dict[str, Estimate]:
    """Return the paired difference, SSIM run minus MSE run, by data set."""
    return {
        name: paired_difference(wide.loc[name]["ssim"].to_numpy(float), wide.loc[name]["mse"].to_numpy(float))
        for name in datasets(wide.reset_index())
    }


@decides("JK-10", "rivals")
def better_with_mse(rivals: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether results are better with MSE."""
    leads = by_dataset(both(rivals, "feature_distance"))
    on_mse, on_ssim = by_dataset(both(rivals, "one_minus_mse")), by_dataset(both(rivals, "ssim"))
    name, smallest = lowest(leads)
    reading = (
        f"Above 0, the MSE run is nearer to the target in the judge's eyes: {listing(leads, 2)}. Each wins on its own "
        f"measure: SSIM run minus MSE run in 1 - MSE {listing(on_mse)}; in SSIM {listing(on_ssim, 3)}."
    )
    outcome = above(*leads.values(), threshold=least)
    return Finding(outcome, f"feature distance, SSIM run minus MSE run ({name})", smallest, reading)


@decides("JK-11", "rivals")
def small_difference(rivals: pd.DataFrame, *, share: float) -> Finding:
    """Decide whether the visual difference is small."""
    kept = both(rivals, "same_class").astype(bool)
    agree = kept["mse"] == kept["ssim"]
    alike = proportion(int(agree.sum()), len(agree))
    levels = kept.groupby("dataset").mean()
    reading = "Class kept, MSE and SSIM run: " + "; ".join(
        f"{name} {levels['mse'][name]:.2f} and {levels['ssim'][name]:.2f}" for name in datasets(rivals)
    )
    outcome = above(alike, threshold=share)
    return Finding(outcome, "share of targets on which both keep or lose the class", alike, reading)


@decides("JK-12", "rivals")
def background_matters(rivals: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether the fitnesses differ where there is background."""
    distance, dark = both(rivals, "feature_distance"), both(rivals, "background")
    trends = {}
    named = ("fashion_mnist", "cifar10")
    for name in named:
        if name in distance.index.get_level_values("dataset"):
            gap = (distance.loc[name]["ssim"] - distance.loc[name]["mse"]).abs()
            pairs = np.stack([dark.loc[name]["mse"].to_numpy(float), gap.to_numpy(float)], axis=1)
            trends[name] = jackknife([pairs], rank_correlation)
    name, largest = highest(trends)
    outcome = only_with(named, trends, below(*trends.values(), threshold=most))
    statistic = "Spearman correlation of dark pixels and the gap between the fitnesses"
    return Finding(outcome, statistic, largest, f"By data set: {listing(trends, 2)}. Shown: {name}.")


def rank_correlation(pairs: np.ndarray) -> float:
    """Return Spearman's correlation of the columns of pairs (n, 2), or 0 if one is constant."""
    if (np.ptp(pairs, axis=0) == 0).any():
        return 0.0
    return float(stats.spearmanr(pairs[:, 0], pairs[:, 1]).statistic)


@decides("JK-13", "splits")
def ssim_ignores_colour(splits: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether SSIM ignores differences in colour, more than it ignores those in lightness."""
    if "chroma_error" not in splits or "ssim" not in set(splits["fitness"]):
        raise TooSmallError("no colour data set was run with both fitnesses")
    parts = ("chroma_error", "lightness_error")
    errors = splits[splits["dataset"].isin(COLOUR)].pivot_table(
        index=["dataset", "split", "target"], columns="fitness", values=list(parts)
    )
    worse = {part: (errors[part, "ssim"] / errors[part, "mse"]).map(np.log) for part in parts}
    leads = {
        name: paired_difference(*(worse[part].loc[name].to_numpy() for part in parts))
        for name in datasets(errors.reset_index())
    }
    factors = "; ".join(
        f"{name} {np.exp(worse['chroma_error'].loc[name].mean()):.2f} and "
        f"{np.exp(worse['lightness_error'].loc[name].mean()):.2f}"
        for name in leads
    )
    name, smallest = lowest(leads)
    outcome = only_with(COLOUR, leads, above(*leads.values(), threshold=least))
    statistic = "log of the error, SSIM run over MSE run, chroma minus lightness"
    reading = f"Under SSIM errors of chroma and of lightness are as many times larger: {factors}. Shown: {name}."
    return Finding(outcome, statistic, smallest, reading)


def outside(ranges: pd.DataFrame, column: str, most: float, statistic: str, reading: str) -> Finding:
    """Decide by the share of pairs out of range: one counterexample contradicts, none supports."""
    share = proportion(int(ranges[column].sum()), int(ranges["n"].sum()))
    return Finding("contradicted" if share.value > most else "supported", statistic, share, reading)


@decides("JK-14", "ranges")
def range_of_ssim(ranges: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether SSIM lies between 0 and 1."""
    reading = f"Observed from {ranges['ssim_min'].min():.3f} to {ranges['ssim_max'].max():.3f}; "
    reading += "the definition allows [-1, 1]."
    return outside(ranges, "ssim_outside", most, "share of image pairs with SSIM outside [0, 1]", reading)


@decides("JK-15", "ranges")
def range_of_mse(ranges: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether MSE lies between 0 and 1."""
    reading = f"Observed from {ranges['mse_min'].min():.3f} to {ranges['mse_max'].max():.3f} for images in [0, 1]. "
    reading += f"For the same images in [-1, 1], as tanh gives them, up to {ranges['tanh_mse_max'].max():.2f}."
    return outside(ranges, "mse_outside", most, "share of image pairs with MSE outside [0, 1]", reading)


@decides("JK-16", "rivals")
def different_scales(rivals: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether MSE scores are higher by the way they are computed."""
    evolved = final(rivals)
    evolved = evolved[evolved["method"] == GA]
    gaps, ranks = {}, {}
    for name in datasets(evolved):
        part = evolved[evolved["dataset"] == name]
        gaps[name] = paired_difference(part["one_minus_mse"].to_numpy(), part["ssim"].to_numpy())
        ranks[name] = rank_correlation(part[["one_minus_mse", "ssim"]].to_numpy(float))
    name, smallest = lowest(gaps)
    correlated = ", ".join(f"{key} {value:.2f}" for key, value in ranks.items())
    reading = f"Of the same images: {listing(gaps, 3)}. The two rank the images alike to {correlated}. Shown: {name}."
    outcome = above(*gaps.values(), threshold=least)
    return Finding(outcome, "1 - MSE minus SSIM of the same images", smallest, reading)


@decides("JK-17", "rivals")
def ssim_sees_better(rivals: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether SSIM reflects perceived quality better than L2."""
    leads = {name: mean(nearness_leads(rivals[rivals["dataset"] == name])) for name in datasets(rivals)}
    outcome = above(*leads.values(), threshold=least)
    name, smallest = lowest(leads)
    statistic = "Spearman correlation with the judge's nearness, SSIM minus 1 - MSE"
    return Finding(outcome, statistic, smallest, f"By data set: {listing(leads, 3)}. Shown: {name}.")


def nearness_leads(table: pd.DataFrame) -> np.ndarray:
    """Return by how much SSIM ranks each target's restored images more like the judge than 1 - MSE does, (targets,)."""
    leads = []
    for _, part in table.groupby(["split", "target"]):
        near = -part["feature_distance"]
        ranks = [rank_correlation(np.stack([part[c], near], axis=1)) for c in ("ssim", "one_minus_mse")]
        leads.append(ranks[0] - ranks[1])
    return np.array(leads)
