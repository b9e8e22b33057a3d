"""JK-01 to JK-07: restoration in general."""

import numpy as np
import pandas as pd

from latentlib.study.claims import Outcome, above
from latentlib.study.findings import Finding, decides, highest, listing, lowest, only_with
from latentlib.study.statistics import Estimate, difference, mean, paired_difference, proportion
from studies.restoring.settings import COLOUR, GREY
from studies.restoring.verdicts.cubes import datasets

GA = "genetic algorithm"


def final(rivals: pd.DataFrame, fitness: str = "mse") -> pd.DataFrame:
    """Return the last row of every method and target, for runs of one fitness."""
    some = rivals[rivals["fitness"] == fitness]
    return some.sort_values("iteration").groupby(["dataset", "split", "target", "method"], as_index=False).last()


def scores(rivals: pd.DataFrame, column: str = "one_minus_mse", fitness: str = "mse") -> pd.DataFrame:
    """Return final scores, one row per data set, split and target, one column per method."""
    return final(rivals, fitness).pivot_table(index=["dataset", "split", "target"], columns="method", values=column)


def gains(
    rivals: pd.DataFrame, rival: str, column: str = "one_minus_mse", fitness: str = "mse", split: str | None = "test"
) -> dict[str, Estimate]:
    """Return the paired difference, genetic algorithm minus rival, by data set, of one split or (None) both."""
    wide = scores(rivals, column, fitness).dropna(subset=[GA, rival])
    if split is not None:
        wide = wide[wide.index.get_level_values("split") == split]
    return {
        name: paired_difference(wide.loc[name][GA].to_numpy(), wide.loc[name][rival].to_numpy())
        for name in datasets(wide.reset_index())
    }


@decides("JK-01", "rivals")
def similar_images(rivals: pd.DataFrame) -> Finding:
    """Decide whether a genetic algorithm restores images similar to the target."""
    leads = {
        (name, rival): lead
        for rival in ("random search", "mean image", "nearest image")
        for name, lead in gains(rivals, rival).items()
    }
    weakest, lead = lowest(leads)
    levels = scores(rivals).xs("test", level="split").groupby("dataset")[GA].mean()
    reached = ", ".join(f"{name} {levels[name]:.3f}" for name in datasets(rivals))
    reading = f"Mean 1 - MSE: {reached}. The narrowest lead is shown: {weakest}."
    return Finding(above(*leads.values()), "smallest paired gain in 1 - MSE over a rival", lead, reading)


@decides("JK-02", "inversion")
def same_latent(inversion: pd.DataFrame) -> Finding:
    """Decide whether it finds the latent vector itself."""
    evolved = inversion[inversion["method"] == GA]
    cosines = {name: mean(evolved[evolved["dataset"] == name]["cosine"].to_numpy()) for name in datasets(evolved)}
    outcome: Outcome = "inconclusive"
    if all(estimate.low > 0.9 for estimate in cosines.values()):
        outcome = "supported"
    elif any(estimate.high < 0.5 for estimate in cosines.values()):
        outcome = "contradicted"
    name, worst = lowest(cosines)
    reading = (
        f"The images score {evolved['one_minus_mse'].mean():.3f} in 1 - MSE, their latents lie "
        f"{evolved['distance'].mean():.2f} of the true vector's length away; cosines: {listing(cosines, 2)}. Random "
        f"pairs have {evolved['null_cosine'].mean():.2f}. Shown: {name}."
    )
    return Finding(outcome, "mean cosine of restored and true latent", worst, reading)


@decides("JK-03", "inversion")
def global_optimum(inversion: pd.DataFrame) -> Finding:
    """Decide whether it reaches the global optimum where gradient descent is stuck."""
    success = inversion.assign(success=inversion["one_minus_mse"] > 0.999)
    wide = success.pivot_table(index=["dataset", "target"], columns="method", values="success", aggfunc="mean")
    lead = paired_difference(wide[GA].to_numpy(float), wide["adam, starts 1"].to_numpy(float))
    shares = ", ".join(f"{method} {share:.2f}" for method, share in wide.astype(float).mean().items())
    return Finding(above(lead), "share of targets with MSE below 0.001, minus Adam's", lead, f"Shares: {shares}.")


@decides("JK-04", "encoder")
def no_encoder(encoder: pd.DataFrame) -> Finding:
    """Decide whether an encoder is not needed."""
    wide = encoder.pivot_table(index=["dataset", "target"], columns="method", values="one_minus_mse")
    help_ = {
        name: paired_difference(part["encoder, then genetic algorithm"].to_numpy(), part[GA].to_numpy())
        for name, part in wide.groupby(level="dataset")
    }
    outcome: Outcome = "inconclusive"
    if all(estimate.high <= 0.002 for estimate in help_.values()):
        outcome = "supported"
    elif any(estimate.low > 0.002 for estimate in help_.values()):
        outcome = "contradicted"
    name, most = highest(help_)
    levels = wide.mean()
    reading = (
        f"Encoder alone {levels['encoder']:.3f}, evolution alone {levels[GA]:.3f}, both "
        f"{levels['encoder, then genetic algorithm']:.3f}; the encoder has {encoder['encoder_parameters'].max():,} "
        f"parameters and took {encoder['encoder_seconds'].mean():.0f} s to train. Shown: {name}."
    )
    return Finding(outcome, "paired gain in 1 - MSE by an encoder", most, reading)


@decides("JK-05", "inversion")
def editable(inversion: pd.DataFrame) -> Finding:
    """Decide whether restored latents can be edited."""
    evolved = inversion[inversion["method"] == GA]
    gap = paired_difference(evolved["edited"].to_numpy(float), evolved["edited_true"].to_numpy(float))
    share = proportion(int(evolved["edited"].sum()), len(evolved))
    outcome: Outcome = "inconclusive"
    if gap.low > -0.1 and share.low > 0.5:
        outcome = "supported"
    elif gap.high < -0.1 or share.high < 0.5:
        outcome = "contradicted"
    reading = f"Edits of restored latents reach the wanted class in {share.value:.2f} of the cases "
    reading += f"[{share.low:.2f}, {share.high:.2f}], of true latents in {evolved['edited_true'].mean():.2f}."
    return Finding(outcome, "share of successful edits, restored minus true latents", gap, reading)


@decides("JK-06", "rivals")
def four_data_sets(rivals: pd.DataFrame) -> Finding:
    """Decide whether it works on four data sets, held-out and training images alike."""
    leads = {
        (name, split, rival): lead
        for split in ("test", "train")
        for rival in ("random search", "mean image")
        for name, lead in gains(rivals, rival, split=split).items()
    }
    weakest, lead = lowest(leads)
    there = datasets(rivals)
    outcome = only_with(GREY + COLOUR, there, above(*leads.values()))
    return Finding(outcome, "smallest paired gain in 1 - MSE", lead, f"{len(there)} data sets. Shown: {weakest}.")


@decides("JK-07", "rivals")
def generalises(rivals: pd.DataFrame) -> Finding:
    """Decide whether held-out images are restored as well as training images."""
    wide = scores(rivals)[GA]
    gaps = {
        name: difference(wide.loc[name, "train"].to_numpy(), wide.loc[name, "test"].to_numpy())
        for name in datasets(rivals)
    }
    outcome: Outcome = "inconclusive"
    if all(gap.low >= -0.002 and gap.high <= 0.002 for gap in gaps.values()):
        outcome = "supported"
    elif any(gap.low > 0.002 for gap in gaps.values()):
        outcome = "contradicted"
    name, widest = highest(gaps)
    n = int(np.min([len(wide.loc[key, "test"]) for key in gaps]))
    reading = f"Training minus held out: {listing(gaps)}, {n} targets of each. Shown: {name}."
    return Finding(outcome, "difference in mean 1 - MSE, training minus held-out targets", widest, reading)
