"""JK-01 to JK-07: restoration in general."""

import pandas as pd

from latentlib.study.claims import Outcome, above, below, not_above
from latentlib.study.findings import Finding, TooSmallError, decides, highest, listing, lowest, only_with
from latentlib.study.statistics import Estimate, difference, mean, paired_difference, proportion
from studies.restoring.settings import COLOUR, GREY
from studies.restoring.verdicts.cubes import datasets, with_replicates

GA, FIRST = "genetic algorithm", "best of the first population"


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


def with_first(rivals: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the best of the genetic algorithm's first population as a rival of its own."""
    first = rivals[(rivals["method"] == GA) & (rivals["iteration"] == 0)]
    return pd.concat([rivals, first.assign(method=FIRST)])


@decides("JK-01", "rivals", "replicates")
def similar_images(rivals: pd.DataFrame, replicates: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether a genetic algorithm restores images similar to the target."""
    every = with_first(with_replicates(rivals, replicates))
    leads = {
        (name, rival): lead
        for rival in (FIRST, "random search", "mean image", "nearest image")
        for name, lead in gains(every, rival).items()
    }
    weakest, lead = lowest(leads)
    levels = scores(rivals).xs("test", level="split").groupby("dataset")[GA].mean()
    reached = ", ".join(f"{name} {levels[name]:.3f}" for name in datasets(rivals))
    reading = f"Mean 1 - MSE: {reached}. The narrowest lead is shown: {weakest}."
    outcome = above(*leads.values(), threshold=least)
    return Finding(outcome, "smallest paired gain in 1 - MSE over a rival", lead, reading)


@decides("JK-02", "inversion")
def same_latent(inversion: pd.DataFrame, *, findable: float, near: float, far: float) -> Finding:
    """Decide whether it finds the latent vector itself."""
    evolved, others = (inversion[(inversion["method"] == GA) == own] for own in (True, False))
    best = others.groupby(["dataset", "method"])["cosine"].mean().groupby("dataset").max()
    cosines = {
        name: mean(evolved[evolved["dataset"] == name]["cosine"].to_numpy())
        for name in datasets(evolved)
        if best.get(name, 0) > findable
    }
    if not cosines:
        raise TooSmallError("no descent finds the latent on any data set")
    outcome: Outcome = above(*cosines.values(), threshold=near)
    if outcome == "contradicted" and above(*cosines.values(), threshold=far) != "contradicted":
        outcome = "inconclusive"
    name, worst = lowest(cosines)
    reading = (
        f"The images score {evolved['one_minus_mse'].mean():.3f} in 1 - MSE, their latents lie "
        f"{evolved['distance'].mean():.2f} of the true vector's length away; cosines: {listing(cosines, 2)}. Random "
        f"pairs have {evolved['null_cosine'].mean():.2f}. The best descent's: "
        + ", ".join(f"{key} {best[key]:.2f}" for key in datasets(others))
        + f". Shown: {name}."
    )
    return Finding(outcome, "mean cosine of restored and true latent", worst, reading)


@decides("JK-03", "inversion")
def global_optimum(inversion: pd.DataFrame, *, error: float, least: float) -> Finding:
    """Decide whether it reaches the global optimum where gradient descent is stuck."""
    success = inversion.assign(success=inversion["one_minus_mse"] > 1 - error)
    wide = success.pivot_table(index=["dataset", "target"], columns="method", values="success", aggfunc="mean")
    lead = paired_difference(wide[GA].to_numpy(float), wide["adam, starts 1"].to_numpy(float)).bounded(-1, 1)
    shares = ", ".join(f"{method} {share:.2f}" for method, share in wide.astype(float).mean().items())
    outcome = above(lead, threshold=least)
    return Finding(outcome, f"share of targets with MSE below {error}, minus Adam's", lead, f"Shares: {shares}.")


@decides("JK-04", "encoder")
def no_encoder(encoder: pd.DataFrame, *, margin: float) -> Finding:
    """Decide whether an encoder is not needed."""
    wide = encoder.pivot_table(index=["dataset", "target"], columns="method", values="one_minus_mse")
    help_ = {
        name: paired_difference(part["encoder, then genetic algorithm"].to_numpy(), part[GA].to_numpy())
        for name, part in wide.groupby(level="dataset")
    }
    outcome = below(*help_.values(), threshold=margin)
    name, most = highest(help_)
    levels = wide.mean()
    reading = (
        f"Encoder alone {levels['encoder']:.3f}, evolution alone {levels[GA]:.3f}, both "
        f"{levels['encoder, then genetic algorithm']:.3f}; the encoder has {encoder['encoder_parameters'].max():,} "
        f"parameters and took {encoder['encoder_seconds'].mean():.0f} s to train. Shown: {name}."
    )
    return Finding(outcome, "paired gain in 1 - MSE by an encoder", most, reading)


@decides("JK-05", "inversion")
def editable(inversion: pd.DataFrame, *, loss: float, share: float) -> Finding:
    """Decide whether restored latents can be edited."""
    evolved = inversion[inversion["method"] == GA]
    gap = paired_difference(evolved["edited"].to_numpy(float), evolved["edited_true"].to_numpy(float))
    reached = proportion(int(evolved["edited"].sum()), len(evolved))
    outcome = above(gap.mapped(shift=loss), reached.mapped(shift=-share))
    reading = f"Edits of restored latents reach the wanted class in {reached.value:.2f} of the cases "
    reading += f"[{reached.low:.2f}, {reached.high:.2f}], of true latents in {evolved['edited_true'].mean():.2f}."
    return Finding(outcome, "share of successful edits, restored minus true latents", gap, reading)


@decides("JK-06", "rivals", "replicates")
def four_data_sets(rivals: pd.DataFrame, replicates: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether it works on four data sets, held-out and training images alike."""
    every = with_first(with_replicates(rivals, replicates))
    leads = {
        (name, split, rival): lead
        for split in ("test", "train")
        for rival in (FIRST, "random search", "mean image")
        for name, lead in gains(every, rival, split=split).items()
    }
    weakest, lead = lowest(leads)
    there = datasets(rivals)
    outcome = only_with(GREY + COLOUR, there, above(*leads.values(), threshold=least))
    return Finding(
        outcome,
        "smallest paired gain in 1 - MSE",
        lead,
        f"{len(datasets(every))} generators. Shown: {weakest}.",
    )


@decides("JK-07", "splits")
def generalises(splits: pd.DataFrame, *, margin: float) -> Finding:
    """Decide whether held-out images are restored as well as training images."""
    by_mse = splits[splits["fitness"] == "mse"].set_index(["dataset", "split"])["one_minus_mse"]
    gaps = {
        name: difference(by_mse.loc[name, "train"].to_numpy(), by_mse.loc[name, "test"].to_numpy())
        for name in datasets(by_mse.reset_index())
    }
    outcome = not_above(*gaps.values(), margin=margin)  # that held-out images are restored better contradicts nothing
    name, widest = highest(gaps)
    n = int(by_mse.groupby(["dataset", "split"]).size().min())
    reading = f"Training minus held out: {listing(gaps)}, {n} targets of each. Shown: {name}."
    return Finding(outcome, "difference in mean 1 - MSE, training minus held-out targets", widest, reading)
